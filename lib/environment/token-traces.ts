/**
 * Runs `build` without cdktf recording where each token was made.
 *
 * cdktf captures an unlimited stack trace for every reference between resources and shows it only in its own internal
 * errors; that is about 40 % of the time of a synth. Errors thrown inside `build` keep their traces: only captures
 * without a limit are left out, and cdktf is the only caller that asks for those (cdktf 0.21,
 * `lib/tokens/private/stack-trace.js`).
 */
export function withoutTokenTraces<T>(build: () => T): T {
  const captureStackTrace = Error.captureStackTrace;
  Error.captureStackTrace = (target, below) => {
    if (Error.stackTraceLimit !== Number.MAX_SAFE_INTEGER) captureStackTrace(target, below);
  };
  try {
    return build();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}
