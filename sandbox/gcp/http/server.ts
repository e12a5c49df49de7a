import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DiscoveryCatalogue } from "../discovery/catalogue";
import type { Fault } from "../faults/fault";
import type { FaultQueue } from "../faults/queue";
import type { Access } from "../iam/access";
import type { Projects } from "../projects/projects";
import type { Store } from "../state/store";
import { ApiError, type ErrorStyle, notSimulated } from "./errors";
import { ApiRequest, type ApiResponse } from "./exchange";
import type { LogEntry, RequestLog } from "./log";
import type { Match, Router } from "./router";

/** A request with its answer, for whoever records the traffic. */
export interface Exchange {
  readonly request: ApiRequest;
  /** Status 0 where the connection was broken by a fault. */
  readonly response: ApiResponse & { readonly status: number };
  readonly log: LogEntry;
  /** The fault that struck. */
  readonly fault: Fault | undefined;
  /** From when to when, in milliseconds of a clock that never stands still. */
  readonly from: number;
  readonly to: number;
}

/** What the server needs of the simulator. */
export interface ServerParts {
  readonly router: Router;
  readonly store: Store;
  readonly projects: Projects;
  readonly faults: FaultQueue;
  readonly log: RequestLog;
  /** What bodies may hold. */
  readonly catalogue: DiscoveryCatalogue;
  /** E-mail by access token: who may call. */
  readonly users: ReadonlyMap<string, string>;
  /** What those who own nothing may do. */
  readonly access: Access;
  readonly onExchange: (exchange: Exchange) => void;
}

/** A request that only reads although its method is none of GET and HEAD. */
const READING_POST =
  /(:getIamPolicy|:testIamPermissions|\/getIamPolicy|\/testIamPermissions|\/wait|\/listManagedInstances|\/listInstances)$/;

/** Idle connections stay open longer than any client of ours keeps them, so that none is closed under a request. */
const KEEP_ALIVE_MS = 300_000;

/** The HTTP server on loopback: authentication, faults, routing, the log. */
export class ApiServer {
  private readonly server: Server;

  public constructor(private readonly parts: ServerParts) {
    this.server = createServer((incoming, outgoing) => {
      // What fails outside a handler (a full disk) must break this connection, not the process.
      this.serve(incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
    });
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.requestTimeout = 0;
  }

  /** Listens on 127.0.0.1; port 0 takes a free one. Returns the address without a slash at the end. */
  public async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const started = Date.now();
    const from = performance.now();
    const [written = "", search = ""] = (incoming.url ?? "").split(/\?(.*)/s);
    const path = servicePath(written);
    const method = incoming.method ?? "GET";
    const rawBody = await readBody(incoming);
    if (!rawBody) return;
    const match = this.parts.router.find(method, path);
    const user = this.parts.users.get(bearerToken(incoming.headers.authorization));
    const query = new URLSearchParams(search);
    const request = new ApiRequest(method, path, query, incoming.headers, rawBody, user ?? "", match?.params);
    const fault = this.parts.faults.strike(method, path);
    if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    const { response, error } = fault?.reset === "before" ? BROKEN : await this.answer(request, match, fault);
    await this.parts.store.flush();
    const broken = fault?.reset !== undefined;
    const log = this.parts.log.add({
      time: new Date(started).toISOString(),
      durationMs: Date.now() - started,
      user: request.user,
      project: request.project ?? match?.params["project"],
      service: match?.service.host ?? this.parts.router.serviceOf(path)?.host,
      method,
      path,
      query: search,
      status: broken ? 0 : response.status,
      write: method !== "GET" && method !== "HEAD" && !READING_POST.test(path),
      ...(request.operation ? { operation: request.operation } : {}),
      ...(request.target ? { target: request.target } : {}),
      ...(fault ? { fault: true } : {}),
      ...(error ? { error } : {}),
      ...(incoming.headers["user-agent"] ? { userAgent: incoming.headers["user-agent"] } : {}),
    });
    const answered = { ...response, status: log.status };
    this.parts.onExchange({ request, response: answered, log, fault, from, to: performance.now() });
    if (broken) incoming.socket.resetAndDestroy();
    else send(outgoing, response);
  }

  private async answer(request: ApiRequest, match: Match | undefined, fault: Fault | undefined): Promise<Answer> {
    const style = (match?.service ?? this.parts.router.serviceOf(request.path))?.errors ?? "plain";
    try {
      if (request.user === "") throw unauthenticated();
      if (fault?.error) {
        throw new ApiError(fault.error.code, fault.error.message, fault.error);
      }
      if (!match) throw notSimulated(`${request.method} ${request.path}`);
      const project = match.params["project"];
      if (project !== undefined) request.project = this.parts.projects.require(project, match.service.host);
      if (fault?.operation) request.fault = fault.operation;
      const body = this.parts.catalogue.read(request.method, request.path, () => request.body);
      if (body) request.understand(body);
      const answered = this.parts.access.check(request, match.service.host);
      if (answered) return { response: { ...answered, status: answered.status ?? 200 } };
      const response = await match.handler(request);
      return { response: { ...response, status: response.status ?? 200 } };
    } catch (error) {
      return refusal(error, style, fault?.error?.retryAfter);
    }
  }
}

interface Answer {
  readonly response: ApiResponse & { readonly status: number };
  /** Message of the error that is answered. */
  readonly error?: string;
}

const BROKEN: Answer = { response: { status: 0 } };

function refusal(thrown: unknown, style: ErrorStyle, retryAfter: number | undefined): Answer {
  const error =
    thrown instanceof ApiError
      ? thrown
      : new ApiError(500, `The sandbox itself failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  return {
    response: {
      status: error.code,
      body: error.body(style),
      ...(retryAfter === undefined ? {} : { headers: { "Retry-After": String(retryAfter) } }),
    },
    error: error.message,
  };
}

function unauthenticated(): ApiError {
  return new ApiError(
    401,
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
  );
}

/**
 * The path of the service where a provider wrote another. `/iam/v1/v1/projects/…` is `/iam/v1/projects/…`: the google
 * provider cuts the version off an endpoint before it hands it to a client library that appends its own, but only where the
 * endpoint begins with https. `/v1/projects/…` is what provider 7 makes of the endpoint `/container/`.
 */
function servicePath(path: string): string {
  return path.replace(/^(\/[a-z]+)\/(v\d\w*)\/\2\//, "$1/$2/").replace(/^\/v1\//, "/container/v1/");
}

function bearerToken(header: string | undefined): string {
  return /^Bearer (.+)$/.exec(header ?? "")?.[1] ?? "";
}

/** The whole body; `undefined` where the client went away in the middle of it, so that no half request is carried out. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return incoming.complete ? Buffer.concat(chunks) : undefined;
}

function send(outgoing: ServerResponse, response: ApiResponse & { readonly status: number }): void {
  const { status, body, headers } = response;
  if (Buffer.isBuffer(body) || body === undefined) {
    outgoing.writeHead(status, headers);
    outgoing.end(body);
    return;
  }
  outgoing.writeHead(status, { "Content-Type": "application/json; charset=UTF-8", ...headers });
  outgoing.end(JSON.stringify(body));
}
