import type { Json, JsonObject } from "../json";

/**
 * How a service words its errors. `compute` (also storage) lists `errors` and has no canonical status; `legacy`
 * (container, IAM, resource manager, service usage) has both; `plain` has the canonical status alone.
 */
export type ErrorStyle = "compute" | "legacy" | "plain";

/** Canonical status and reason that Google pairs with an HTTP status. */
const DEFAULTS: Readonly<Record<number, readonly [status: string, reason: string]>> = {
  400: ["INVALID_ARGUMENT", "badRequest"],
  401: ["UNAUTHENTICATED", "authError"],
  403: ["PERMISSION_DENIED", "forbidden"],
  404: ["NOT_FOUND", "notFound"],
  409: ["ALREADY_EXISTS", "alreadyExists"],
  412: ["FAILED_PRECONDITION", "conditionNotMet"],
  429: ["RESOURCE_EXHAUSTED", "rateLimitExceeded"],
  500: ["INTERNAL", "backendError"],
  501: ["UNIMPLEMENTED", "notImplemented"],
  502: ["UNAVAILABLE", "backendError"],
  503: ["UNAVAILABLE", "backendError"],
};

/** What may differ from the usual error of an HTTP status. */
export interface ApiErrorOptions {
  /** Canonical status, e.g. `FAILED_PRECONDITION`. @default the one Google pairs with the HTTP status */
  readonly status?: string;
  /** `errors[].reason`, e.g. `resourceInUseByAnotherResource`. @default the one Google pairs with the HTTP status */
  readonly reason?: string;
  /** `error.details`, e.g. an ErrorInfo. @default none */
  readonly details?: readonly JsonObject[];
}

/** An error that the simulated API answers with. */
export class ApiError extends Error {
  public constructor(
    /** HTTP status. */
    public readonly code: number,
    message: string,
    private readonly options: ApiErrorOptions = {},
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** The error's body as the service words it. */
  public body(style: ErrorStyle): JsonObject {
    const [status, reason] = DEFAULTS[this.code] ?? ["UNKNOWN", "backendError"];
    const error: JsonObject = { code: this.code, message: this.message };
    if (style !== "plain") {
      error["errors"] = [{ domain: "global", message: this.message, reason: this.options.reason ?? reason }];
    }
    if (style !== "compute") error["status"] = this.options.status ?? status;
    if (this.options.details) error["details"] = this.options.details as Json[];
    return { error };
  }
}

/** google.rpc.ErrorInfo, the machine-readable part of an error. */
export function errorInfo(reason: string, domain: string, metadata: JsonObject = {}): JsonObject {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain, metadata };
}

/** 400: something in the request is wrong. */
export function badRequest(message: string, options?: ApiErrorOptions): ApiError {
  return new ApiError(400, message, options);
}

/** 404. */
export function notFound(message: string): ApiError {
  return new ApiError(404, message);
}

/** 409: a resource of that name exists. */
export function alreadyExists(message: string): ApiError {
  return new ApiError(409, message);
}

/** 400 with reason `failedPrecondition`: not now, try again later. */
export function failedPrecondition(message: string, details?: readonly JsonObject[]): ApiError {
  return new ApiError(400, message, {
    status: "FAILED_PRECONDITION",
    reason: "failedPrecondition",
    ...(details ? { details } : {}),
  });
}

/** 501: nothing was done because the sandbox does not simulate this. */
export function notSimulated(what: string): ApiError {
  return new ApiError(
    501,
    `The sandbox does not simulate ${what}. Nothing was changed. Leave this out of what you deploy into the sandbox, or add it to the simulator (sandbox/gcp).`,
  );
}
