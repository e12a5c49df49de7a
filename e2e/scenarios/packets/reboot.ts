import { check, checkEqual } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { allAttached, attached, duplicates, fill, foreign, namesOf } from "../../rig/packets/addresses";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";

/** Pods that are on the node when it is rebooted, and pods that are made afterwards. */
const BEFORE = 20;
const AFTER = 12;
/** A rebooted node is the same node: its object, its pods and its disk are there, and its taint is not put back. */
export const PACKET_REBOOT: Scenario = {
  id: "packets-reboot",
  title: "After a reboot every pod gets its network from Cilium, and no two have one address",
  shows: "packets",
  real: true,
  slow: true,
  proves: ["docs/sandbox.md: After a reboot every pod gets its network from Cilium, and no two have one address."],
  environments: ["staging"],
  steps: [
    {
      title: `${BEFORE} pods run on a node, by Cilium's network`,
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const node = rig.nodes[0] ?? "";
        await fill(rig, node, "before", BEFORE);
        const ours = attached(rig, node).filter(({ name }) => name.startsWith(PACKETS));
        checkEqual(foreign(ours), [], "pods that somebody else attached");
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
        await allAttached(rig, node, namesOf("before", BEFORE), 180);
        bench.note(`${BEFORE} pods attached again after ${((Date.now() - started) / 1000).toFixed(0)} s`);
        const others = foreign(attached(rig, node));
        check(others.length === 0, `${others.length} pods got their network from somebody else: ${others.join(", ")}`);
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
