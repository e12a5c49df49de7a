import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { HealthChecker, Loop, startAgent, startReplacementHealthCheck } from "./actors";
import { eventually, FakeNode } from "./fake-node";
import { KUBE_PROXY_VARIABLE, RealKubeProxy } from "./real-kube-proxy";

const MANIFEST = "manifests/kube-proxy.manifest";
/** kube-proxy tries the port again after five seconds, and a loaded machine takes its time. */
const LONGEST_GAP_MS = 8_000;

const program = process.env[KUBE_PROXY_VARIABLE] ?? "";

// Without the program main.ts reports these as not run.
if (program !== "")
  describe("port 10256 on one node, with the real kube-proxy", { timeout: 120_000 }, () => {
    let node: FakeNode;
    beforeEach(async () => {
      node = await FakeNode.boot();
    });
    afterEach(() => node.shutDown());

    const hasRules = () => node.dump("iptables-nft").some((line) => line.startsWith(":KUBE-SVC-"));

    it("goes back to kube-proxy when the agent restarts, and kube-proxy's rules are there before", async () => {
      const port = await startReplacementHealthCheck(node);
      const agent = await startAgent(node);
      const checker = await HealthChecker.start(node);
      node.write("saved/kube-proxy.manifest", "kind: Pod\n");

      const loop = new Loop(node, "restore");
      await loop.logged("manifest-restored");
      // What the kubelet does with a manifest.
      const kubeProxy = await RealKubeProxy.start(node, program);
      await loop.logged("handover");
      await loop.ready();
      await eventually("kube-proxy's rules", hasRules);
      await eventually("it tries the port", () => kubeProxy.output.includes("address already in use"));
      assert.deepEqual(checker.sequence(), ["agent"], "everybody was answered until then");

      // The release is rolled out: this agent's successor does not want the port.
      await agent.stop();
      await port.stop();
      await startAgent(node);
      await eventually("kube-proxy answers", () => checker.last === "kube-proxy");
      await loop.rounds();
      assert.equal(loop.reason(), undefined);
      assert.ok(hasRules());
      assert.deepEqual(checker.sequence(), ["agent", "nobody", "kube-proxy"]);
      assert.ok(checker.longestGap() <= LONGEST_GAP_MS, `${checker.longestGap()} ms without an answer`);
      assert.deepEqual(
        loop.lines.filter(({ severity }) => severity !== "INFO"),
        [],
      );
      assert.deepEqual(loop.noise, []);
    });

    it("goes to the agent when kube-proxy is removed, and kube-proxy's rules go after", async () => {
      node.write(MANIFEST, "kind: Pod\n");
      const kubeProxy = await RealKubeProxy.start(node, program);
      const checker = await HealthChecker.start(node);
      await eventually("kube-proxy answers", () => checker.last === "kube-proxy" && hasRules());

      const loop = new Loop(node, "disable");
      await eventually("the manifest goes", () => !node.has(MANIFEST));
      kubeProxy.stop();
      await loop.logged("kube-proxy-gone");
      assert.ok(hasRules(), "rules went before the agent came");
      await startReplacementHealthCheck(node);
      await startAgent(node);
      await loop.logged("rules-removed");
      await loop.ready();
      assert.equal(hasRules(), false);
      assert.deepEqual(
        checker.sequence().filter((by) => by !== "nobody"),
        ["kube-proxy", "agent"],
      );
    });
  });
