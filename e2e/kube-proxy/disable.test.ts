import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Loop, startAgent, startKubeProxy, startNestedKubeProxy, startReplacementHealthCheck } from "./actors";
import { ALL_RULESETS, FakeNode, kubeProxyRules } from "./fake-node";
import { loadNeighbours } from "./neighbours";

const MANIFEST = "manifests/kube-proxy.manifest";
const SAVED = "saved/kube-proxy.manifest";
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: kube-proxy}\n# "quotes" and ${dollars}\n';

describe("a node that shall have no kube-proxy", { timeout: 300_000 }, () => {
  let node: FakeNode;
  let loop: Loop;
  const start = (environment: Record<string, string> = {}) => {
    loop = new Loop(node, "disable", { environment });
    return loop;
  };
  const loadRules = () => {
    for (const ruleset of ALL_RULESETS) {
      node.load(ruleset, kubeProxyRules(ruleset));
      loadNeighbours(node, ruleset);
    }
  };
  const rulesLeft = () =>
    Object.values(node.dumps()).some((lines) => lines.some((line) => /:KUBE-SERVICES$|:KUBE-SERVICES /.test(line)));

  beforeEach(async () => {
    node = await FakeNode.boot();
  });
  afterEach(() => {
    node.shutDown();
    assert.deepEqual(loop.noise, []);
  });

  it("loses it before the agent starts, and its rules once the agent serves port 10256", async () => {
    loadRules();
    const before = node.dumps();
    node.write(MANIFEST, POD);
    node.write("manifests/other.manifest", "kind: Pod\n");
    const kubeProxy = await startKubeProxy(node);

    start();
    await loop.notReady(/^waiting for kube-proxy to stop$/);
    assert.equal(node.has(MANIFEST), false);
    assert.equal(node.read(SAVED), POD);
    assert.equal(node.has("manifests/other.manifest"), true);
    await loop.rounds();
    assert.equal(node.has("state/ready"), false, "ready while kube-proxy runs");

    await kubeProxy.stop();
    await loop.ready();
    assert.deepEqual(node.dumps(), before, "rules went before the agent came");

    await startAgent(node);
    await loop.rounds();
    assert.deepEqual(node.dumps(), before, "rules went before port 10256 was served");
    await startReplacementHealthCheck(node);
    await loop.logged("rules-removed", 12);
    await loop.ready();
    await loop.rounds();
    assert.equal(rulesLeft(), false);
    assert.equal(loop.reason(), undefined);
    assert.ok(node.dump("iptables-nft").some((line) => line.startsWith("-A CILIUM_POST_nat")));
    assert.deepEqual(
      [...new Set(loop.events())],
      ["manifest-removed", "stopping", "kube-proxy-gone", "ready", "rules-removed"],
    );
  });

  it("is ready where there never was one", async () => {
    start();
    await loop.ready();
    assert.deepEqual(loop.events(), ["kube-proxy-gone", "ready"]);
  });

  it("loses it again after a reboot", async () => {
    node.write(MANIFEST, POD);
    start();
    await loop.ready();
    await loop.terminate();
    assert.equal(loop.exitStatus, 0);

    // /run is empty, start-up scripts have written the manifest of a newer version, kube-proxy starts.
    node.root(["sh", "-c", `rm -r ${node.path("state")}/*`]);
    node.write(MANIFEST, `${POD}# newer\n`);
    const kubeProxy = await startKubeProxy(node);
    start();
    await loop.logged("manifest-removed");
    await kubeProxy.stop();
    await loop.ready();
    assert.equal(node.read(SAVED), `${POD}# newer\n`);
  });

  it("is not given its kube-proxy back when the pod is deleted or updated", async () => {
    node.write(MANIFEST, POD);
    start();
    await loop.ready();
    await loop.terminate();
    assert.equal(loop.exitStatus, 0);
    assert.equal(node.has(MANIFEST), false);
  });

  it("says so when the manifest comes back while it runs, and loses it again", async () => {
    start();
    await loop.ready();
    node.write(MANIFEST, POD);
    const line = await loop.logged("manifest-returned");
    assert.equal(line.severity, "WARNING");
    assert.match(line.remedy ?? "", /find out what writes it/);
    assert.equal(node.has(MANIFEST), false);
    await loop.logged("ready", 2);
  });

  it("keeps it while an agent runs beside it, until that agent stops, so that port 10256 is always answered", async () => {
    loadRules();
    node.write(MANIFEST, POD);
    const kubeProxy = await startKubeProxy(node);
    const agent = await startAgent(node);

    start();
    await loop.logged("handover");
    await loop.ready();
    await loop.rounds(2);
    assert.equal(node.has(MANIFEST), true, "taken away while the agent could not serve the port");

    await agent.stop();
    await loop.logged("manifest-removed");
    await kubeProxy.stop();
    await loop.ready();
    await startReplacementHealthCheck(node);
    await startAgent(node);
    await loop.logged("rules-removed", 12);
    await loop.rounds();
    assert.equal(rulesLeft(), false);
  });

  it("says so when the agent beside a kube-proxy is never restarted", async () => {
    node.write(MANIFEST, POD);
    await startKubeProxy(node);
    await startAgent(node, 500);
    start({ HANDOVER_SECONDS: "2" });
    await loop.ready();
    await loop.notReady(/still holds port 10256.*spec\.nodeName=node-1$/);
    assert.equal((await loop.logged("handover-overdue")).severity, "WARNING");
    assert.equal(node.has(MANIFEST), true);
  });

  it("loses it at once where the agent beside it serves port 10256 already", async () => {
    node.write(MANIFEST, POD);
    await startReplacementHealthCheck(node);
    await startAgent(node);
    const kubeProxy = await startKubeProxy(node, { healthCheck: false });
    start();
    await loop.logged("manifest-removed");
    await kubeProxy.stop();
    await loop.ready();
    assert.equal(loop.line("handover"), undefined);
  });

  it("says so when kube-proxy runs without the manifest, as GKE's DaemonSet would have it", async () => {
    await startKubeProxy(node);
    start({ GRACE_SECONDS: "2" });
    await loop.notReady(
      /kube-proxy runs though it has no manifest; take the label node\.kubernetes\.io\/kube-proxy-ds-ready off/,
    );
    assert.equal((await loop.logged("kube-proxy-runs")).severity, "WARNING");
    await loop.rounds(4);
    assert.equal(loop.events().filter((event) => event === "kube-proxy-runs").length, 1, "logged in every round");
  });

  it("says so when a healthy agent does not serve port 10256, and recovers", async () => {
    loadRules();
    const before = node.dumps();
    await startAgent(node);
    start({ GRACE_SECONDS: "2" });
    await loop.ready();
    await loop.notReady(/does not serve port 10256.*kubeProxyReplacementHealthzBindAddr=0\.0\.0\.0:10256/);
    assert.deepEqual(node.dumps(), before);
    await startReplacementHealthCheck(node);
    await loop.logged("ready", 2);
    assert.equal(rulesLeft(), false);
  });

  it("keeps the rules while the agent's port 10256 answers that it is not healthy", async () => {
    loadRules();
    await startAgent(node);
    await startReplacementHealthCheck(node, 503);
    start({ GRACE_SECONDS: "2" });
    await loop.notReady(/does not serve port 10256/);
    assert.equal(rulesLeft(), true);
  });

  it("keeps the rules while the agent itself is not healthy, which is no fault of the node", async () => {
    loadRules();
    const before = node.dumps();
    await startAgent(node, 500);
    await startReplacementHealthCheck(node);
    start({ GRACE_SECONDS: "2" });
    await loop.ready();
    await loop.rounds(4);
    assert.deepEqual(node.dumps(), before);
    assert.deepEqual(loop.events(), ["kube-proxy-gone", "ready"]);
  });

  it("says so when rules come back, and loses them again", async () => {
    await startAgent(node);
    await startReplacementHealthCheck(node);
    start();
    await loop.ready();
    node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    const line = await loop.logged("rules-returned");
    assert.match(line.remedy ?? "", /find out what writes them/);
    await loop.logged("ready", 2);
    assert.equal(rulesLeft(), false);
  });

  it("says which rule of another program keeps rules from going", async () => {
    node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    node.load(
      "iptables-nft",
      '*nat\n-A PREROUTING -s 192.0.2.0/24 -m comment --comment "team \\"a\\"" -j KUBE-SERVICES\nCOMMIT\n',
    );
    await startAgent(node);
    await startReplacementHealthCheck(node);
    start();
    await loop.notReady(/-A PREROUTING -s 192\.0\.2\.0\/24 .*-j KUBE-SERVICES; delete that rule$/m);
    assert.match((await loop.logged("rules-blocked")).message, /--comment "team \\"a\\""/);
  });

  it("says so when rules cannot be read", async () => {
    node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    node.root(["nft", "add rule ip nat PREROUTING ct state new accept"]);
    await startAgent(node);
    await startReplacementHealthCheck(node);
    start();
    await loop.notReady(/cannot be cleaned: iptables-nft cannot read it: Table `nat' is incompatible/);
    node.root(["nft", "flush chain ip nat PREROUTING"]);
    await loop.ready();
    assert.equal(rulesLeft(), false);
  });

  it("keeps it where its manifest cannot be saved", async () => {
    node.write(MANIFEST, POD);
    chmodSync(node.path("saved"), 0o555);
    // Root writes anywhere but in a container without DAC_OVERRIDE.
    start();
    await loop.notReady(/^the manifest cannot be taken away: .*Permission denied.*; make room/);
    assert.equal(node.read(MANIFEST), POD);
    chmodSync(node.path("saved"), 0o755);
    await loop.ready();
    assert.equal(node.read(SAVED), POD);
  });

  it("may run pods with a kube-proxy of their own", async () => {
    await startNestedKubeProxy(node);
    start();
    await loop.ready();
    await loop.rounds();
    assert.equal(loop.reason(), undefined);
  });

  it("is not taken for alive when the loop hangs", async () => {
    start();
    await loop.ready();
    assert.equal(loop.isAlive(), true);
    await loop.terminate();
    node.write("state/heartbeat", `${Math.floor(Date.now() / 1000) - 244}\n`);
    assert.equal(loop.isAlive(), false);
    node.write("state/heartbeat", "");
    assert.equal(loop.isAlive(), false);
  });

  it("is not taken for ready before the loop has looked at it", () => {
    loop = new Loop(node, "disable", { environment: { STATE_DIR: node.path("nowhere") } });
    const { status } = node.script("kube-proxy-disabler.sh", ["ready"]);
    loop.noise.length = 0;
    assert.equal(status, 1);
  });

  it("logs lines that Cloud Logging understands", async () => {
    node.write(MANIFEST, POD);
    start();
    await loop.ready();
    for (const line of loop.lines) {
      assert.deepEqual(Object.keys(line), ["time", "severity", "event", "node", "message"]);
      assert.ok(Math.abs(Date.parse(line.time) - Date.now()) < 60_000, line.time);
      assert.equal(line.node, "node-1");
    }
  });

  it("is handled with Busybox's tools as with the machine's", async () => {
    loadRules();
    node.write(MANIFEST, POD);
    loop = new Loop(node, "disable", { busybox: true });
    await loop.ready();
    await startAgent(node);
    await startReplacementHealthCheck(node);
    await loop.logged("rules-removed", 12);
    await loop.ready();
    assert.equal(readFileSync(node.path(SAVED), "utf8"), POD);
  });
});
