import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ALL_RULESETS, enteredProcess, FakeNode, fixture, kubeProxyRules, type Ruleset } from "./fake-node";
import { loadNeighbours } from "./neighbours";

const SCRIPT = "kube-proxy-rules.sh";

/** kube-proxy's chains by table, read off what the real one wrote. KUBE-FIREWALL is the kubelet's. */
function kubeProxyChains(rules: string): Set<string> {
  const chains = new Set<string>();
  let table = "";
  for (const line of rules.split("\n")) {
    if (line.startsWith("*")) table = line.slice(1);
    const chain = /^:(KUBE-\S+)/.exec(line)?.[1];
    if (chain !== undefined && chain !== "KUBE-FIREWALL") chains.add(`${table} ${chain}`);
  }
  return chains;
}

/** The ruleset without the given chains, and without the jumps to them: what has to be left, byte by byte. */
function without(lines: readonly string[], chains: ReadonlySet<string>): string[] {
  let table = "";
  return lines.filter((line) => {
    if (line.startsWith("*")) table = line.slice(1);
    const owner = /^(?::|-A )(\S+)/.exec(line)?.[1];
    const jump = / -j (KUBE-\S+)$/.exec(line)?.[1];
    return !chains.has(`${table} ${owner}`) && !chains.has(`${table} ${jump}`);
  });
}

