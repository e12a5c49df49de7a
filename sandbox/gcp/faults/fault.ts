import type { JsonObject } from "../json";
import type { OperationError } from "../operations/record";

/** What a fault does to an operation that the request starts. */
export interface OperationFault {
  /** The operation ends in this error. */
  readonly error?: OperationError;
  /** The operation stays RUNNING until it is released. */
  readonly stuck?: boolean;
  /**
   * No machine can be created in this zone, so that the operation fails with what it could not create and keeps the rest;
   * `last` is the last zone of each pool.
   */
  readonly stockout?: string;
}

/** An error in Google's format that is answered in place of what was asked. */
export interface ErrorFault {
  /** HTTP status. */
  readonly code: number;
  readonly message: string;
  /** Canonical status. @default the one Google pairs with the HTTP status */
  readonly status?: string;
  /** `errors[].reason`. @default the one Google pairs with the HTTP status */
  readonly reason?: string;
  /** `error.details`. @default none */
  readonly details?: readonly JsonObject[];
  /** Seconds in a Retry-After header. @default no such header */
  readonly retryAfter?: number;
}

/** What happens to a request that the fault strikes. What is set applies together: first the delay, then the rest. */
export interface FaultEffect {
  /** Answers this error; nothing is changed. */
  readonly error?: ErrorFault;
  /**
   * Breaks the connection: `before` the request is looked at, or `after` it was carried out, so that the caller never
   * learns that it was.
   */
  readonly reset?: "before" | "after";
  /** Milliseconds to wait before anything else. */
  readonly delayMs?: number;
  readonly operation?: OperationFault;
}

/** A fault in waiting. All conditions must hold; a condition that is left out always does. */
export interface Fault extends FaultEffect {
  /** HTTP method. */
  readonly method?: string;
  /** Regular expression that must match somewhere in the path (without the query), e.g. `/clusters$`. */
  readonly path?: string;
  /** Strikes from the n-th matching request on, counted from 1. @default 1 */
  readonly nth?: number;
  /** How many requests it strikes; 0 means every one until it is removed. @default 1 */
  readonly times?: number;
}

/** A fault that was queued. */
export interface QueuedFault extends Fault {
  readonly id: number;
  /** Matching requests so far, struck or not. */
  seen: number;
  /** Requests struck so far. */
  struck: number;
}
