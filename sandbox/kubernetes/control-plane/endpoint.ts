import { createHash } from "node:crypto";
import { connect, createServer, type Server, type Socket } from "node:net";
import { canListen } from "../../processes";

/** Tries for an address of its own before a cluster makes do with a port of 127.0.0.1. */
const TRIES = 8;

/**
 * The loopback address on which a cluster's IP endpoint can be served on port 443, or undefined where this machine does
 * not allow that: port 443 without the right to, or only one loopback address (macOS).
 *
 * @param seed What the address is derived from, so that a cluster has the same one after a restart.
 */
export async function endpointAddress(seed: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const hash = createHash("sha256").update(`${seed}:${attempt}`).digest();
    // 127.64.0.0/10 without host parts 0 and 255: nobody else's habit.
    const address = `127.${64 + (hash[0]! % 64)}.${hash[1]!}.${1 + (hash[2]! % 254)}`;
    if (await canListen(address, 443)) return address;
  }
  return undefined;
}

/** Passes connections to an address on to a port of 127.0.0.1. */
export class EndpointForwarder {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  public start(address: string, port: number, target: number): Promise<void> {
    const server = createServer((inbound) => {
      const outbound = connect(target, "127.0.0.1");
      for (const [socket, other] of [
        [inbound, outbound],
        [outbound, inbound],
      ] as const) {
        this.sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.once("close", () => this.sockets.delete(socket));
        socket.pipe(other);
      }
    });
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: address, port, exclusive: true }, resolve);
    });
  }

  public async stop(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
