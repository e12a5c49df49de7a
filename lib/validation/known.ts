import { Token } from "cdktf";

/**
 * Whether a value was given and is known now. Rules skip everything else: a token is decided by Terraform, long after
 * the rules ran, and what was left out gets a default that keeps them.
 */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}

/**
 * A value of which nothing is known. {@link examine} puts it in the place of every value that is wrong by itself, so that
 * rules about several values say nothing about it, and one mistake is told once.
 */
export const UNKNOWN = {
  anything: () => Token.asAny(NOTHING),
  text: () => Token.asString(NOTHING),
  number: () => Token.asNumber(NOTHING),
  list: () => Token.asList(NOTHING),
} as const;

/** Never resolved: the problem that brought it about is thrown first. */
const NOTHING = {
  creationStack: [],
  resolve() {
    throw new Error("a value that failed its check was used");
  },
  toString: () => "<unknown>",
};
