import { Tokenization } from "cdktf";
import type { Check, CheckTable, Examined } from "./check";
import { isKnown, wasWrong } from "./known";
import { remedyForOtherName } from "./other-names";
import type { Problem } from "./problems";
import { closest } from "./suggest";

/** Options after their table was applied. */
export interface ExaminedOptions<T> {
  readonly problems: readonly Problem[];
  /**
   * The options as rules may look at them. What is wrong by itself, or missing although it is required, is unknown: rules
   * that skip tokens skip it too.
   */
  readonly options: T;
}

/**
 * Applies the table of an options interface: every property is there if it must be, of the right kind, and known to the
 * interface. Names that it does not know are told with the nearest that it does: JavaScript and type assertions let them
 * pass, and what they were meant to set would silently keep its default.
 *
 * @param given What the caller wrote, of whatever type.
 */
export function examine<T extends object>(given: unknown, table: CheckTable<T>): ExaminedOptions<T> {
  const { problems, value } = examineObject(given, table as Table, "");
  return { problems, options: value as T };
}

/** A table without the type of its interface. */
export type Table = Readonly<Record<string, Check>>;

/** Applies a table to the value of `property`, which is empty for the options as a whole. */
export function examineObject(given: unknown, table: Table, property: string): Examined {
  if (given === undefined) {
    return {
      problems: [{ property: property || "options", rule: "is missing", remedy: fields(table) }],
      value: unknownObject(table),
    };
  }
  if (!isKnown(given)) {
    return {
      problems: [{ property: property || "options", rule: READ, remedy: REMEDIES.fields }],
      value: unknownObject(table),
    };
  }
  if (!isPlainObject(given)) {
    return {
      problems: [{ property: property || "options", ...shown(given), rule: "is not an object", remedy: fields(table) }],
      value: unknownObject(table),
    };
  }
  const problems: Problem[] = [];
  const options: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(table)) {
    const at = join(property, name);
    const value = given[name];
    if (value === undefined) {
      if (check.ifMissing === undefined) continue;
      problems.push({ property: at, rule: "is missing", remedy: check.ifMissing });
      options[name] = check.unknown();
    } else if (!isKnown(value)) {
      const examined = examineToken(check, value, at);
      problems.push(...examined.problems);
      options[name] = examined.value;
    } else {
      const examined = check.examine(value, at);
      problems.push(...examined.problems);
      options[name] = examined.value;
    }
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name) || given[name] === undefined) continue;
    problems.push({
      property: join(property, name),
      ...shown(given[name]),
      ...unknownName(name, table),
    });
  }
  return { problems, value: options };
}

/** Examines a value that only Terraform knows: whether it may be left open, and whether it is of the right shape. */
export function examineToken(check: Check, value: unknown, property: string): Examined {
  if (wasWrong(value)) return { problems: [], value };
  const fault = tokenFault(check, value);
  if (fault === undefined) return { problems: [], value };
  return { problems: [{ property, ...fault }], value: check.unknown() };
}

const READ = "is only known to Terraform, and its fields are read at synth";

/** What to write in the place of a token of each shape. */
const REMEDIES = {
  scalar: "write it as plain text or number",
  list: "write its items",
  map: "write its entries one by one",
  fields: "write the fields one by one",
  any: "write the value itself",
} as const;

function tokenFault({ ifGiven, ifUnknown, shape = "scalar" }: Check, value: unknown) {
  if (ifGiven !== undefined) return ifGiven;
  if (ifUnknown !== undefined) return { rule: `is only known to Terraform, and ${ifUnknown}`, remedy: REMEDIES[shape] };
  const given = shapeOfToken(value);
  if (shape === "any" || shape === given) return undefined;
  if (shape === "fields")
    return {
      rule: READ,
      remedy: REMEDIES.fields,
    };
  if (shape === "scalar")
    return { rule: `is a ${given} of Terraform's where a single value belongs`, remedy: "take one value out of it" };
  return {
    rule: `is a single value of Terraform's where a ${shape} belongs`,
    remedy: shape === "list" ? "wrap it in Token.asList()" : "wrap it in Token.asStringMap()",
  };
}

function shapeOfToken(value: unknown): "scalar" | "list" | "map" {
  if (Array.isArray(value)) return "list";
  return typeof value === "object" && value !== null && !Tokenization.isResolvable(value) ? "map" : "scalar";
}

/** An object whose required parts are unknown. */
export function unknownObject(table: Table): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, check]) => check.ifMissing !== undefined)
      .map(([name, check]) => [name, check.unknown()]),
  );
}

/** Whether a value is an object with fields, and not a list, a function or null. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value for a message, where it can be shown in a few words. */
export function shown(value: unknown): { readonly value?: unknown } {
  if (value === null || typeof value !== "object") return { value };
  return Array.isArray(value) && value.every((item) => item === null || typeof item !== "object") ? { value } : {};
}

/** The name of a field of `property`. */
export function join(property: string, name: string): string {
  if (property === "") return /^[\w$-]+$/.test(name) ? name : JSON.stringify(name);
  return /^[\w$-]+$/.test(name) ? `${property}.${name}` : `${property}[${JSON.stringify(name)}]`;
}

function unknownName(name: string, table: Table): { readonly rule: string; readonly remedy: string } {
  const elsewhere = remedyForOtherName(table, name);
  if (elsewhere !== undefined) return { rule: "is no option here", remedy: elsewhere };
  const meant = closest(name, Object.keys(table));
  return {
    rule: "is no option",
    remedy: meant.length > 0 ? `did you mean ${meant.join(" or ")}?` : fields(table),
  };
}

function fields(table: Table): string {
  const names = Object.keys(table);
  const some = names.slice(0, 6).join(", ");
  return `give an object with ${some}${names.length > 6 ? " and so on" : ""}`;
}
