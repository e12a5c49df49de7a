import { type Check, type CheckTable, type Examined, required } from "./check";
import { type Cidr, parseCidr } from "./cidr";
import { examineObject, examineToken, isPlainObject, join, shown, type Table, unknownObject } from "./examine";
import { isKnown, UNKNOWN } from "./known";
import type { Problem } from "./problems";
import { closest } from "./suggest";

/** Lists longer than this are told by their length. */
const MANY = 12;

/** `true` or `false`; no text, however it reads. */
export function flag(): Check {
  return simple(UNKNOWN.anything, (value) =>
    typeof value === "boolean" ? undefined : { rule: "is neither true nor false", remedy: "write true or false" },
  );
}

/** What a text must look like. */
export interface TextRule {
  /** Judges the text. */
  readonly matches: RegExp | ((text: string) => boolean);
  /** What is wrong with one that does not match, as the rest of a sentence. */
  readonly rule: string;
  readonly remedy: string;
}

/** Any text, or one that keeps a rule. */
export function text(wanted?: TextRule): Check {
  const remedy = wanted?.remedy ?? "write it as text in quotes";
  return simple(UNKNOWN.text, (value) => {
    if (typeof value !== "string") return { rule: "is not text", remedy };
    if (wanted === undefined)
      return value === "" ? { rule: "is empty", remedy: "give a text, or leave it out" } : undefined;
    const { matches } = wanted;
    const fits = typeof matches === "function" ? matches(value) : matches.test(value);
    return fits ? undefined : { rule: wanted.rule, remedy };
  });
}

/** A text that is judged elsewhere, by {@link judge}. */
export function textJudgedBy(judge: (text: string, property: string) => readonly Problem[], remedy: string): Check {
  return {
    unknown: UNKNOWN.text,
    examine: (value, property) => {
      if (typeof value !== "string") return wrong(property, value, { rule: "is not text", remedy }, UNKNOWN.text());
      const problems = judge(value, property);
      return { problems, value: problems.length === 0 ? value : UNKNOWN.text() };
    },
  };
}

/** One of several texts. */
export function oneOf(values: readonly string[]): Check {
  return simple(UNKNOWN.text, (value) => {
    if (typeof value === "string" && values.includes(value)) return undefined;
    const meant = typeof value === "string" ? closest(value, values) : [];
    return {
      rule: `is not one of ${values.join(", ")}`,
      remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : "choose one of them",
    };
  });
}

/** Limits of a number, both included. */
export interface NumberLimits {
  readonly from?: number;
  readonly to?: number;
  /** @default - "give one such as <from>" */
  readonly remedy?: string;
}

/** A whole number within limits. */
export function wholeNumber({ from, to, remedy }: NumberLimits = {}): Check {
  const rule = `is not a whole number${range(from, to)}`;
  return simple(UNKNOWN.number, (value) =>
    Number.isSafeInteger(value) && (value as number) >= (from ?? -Infinity) && (value as number) <= (to ?? Infinity)
      ? undefined
      : { rule, remedy: remedy ?? `give a whole number${range(from, to)}` },
  );
}

/** A number within limits, fractions too. */
export function number(limits: NumberLimits & { /** Excludes the number itself. */ readonly above?: number }): Check {
  const { from, to, above, remedy } = limits;
  const words =
    above === undefined ? range(from, to) : ` above ${above}${to === undefined ? "" : ` and at most ${to}`}`;
  return simple(UNKNOWN.number, (value) => {
    const fits =
      typeof value === "number" &&
      Number.isFinite(value) &&
      value >= (from ?? -Infinity) &&
      value <= (to ?? Infinity) &&
      value > (above ?? -Infinity);
    return fits ? undefined : { rule: `is not a number${words}`, remedy: remedy ?? `give a number${words}` };
  });
}

/** An IPv4 range such as `10.16.0.0/20`, and what else must hold for it. */
export function cidr(judge: (range: Cidr, text: string, property: string) => readonly Problem[] = () => []): Check {
  return textJudgedBy((value, property) => {
    const parsed = parseCidr(value);
    if (typeof parsed !== "string") return judge(parsed, value, property);
    return [{ property, value, rule: parsed, remedy: "give a range such as 10.16.0.0/20" }];
  }, "give a range such as 10.16.0.0/20");
}

/** Limits of a list. */
export interface ListLimits {
  readonly most?: number;
  readonly least?: number;
  /** Whether the same item may be there twice. @default false */
  readonly repeats?: boolean;
}

/** A list whose items each pass a check. */
export function listOf(item: Check, { most, least, repeats = false }: ListLimits = {}): Check {
  return {
    unknown: UNKNOWN.list,
    shape: "list",
    parts: item,
    examine: (value, property) => {
      if (!Array.isArray(value))
        return wrong(property, value, { rule: "is not a list", remedy: "write it in square brackets" }, UNKNOWN.list());
      const problems: Problem[] = [];
      const items = Array.from(value, (each: unknown, index) => {
        const at = `${property}[${index}]`;
        if (each === undefined) {
          problems.push({ property: at, rule: "is missing", remedy: "give it, or take the gap out of the list" });
          return item.unknown();
        }
        if (!isKnown(each)) {
          const examined = examineToken(item, each, at);
          problems.push(...examined.problems);
          return examined.value;
        }
        if (!repeats && isScalar(each) && value.indexOf(each) !== index) {
          problems.push({ property: at, value: each, rule: "is there twice", remedy: "remove one of the two" });
          return item.unknown();
        }
        const examined = item.examine(each, at);
        problems.push(...examined.problems);
        return examined.value;
      });
      const size = value.length;
      const told = size > MANY || items.some((each) => !isScalar(each)) ? { value: `${size} of them` } : { value };
      if (most !== undefined && size > most)
        problems.push({
          property,
          ...told,
          rule: `is longer than the ${most} that can be given`,
          remedy: "shorten it",
        });
      if (least !== undefined && size < least)
        problems.push({ property, ...told, rule: `is shorter than the ${least} it needs`, remedy: "add to it" });
      const fits = (most === undefined || size <= most) && (least === undefined || size >= least);
      return { problems, value: fits ? items : UNKNOWN.list() };
    },
  };
}

