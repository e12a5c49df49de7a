import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { startAgent, startKubeProxy, startReplacementHealthCheck } from "./actors";
import { DisabledNode, MANIFEST, POD, SAVED } from "./disabled-node";
import { kubeProxyRules } from "./fake-node";

describe("a node that shall have no kube-proxy and is not as expected", { timeout: 300_000 }, () => {
  const host = new DisabledNode();
  beforeEach(() => host.boot());
  afterEach(() => host.shutDown());

  it("says so when the manifest comes back while it runs, and loses it again", async () => {
    host.start();
    await host.loop.ready();
    host.node.write(MANIFEST, POD);
    const line = await host.loop.logged("manifest-returned");
    assert.equal(line.severity, "WARNING");
    assert.match(line.remedy ?? "", /find out what writes it/);
    assert.equal(host.node.has(MANIFEST), false);
    await host.loop.logged("ready", 2);
  });

  it("says so when the agent beside a kube-proxy is never restarted", async () => {
    host.node.write(MANIFEST, POD);
    await startKubeProxy(host.node);
    await startAgent(host.node, 500);
    host.start({ HANDOVER_SECONDS: "2" });
    await host.loop.ready();
    await host.loop.notReady(/still holds port 10256.*spec\.nodeName=node-1$/);
    assert.equal((await host.loop.logged("handover-overdue")).severity, "WARNING");
    assert.equal(host.node.has(MANIFEST), true);
  });

  it("says so when kube-proxy runs without the manifest, as GKE's DaemonSet would have it", async () => {
    await startKubeProxy(host.node);
    host.start({ GRACE_SECONDS: "2" });
    await host.loop.notReady(
      /kube-proxy runs though it has no manifest; take the label node\.kubernetes\.io\/kube-proxy-ds-ready off/,
    );
    assert.equal((await host.loop.logged("kube-proxy-runs")).severity, "WARNING");
    await host.loop.rounds(4);
    assert.equal(host.loop.events().filter((event) => event === "kube-proxy-runs").length, 1, "logged in every round");
  });

  it("says so when a healthy agent does not serve port 10256, and recovers", async () => {
    host.loadRules();
    const before = host.node.dumps();
    await startAgent(host.node);
    host.start({ GRACE_SECONDS: "2" });
    await host.loop.ready();
    await host.loop.notReady(/does not serve port 10256.*kubeProxyReplacementHealthzBindAddr=0\.0\.0\.0:10256/);
    assert.deepEqual(host.node.dumps(), before);
    await startReplacementHealthCheck(host.node);
    await host.loop.logged("ready", 2);
    assert.equal(host.rulesLeft(), false);
  });

  it("keeps the rules while the agent's port 10256 answers that it is not healthy", async () => {
    host.loadRules();
    await startAgent(host.node);
    await startReplacementHealthCheck(host.node, 503);
    host.start({ GRACE_SECONDS: "2" });
    await host.loop.notReady(/does not serve port 10256/);
    assert.equal(host.rulesLeft(), true);
  });

  it("keeps the rules while the agent itself is not healthy, which is no fault of the node", async () => {
    host.loadRules();
    const before = host.node.dumps();
    await startAgent(host.node, 500);
    await startReplacementHealthCheck(host.node);
    host.start({ GRACE_SECONDS: "2" });
    await host.loop.ready();
    await host.loop.rounds(4);
    assert.deepEqual(host.node.dumps(), before);
    assert.deepEqual(host.loop.events(), ["kube-proxy-gone", "ready"]);
  });

  it("says so when rules come back, and loses them again", async () => {
    await startAgent(host.node);
    await startReplacementHealthCheck(host.node);
    host.start();
    await host.loop.ready();
    host.node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    const line = await host.loop.logged("rules-returned");
    assert.match(line.remedy ?? "", /find out what writes them/);
    await host.loop.logged("ready", 2);
    assert.equal(host.rulesLeft(), false);
  });

  it("says which rule of another program keeps rules from going", async () => {
    host.node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    host.node.load(
      "iptables-nft",
      '*nat\n-A PREROUTING -s 192.0.2.0/24 -m comment --comment "team \\"a\\"" -j KUBE-SERVICES\nCOMMIT\n',
    );
    await startAgent(host.node);
    await startReplacementHealthCheck(host.node);
    host.start();
    await host.loop.notReady(/-A PREROUTING -s 192\.0\.2\.0\/24 .*-j KUBE-SERVICES; delete that rule$/m);
    assert.match((await host.loop.logged("rules-blocked")).message, /--comment "team \\"a\\""/);
  });

  it("says so when rules cannot be read", async () => {
    host.node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    host.node.root(["nft", "add rule ip nat PREROUTING ct state new accept"]);
    await startAgent(host.node);
    await startReplacementHealthCheck(host.node);
    host.start();
    await host.loop.notReady(/cannot be cleaned: iptables-nft cannot read it: Table `nat' is incompatible/);
    host.node.root(["nft", "flush chain ip nat PREROUTING"]);
    await host.loop.ready();
    assert.equal(host.rulesLeft(), false);
  });

  it("keeps it where its manifest cannot be saved", async () => {
    host.node.write(MANIFEST, POD);
    chmodSync(host.node.path("saved"), 0o555);
    // Root writes anywhere but in a container without DAC_OVERRIDE.
    host.start();
    await host.loop.notReady(/^the manifest cannot be taken away: .*Permission denied.*; make room/);
    assert.equal(host.node.read(MANIFEST), POD);
    chmodSync(host.node.path("saved"), 0o755);
    await host.loop.ready();
    assert.equal(host.node.read(SAVED), POD);
  });

  it("is not taken for alive when the loop hangs", async () => {
    host.start();
    await host.loop.ready();
    assert.equal(host.loop.isAlive(), true);
    await host.loop.terminate();
    host.node.write("state/heartbeat", `${Math.floor(Date.now() / 1000) - 244}\n`);
    assert.equal(host.loop.isAlive(), false);
    host.node.write("state/heartbeat", "");
    assert.equal(host.loop.isAlive(), false);
  });

  it("is not taken for ready before the loop has looked at it", () => {
    assert.equal(host.node.script("kube-proxy-disabler.sh", ["ready"]).status, 1);
  });

  it("says nothing in haste: what ends in between is timed afresh", async () => {
    const first = await startKubeProxy(host.node);
    host.start({ GRACE_SECONDS: "4" });
    await host.loop.logged("stopping");
    await first.stop();
    await host.loop.ready();
    await host.loop.rounds(5);
    await startKubeProxy(host.node);
    await host.loop.logged("stopping", 2);
    await host.loop.rounds(2);
    assert.equal(host.loop.line("kube-proxy-runs"), undefined);
    await host.loop.logged("kube-proxy-runs");
  });
});
