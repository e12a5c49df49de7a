import { NotRun } from "../../harness/scenario";
import type { PacketRig } from "../../rig/packets/packet-rig";

/** Tries something in a network namespace that nobody else has. */
const ALONE = ["unshare", "--net", "bash", "--norc", "-c"];
const KEY = `0x${"0123456789abcdef".repeat(2)}01234567`;

/** What a kernel may lack, and how it says so. */
const PROBES = {
  IPsec: `ip xfrm state add src 127.0.0.1 dst 127.0.0.1 proto esp spi 1 mode tunnel aead 'rfc4106(gcm(aes))' ${KEY} 128`,
  WireGuard: "ip link add probe type wireguard",
  "the queueing discipline fq": "tc qdisc add dev lo root fq",
} as const;

/** @throws NotRun where this machine's kernel lacks what packets need here. */
export async function kernelHas(rig: PacketRig, what: keyof typeof PROBES): Promise<void> {
  const { code, stderr } = await rig.machine.run([...ALONE, PROBES[what]]);
  if (code === 0) return;
  throw new NotRun(
    `this machine's kernel lacks ${what} (${stderr.trim().split("\n")[0] ?? ""}); run it on one that has`,
  );
}
