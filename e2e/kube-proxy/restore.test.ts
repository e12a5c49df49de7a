import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Loop, startAgent, startKubeProxy, startReplacementHealthCheck } from "./actors";
import { FakeNode, kubeProxyRules } from "./fake-node";

const MANIFEST = "manifests/kube-proxy.manifest";
const KEPT = "manifests/.kube-proxy.kept";
const SAVED = "saved/kube-proxy.manifest";
const SOURCE = "source/kube-proxy.manifest";
const POD = "kind: Pod\n";

describe("a node that shall have its kube-proxy back", { timeout: 60_000 }, () => {
  let node: FakeNode;
  let loop: Loop;
  beforeEach(async () => {
    node = await FakeNode.boot();
  });
  afterEach(() => {
    node.shutDown();
    assert.deepEqual(loop.noise, []);
  });

  it("gets back byte for byte what it ran, and is ready when that runs", async () => {
    node.write(MANIFEST, POD);
    loop = new Loop(node, "disable");
    await loop.ready();
    await loop.terminate();
    node.write(SOURCE, "kind: Pod # of the start-up scripts\n");

    loop = new Loop(node, "restore");
    await loop.notReady(/^waiting for kube-proxy to start$/);
    assert.equal(node.read(MANIFEST), POD);
    assert.equal(node.has("manifests/.kube-proxy.manifest"), false);
    const kubeProxy = await startKubeProxy(node);
    await loop.ready();
    assert.deepEqual(loop.events(), ["manifest-restored", "starting", "ready"]);
    await kubeProxy.stop();
  });

  it("gets the start-up scripts' manifest where nothing was saved", async () => {
    node.write(SOURCE, POD);
    loop = new Loop(node, "restore");
    assert.match((await loop.logged("manifest-restored")).message, /source\/kube-proxy\.manifest$/);
    assert.equal(node.read(MANIFEST), POD);
  });

  it("says so where there is nothing but a template", async () => {
    node.write(SOURCE, "image: {{pillar['kube_docker_registry']}}/kube-proxy\n");
    loop = new Loop(node, "restore");
    await loop.notReady(/no copy of kube-proxy's manifest.*; reboot or recreate the node/);
    assert.equal(node.has(MANIFEST), false);
  });

  it("tells the agent's init container that kube-proxy stays, again and again, and disable takes that back", async () => {
    node.write(SAVED, POD);
    loop = new Loop(node, "restore");
    await loop.logged("manifest-restored");
    const until = Number(node.read(KEPT)) - Date.now() / 1000;
    assert.ok(until > 60 && until < 300, `for ${until} s`);
    node.write(KEPT, "1");
    await loop.rounds();
    assert.ok(Number(node.read(KEPT)) > Date.now() / 1000);
    await loop.terminate();

    loop = new Loop(node, "disable");
    await loop.logged("manifest-removed");
    assert.equal(node.has(KEPT), false);
  });

  it("is not ready while kube-proxy runs and nobody answers port 10256, and says so", async () => {
    node.write(MANIFEST, POD);
    await startKubeProxy(node, { healthCheck: false });
    loop = new Loop(node, "restore", { environment: { GRACE_SECONDS: "2" } });
    await loop.notReady(/^waiting for kube-proxy to answer port 10256$/);
    await loop.notReady(/kube-proxy runs but does not answer port 10256.*kube-proxy\.log/);
    assert.equal((await loop.logged("healthz-unanswered")).severity, "WARNING");
    await startReplacementHealthCheck(node);
    await loop.ready();
  });

  it("says so when the agent that holds port 10256 is never restarted", async () => {
    node.write(MANIFEST, POD);
    await startReplacementHealthCheck(node);
    await startAgent(node);
    await startKubeProxy(node, { healthCheck: false });
    loop = new Loop(node, "restore", { environment: { HANDOVER_SECONDS: "2" } });
    await loop.ready();
    assert.match((await loop.logged("handover")).message, /the agent answers port 10256 until it restarts/);
    await loop.notReady(/agent still answers port 10256.*spec\.nodeName=node-1$/);
  });

  it("keeps the manifest that it has, and its rules", async () => {
    node.write(MANIFEST, POD);
    node.write(SAVED, "kind: Pod # older\n");
    node.load("iptables-nft", kubeProxyRules("iptables-nft"));
    const before = { rules: node.dumps(), changed: statSync(node.path(MANIFEST)).ctimeMs };
    await startKubeProxy(node);
    loop = new Loop(node, "restore");
    await loop.ready();
    await loop.rounds();
    assert.deepEqual({ rules: node.dumps(), changed: statSync(node.path(MANIFEST)).ctimeMs }, before);
  });

  it("says so when kube-proxy does not start", async () => {
    node.write(SAVED, POD);
    loop = new Loop(node, "restore", { environment: { GRACE_SECONDS: "2" } });
    await loop.notReady(
      /kube-proxy does not start though its manifest is in place; look for kube-proxy in the kubelet's log/,
    );
    assert.equal((await loop.logged("kube-proxy-missing")).severity, "WARNING");
  });
});
