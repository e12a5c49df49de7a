import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import { PacketRig } from "../../rig/packets/packet-rig";
import { carryOut, IN_PLACE } from "../day-two/change";
import { kernelHas } from "./kernel";

/** What WireGuard's packets are sent to on every node. */
const WIREGUARD_PORT = 51871;

async function restarted(rig: PacketRig): Promise<void> {
  for (const node of rig.nodes) await rig.agentReady(node);
}

/** WireGuard between nodes. */
export const PACKET_WIREGUARD: Scenario = {
  id: "packets-wireguard",
  title: "WireGuard: what pods of two nodes send each other is in no packet between them",
  shows: "packets",
  needs: "a kernel with WireGuard",
  real: true,
  proves: ["docs/datapath.md: are for kernels that have what they need; on others they are not run."],
  environments: ["staging"],
  steps: [
    {
      title: "pods reach each other, by WireGuard alone, and it is taken back in place",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await kernelHas(rig, "WireGuard");
        await carryOut(bench, { edits: ["dataplane=wireguard"], layers: ["networking"], plan: IN_PLACE });
        await restarted(rig);
        const [first = "", second = ""] = rig.nodes;
        await Promise.all([rig.start("server", { node: second }), rig.start("client", { node: first })]);
        const [server, client] = [await rig.ready("server", second), await rig.ready("client", first)];
        await eventually("the server answers", 60, () => client.ask(server.address, 8080));
        const listen = (filter: string) =>
          rig.machine.run(["timeout", "6", "tcpdump", "-l", "-n", "-i", "any", "-c", "5", filter], 12_000);
        const [encrypted, clear] = [listen(`udp port ${WIREGUARD_PORT}`), listen(`tcp and host ${server.address}`)];
        for (let request = 0; request < 20; request += 1)
          checkEqual((await client.ask(server.address, 8080))?.from, client.address, "what the server sees");
        check((await encrypted).stdout.includes(" > "), "no packet of WireGuard's between the nodes");
        checkEqual((await clear).stdout.includes(" > "), false, "whether clear text was read");
        await rig.cleanUp();
        await carryOut(bench, { takeBack: ["dataplane"], layers: ["networking"], plan: IN_PLACE });
        await restarted(rig);
      },
    },
  ],
};

/** Limits of pods' bandwidth. */
export const PACKET_BANDWIDTH: Scenario = {
  id: "packets-bandwidth",
  title: "Bandwidth manager: the agents take a pod's limit from its annotation",
  shows: "packets",
  needs: "a kernel with the queueing discipline fq",
  real: true,
  proves: ["docs/datapath.md: are for kernels that have what they need; on others they are not run."],
  environments: ["staging"],
  steps: [
    {
      title: "it is switched on in place, tells of itself, and is taken back",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await kernelHas(rig, "the queueing discipline fq");
        await carryOut(bench, { edits: ["dataplane=bandwidth"], layers: ["networking"], plan: IN_PLACE });
        await restarted(rig);
        const status = await rig.inAgent(rig.nodes[0] ?? "", "cilium-dbg", "status", "--verbose");
        checkMatches(status, /BandwidthManager:\s+EDT with BPF/i, "what the agent says of bandwidth");
        bench.note(status.split("\n").find((line) => line.includes("BandwidthManager")) ?? "");
        await carryOut(bench, { takeBack: ["dataplane"], layers: ["networking"], plan: IN_PLACE });
        await restarted(rig);
      },
    },
  ],
};
