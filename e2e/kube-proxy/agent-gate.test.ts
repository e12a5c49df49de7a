import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Loop, startAgent, startKubeProxy, startReplacementHealthCheck } from "./actors";
import { eventually, FakeNode } from "./fake-node";

const MANIFEST = "manifests/kube-proxy.manifest";
const KEPT = "manifests/.kube-proxy.kept";

describe("the agent's init container", { timeout: 60_000 }, () => {
  let node: FakeNode;
  beforeEach(async () => {
    node = await FakeNode.boot();
  });
  afterEach(() => node.shutDown());

  const start = (environment: Record<string, string> = {}) => {
    const child = node.startScript("agent-gate.sh", [], { capabilities: [], environment });
    const gate = {
      lines: [] as { severity: string; message: string }[],
      status: undefined as number | null | undefined,
    };
    createInterface(child.stdout!).on("line", (line) => gate.lines.push(JSON.parse(line)));
    child.once("close", (status) => {
      gate.status = status;
    });
    return gate;
  };

  it("lets the agent start where there is no kube-proxy, after a moment's look", async () => {
    const began = Date.now();
    const gate = start();
    await eventually("the end", () => gate.status !== undefined);
    assert.equal(gate.status, 0);
    assert.ok(Date.now() - began >= 2_900, "one look is not enough");
    assert.deepEqual(
      gate.lines.map((line) => line.message),
      ["kube-proxy is gone"],
    );
  });

  it("waits for the manifest to go, then for the port, without any capability", async () => {
    node.write(MANIFEST, "kind: Pod\n");
    const kubeProxy = await startKubeProxy(node);
    const gate = start();
    await eventually("first line", () => gate.lines.length === 1);
    rmSync(node.path(MANIFEST));
    await eventually("second line", () => gate.lines.length === 2);
    assert.equal(gate.status, undefined);
    await kubeProxy.stop();
    await eventually("the end", () => gate.status !== undefined);
    assert.equal(gate.status, 0);
    assert.deepEqual(
      gate.lines.map((line) => line.message),
      [
        "waiting for kube-proxy to go: its manifest is in place",
        "waiting for kube-proxy to go: port 10256 is in use",
        "kube-proxy is gone",
      ],
    );
  });

  it("starts counting again when kube-proxy appears while it looks", async () => {
    const gate = start({ SETTLE_SECONDS: "4" });
    await sleep(2_000);
    const kubeProxy = await startKubeProxy(node);
    await eventually("it is seen", () => gate.lines.length === 1);
    assert.equal(gate.lines[0]?.message, "waiting for kube-proxy to go: port 10256 is in use");
    await kubeProxy.stop();
    const began = Date.now();
    await eventually("the end", () => gate.status === 0);
    assert.ok(Date.now() - began >= 2_900, "what it saw before does not count");
  });

  it("and the DaemonSet's pod put a booting node in order together", async () => {
    // Start-up scripts have written the manifest, the kubelet has started kube-proxy and both pods.
    node.write(MANIFEST, "kind: Pod\n");
    const kubeProxy = await startKubeProxy(node);
    const gate = start();
    await eventually("it waits", () => gate.lines.length === 1);
    const loop = new Loop(node, "disable");
    await loop.logged("manifest-removed");
    await kubeProxy.stop();
    await eventually("the agent may start", () => gate.status === 0);

    await startReplacementHealthCheck(node);
    await startAgent(node);
    await loop.ready();
    assert.deepEqual(
      loop.lines.filter(({ severity }) => severity !== "INFO"),
      [],
    );
    assert.deepEqual(loop.noise, []);
  });

  const seconds = (fromNow: number) => String(Math.round(Date.now() / 1000) + fromNow);

  it("lets the agent start beside a kube-proxy that is to stay", async () => {
    node.write(MANIFEST, "kind: Pod\n");
    await startKubeProxy(node);
    node.write(KEPT, seconds(300));
    const gate = start();
    await eventually("the end", () => gate.status !== undefined);
    assert.equal(gate.status, 0);
    assert.deepEqual(
      gate.lines.map((line) => line.message),
      ["kube-proxy is to stay on this node: the agent starts beside it"],
    );
  });

  it("stops waiting when that is said while it waits", async () => {
    node.write(MANIFEST, "kind: Pod\n");
    const gate = start();
    await eventually("it waits", () => gate.lines.length === 1);
    node.write(KEPT, seconds(300));
    await eventually("the end", () => gate.status !== undefined);
    assert.equal(gate.status, 0);
  });

  for (const [what, mark] of [
    ["said too long ago", seconds(-1)],
    ["not a time", "always"],
    ["empty", ""],
    ["more than a shell can count", "9".repeat(30)],
  ] as const)
    it(`does not believe a mark that is ${what}`, async () => {
      node.write(MANIFEST, "kind: Pod\n");
      node.write(KEPT, mark);
      const gate = start({ TIMEOUT_SECONDS: "2" });
      await eventually("the end", () => gate.status !== undefined);
      assert.equal(gate.status, 1);
    });

  it("gives up in the end and says where to look, so that the pod shows it", async () => {
    await startKubeProxy(node);
    const gate = start({ TIMEOUT_SECONDS: "2" });
    await eventually("the end", () => gate.status !== undefined);
    assert.equal(gate.status, 1);
    assert.equal(gate.lines.at(-1)?.severity, "ERROR");
    assert.match(gate.lines.at(-1)?.message ?? "", /still here after 2 s .*logs of the pod kube-proxy-disabler/);
  });
});
