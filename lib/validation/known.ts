import { Token } from "cdktf";

/**
 * Whether a value was given and is known now. Rules skip everything else: a token is decided by Terraform, long after
 * the rules ran, and what was left out gets a default that keeps them.
 */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}

/** Never resolved: the problem that brought it about is thrown first. */
const NOTHING = {
  creationStack: [],
  resolve() {
    throw new Error("a value that failed its check was used");
  },
  toString: () => "<unknown>",
};

const made = new Map<string, unknown>();

/** One token of each type, made when it is first needed. */
function token<T>(type: string, make: () => T): () => T {
  return () => {
    if (!made.has(type)) made.set(type, make());
    return made.get(type) as T;
  };
}

/**
 * Values of which nothing is known. {@link examine} puts one in the place of every value that is wrong by itself, so that
 * rules about several values say nothing about it, and one mistake is told once.
 */
export const UNKNOWN = {
  anything: token("any", () => Token.asAny(NOTHING)),
  text: token("text", () => Token.asString(NOTHING)),
  number: token("number", () => Token.asNumber(NOTHING)),
  list: token("list", () => Token.asList(NOTHING)),
} as const;

/** Whether a value stands for one that was found wrong, and not for one that Terraform decides. */
export function wasWrong(value: unknown): boolean {
  return [...made.values()].includes(value);
}
