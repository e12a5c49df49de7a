import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { startAgent, startKubeProxy, startNestedKubeProxy, startReplacementHealthCheck } from "./actors";
import { DisabledNode, MANIFEST, POD, SAVED } from "./disabled-node";
import { kubeProxyRules } from "./fake-node";

describe("a node that shall have no kube-proxy", { timeout: 300_000 }, () => {
  const host = new DisabledNode();
  beforeEach(() => host.boot());
  afterEach(() => host.shutDown());

  it("loses it before the agent starts, and its rules once the agent serves port 10256", async () => {
    host.loadRules();
    const before = host.node.dumps();
    host.node.write(MANIFEST, POD);
    host.node.write("manifests/other.manifest", "kind: Pod\n");
    const kubeProxy = await startKubeProxy(host.node);

    host.start();
    await host.loop.notReady(/^waiting for kube-proxy to stop$/);
    assert.equal(host.node.has(MANIFEST), false);
    assert.equal(host.node.read(SAVED), POD);
    assert.equal(host.node.has("manifests/other.manifest"), true);
    await host.loop.rounds();
    assert.equal(host.node.has("state/ready"), false, "ready while kube-proxy runs");

    await kubeProxy.stop();
    await host.loop.ready();
    assert.deepEqual(host.node.dumps(), before, "rules went before the agent came");

    await startAgent(host.node);
    await host.loop.rounds();
    assert.deepEqual(host.node.dumps(), before, "rules went before port 10256 was served");
    await startReplacementHealthCheck(host.node);
    await host.loop.logged("rules-removed", 12);
    await host.loop.ready();
    await host.loop.rounds();
    assert.equal(host.rulesLeft(), false);
    assert.equal(host.loop.reason(), undefined);
    assert.ok(host.node.dump("iptables-nft").some((line) => line.startsWith("-A CILIUM_POST_nat")));
    assert.deepEqual(
      [...new Set(host.loop.events())],
      ["manifest-removed", "stopping", "kube-proxy-gone", "ready", "rules-removed"],
    );
  });

  it("keeps it until it has written its rules, as a node that has just booted has none", async () => {
    host.node.write(MANIFEST, POD);
    const kubeProxy = await startKubeProxy(host.node);
    // What kube-proxy makes before it knows the Services.
    host.node.load("iptables-nft", "*nat\n:KUBE-SERVICES - [0:0]\n-A PREROUTING -j KUBE-SERVICES\nCOMMIT\n");
    host.start({ RULES_SECONDS: "60" });
    await host.loop.notReady(/^waiting for kube-proxy to write its rules/);
    await host.loop.rounds();
    assert.equal(host.node.has(MANIFEST), true, "taken away before there were rules");

    host.node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    await host.loop.logged("manifest-removed");
    await kubeProxy.stop();
    await host.loop.ready();
    assert.equal(host.rulesLeft(), true, "rules went before the agent came");
    assert.equal(host.loop.line("rules-missing"), undefined);
  });

  it("loses it after a while where it never writes any, and says so", async () => {
    host.node.write(MANIFEST, POD);
    const kubeProxy = await startKubeProxy(host.node);
    host.start({ RULES_SECONDS: "2" });
    await host.loop.logged("rules-missing");
    await host.loop.logged("manifest-removed");
    await kubeProxy.stop();
    await host.loop.ready();
    assert.equal(host.loop.line("rules-missing")?.severity, "WARNING");
  });

  it("keeps the rules until the agent has served for a while, as an agent says that it does some seconds before", async () => {
    host.loadRules();
    const before = host.node.dumps();
    await startAgent(host.node);
    await startReplacementHealthCheck(host.node);
    host.start({ SERVED_SECONDS: "3600" });
    await host.loop.ready();
    await host.loop.rounds();
    assert.deepEqual(host.node.dumps(), before, "rules went at once");
    await host.loop.terminate();

    host.start({ SERVED_SECONDS: "2" });
    await host.loop.logged("rules-removed", 12);
    assert.equal(host.rulesLeft(), false);
  });

  it("is ready where there never was one", async () => {
    host.start();
    await host.loop.ready();
    assert.deepEqual(host.loop.events(), ["kube-proxy-gone", "ready"]);
  });

  it("loses it again after a reboot", async () => {
    host.node.write(MANIFEST, POD);
    host.start();
    await host.loop.ready();
    await host.loop.terminate();
    assert.equal(host.loop.exitStatus, 0);

    // /run is empty, start-up scripts have written the manifest of a newer version, kube-proxy starts.
    host.node.root(["sh", "-c", `rm -r ${host.node.path("state")}/*`]);
    host.node.write(MANIFEST, `${POD}# newer\n`);
    const kubeProxy = await startKubeProxy(host.node);
    host.start();
    await host.loop.logged("manifest-removed");
    await kubeProxy.stop();
    await host.loop.ready();
    assert.equal(host.node.read(SAVED), `${POD}# newer\n`);
  });

  it("is not given its kube-proxy back when the pod is deleted or updated", async () => {
    host.node.write(MANIFEST, POD);
    host.start();
    await host.loop.ready();
    await host.loop.terminate();
    assert.equal(host.loop.exitStatus, 0);
    assert.equal(host.node.has(MANIFEST), false);
  });

  it("keeps it while an agent runs beside it, until that agent stops, so that port 10256 is always answered", async () => {
    host.loadRules();
    host.node.write(MANIFEST, POD);
    const kubeProxy = await startKubeProxy(host.node);
    const agent = await startAgent(host.node);

    host.start();
    await host.loop.logged("handover");
    await host.loop.ready();
    await host.loop.rounds(2);
    assert.equal(host.node.has(MANIFEST), true, "taken away while the agent could not serve the port");

    await agent.stop();
    await host.loop.logged("manifest-removed");
    await kubeProxy.stop();
    await host.loop.ready();
    await startReplacementHealthCheck(host.node);
    await startAgent(host.node);
    await host.loop.logged("rules-removed", 12);
    await host.loop.rounds();
    assert.equal(host.rulesLeft(), false);
  });

  it("loses it at once where the agent beside it serves port 10256 already", async () => {
    host.node.write(MANIFEST, POD);
    await startReplacementHealthCheck(host.node);
    await startAgent(host.node);
    const kubeProxy = await startKubeProxy(host.node, { healthCheck: false });
    host.start();
    await host.loop.logged("manifest-removed");
    await kubeProxy.stop();
    await host.loop.ready();
    assert.equal(host.loop.line("handover"), undefined);
  });

  it("may run pods with a kube-proxy of their own", async () => {
    await startNestedKubeProxy(host.node);
    host.start();
    await host.loop.ready();
    await host.loop.rounds();
    assert.equal(host.loop.reason(), undefined);
  });

  it("logs lines that Cloud Logging understands", async () => {
    host.node.write(MANIFEST, POD);
    host.start();
    await host.loop.ready();
    for (const line of host.loop.lines) {
      assert.deepEqual(Object.keys(line), ["time", "severity", "event", "node", "message"]);
      assert.ok(Math.abs(Date.parse(line.time) - Date.now()) < 60_000, line.time);
      assert.equal(line.node, "node-1");
    }
  });

  it("is handled with Busybox's tools as with the machine's", async () => {
    host.loadRules();
    host.node.write(MANIFEST, POD);
    host.start({}, true);
    await host.loop.ready();
    await startAgent(host.node);
    await startReplacementHealthCheck(host.node);
    await host.loop.logged("rules-removed", 12);
    await host.loop.ready();
    assert.equal(host.node.read(SAVED), POD);
  });
});
