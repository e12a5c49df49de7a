import type { IncomingHttpHeaders } from "node:http";
import type { OperationFault } from "../faults/fault";
import { isObject, type Json, type JsonObject } from "../json";
import { badRequest } from "./errors";

/** One request to the simulated API. */
export class ApiRequest {
  /** Full resource name or operation that the handler worked on; the log tells it. */
  public target?: string;
  /** Name of the operation that the request started; the log tells it. */
  public operation?: string;
  /** Project that the request works on: from the route, or set by a handler that finds it out otherwise. */
  public project?: string;
  /** What a fault does to the operation that the request starts. */
  public fault?: OperationFault;
  private understood?: JsonObject;

  public constructor(
    public readonly method: string,
    /** Path under the simulator's address, percent-encoded, without the query. */
    public readonly path: string,
    public readonly query: URLSearchParams,
    public readonly headers: IncomingHttpHeaders,
    public readonly rawBody: Buffer,
    /** E-mail of whoever the token belongs to. */
    public readonly user: string,
    /** The route's parameters, decoded. */
    public readonly params: Readonly<Record<string, string>> = {},
  ) {}

  /** The body as a JSON object; empty where there is none. @throws ApiError 400 where it is something else. */
  public get body(): JsonObject {
    return this.understood ?? this.parsedBody();
  }

  /** Says how the API understands the body, which may be written in several ways. */
  public understand(body: JsonObject): void {
    this.understood = body;
  }

  private parsedBody(): JsonObject {
    if (this.rawBody.length === 0) return {};
    let value: unknown;
    try {
      value = JSON.parse(this.rawBody.toString("utf8"));
    } catch {
      throw badRequest("Invalid JSON payload received. Unable to parse the request body.");
    }
    if (!isObject(value)) throw badRequest("Invalid JSON payload received. Expected an object.");
    return value;
  }

  /** A parameter of the route. */
  public param(name: string): string {
    const value = this.params[name];
    if (value === undefined) throw new Error(`route of ${this.path} has no parameter ${name}`);
    return value;
  }
}

/** What a handler answers. */
export interface ApiResponse {
  /** @default 200 */
  readonly status?: number;
  /** Sent as JSON, or as it is where it is a Buffer. @default nothing */
  readonly body?: Json | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200 with a JSON body. */
export function ok(body: Json): ApiResponse {
  return { body };
}
