import { lastLines } from "../../harness/check";
import type { Bench } from "../bench";
import { PacketRig } from "./packet-rig";

/** What is looked at on each node, by the words of the agent's own programs. */
const LOOKS: readonly (readonly string[])[] = [
  ["cilium-dbg", "status"],
  ["cilium-dbg", "endpoint", "list"],
  ["cilium-dbg", "bpf", "lb", "list"],
  ["hubble", "observe", "--verdict", "DROPPED", "--last", "20"],
  ["hubble", "observe", "--last", "30"],
];
const LINES = 40;

/** The state of real nodes around a failure: agents, endpoints, Services, drops and flows; and what the VPC dropped. */
export async function packetDiagnostics(bench: Bench): Promise<[title: string, text: string][]> {
  if (!bench.cloud.realNodes(bench.cluster)) return [];
  const rig = await PacketRig.of(bench);
  const sections: [string, string][] = [];
  for (const node of rig.nodes) {
    for (const words of LOOKS) sections.push([`${node}: ${words.join(" ")}`, await look(rig, node, words)]);
    const { stdout } = await rig
      .onNode(node)
      .run(["bash", "--norc", "-c", "ip route show table all | grep -v fe80; ls /etc/cni/net.d"]);
    sections.push([`${node}: routes and CNI configuration`, lastLines(stdout, LINES)]);
  }
  const dropped = await rig.machine.run([
    "bash",
    "--norc",
    "-c",
    "iptables -nvxL; iptables -t mangle -nvxL PREROUTING",
  ]);
  sections.push(["the VPC's firewall and load balancers, with counters", lastLines(dropped.stdout, 2 * LINES)]);
  return sections;
}

async function look(rig: PacketRig, node: string, words: readonly string[]): Promise<string> {
  try {
    return lastLines(await rig.inAgent(node, ...words), LINES);
  } catch (error) {
    return `cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}
