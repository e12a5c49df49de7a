import { connect, type Server, type Socket } from "node:net";
import type { Namespace } from "./namespace";

/** Opens a port in the network that it is started in and hands it over to whoever started it. */
const OPENER = `
const [address, port] = process.argv.slice(1);
const server = require("node:net").createServer();
server.once("error", (error) => process.send({ error: error.message }, () => process.exit(1)));
server.listen({ host: address, port: Number(port) }, () => process.send({ open: true }, server));
process.once("disconnect", () => process.exit(0));
`;

/**
 * A port of another network namespace, opened there and served here: a socket belongs to the network in which it was
 * made, whoever holds it.
 */
export function listenIn(namespace: Namespace, address: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const child = namespace.only("net").spawn([process.execPath, "-e", OPENER, address, String(port)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`port ${port} of ${address} was not opened (${code})`)));
    child.once("message", (message: { error?: string }, server: unknown) => {
      // As long as the opener lives, the system would give it half of the connections.
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
      if (message.error) reject(new Error(`port ${port} of ${address}: ${message.error}`));
      else resolve(server as Server);
    });
  });
}

/** Serves a port of another network by passing connections on to a port of 127.0.0.1 on this machine. */
export class Forwarder {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  public static async start(namespace: Namespace, address: string, port: number, target: number): Promise<Forwarder> {
    const forwarder = new Forwarder(await listenIn(namespace, address, port));
    forwarder.server.on("connection", (inbound) => forwarder.pass(inbound, connect(target, "127.0.0.1")));
    return forwarder;
  }

  public stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private pass(inbound: Socket, outbound: Socket): void {
    for (const [socket, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => other.destroy());
      socket.once("close", () => this.sockets.delete(socket));
      socket.pipe(other);
    }
  }
}
