import { INTERNET_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import type { PacketRig } from "./packet-rig";
import { type Place, program } from "./place";

/** A second address of the internet, for names that have another one. */
export const OTHER_ADDRESS = "203.0.113.11";

/** Names that the DNS servers of the tests know, with their addresses. */
export const NAMES = {
  allowed: { name: "allowed.example.com", address: INTERNET_ADDRESS },
  other: { name: "other.example.com", address: OTHER_ADDRESS },
  elsewhere: { name: "somewhere.else.org", address: OTHER_ADDRESS },
} as const;

/** The command of a DNS server that knows these names. */
export const DNS_COMMAND: readonly string[] = [
  process.execPath,
  program("dns-server"),
  "53",
  ...Object.values(NAMES).map(({ name, address }) => `${name}=${address}`),
];

/** Gives the internet its second address; it may have it already. */
export async function addOtherAddress(rig: PacketRig): Promise<void> {
  await rig.real.vpc.internet.only("net").run(["ip", "address", "replace", `${OTHER_ADDRESS}/24`, "dev", "eth0"]);
}

/** Asks a DNS server as a program would. @returns addresses, or the code of what went wrong. */
export async function lookUp(from: Place, server: string, name: string): Promise<string> {
  return (await from.run([process.execPath, program("lookup"), server, name])).stdout.trim();
}
