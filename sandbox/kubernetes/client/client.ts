import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { KubernetesObject } from "./objects";

/** How to reach an API server and log in with a client certificate. All PEM. */
export interface Connection {
  readonly port: number;
  readonly caCertificate: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/** The API server answered with an error. */
export class ApiError extends Error {
  public constructor(
    public readonly status: number,
    /** Kubernetes' own one-word reason, e.g. `NotFound`, `AlreadyExists`, `Conflict`. */
    public readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** How a patch changes an object: https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply */
export type PatchKind = "merge-patch+json" | "strategic-merge-patch+json" | "json-patch+json" | "apply-patch+yaml";

/** Name under which the sandbox's server-side applies are recorded. */
const FIELD_MANAGER = "gke-sandbox";
const REQUEST_TIMEOUT = 30_000;

/** The few requests that the sandbox makes of an API server. Paths are the API's own, e.g. `/api/v1/nodes`. */
export class KubernetesClient {
  private readonly agent: Agent;

  public constructor(private readonly connection: Connection) {
    const { caCertificate: ca, certificate: cert, privateKey: key } = connection;
    this.agent = new Agent({ keepAlive: true, ca, cert, key, maxSockets: 64 });
  }

  public get<T>(path: string): Promise<T> {
    return this.send<T>("GET", path);
  }

  /** The object, or undefined where there is none. */
  public async find<T>(path: string): Promise<T | undefined> {
    return this.get<T>(path).catch(unless(404));
  }

  public async list<T>(path: string): Promise<T[]> {
    return (await this.get<{ items: T[] }>(path)).items;
  }

  public create<T>(path: string, object: object): Promise<T> {
    return this.send<T>("POST", path, object, "json");
  }

  public patch<T>(path: string, patch: object, kind: PatchKind = "merge-patch+json"): Promise<T> {
    return this.send<T>("PATCH", path, patch, kind);
  }

  /** Server-side apply that takes over fields of other managers. */
  public apply<T>(path: string, object: KubernetesObject): Promise<T> {
    return this.patch<T>(`${path}?fieldManager=${FIELD_MANAGER}&force=true`, object, "apply-patch+yaml");
  }

  /** Deletes what is there; nothing there is fine. */
  public async delete(path: string, options: object = {}): Promise<void> {
    await this.send("DELETE", path, options, "json").catch(unless(404));
  }

  /** Whether the API server says that it is ready. */
  public async isReady(): Promise<boolean> {
    return this.send("GET", "/readyz").then(
      () => true,
      () => false,
    );
  }

  /** Opens a watch. The caller reads the stream and destroys it. */
  public stream(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request(this.options("GET", path, { signal }), (response) => {
        if (response.statusCode === 200) return resolve(response);
        response.resume();
        reject(new ApiError(response.statusCode ?? 0, "Watch", `watching ${path}: HTTP ${response.statusCode}`));
      });
      outgoing.once("error", reject).end();
    });
  }

  public close(): void {
    this.agent.destroy();
  }

  private send<T>(method: string, path: string, body?: object, type?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      // The length is written out: for a DELETE, Node would send the body and not say that there is one.
      const headers =
        payload === undefined
          ? {}
          : { "content-type": `application/${type}`, "content-length": Buffer.byteLength(payload) };
      const outgoing = request(this.options(method, path, { headers, timeout: REQUEST_TIMEOUT }), (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(parse<T>(text));
          else reject(apiError(method, path, status, text));
        });
      });
      outgoing.once("timeout", () => outgoing.destroy(new Error(`${method} ${path} took longer than 30 s`)));
      outgoing.once("error", (error: NodeJS.ErrnoException) => {
        // The server closed the connection while it lay idle: https://nodejs.org/api/http.html#requestreusedsocket
        if (outgoing.reusedSocket && error.code === "ECONNRESET") resolve(this.send<T>(method, path, body, type));
        else reject(error);
      });
      outgoing.end(payload);
    });
  }

  private options(method: string, path: string, more: object): object {
    return { host: "127.0.0.1", port: this.connection.port, method, path, agent: this.agent, ...more };
  }
}

/** For `.catch`: undefined in place of an API error with one of these codes. */
export function unless(...statuses: number[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiError && statuses.includes(error.status)) return undefined;
    throw error;
  };
}

/** `/readyz` answers in plain text. */
function parse<T>(text: string): T {
  return (text.startsWith("{") ? JSON.parse(text) : text) as T;
}

function apiError(method: string, path: string, status: number, text: string): ApiError {
  if (!text.startsWith("{")) return new ApiError(status, "Unknown", `${method} ${path}: HTTP ${status} ${text}`);
  const { reason = "Unknown", message = text } = JSON.parse(text) as { reason?: string; message?: string };
  return new ApiError(status, reason, `${method} ${path}: ${message}`);
}
