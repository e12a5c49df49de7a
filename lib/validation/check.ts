import type { Problem } from "./problems";

/** What an examination found. */
export interface Examined {
  /** Everything that is wrong with the value. */
  readonly problems: readonly Problem[];
  /** The value as rules may look at it: whatever is wrong in it is unknown (a token), everything else is as it was. */
  readonly value: unknown;
}

/** One kind of value: judges what was given, whatever its type, and never throws. */
export interface Check {
  /** Examines a value that was given: not undefined, and no token. */
  examine(value: unknown, property: string): Examined;
  /** Stands for a value of this kind of which nothing is known. */
  unknown(): unknown;
  /** What to do where the value is missing, in the imperative; absent where it may be. */
  readonly ifMissing?: string;
  /**
   * What kind of token can stand in its place: a single value, a list, a map, or none, where code of ours reads the fields.
   *
   * @default "scalar"
   */
  readonly shape?: "scalar" | "list" | "map" | "fields" | "any";
  /** The properties of a value with fields, or what each item of a list must be: for whoever walks a table. */
  readonly parts?: Readonly<Record<string, Check>> | Check;
  /** What is wrong with any value, one that only Terraform knows included. */
  readonly ifGiven?: { readonly rule: string; readonly remedy: string };
  /** Why a token will not do, as the rest of a sentence; absent where nothing has to be decided from the value. */
  readonly ifUnknown?: string;
}

/** One check for each property of an options interface, those that need none included. */
export type CheckTable<T> = { readonly [K in keyof T]-?: Check };

/** The same check, of a value that must be given. */
export function required(check: Check, ifMissing: string): Check {
  return { ...check, ifMissing };
}

/**
 * The same check, of a value that must be known at synth.
 *
 * @param because What is decided from it, as in `is only known to Terraform, and <because>`.
 */
export function decisive(check: Check, because: string): Check {
  return { ...check, ifUnknown: because };
}

/** The same check, of a map that has entries of the library's own added to it. */
export function merged(check: Check): Check {
  return decisive(check, "entries of the library's own are added to it");
}

/** The same check, of a value on which depends what is made. */
export function decided(check: Check): Check {
  return decisive(check, "what is made depends on it");
}
