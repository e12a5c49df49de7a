import type { JsonObject } from "../json";

/** Which API words the operation: compute, container, or google.longrunning. */
export type OperationDialect = "compute" | "container" | "longrunning";

/** A long-running operation as the simulator keeps it; each API renders it in its own way. */
export type OperationRecord = {
  /** `operation-1732233600000-…`; unique in the whole simulator. */
  readonly name: string;
  readonly dialect: OperationDialect;
  readonly project: string;
  /** Where it is polled: `global`, `regions/R`, `zones/Z` or `locations/L`. */
  readonly scope: string;
  /** `insert`, `CREATE_CLUSTER`, … */
  readonly type: string;
  /** Full resource name of what is changed. */
  readonly target: string;
  /** Key of the {@link OperationAction} that carries it out. */
  readonly action: string;
  readonly args: JsonObject;
  /** Operations with the same lock exclude each other; the API checks that before it starts one. */
  readonly lock?: string;
  readonly user: string;
  readonly insertedAt: string;
  status: "PENDING" | "RUNNING" | "DONE";
  startedAt?: string;
  endedAt?: string;
  /** Stays RUNNING until released. */
  held: boolean;
  /** Ends in this error in place of being carried out. */
  planned?: OperationError;
  /** Zone in which it gets no machines. */
  readonly stockout?: string;
  /** How it ended, where it did not end well. */
  error?: OperationError;
  /** What google.longrunning operations return. */
  response?: JsonObject;
};

/** Why an operation failed. */
export type OperationError = {
  /** Compute's code (`RESOURCE_IN_USE_BY_ANOTHER_RESOURCE`) or a canonical status (`INTERNAL`). */
  code: string;
  message: string;
};

/** Thrown by an action: the operation ends with this error. */
export class OperationFailure extends Error {
  public constructor(
    public readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "OperationFailure";
  }
}

/** What an operation does when its time has come. Found by name, so that a restarted simulator can go on with it. */
export interface OperationAction {
  /** Carries the change out; what it returns is the operation's response. @throws OperationFailure */
  readonly run: (operation: OperationRecord) => JsonObject | undefined | Promise<JsonObject | undefined>;
  /** Cleans up where `run` failed or a fault took its place, e.g. sets a cluster's status to ERROR. */
  readonly failed?: (operation: OperationRecord, error: OperationError) => void | Promise<void>;
}

/** Canonical code of google.rpc.Status by name; 13 (INTERNAL) where it is none. */
export function rpcCode(name: string): number {
  const codes: Record<string, number> = {
    CANCELLED: 1,
    INVALID_ARGUMENT: 3,
    NOT_FOUND: 5,
    ALREADY_EXISTS: 6,
    PERMISSION_DENIED: 7,
    RESOURCE_EXHAUSTED: 8,
    FAILED_PRECONDITION: 9,
    ABORTED: 10,
    UNAVAILABLE: 14,
  };
  return codes[name] ?? 13;
}
