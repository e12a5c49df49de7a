import { DEFAULT_STARTUP_TAINT_KEY } from "../../../../lib/dataplane";
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

/** docs/mode-switch.md, step by step, with pods of before and after. */
export const PACKET_SWITCH: Scenario = {
  id: "packets-switch",
  title: "From chaining to kube-proxy-free on new nodes: no address is given twice, and clients notice little",
  shows: "packets",
  real: true,
  byName: { minutes: 5 },
  proves: [
    "docs/mode-switch.md: Pods of the old nodes keep their addresses while the agents change over, fewer than one new connection in a hundred fails, and no two pods ever have one address.",
  ],
  environments: ["dev"],
  steps: [
    podsOfBefore("GKE's own CNI", (pods) =>
      checkEqual(foreign(pods).length, pods.length, "pods that GKE's own CNI attached"),
    ),
    NEW_NODES_WAIT,
    NOTED_AND_CORDONED,
    underTraffic(
      {
        title: "Cilium takes over beside kube-proxy",
        edits: ["dataplane=kube-proxy-coexist", "next-pool=yes"],
        takeBack: ["waiting-pool"],
      },
      (bench) => newNodesOpen(bench, DEFAULT_STARTUP_TAINT_KEY),
    ),
    podsOfAfter("Cilium", (pods) => checkEqual(foreign(pods), [], "pods of new nodes not by Cilium")),
    OLD_AND_NEW_REACH_EACH_OTHER,
    oldNodesGo("the old nodes are drained; their pool goes, and Calico"),
    underTraffic({ title: "kube-proxy is removed", edits: ["dataplane=kube-proxy-free"] }, async (bench) => {
      const rig = await PacketRig.of(bench);
      for (const node of rig.nodes) await rig.agentReady(node);
    }),
    CLEANED_UP,
  ],
};