/**
 * An object whose fields are names of the caller's choosing.
 *
 * @param nameFault What is wrong with a name, if anything.
 */
export function recordOf(
  item: Check,
  nameFault: (name: string) => { readonly rule: string; readonly remedy: string } | undefined = () => undefined,
): Check {
  return {
    unknown: UNKNOWN.anything,
    shape: "map",
    examine: (value, property) => {
      if (!isPlainObject(value))
        return wrong(property, value, { rule: "is not an object", remedy: "write it in braces" }, UNKNOWN.anything());
      const table: Table = Object.fromEntries(Object.keys(value).map((name) => [name, item]));
      const names = Object.keys(value).flatMap((name): Problem[] => {
        const fault = nameFault(name);
        return fault === undefined ? [] : [{ property: join(property, name), ...fault }];
      });
      const examined = examineObject(value, table, property);
      const named = Object.entries(examined.value as object).filter(([name]) => nameFault(name) === undefined);
      return { problems: [...names, ...examined.problems], value: Object.fromEntries(named) };
    },
  };
}

/** A value that is not wrong by itself, but does nothing. */
export function noEffect(because: string): Check {
  const ifGiven = { rule: `has no effect: ${because}`, remedy: "leave it out" };
  return { ...simple(UNKNOWN.anything, () => ifGiven), ifGiven };
}

/** An options interface within another. */
export function nested<T extends object>(table: CheckTable<T>): Check {
  return {
    unknown: () => unknownObject(table as Table),
    shape: "fields",
    parts: table as Table,
    examine: (value, property) => examineObject(value, table as Table, property),
  };
}

/** `false` in place of options, to leave something out; else the options. */
export function falseOr(check: Check): Check {
  return {
    ...check,
    examine: (value, property) => (value === false ? { problems: [], value } : check.examine(value, property)),
  };
}

/** A check, and what else must hold for a value that passes it. */
export function also(check: Check, judge: (value: unknown, property: string) => readonly Problem[]): Check {
  return {
    ...check,
    examine: (value, property) => {
      const examined = check.examine(value, property);
      if (examined.problems.length > 0) return examined;
      const problems = judge(value, property);
      return { problems, value: problems.length === 0 ? examined.value : check.unknown() };
    },
  };
}

/**
 * One of several options interfaces, told apart by the text of one property.
 *
 * @param tables The table of each, by that text. Each must have the property itself.
 */
export function variantOf(discriminant: string, tables: Readonly<Record<string, Table>>): Check {
  const kind = required(oneOf(Object.keys(tables)), `give one of ${Object.keys(tables).join(", ")}`);
  return {
    unknown: () => ({ [discriminant]: kind.unknown() }),
    shape: "fields",
    examine: (value, property) => {
      const chosen = isPlainObject(value) ? value[discriminant] : undefined;
      if (typeof chosen === "string" && Object.hasOwn(tables, chosen))
        return examineObject(value, { ...tables[chosen], [discriminant]: kind }, property);
      // Without it nothing is known of the rest; and what Terraform decides cannot decide this.
      const { problems } = examineObject(
        isPlainObject(value) ? { [discriminant]: isKnown(chosen) ? chosen : undefined } : value,
        { [discriminant]: kind },
        property,
      );
      return { problems, value: { [discriminant]: kind.unknown() } };
    },
  };
}

/** Something that only a factory or a construct of this library makes. */
export function madeBy(isOne: (value: object) => boolean, how: string): Check {
  const check = simple(UNKNOWN.anything, (value) =>
    typeof value === "object" && value !== null && isOne(value)
      ? undefined
      : { rule: "is not what it must be", remedy: `make it with ${how}` },
  );
  return { ...check, shape: "fields" };
}

/** Whatever the type: judged by whoever takes it. */
export function anything(): Check {
  return { unknown: UNKNOWN.anything, shape: "any", examine: (value) => ({ problems: [], value }) };
}

function simple(
  unknown: () => unknown,
  fault: (value: unknown) => { readonly rule: string; readonly remedy: string } | undefined,
): Check {
  return {
    unknown,
    examine: (value, property) => {
      const found = fault(value);
      return found === undefined ? { problems: [], value } : wrong(property, value, found, unknown());
    },
  };
}

function wrong(
  property: string,
  value: unknown,
  fault: { readonly rule: string; readonly remedy: string },
  unknown: unknown,
): Examined {
  return { problems: [{ property, ...shown(value), ...fault }], value: unknown };
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

function range(from: number | undefined, to: number | undefined): string {
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  if (from !== undefined) return ` of at least ${from}`;
  return to === undefined ? "" : ` of at most ${to}`;
}