describe("the rules of kube-proxy", { timeout: 120_000 }, () => {
  let node: FakeNode;
  beforeEach(async () => {
    node = await FakeNode.boot();
  });
  afterEach(() => node.shutDown());

  const loadAll = () => {
    for (const ruleset of ALL_RULESETS) {
      node.load(ruleset, kubeProxyRules(ruleset));
      loadNeighbours(node, ruleset);
    }
  };

  it("go from both backends and families, everything else stays byte-identical, and a second run changes nothing", () => {
    loadAll();
    const before = node.dumps();
    const expected = Object.fromEntries(
      ALL_RULESETS.map((ruleset) => [ruleset, without(before[ruleset]!, kubeProxyChains(kubeProxyRules(ruleset)))]),
    );
    for (const ruleset of ALL_RULESETS) {
      const gone = before[ruleset]!.length - expected[ruleset]!.length;
      const written = kubeProxyRules(ruleset)
        .split("\n")
        .filter((line) => /^:KUBE|^-A/.test(line)).length;
      // All that kube-proxy wrote but KUBE-FIREWALL with its two jumps (and the one rule it has for IPv4).
      assert.equal(
        gone,
        written - (ruleset.startsWith("ip6") ? 3 : 4),
        `the test itself expects too little of ${ruleset}`,
      );
    }

    const first = node.script(SCRIPT, ["remove"]);
    assert.equal(first.stderr, "");
    assert.equal(first.status, 0);
    assert.match(first.stdout, /^removed iptables-nft nat 14 chains, 3 jumps$/m);
    assert.match(first.stdout, /^removed ip6tables-legacy filter 6 chains, 9 jumps$/m);
    assert.deepEqual(node.dumps(), expected);

    assert.deepEqual(node.script(SCRIPT, ["remove"]), { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(node.dumps(), expected);
  });

  it("are only counted by list", () => {
    loadAll();
    const before = node.dumps();
    const { status, stdout } = node.script(SCRIPT, ["list"]);
    assert.equal(status, 1);
    assert.equal(stdout.split("\n").filter((line) => line.startsWith("found ")).length, 12);
    assert.deepEqual(node.dumps(), before);
  });

  it("go with Busybox's tools as they do with the machine's", () => {
    loadAll();
    assert.deepEqual(node.script(SCRIPT, ["remove"], { busybox: true }).status, 0);
    assert.deepEqual(node.script(SCRIPT, ["list"]), { status: 0, stdout: "", stderr: "" });
  });

  for (const backend of ["nft", "legacy"] as const)
    it(`go where kube-proxy's own cleanup leaves some (${backend})`, () => {
      const left = fixture(`after-kube-proxy-cleanup-${backend}.rules`);
      assert.match(left, /KUBE-MARK-MASQ/);
      assert.match(left, /KUBE-PROXY-CANARY/);
      node.load(`iptables-${backend}`, left);
      assert.equal(node.script(SCRIPT, ["remove"]).status, 0);
      const after = node.dump(`iptables-${backend}`).join("\n");
      assert.doesNotMatch(after, /KUBE-MARK-MASQ|KUBE-PROXY-CANARY/);
      assert.match(after, /^-A KUBE-FIREWALL ! -s 127/m);
    });

  it("are not looked for where there is none: a node without rules stays without tables", () => {
    assert.deepEqual(node.script(SCRIPT, ["remove"]), { status: 0, stdout: "", stderr: "" });
    assert.equal(node.root(["nft", "list", "ruleset"]), "");
    assert.equal(node.root(["sh", "-c", "cat /proc/net/ip_tables_names /proc/net/ip6_tables_names"]), "");
  });

  for (const ruleset of ["iptables-nft", "iptables-legacy"] as const satisfies readonly Ruleset[]) {
    it(`stay where a port mapping marks with KUBE-MARK-MASQ, as far as it needs them (${ruleset})`, () => {
      node.load(ruleset, kubeProxyRules(ruleset));
      const mapping = "-A CNI-DN-0123456789abcdef01234 -s 10.20.0.0/24 -p tcp -m tcp --dport 8080 -j KUBE-MARK-MASQ";
      node.load(ruleset, `*nat\n:CNI-DN-0123456789abcdef01234 - [0:0]\n${mapping}\nCOMMIT\n`);
      const chains = kubeProxyChains(kubeProxyRules(ruleset));
      for (const kept of ["nat KUBE-MARK-MASQ", "nat KUBE-POSTROUTING"]) assert.ok(chains.delete(kept));
      const expected = without(node.dump(ruleset), chains);
      assert.ok(expected.includes(mapping));

      for (const run of ["first", "second"]) {
        const { status, stdout } = node.script(SCRIPT, ["remove"]);
        assert.equal(status, 0, run);
        assert.ok(stdout.includes(`kept ${ruleset} nat KUBE-MARK-MASQ ${mapping}\n`), stdout);
        assert.deepEqual(node.dump(ruleset), expected, run);
      }
      assert.ok(
        expected.some((line) => line.endsWith("-j KUBE-POSTROUTING")),
        "the mark is masqueraded no more",
      );
    });

    it(`stay where somebody else's rule sends traffic into them, and that is told (${ruleset})`, () => {
      node.load(ruleset, kubeProxyRules(ruleset));
      const foreign = "-A PREROUTING -s 192.0.2.0/24 -j KUBE-SERVICES";
      node.load(ruleset, `*nat\n${foreign}\nCOMMIT\n`);
      const before = node.dump(ruleset);

      const { status, stdout } = node.script(SCRIPT, ["remove"]);
      assert.equal(status, 1);
      assert.ok(stdout.includes(`blocked ${ruleset} nat KUBE-SERVICES ${foreign}\n`), stdout);
      assert.ok(stdout.includes(`blocked ${ruleset} nat KUBE-SVC-E3PXEPMWAWIUT6ZV ${foreign}\n`), stdout);
      // All of nat is reachable from there but the canary; the other tables are not.
      const chains = kubeProxyChains(kubeProxyRules(ruleset));
      for (const chain of [...chains]) if (chain.startsWith("nat ") && !chain.endsWith("CANARY")) chains.delete(chain);
      assert.deepEqual(node.dump(ruleset), without(before, chains));

      node.root([ruleset, "-w", "-t", "nat", "-D", "PREROUTING", "-s", "192.0.2.0/24", "-j", "KUBE-SERVICES"]);
      assert.equal(node.script(SCRIPT, ["remove"]).status, 0);
      assert.deepEqual(node.script(SCRIPT, ["list"]), { status: 0, stdout: "", stderr: "" });
    });
  }

  it("stay, and that is told, without NET_RAW in the legacy backend and without NET_ADMIN in both", () => {
    for (const ruleset of ALL_RULESETS) node.load(ruleset, kubeProxyRules(ruleset));
    const before = node.dumps();
    const powerless = node.script(SCRIPT, ["remove"], { capabilities: ["net_raw"] });
    assert.equal(powerless.status, 2);
    assert.match(powerless.stderr, /^iptables-nft-save failed: .*Permission denied/m);
    assert.deepEqual(node.dumps(), before);

    const { status, stderr } = node.script(SCRIPT, ["remove"], { capabilities: ["net_admin"] });
    assert.equal(status, 2);
    assert.match(stderr, /^iptables-legacy-save failed: /m);
    const after = node.dumps();
    assert.deepEqual(after["iptables-legacy"], before["iptables-legacy"]);
    assert.doesNotMatch(after["iptables-nft"]!.join("\n"), /KUBE-SERVICES/);
  });

  it("stay, and that is told, in a table that iptables cannot read; nft's own tables are never touched", () => {
    for (const ruleset of ALL_RULESETS) node.load(ruleset, kubeProxyRules(ruleset));
    node.root([
      "nft",
      "add table inet team; add chain inet team KUBE-SERVICES; add rule inet team KUBE-SERVICES accept",
    ]);
    const team = node.root(["nft", "list", "table", "inet", "team"]);
    node.root(["nft", "add rule ip nat PREROUTING ct state new accept"]);

    const { status, stderr } = node.script(SCRIPT, ["remove"]);
    assert.equal(status, 2);
    assert.match(stderr, /^iptables-nft cannot read it: Table `nat' is incompatible/m);
    assert.match(node.root(["nft", "list", "table", "ip", "nat"]), /chain KUBE-SERVICES/);
    assert.doesNotMatch(node.dump("ip6tables-nft").join("\n"), /KUBE-SERVICES/);
    assert.equal(node.root(["nft", "list", "table", "inet", "team"]), team);

    node.root(["nft", "add rule ip6 nat PREROUTING meta cpu 1 counter accept"]);
    const odd = node.script(SCRIPT, ["remove"]);
    assert.equal(odd.status, 2);
    assert.match(odd.stderr, /^ip6tables-nft-save failed: .*Parsing nftables rule failed/m);
    assert.match(node.root(["nft", "list", "table", "ip", "nat"]), /chain KUBE-SERVICES/);
  });

  it("go beside base chains of nft's own, and stay where one of those uses them", () => {
    node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    node.root(["nft", "add chain ip nat odd { type nat hook prerouting priority 5; }"]);
    node.root(["nft", "add rule ip nat odd ip daddr 192.0.2.1 jump KUBE-SERVICES"]);
    const { status, stderr } = node.script(SCRIPT, ["remove"]);
    assert.equal(status, 2);
    assert.match(stderr, /^iptables-nft-restore failed: .*CHAIN_DEL failed/m);
    assert.match(node.root(["nft", "list", "table", "ip", "nat"]), /jump KUBE-SVC/);

    node.root(["nft", "flush chain ip nat odd"]);
    assert.equal(node.script(SCRIPT, ["remove"]).status, 0);
    assert.doesNotMatch(node.root(["nft", "list", "table", "ip", "nat"]), /KUBE-SERVICES/);
    assert.match(node.root(["nft", "list", "table", "ip", "nat"]), /chain odd/);
  });

  it("wait for others who hold the lock of the legacy backend, and stay where that takes too long", async () => {
    const rules = kubeProxyRules("iptables-legacy");
    node.load("iptables-legacy", rules);
    const before = node.dump("iptables-legacy");
    const hold = async (seconds: number) => {
      const holder = node.start(["flock", "-o", "/run/xtables.lock", "sh", "-c", `echo locked; sleep ${seconds}`]);
      await new Promise((resolve) => holder.stdout!.once("data", resolve));
      return enteredProcess(holder);
    };

    const holder = await hold(600);
    const late = node.script(SCRIPT, ["remove"]);
    assert.equal(late.status, 2);
    assert.match(late.stderr, /^iptables-legacy-restore failed: .*xtables lock/m);
    assert.deepEqual(node.dump("iptables-legacy"), before);
    process.kill(holder, "SIGKILL");
    await hold(2);
    assert.equal(node.script(SCRIPT, ["remove"]).status, 0);
    assert.deepEqual(node.dump("iptables-legacy"), without(before, kubeProxyChains(rules)));
  });

  it("leave no file behind", () => {
    loadAll();
    node.script(SCRIPT, ["remove"]);
    assert.equal(node.root(["ls", "-A", node.path("state")]), "");
  });

  it("are removed or listed, nothing else", () => {
    for (const args of [[], ["--cleanup"]]) {
      const { status, stderr } = node.script(SCRIPT, args);
      assert.equal(status, 2);
      assert.match(stderr, /usage: .* list\|remove/);
    }
  });
});
