import { check, checkEqual, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";

/** Pods that are on the node when it is rebooted, and pods that are made afterwards. */
const BEFORE = 20;
const AFTER = 12;
/** Name of the network that Cilium's own configuration has; GKE's is `k8s-pod-network`. */
const CILIUM_NETWORK = /cilium/;

/** A pod that has a network of its own. */
interface Attached {
  readonly name: string;
  readonly address: string;
  /** Name of the network configuration that it was attached by. */
  readonly network: string;
}

function attached(rig: PacketRig, node: string): Attached[] {
  return rig.real
    .kubelet(node)
    .all.flatMap(({ name, podNetwork }) =>
      podNetwork ? [{ name, address: podNetwork.address, network: podNetwork.attachment.configuration.name }] : [],
    );
}

/** Addresses that more than one pod has. */
export function duplicates(pods: readonly Attached[]): string[] {
  const byAddress = new Map<string, string[]>();
  for (const { name, address } of pods) byAddress.set(address, [...(byAddress.get(address) ?? []), name]);
  return [...byAddress]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => `${address}: ${names.join(", ")}`);
}

async function allReady(rig: PacketRig, node: string, names: readonly string[], seconds: number): Promise<void> {
  const isReady = async () => {
    const there = attached(rig, node).filter(({ name }) => name.startsWith(`${PACKETS}/`));
    return names.filter((name) => !there.some((pod) => pod.name === `${PACKETS}/${name}`));
  };
  let left: string[] = [];
  await eventually(
    () => `pods attached on ${node}; left are ${left.join(", ")}`,
    seconds,
    async () => {
      left = await isReady();
      return left.length === 0 ? true : undefined;
    },
  );
}

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(2, "0")}`);

async function fill(rig: PacketRig, node: string, prefix: string, count: number): Promise<void> {
  const all = names(prefix, count);
  for (const name of all) await rig.start(name, { node, command: ["sleep", "infinity"], ports: [1] });
  await allReady(rig, node, all, 120);
}

/** A rebooted node is the same node: its object, its pods and its disk are there, and its taint is not put back. */
export const PACKET_REBOOT: Scenario = {
  id: "packets-reboot",
  title: "After a reboot every pod gets its network from Cilium, and no two have one address",
  shows: "packets",
  real: true,
  proves: ["docs/sandbox.md: After a reboot every pod gets its network from Cilium, and no two have one address."],
  environments: ["staging"],
  steps: [
    {
      title: `${BEFORE} pods run on a node, by Cilium's network`,
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const node = rig.nodes[0] ?? "";
        await fill(rig, node, "before", BEFORE);
        const foreign = attached(rig, node).filter(
          ({ name, network }) => name.startsWith(PACKETS) && !CILIUM_NETWORK.test(network),
        );
        checkEqual(foreign, [], "pods that somebody else attached");
        remember(bench, "reboot", node);
      },
    },
    {
      title: "the node reboots: none of them starts before Cilium",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const node = recall<string>(bench, "reboot");
        const started = Date.now();
        await rig.real.reboot(node);
        await allReady(rig, node, names("before", BEFORE), 180);
        bench.note(`${BEFORE} pods attached again after ${((Date.now() - started) / 1000).toFixed(0)} s`);
        const foreign = attached(rig, node).filter(({ network }) => !CILIUM_NETWORK.test(network));
        remember(bench, "foreign", foreign.length);
        check(
          foreign.length === 0,
          `${foreign.length} pods got their network from ${foreign[0]?.network} (${foreign[0]?.address} and others)`,
        );
      },
    },
    {
      title: `${AFTER} more pods: no two pods of the node have one address`,
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const node = recall<string>(bench, "reboot");
        await rig.agentReady(node);
        await fill(rig, node, "after", AFTER);
        checkEqual(duplicates(attached(rig, node)), [], "addresses that were given twice");
      },
    },
    { title: "everything of it is taken away", run: async (bench) => (await PacketRig.of(bench)).cleanUp() },
  ],
};
