import { DEFAULT_STARTUP_TAINT_KEY } from "../../../lib/dataplane";
import { WAITING_LABEL } from "../../../lib/gke";
import { check, checkEqual, eventually, eventuallyHolds } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { AddressWatch, attached, duplicates, fill, foreign, type Watched } from "../../rig/packets/addresses";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";
import { expectHardlyDisturbed, type Fared, Traffic, webUnderTraffic } from "../../rig/packets/traffic";
import { type Change, carryOut } from "../day-two/change";
import { SETTLE_SECONDS } from "../promises/common";

/** Pods of before on each old node, and pods that start on each new one. */
const BEFORE = 15;
const AFTER = 12;

interface Nodes {
  readonly old: readonly string[];
  readonly next: readonly string[];
}

/** Carries out a change while clients go on and every address is looked at. */
function underTraffic(
  what: Omit<Change, "layers"> & { layers?: Change["layers"] },
  then?: (bench: Bench) => Promise<void>,
): Step {
  return {
    title: `${what.title}, under traffic`,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const { web, client } = await webUnderTraffic(rig);
      const watch = new AddressWatch(rig);
      const traffic = await Traffic.start(rig, web, client);
      let fared: Fared[] = [];
      let seen: Watched | undefined;
      try {
        await carryOut(bench, { layers: ["networking"], ...what });
        await then?.(bench);
      } finally {
        fared = await traffic.stop();
        seen = watch.stop();
      }
      checkEqual(seen.twice, [], "addresses that two pods had at one time");
      bench.note(`${seen.looks} looks at all addresses`);
      expectHardlyDisturbed(fared, bench);
    },
  };
}

/** New nodes are open, have an agent, and hand out addresses that nobody has. */
async function newNodesOpen(bench: Bench): Promise<void> {
  const rig = await PacketRig.of(bench);
  const { next } = recall<Nodes>(bench, "switch");
  for (const node of next) {
    await rig.agentReady(node);
    await eventuallyHolds(SETTLE_SECONDS, async () => {
      const { spec } = await rig.client.get<{ spec?: { taints?: { key: string }[] } }>(`/api/v1/nodes/${node}`);
      const keys = (spec?.taints ?? []).map(({ key }) => key);
      check(!keys.includes(DEFAULT_STARTUP_TAINT_KEY), `${node} still is tainted: ${keys}`);
    });
  }
}

/** docs/mode-switch.md, step by step, with pods of before and after. */
export const PACKET_SWITCH: Scenario = {
  id: "packets-switch",
  title: "From chaining to kube-proxy-free on new nodes: no address is given twice, and clients notice little",
  shows: "packets",
  real: true,
  onlyNamed: true,
  proves: [
    "docs/mode-switch.md: Pods of the old nodes keep their addresses while the agents change over, fewer than one new connection in a hundred fails, and no two pods ever have one address.",
  ],
  environments: ["dev"],
  steps: [
    {
      title: `${BEFORE} pods on each old node, by GKE's own CNI`,
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const old = rig.nodes.slice(0, 2);
        remember(bench, "switch", { old, next: [] } satisfies Nodes);
        for (const [index, node] of old.entries()) await fill(rig, node, `before-${index}`, BEFORE);
        const ours = old.flatMap((node) => attached(rig, node)).filter(({ name }) => name.startsWith(PACKETS));
        checkEqual(foreign(ours).length, ours.length, "pods that GKE's own CNI attached");
      },
    },
    {
      title: "room for two more real nodes",
      run: async (bench) => (await PacketRig.of(bench)).real.allow(4),
    },
    underTraffic(
      { title: "new nodes come and wait", edits: ["waiting-pool=yes"], layers: ["cluster"] },
      async (bench) => {
        const rig = await PacketRig.of(bench);
        const waiting = (await bench.kube().nodes()).filter(({ metadata }) => metadata.labels?.[WAITING_LABEL]);
        const names = waiting.map(({ metadata }) => metadata.name);
        const next = rig.nodes.filter((node) => names.includes(node));
        checkEqual(next.length, 2, "new nodes that are real");
        for (const node of next) checkEqual(rig.agent(node), undefined, `the agent of ${node}, which waits`);
        remember(bench, "switch", { old: recall<Nodes>(bench, "switch").old, next } satisfies Nodes);
      },
    ),
    {
      title: "what runs on them already has GKE's addresses and is noted; the old nodes are cordoned",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { old, next } = recall<Nodes>(bench, "switch");
        const noted = next.flatMap((node) => attached(rig, node)).map(({ name }) => name);
        remember(bench, "noted", noted);
        bench.note(noted.length === 0 ? "nothing to be noted" : noted.join(", "));
        for (const node of old) await rig.client.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: true } });
      },
    },
    underTraffic(
      {
        title: "Cilium takes over beside kube-proxy",
        edits: ["dataplane=kube-proxy-coexist", "next-pool=yes"],
        takeBack: ["waiting-pool"],
      },
      newNodesOpen,
    ),
    {
      title: `what was noted is deleted; ${AFTER} pods on each new node get Cilium's addresses, and none is given twice`,
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { next } = recall<Nodes>(bench, "switch");
        for (const name of recall<string[]>(bench, "noted")) {
          const [namespace, pod] = name.split("/");
          await rig.client.delete(`/api/v1/namespaces/${namespace}/pods/${pod}`);
        }
        const watch = new AddressWatch(rig);
        for (const [index, node] of next.entries()) await fill(rig, node, `after-${index}`, AFTER);
        checkEqual(watch.stop().twice, [], "addresses that two pods had at one time");
        await eventuallyHolds(SETTLE_SECONDS, () =>
          checkEqual(foreign(next.flatMap((node) => attached(rig, node))), [], "pods of new nodes not by Cilium"),
        );
        for (const node of next) {
          const files = (await rig.onNode(node).run(["ls", "/etc/cni/net.d"])).stdout.trim().split(/\s+/);
          bench.note(`CNI configuration of a new node: ${files.join(", ")}`);
        }
      },
    },
    {
      title: "pods of old and new nodes reach each other with their own addresses",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { next } = recall<Nodes>(bench, "switch");
        const { client } = await webUnderTraffic(rig);
        const fresh = await rig.serve("fresh", { node: next[0] ?? "", labels: { app: "fresh" } });
        const webA = await rig.ready("web-a", recall<Nodes>(bench, "switch").old[0] ?? "");
        for (const [from, to] of [
          [client, fresh],
          [fresh, webA],
        ] as const) {
          const seen = await eventually(`${to.name} answers ${from.name}`, 20, () => from.ask(to.address, 8080));
          checkEqual(seen.from, from.address, `whom ${to.name} sees`);
        }
      },
    },
    {
      title: "the old nodes are drained; their pool goes, and Calico",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await rig.cleanUp();
        await carryOut(bench, { edits: [], layers: ["cluster"] });
        const { old, next } = recall<Nodes>(bench, "switch");
        checkEqual(
          old.filter((node) => rig.nodes.includes(node)),
          [],
          "old nodes that still run",
        );
        checkEqual(duplicates(next.flatMap((node) => attached(rig, node))), [], "addresses that two pods have");
      },
    },
    underTraffic({ title: "kube-proxy is removed", edits: ["dataplane=kube-proxy-free"] }, async (bench) => {
      const rig = await PacketRig.of(bench);
      for (const node of rig.nodes) await rig.agentReady(node);
    }),
    { title: "everything of it is taken away", run: async (bench) => (await PacketRig.of(bench)).cleanUp() },
  ],
};
