import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { isObject, type JsonObject } from "../../gcp/json";
import type { KeyPair } from "../../pki";
import { admit, authorize } from "./decisions";

/** Paths at which the API server asks. */
export const AUTHORIZE = "/authorize";
export const ADMIT = "/admit";

/** Answers to reviews, by the path at which they are asked. */
export type Answers = Readonly<Record<string, (review: JsonObject) => JsonObject>>;

/** What GKE calls Warden: asked by an Autopilot cluster's API server before it does anything for its users. */
export const WARDEN: Answers = { [AUTHORIZE]: authorize, [ADMIT]: admit };

/** What an API server asks before it does anything. */
export class ReviewServer {
  private server: Server | undefined;

  public constructor(private readonly answers: Answers) {}

  /** Answers on a free port of 127.0.0.1, which it returns. */
  public async start({ certificate, privateKey }: KeyPair): Promise<number> {
    const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
      answer(request, this.answers)
        .then((body) => {
          response.writeHead(body ? 200 : 400, { "Content-Type": "application/json" });
          response.end(JSON.stringify(body ?? {}));
        })
        .catch((error: Error) => response.destroy(error));
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

async function answer(request: IncomingMessage, answers: Answers): Promise<JsonObject | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const decide = answers[(request.url ?? "").replace(/\?.*/, "")];
  const review: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  return decide && isObject(review) ? decide(review) : undefined;
}
