/**
 * How long operations take.
 * - `fast`: done at once; the reply to the request that starts one already says DONE, so that nothing polls.
 * - `slow`: PENDING, then RUNNING, then DONE, by the clock, as in the real cloud.
 * - `stepped`: PENDING, then RUNNING, then DONE, one step at each poll: the same sequence without a clock.
 */
export type OperationPace =
  | { readonly mode: "fast" }
  | {
      readonly mode: "slow";
      /** Milliseconds in PENDING. @default 1000 */
      readonly pendingMs?: number;
      /** Milliseconds in RUNNING before the change is carried out. @default 5000 */
      readonly runningMs?: number;
    }
  | { readonly mode: "stepped" };

/** Longest that a reply is held back for an operation in `fast` mode; after that it says RUNNING and the caller polls. */
export const INLINE_LIMIT_MS = 60_000;

/** Milliseconds in PENDING where `slow` does not say. */
export const DEFAULT_PENDING_MS = 1_000;

/** Milliseconds in RUNNING where `slow` does not say. */
export const DEFAULT_RUNNING_MS = 5_000;
