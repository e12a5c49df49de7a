import { DEFAULT_STARTUP_TAINT_KEY } from "../../lib/dataplane";
import { WAITING_LABEL } from "../../lib/gke";
import type { KubeNode } from "../../sandbox/kubernetes/client";
import { check, checkEqual, checkMatches, eventuallyHolds } from "../harness/check";
import type { EnvironmentName, Scenario, Step } from "../harness/scenario";
import type { Bench } from "../rig/bench";
import { readCluster } from "../rig/google";
import { change } from "./day-two/change";
import { checkAgentConfiguration, checkCoverage, nodesAreOpen, SETTLE_SECONDS } from "./promises/common";
import { NO_KUBE_PROXY } from "./promises/staging";

/** The plan refuses before anything is written, and says what to do instead. */
function refused(title: string, ...edits: readonly string[]): Step {
  return {
    title,
    async run(bench) {
      const after = bench.cloud.position;
      bench.edit(...edits);
      const { code, output } = await bench.tryDeploy({ layers: ["cluster"] });
      check(code !== 0, "the switch was not refused");
      const words = output.replace(/\s*\n\s*│?\s*/g, " ");
      checkMatches(words, /cannot be changed to \w+_DATAPATH, which only a new cluster can have/, "what the plan says");
      checkMatches(words, /docs\/mode-switch\.md/, "the remedy");
      const writes = bench.cloud.requests({ user: bench.cloud.user, writes: true, project: bench.project, after });
      checkEqual(
        writes.filter(({ service }) => service !== "storage.googleapis.com").map(({ path }) => path),
        [],
        "what was written",
      );
      bench.takeBack(...edits);
      await bench.synth();
      await bench.expectEmptyPlans(["cluster"]);
    },
  };
}

/** From GKE's CNI with Calico to Cilium alone, on one cluster. docs/mode-switch.md has the same steps. */
export const CHAINING_TO_KUBE_PROXY_FREE: Scenario = {
  id: "switch-in-place",
  title: "From chaining to kube-proxy-free and back, on the same cluster",
  shows: "switch",
  environments: ["dev"],
  slow: true,
  steps: [
    change({
      title: "new nodes wait: tainted, without an agent, beside those of before",
      edits: ["waiting-pool=yes"],
      layers: ["cluster"],
      plan: /Plan: 1 to add, 0 to change, 0 to destroy\./,
      verify: (bench) =>
        eventuallyHolds(SETTLE_SECONDS, async () => {
          const [waiting, open] = await nodesByWaiting(bench);
          check(waiting.length > 0 && open.length > 0, `${waiting.length} nodes wait, ${open.length} do not`);
          for (const { metadata, spec } of waiting)
            check(
              (spec?.taints ?? []).some(({ key }) => key === DEFAULT_STARTUP_TAINT_KEY),
              `node ${metadata.name} has no startup taint of the dataplane to come`,
            );
          const agents = (await bench.kube().pods("k8s-app=cilium")).map(({ spec }) => spec?.nodeName).sort();
          checkEqual(agents, open.map(({ metadata }) => metadata.name).sort(), "nodes with an agent");
        }),
    }),
    change({
      title: "Cilium takes over beside kube-proxy, and the nodes that waited open",
      edits: ["dataplane=kube-proxy-coexist", "next-pool=yes"],
      takeBack: ["waiting-pool"],
      layers: ["networking"],
      verify: async (bench) => {
        await checkAgentConfiguration(bench, {
          "kube-proxy-replacement": "true",
          "ipv4-native-routing-cidr": bench.definition.network.pods,
        });
        await eventuallyHolds(SETTLE_SECONDS, async () => {
          await checkCoverage(bench.kube(), ["cilium"]);
          await nodesAreOpen(bench);
        });
      },
    }),
    change({
      title: "the nodes of before go, and Calico",
      layers: ["cluster"],
      plan: /Plan: 0 to add, \d+ to change, 1 to destroy\./,
      verify: async (bench) => {
        const { networkPolicy } = await readCluster(bench);
        check(networkPolicy?.enabled !== true, "Calico still is enabled");
        await eventuallyHolds(SETTLE_SECONDS, async () => {
          await nodesAreOpen(bench);
          await checkCoverage(bench.kube(), ["cilium"]);
        });
      },
    }),
    change({
      title: "kube-proxy is removed from every node",
      edits: ["dataplane=kube-proxy-free"],
      layers: ["networking"],
      verify: (bench) =>
        eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), ["cilium", "kube-proxy-disabler"])),
    }),
    NO_KUBE_PROXY,
    change({
      title: "kube-proxy is brought back",
      edits: ["dataplane=kube-proxy-restore"],
      layers: ["networking"],
      verify: (bench) => kubeProxyOnEveryNode(bench),
    }),
    change({
      title: "and back to chaining in one deployment: successors of all pools, at the price of an interruption",
      takeBack: ["dataplane", "next-pool"],
      verify: async (bench) => {
        checkEqual((await readCluster(bench)).networkPolicy?.enabled, true, "Calico");
        await checkAgentConfiguration(bench, { "cni-chaining-mode": "generic-veth" });
        await eventuallyHolds(SETTLE_SECONDS, async () => {
          await nodesAreOpen(bench);
          await checkCoverage(bench.kube(), ["cilium", "calico-node"]);
        });
        await kubeProxyOnEveryNode(bench);
      },
    }),
  ],
};

