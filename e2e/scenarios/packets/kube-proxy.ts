import { checkEqual, checkMatches, eventuallyHolds } from "../../harness/check";
import type { Scenario, Step } from "../../harness/scenario";
import { PacketRig } from "../../rig/packets/packet-rig";
import { hasProxyRules, proxyRulesGone } from "../../rig/packets/proxy-rules";
import { expectUndisturbed, type Fared, Traffic, webUnderTraffic } from "../../rig/packets/traffic";
import { type Change, carryOut } from "../day-two/change";
import { SETTLE_SECONDS } from "../promises/common";

/** A rule of somebody else's, which has to be there afterwards. */
const FOREIGN = ["-A", "FORWARD", "-m", "comment", "--comment", "of-somebody-else", "-j", "ACCEPT"];

/** Carries out a change while clients go on, and judges how they fared. */
function underTraffic(what: Omit<Change, "layers">, during?: (rig: PacketRig) => During): Step {
  return {
    title: `${what.title}, under traffic`,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const { web, client } = await webUnderTraffic(rig);
      const traffic = await Traffic.start(rig, web, client);
      const watch = during?.(rig);
      let fared: Fared[] = [];
      let wrong: readonly string[] = [];
      try {
        await carryOut(bench, { ...what, layers: ["networking"] });
        for (const node of rig.nodes) await rig.agentReady(node);
      } finally {
        fared = await traffic.stop();
        wrong = watch?.stop() ?? [];
      }
      checkEqual(wrong, [], "what must not have happened");
      expectUndisturbed(fared, bench);
    },
  };
}

/** Looks at something while a change is carried out, and tells at the end what was wrong. */
interface During {
  stop(): readonly string[];
}

/** Milliseconds between two looks. */
const LOOK = 100;

/** No agent may go while a node has no kube-proxy beside its agent. */
function proxiesBeforeAgents(rig: PacketRig): During {
  const has = (node: string, pod: RegExp) => rig.real.kubelet(node).all.find(({ name }) => pod.test(name))?.name;
  const agents = new Map(rig.nodes.map((node) => [node, has(node, AGENT)]));
  const wrong = new Set<string>();
  const timer = setInterval(() => {
    if (rig.nodes.every((node) => has(node, AGENT) === agents.get(node))) return;
    for (const node of rig.nodes)
      if (has(node, KUBE_PROXY) === undefined) wrong.add(`agents were replaced before kube-proxy was back on ${node}`);
  }, LOOK);
  return {
    stop: () => {
      clearInterval(timer);
      return [...wrong];
    },
  };
}

const AGENT = /^kube-system\/cilium-[a-z0-9]{5}$/;
const KUBE_PROXY = /^kube-system\/kube-proxy-gke-/;

/** kube-proxy leaves a node that carries traffic, and comes back to it. */
export const PACKET_KUBE_PROXY: Scenario = {
  id: "packets-kube-proxy",
  title: "kube-proxy leaves nodes and comes back while clients go on",
  shows: "packets",
  real: true,
  slow: true,
  proves: [
    "docs/sandbox.md: kube-proxy is restored, left alone and removed without a failed connection, and port 10256 is answered again on every node.",
  ],
  environments: ["staging"],
  steps: [
    underTraffic({ title: "kube-proxy is restored", edits: ["dataplane=kube-proxy-restore"] }, proxiesBeforeAgents),
    underTraffic({ title: "kube-proxy is left alone, beside Cilium", edits: ["dataplane=kube-proxy-coexist"] }),
    {
      title: "kube-proxy runs on every node, with its rules; somebody else's rule is added",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        for (const node of rig.nodes) {
          await eventuallyHolds(SETTLE_SECONDS, async () => {
            checkEqual(await hasProxyRules(rig, node), true, `whether ${node} has rules of kube-proxy`);
          });
          await rig.onNode(node).run(["iptables", "-w", ...FOREIGN]);
        }
      },
    },
    underTraffic({ title: "kube-proxy is removed", takeBack: ["dataplane"] }),
    {
      title: "only kube-proxy's rules are gone",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await proxyRulesGone(rig);
        for (const node of rig.nodes) {
          const { stdout } = await rig.onNode(node).run(["iptables-save"]);
          checkMatches(stdout, /of-somebody-else/, `rules of ${node}`);
        }
        await rig.cleanUp();
      },
    },
  ],
};
