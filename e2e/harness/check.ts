import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

/** What was promised does not hold. */
export class CheckFailed extends Error {
  public constructor(message: string) {
    super(message);
    this.name = "CheckFailed";
  }
}

/** @throws CheckFailed unless `condition` holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new CheckFailed(message);
}

/** @throws CheckFailed unless both are the same, member by member. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected))
    throw new CheckFailed(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

/** @throws CheckFailed unless the text matches. */
export function checkMatches(text: string, pattern: RegExp, what: string): void {
  if (!pattern.test(text)) throw new CheckFailed(`${what} does not match ${pattern}:\n${lastLines(text, 30)}`);
}

/** The last lines of a longer text. */
export function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split("\n");
  return lines.length <= count
    ? lines.join("\n")
    : [`(${lines.length - count} lines above)`, ...lines.slice(-count)].join("\n");
}

const POLL_MS = 200;
/** How many times as long as on an idle machine is waited: a busy one is slow, not wrong, and only what hangs fails by time. */
const PATIENCE = 6;

/**
 * Waits until `probe` returns something that is not undefined.
 *
 * @param what What is waited for, for the message; a function is asked at the end, to tell how far it came.
 * @throws CheckFailed when the time is over.
 */
export async function eventually<T>(
  what: string | (() => string),
  seconds: number,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + PATIENCE * seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline)
      throw new CheckFailed(`after ${PATIENCE * seconds} s still not: ${typeof what === "string" ? what : what()}`);
    await sleep(POLL_MS);
  }
}

/** Waits until `checks` no longer throws {@link CheckFailed}; its last complaint is the message. */
export async function eventuallyHolds(seconds: number, checks: () => void | Promise<void>): Promise<void> {
  let complaint = "nothing was checked";
  await eventually(
    () => complaint,
    seconds,
    async () => {
      try {
        await checks();
        return true;
      } catch (error) {
        if (!(error instanceof CheckFailed)) throw error;
        complaint = error.message;
        return undefined;
      }
    },
  );
}