/** Within kube-proxy-free: what is done about kube-proxy. */
export const KUBE_PROXY_BACK: Scenario = {
  id: "kube-proxy-back",
  title: "kube-proxy is restored, runs beside Cilium, and is removed again",
  shows: "switch",
  environments: ["staging"],
  beside: true,
  steps: [
    change({
      title: "restored on every node",
      edits: ["dataplane=kube-proxy-restore"],
      layers: ["networking"],
      verify: (bench) => kubeProxyOnEveryNode(bench),
    }),
    change({
      title: "left alone: the DaemonSet goes, kube-proxy stays",
      edits: ["dataplane=kube-proxy-coexist"],
      layers: ["networking"],
      verify: async (bench) => {
        checkEqual(await bench.kube().daemonSet("kube-proxy-disabler"), undefined, "DaemonSet kube-proxy-disabler");
        await kubeProxyOnEveryNode(bench);
      },
    }),
    change({
      title: "removed again",
      takeBack: ["dataplane"],
      layers: ["networking"],
      verify: (bench) =>
        eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), ["cilium", "kube-proxy-disabler"])),
    }),
    NO_KUBE_PROXY,
  ],
};

/** Edits to a dataplane that the cluster cannot be changed to. */
const OTHER_DATAPATH: Readonly<Partial<Record<EnvironmentName, readonly string[]>>> = {
  dev: ["dataplane=v2"],
  staging: ["dataplane=v2"],
  prod: ["dataplane=kube-proxy-free", "private-endpoint=yes"],
};

/** What only another cluster can have. */
export const SWITCH_REFUSED: Scenario = {
  id: "switch-refused",
  title: "Another datapath is refused in the plan, with the remedy, and nothing is written",
  shows: "switch",
  beside: true,
  steps: [
    {
      title: "refused",
      run: (bench) => refused("", ...(OTHER_DATAPATH[bench.environment] ?? [])).run(bench),
    },
  ],
};

/** Nodes that wait for another dataplane, and all others. */
async function nodesByWaiting(bench: Bench): Promise<readonly [KubeNode[], KubeNode[]]> {
  const nodes = await bench.kube().nodes();
  const waits = ({ metadata }: KubeNode) => metadata.labels?.[WAITING_LABEL] !== undefined;
  return [nodes.filter(waits), nodes.filter((node) => !waits(node))];
}

async function kubeProxyOnEveryNode(bench: Bench): Promise<void> {
  const kube = bench.kube();
  await eventuallyHolds(SETTLE_SECONDS, async () => {
    const nodes = (await kube.nodes()).map(({ metadata }) => metadata.name).sort();
    const proxied = (await kube.pods("component=kube-proxy")).map(({ spec }) => spec?.nodeName).sort();
    checkEqual(proxied, nodes, "nodes with a kube-proxy pod");
  });
}
