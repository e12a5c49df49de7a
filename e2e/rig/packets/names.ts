import { INTERNET_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import type { PacketRig } from "./packet-rig";
import { type Place, program } from "./place";

/** A second address of the internet, for names that have another one. */
export const OTHER_ADDRESS = "203.0.113.11";

interface Name {
  readonly name: string;
  readonly address: string;
}

/** Names that the DNS servers of the tests know, with their addresses. */
export interface Names {
  readonly allowed: Name;
  /** In the same zone. */
  readonly other: Name;
  readonly elsewhere: Name;
}

/**
 * The names of one scenario, in a zone of its own: what an agent was told of a name it knows for a minute or two longer than
 * the policy and the pods that it was asked for.
 */
export function namesIn(zone: string): Names {
  return {
    allowed: { name: `allowed.${zone}`, address: INTERNET_ADDRESS },
    other: { name: `other.${zone}`, address: OTHER_ADDRESS },
    elsewhere: { name: `elsewhere.not-${zone}`, address: OTHER_ADDRESS },
  };
}

/** The command of a DNS server that knows these names. */
export function dnsCommand(names: Names): readonly string[] {
  const known = Object.values(names).map(({ name, address }: Name) => `${name}=${address}`);
  return [process.execPath, program("dns-server"), "53", ...known];
}

/** Gives the internet its second address; it may have it already. */
export async function addOtherAddress(rig: PacketRig): Promise<void> {
  await rig.real.vpc.internet.only("net").run(["ip", "address", "replace", `${OTHER_ADDRESS}/24`, "dev", "eth0"]);
}

/** Asks a DNS server as a program would. @returns addresses, or the code of what went wrong. */
export async function lookUp(from: Place, server: string, name: string): Promise<string> {
  return (await from.run([process.execPath, program("lookup"), server, name])).stdout.trim();
}
