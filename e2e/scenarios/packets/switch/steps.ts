import { CHAINED_STARTUP_TAINT_KEY, DEFAULT_STARTUP_TAINT_KEY } from "../../../../lib/dataplane";
import { WAITING_LABEL } from "../../../../lib/gke";
import { check, checkEqual, eventually, eventuallyHolds } from "../../../harness/check";
import { recall, remember } from "../../../harness/memory";
import type { Step } from "../../../harness/scenario";
import type { Bench } from "../../../rig/bench";
import { AddressWatch, attached, duplicates, fill, type Watched } from "../../../rig/packets/addresses";
import { PACKETS, PacketRig } from "../../../rig/packets/packet-rig";
import { expectHardlyDisturbed, type Fared, Traffic, webUnderTraffic } from "../../../rig/packets/traffic";
import { type Change, carryOut } from "../../day-two/change";
import { SETTLE_SECONDS } from "../../promises/common";

/** Pods of before on each old node, and pods that start on each new one. */
const BEFORE = 15;
const AFTER = 12;

/** Nodes of the dataplane of before, and those that wait for the next. */
interface Nodes {
  readonly old: readonly string[];
  readonly next: readonly string[];
}

/** The old and the new nodes of the switch that goes on. */
export function nodesOf(bench: Bench): Nodes {
  return recall<Nodes>(bench, "switch");
}

/** Carries out a change while clients go on and every address is looked at. */
export function underTraffic(
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

/** Fills the first two nodes. @param expect Looks at what was attached there. */
export function podsOfBefore(by: string, expect: (pods: ReturnType<typeof attached>) => void): Step {
  return {
    title: `${BEFORE} pods on each old node, by ${by}; room for two more real nodes`,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const old = rig.nodes.slice(0, 2);
      remember(bench, "switch", { old: rig.nodes, next: [] } satisfies Nodes);
      for (const [index, node] of old.entries()) await fill(rig, node, `before-${index}`, BEFORE);
      expect(old.flatMap((node) => attached(rig, node)).filter(({ name }) => name.startsWith(PACKETS)));
      rig.real.allow(4);
    },
  };
}

/** New nodes come beside the old ones, and no agent goes there. */
export const NEW_NODES_WAIT = underTraffic(
  { title: "new nodes come and wait", edits: ["waiting-pool=yes"], layers: ["cluster"] },
  async (bench) => {
    const rig = await PacketRig.of(bench);
    const waiting = (await bench.kube().nodes()).filter(({ metadata }) => metadata.labels?.[WAITING_LABEL]);
    const names = waiting.map(({ metadata }) => metadata.name);
    const next = rig.nodes.filter((node) => names.includes(node));
    checkEqual(next.length, 2, "new nodes that are real");
    for (const node of next) checkEqual(rig.agent(node), undefined, `the agent of ${node}, which waits`);
    remember(bench, "switch", { old: nodesOf(bench).old, next } satisfies Nodes);
  },
);

/** What tolerates every taint runs on the new nodes already. */
export const NOTED_AND_CORDONED: Step = {
  title: "what runs on new nodes already has GKE's addresses and is noted; the old nodes are cordoned",
  async run(bench) {
    const rig = await PacketRig.of(bench);
    const { old, next } = nodesOf(bench);
    const noted = next.flatMap((node) => attached(rig, node)).map(({ name }) => name);
    remember(bench, "noted", noted);
    bench.note(noted.length === 0 ? "nothing to be noted" : noted.join(", "));
    for (const node of old) await rig.client.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: true } });
  },
};

interface Tainted {
  readonly spec?: { readonly taints?: readonly { readonly key: string; readonly effect: string }[] };
}

/** New nodes are open, and have an agent. @param taint Key of the startup taint of their dataplane. */
export async function newNodesOpen(bench: Bench, taint: string): Promise<void> {
  const rig = await PacketRig.of(bench);
  const taintsOf = async (node: string) => (await rig.client.get<Tainted>(`/api/v1/nodes/${node}`)).spec?.taints ?? [];
  for (const node of nodesOf(bench).next) {
    await rig.agentReady(node);
    await eventuallyHolds(SETTLE_SECONDS, async () => {
      const keys = (await taintsOf(node)).map(({ key }) => key);
      check(!keys.includes(taint), `${node} still is tainted: ${keys}`);
    });
    await takeLeftTaint(bench, rig, node, await taintsOf(node));
  }
}

/** What docs/mode-switch.md says to do about a taint that the operator of before has put on a new node as it went. */
async function takeLeftTaint(
  bench: Bench,
  rig: PacketRig,
  node: string,
  taints: readonly { readonly key: string }[],
): Promise<void> {
  const left = taints.filter(({ key }) => [DEFAULT_STARTUP_TAINT_KEY, CHAINED_STARTUP_TAINT_KEY].includes(key));
  if (left.length === 0) return;
  bench.note(`${node} has a taint of the operator of before: ${left.map(({ key }) => key).join(", ")}; taken off`);
  await rig.client.patch(`/api/v1/nodes/${node}`, { spec: { taints: taints.filter((each) => !left.includes(each)) } });
}

/** Fills the new nodes. @param expect Looks at what is attached there, until it is content. */
export function podsOfAfter(by: string, expect: (pods: ReturnType<typeof attached>) => void): Step {
  return {
    title: `what was noted is deleted; ${AFTER} pods on each new node get their network from ${by}, no address is given twice`,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const { next } = nodesOf(bench);
      for (const name of recall<string[]>(bench, "noted")) {
        const [namespace, pod] = name.split("/");
        await rig.client.delete(`/api/v1/namespaces/${namespace}/pods/${pod}`);
      }
      const watch = new AddressWatch(rig);
      for (const [index, node] of next.entries()) await fill(rig, node, `after-${index}`, AFTER);
      checkEqual(watch.stop().twice, [], "addresses that two pods had at one time");
      await eventuallyHolds(SETTLE_SECONDS, () => expect(next.flatMap((node) => attached(rig, node))));
      for (const node of next) {
        const files = (await rig.onNode(node).run(["ls", "/etc/cni/net.d"])).stdout.trim().split(/\s+/);
        bench.note(`CNI configuration of a new node: ${files.join(", ")}`);
      }
    },
  };
}

export const OLD_AND_NEW_REACH_EACH_OTHER: Step = {
  title: "pods of old and new nodes reach each other with their own addresses",
  async run(bench) {
    const rig = await PacketRig.of(bench);
    const { old, next } = nodesOf(bench);
    const { client } = await webUnderTraffic(rig);
    const fresh = await rig.serve("fresh", { node: next[0] ?? "", labels: { app: "fresh" } });
    const webA = await rig.ready("web-a", old[0] ?? "");
    for (const [from, to] of [
      [client, fresh],
      [fresh, webA],
    ] as const) {
      const seen = await eventually(`${to.name} answers ${from.name}`, 20, () => from.ask(to.address, 8080));
      checkEqual(seen.from, from.address, `whom ${to.name} sees`);
    }
  },
};

/** The old nodes go with their pool. */
export function oldNodesGo(title: string): Step {
  return {
    title,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      await rig.cleanUp();
      await carryOut(bench, { edits: [], layers: ["cluster"] });
      const { old, next } = nodesOf(bench);
      const left = old.filter((node) => rig.nodes.includes(node));
      checkEqual(left, [], "old nodes that still run");
      checkEqual(duplicates(next.flatMap((node) => attached(rig, node))), [], "addresses that two pods have");
    },
  };
}

export const CLEANED_UP: Step = {
  title: "everything of it is taken away",
  run: async (bench) => (await PacketRig.of(bench)).cleanUp(),
};
