import { CHAINED_STARTUP_TAINT_KEY } from "../../../../lib/dataplane";
import { checkEqual } from "../../../harness/check";
import type { Scenario } from "../../../harness/scenario";
import { foreign } from "../../../rig/packets/addresses";
import { PacketRig } from "../../../rig/packets/packet-rig";
import {
  CLEANED_UP,
  NEW_NODES_WAIT,
  NOTED_AND_CORDONED,
  newNodesOpen,
  OLD_AND_NEW_REACH_EACH_OTHER,
  oldNodesGo,
  podsOfAfter,
  podsOfBefore,
  underTraffic,
} from "./steps";

/** The way back of docs/mode-switch.md, step by step, with pods of before and after. */
export const PACKET_SWITCH_BACK: Scenario = {
  id: "packets-switch-back",
  title: "From kube-proxy-free to chaining on new nodes: no address is given twice, and clients notice little",
  shows: "packets",
  real: true,
  byName: { minutes: 6 },
  proves: [
    "docs/mode-switch.md: On the way back, which `packets-switch-back` goes, it is the same, and pods of new nodes get GKE's addresses",
  ],
  environments: ["staging"],
  steps: [
    podsOfBefore("Cilium", (pods) => checkEqual(foreign(pods), [], "pods that Cilium did not attach")),
    underTraffic({ title: "kube-proxy is restored", edits: ["dataplane=kube-proxy-restore"] }, async (bench) => {
      const rig = await PacketRig.of(bench);
      for (const node of rig.nodes) await rig.agentReady(node);
    }),
    NEW_NODES_WAIT,
    NOTED_AND_CORDONED,
    underTraffic(
      {
        title: "Cilium goes behind GKE's own CNI, and enforces every policy for the time being",
        edits: ["dataplane=chaining-enforcing", "next-pool=yes"],
        takeBack: ["waiting-pool"],
      },
      (bench) => newNodesOpen(bench, CHAINED_STARTUP_TAINT_KEY),
    ),
    podsOfAfter("GKE's own CNI", (pods) =>
      checkEqual(foreign(pods).length, pods.length, "pods of new nodes by GKE's own CNI"),
    ),
    OLD_AND_NEW_REACH_EACH_OTHER,
    oldNodesGo("the old nodes are drained; their pool goes, and Calico comes"),
    underTraffic({ title: "NetworkPolicy is left to Calico", edits: ["dataplane=chaining"] }, async (bench) => {
      const rig = await PacketRig.of(bench);
      for (const node of rig.nodes) await rig.agentReady(node);
    }),
    CLEANED_UP,
  ],
};
