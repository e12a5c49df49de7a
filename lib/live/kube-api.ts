import { setMaxListeners } from "node:events";
import { request } from "node:http";
import { setTimeout } from "node:timers/promises";
import { Failure, failureOf } from "./failure";

const PATIENCE_MS = 15_000;

/** Where `kubectl proxy` listens. */
export type ProxyAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** "Too many requests": the API server is busy, or makes its storage anew. It has done nothing, so that one asks again. */
const LATER = 429;
const MOST_ATTEMPTS = 10;
const LONGEST_WAIT_SECONDS = 2;

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Seconds after which to ask again, as the API server would have it. */
  readonly retryAfter: number;
}

/** The API of a cluster, as whoever kubectl is logged in as. */
export class KubeApi {
  public constructor(
    private readonly address: ProxyAddress,
    private readonly signal: AbortSignal,
  ) {
    // Many requests at once are no leak.
    setMaxListeners(0, signal);
  }

  /** Asks for something that everybody may see. @throws Failure where there is no login or no way to the cluster. */
  public async check(): Promise<void> {
    await this.ask("GET", "/version");
  }

  /** @throws Failure, also where it is not there. */
  public async get<T>(path: string): Promise<T> {
    const { text } = await this.ask("GET", path);
    return JSON.parse(text) as T;
  }

  /** @returns Undefined where it is not there. @throws Failure */
  public async find<T>(path: string): Promise<T | undefined> {
    const { status, text } = await this.ask("GET", path, undefined, [404]);
    return status === 404 ? undefined : (JSON.parse(text) as T);
  }

  /** Every object of a kind; none where the kind is not served. @throws Failure */
  public async list<T>(path: string): Promise<T[]> {
    return (await this.find<{ readonly items?: T[] }>(path))?.items ?? [];
  }

  /** @throws Failure */
  public async create<T>(path: string, object: object): Promise<T> {
    const { text } = await this.ask("POST", path, object);
    return JSON.parse(text) as T;
  }

  /** Deletes an object, or does nothing where there is none. Goes on when the command is interrupted. @throws Failure */
  public async delete(path: string): Promise<void> {
    await this.ask("DELETE", path, { propagationPolicy: "Background" }, [404], false);
  }

  private async ask(
    method: string,
    path: string,
    body?: object,
    accepted: readonly number[] = [],
    interruptible = true,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send(method, path, body, interruptible);
      const { status, text, retryAfter } = answer;
      if ((status >= 200 && status < 300) || accepted.includes(status)) return answer;
      if (status !== LATER || attempt === MOST_ATTEMPTS) throw refused(status, text, doingOf(method, path));
      await setTimeout(Math.min(retryAfter, LONGEST_WAIT_SECONDS) * 1000, undefined, {
        ...(interruptible && { signal: this.signal }),
      });
    }
  }

  private send(method: string, path: string, body: object | undefined, interruptible: boolean): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    // Node gives a DELETE no length by itself, and its body would be taken for the next request.
    const length = text === undefined ? {} : { "content-length": Buffer.byteLength(text) };
    return new Promise<Answer>((resolve, reject) => {
      const outgoing = request(
        {
          ...this.address,
          method,
          path,
          headers: { host: "localhost", accept: "application/json", "content-type": "application/json", ...length },
          timeout: PATIENCE_MS,
          ...(interruptible && { signal: this.signal }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const status = response.statusCode ?? 0;
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ status, text, retryAfter: Number(response.headers["retry-after"] ?? 1) || 0 });
          });
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s: timeout`)));
      outgoing.on("error", (error) => reject(failureOf(error.message, doingOf(method, path))));
      outgoing.end(text);
    });
  }
}

function doingOf(method: string, path: string): string {
  return `${method} ${path.replace(/\?.*/, "")}`;
}

function refused(status: number, text: string, doing: string): Failure {
  const message = messageOf(text);
  if (status === 401) return failureOf(`Unauthorized: ${message}`, doing);
  if (status === 403) return failureOf(message.includes("forbidden") ? message : `forbidden: ${message}`, doing);
  if (status === LATER)
    return new Failure("reach", `${doing}: ${message || "too many requests"}`, "try again in a minute");
  // What kubectl proxy says of a request that never came to an API server.
  if (status >= 500) return failureOf(message || `status ${status}: bad gateway`, doing);
  return new Failure(
    "error",
    `${doing}: ${message || `status ${status}`}`,
    "this is a fault of the command: report it",
  );
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    if (message) return message;
  } catch {
    // Not the API server's: the proxy's own words.
  }
  return text.trim();
}
