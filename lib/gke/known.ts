import { Token } from "cdktf";

/**
 * Whether a value was given and is known now. Rules skip everything else: a token is decided by Terraform, long after
 * the rules ran, and what was left out gets a default that keeps them.
 */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}
