import { isIP } from "node:net";
import type { ObjectSchema, SchemaPart } from "../../facts/policy";
import { closest, isKnown } from "../../validation";
import { rangeFault, rangeRemedy } from "./addresses";
import { type Fault, type FieldPath, type Fields, inQuotes, isFields, shownValue, textOf } from "./fault";
import { formerField } from "./former-fields";
import { fits } from "./patterns";

const LARGEST_INT32 = 2 ** 31 - 1;
/** Longer lists of choices are not repeated in a message. */
const MANY = 16;

/** Rules that definitions write in the Common Expression Language, as they are decided here. */
const EXPRESSIONS: Readonly<Record<string, (value: unknown) => Omit<Fault, "path"> | undefined>> = {
  "has(self.spec) || has(self.specs)": (value) =>
    isFields(value) && value["spec"] === undefined && value["specs"] === undefined
      ? { rule: "has neither spec nor specs", remedy: "write the rules below spec" }
      : undefined,
  "self == '' || isIP(self)": (value) =>
    value === "" || isIP(textOf(value)) !== 0
      ? undefined
      : { ...shownValue(value), rule: "is not an address", remedy: "write one such as 10.16.0.5, or leave it out" },
};

/** Everything in which an object is not what the API server takes, field by field. What only Terraform knows passes. */
export function schemaFaults(object: Fields, schema: ObjectSchema): Fault[] {
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...own } = object;
  const check = new SchemaCheck(schema.parts);
  check.value(own, schema.schema, []);
  return check.faults;
}

class SchemaCheck {
  public readonly faults: Fault[] = [];

  public constructor(private readonly parts: readonly SchemaPart[]) {}

  public value(value: unknown, number: number, path: FieldPath): void {
    if (value === undefined || !isKnown(value)) return;
    const part = this.parts[number];
    if (part === undefined) throw new Error(`schemas.json has no part ${number}`);
    if (value === null) {
      this.nothing(part, path);
      return;
    }
    const before = this.faults.length;
    if (part.fields !== undefined || part.values !== undefined || part.type === "object") this.map(value, part, path);
    else if (part.items !== undefined || part.type === "array") this.list(value, part, path);
    else this.scalar(value, part, path);
    if (this.faults.length > before) return;
    for (const rule of part.rules ?? []) {
      const judge = EXPRESSIONS[rule];
      if (judge === undefined) throw new Error(`the rule ${rule} of a definition is not known`);
      const fault = judge(value);
      if (fault !== undefined) this.faults.push({ path, ...fault });
    }
  }

  /** A field with nothing behind its colon. */
  private nothing(part: SchemaPart, path: FieldPath): void {
    const empty = part.type === "array" ? "[]" : "{}";
    const isScalar = part.type !== "array" && part.type !== "object";
    this.fault(path, null, "has no value, which drops the field and with it the limit that it was meant to be", {
      remedy: isScalar
        ? "give it a value, or leave the field out"
        : `write what belongs there, ${empty}, or leave it out`,
    });
  }

  private map(value: unknown, part: SchemaPart, path: FieldPath): void {
    if (!isFields(value)) {
      const remedy = Array.isArray(value) ? "take the dash away, or write one map" : "write fields below it";
      this.fault(path, value, "is not a map of fields", { remedy });
      return;
    }
    const fields = part.fields ?? {};
    const strange = part.values === undefined ? Object.keys(value).filter((name) => !Object.hasOwn(fields, name)) : [];
    // What is missing is most likely what is misspelt, which is told.
    const meant = strange.flatMap((name) => closest(name, Object.keys(fields)));
    for (const [name, each] of Object.entries(value)) {
      const known = Object.hasOwn(fields, name) ? fields[name] : part.values;
      if (known !== undefined) this.value(each, known, [...path, name]);
      else if (each !== undefined && (part.fields !== undefined || part.values !== undefined))
        this.unknownField(path, name, each, Object.keys(fields));
    }
    const has = (name: string) => value[name] !== undefined;
    for (const name of part.required ?? [])
      if (!has(name) && !meant.includes(name))
        this.faults.push({ path: [...path, name], rule: "is missing", remedy: needed(name) });
    if (part.oneOf !== undefined) this.exactlyOne(part.oneOf, has, path, strange.length > 0);
    if (part.anyOf !== undefined && strange.length === 0 && !part.anyOf.some((group) => group.every(has)))
      this.fault(path, undefined, `has none of ${part.anyOf.map((group) => group.join(" with ")).join(", ")}`, {
        remedy: "write at least one of them",
      });
  }

  private exactlyOne(
    groups: readonly (readonly string[])[],
    has: (name: string) => boolean,
    path: FieldPath,
    isExplained: boolean,
  ): void {
    const given = groups.filter((group) => group.every(has));
    if (given.length === 1 || (given.length === 0 && isExplained)) return;
    const names = groups.map((group) => group.join(" with "));
    if (given.length === 0)
      this.fault(path, undefined, `has none of ${names.join(", ")}`, { remedy: "write one of them" });
    else
      this.fault(path, undefined, `has ${given.map((group) => group.join(" with ")).join(" and ")} at once`, {
        remedy: "keep one, and write a rule of its own for the other",
      });
  }

  private unknownField(path: FieldPath, name: string, value: unknown, known: readonly string[]): void {
    const former = formerField(name);
    if (former !== undefined) {
      this.fault([...path, name], value, former.rule, former);
      return;
    }
    const meant = closest(name, known);
    const some = known.length > MANY ? `${known.slice(0, MANY).join(", ")} and so on` : known.join(", ");
    this.fault([...path, name], value, "is no field here, and the API server would drop it without a word", {
      remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : known.length > 0 ? `there are ${some}` : "leave it out",
    });
  }

  private list(value: unknown, part: SchemaPart, path: FieldPath): void {
    if (!Array.isArray(value)) {
      this.fault(path, value, "is not a list", {
        remedy: "begin each item with a dash, or write it in square brackets",
      });
      return;
    }
    const { items, minItems = 0, maxItems = Infinity } = part;
    if (value.length < minItems)
      this.fault(path, value, `has ${value.length} items where ${minItems} are the least`, { remedy: "add to it" });
    if (value.length > maxItems)
      this.fault(path, `${value.length} items`, `is longer than the ${maxItems} that it may have`, {
        remedy: maxItems === 0 ? "leave it out: Cilium has removed it" : "split the rule in two",
      });
    if (items === undefined || maxItems === 0) return;
    // By number: forEach leaves gaps out, which would be written as null.
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      const at = [...path, index];
      if (item === undefined)
        this.fault(at, undefined, "is nothing", { remedy: "give it, or take the gap out of the list" });
      else this.value(item, items, at);
    }
  }

  private scalar(value: unknown, part: SchemaPart, path: FieldPath): void {
    const wrong = typeFault(value, part);
    if (wrong !== undefined) {
      this.fault(path, value, wrong.rule, wrong);
      return;
    }
    if (part.enum !== undefined && !part.enum.includes(value)) {
      const choices = part.enum.map(String);
      const meant = closest(textOf(value), choices);
      this.fault(path, value, `is not one of ${choices.join(", ")}`, {
        remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : "choose one of them",
      });
      return;
    }
    if (typeof value === "string") this.text(value, part, path);
    else if (typeof value === "number") this.number(value, part, path);
  }

  private text(value: string, part: SchemaPart, path: FieldPath): void {
    const { minLength = 0, maxLength = Infinity, pattern, format } = part;
    if (value.length < minLength) this.fault(path, value, "is empty", { remedy: "give a text, or leave it out" });
    else if (value.length > maxLength)
      this.fault(path, value, `is longer than ${maxLength} characters`, { remedy: "shorten it" });
    else if (format === "cidr") {
      const wrong = rangeFault(value);
      if (wrong !== undefined) this.fault(path, value, wrong, { remedy: rangeRemedy(value) });
    } else if (pattern !== undefined && !fits(value, pattern)) {
      const name = patternName(pattern);
      this.fault(path, value, `is not ${name.is}`, { remedy: name.remedy });
    }
  }

  private number(value: number, part: SchemaPart, path: FieldPath): void {
    const least = part.minimum ?? (part.format === "int32" ? -LARGEST_INT32 - 1 : -Infinity);
    const most = part.maximum ?? (part.format === "int32" ? LARGEST_INT32 : Infinity);
    if (value < least || value > most)
      this.fault(path, value, `is not from ${least} to ${most}`, { remedy: "give a number within these limits" });
  }

  private fault(path: FieldPath, value: unknown, rule: string, { remedy }: { readonly remedy: string }): void {
    this.faults.push({ path, ...shownValue(value), rule, remedy });
  }
}

function needed(name: string): string {
  return name.endsWith("Selector") ? `write it; ${name}: {} selects everything` : "write it";
}

function typeFault(value: unknown, part: SchemaPart): { readonly rule: string; readonly remedy: string } | undefined {
  const given = typeof value;
  if (given === "object")
    return Array.isArray(value)
      ? { rule: "is a list where one value belongs", remedy: "write one value" }
      : { rule: "is a map where one value belongs", remedy: "write one value" };
  if (part.intOrString === true)
    return given === "string" || Number.isSafeInteger(value)
      ? undefined
      : { rule: "is neither a whole number nor text", remedy: "write a number such as 8080, or a name" };
  switch (part.type) {
    case "string":
      if (given === "string") return undefined;
      return given === "boolean"
        ? { rule: "is true or false where text belongs", remedy: wordRemedy(part) }
        : { rule: "is a number where text belongs", remedy: inQuotes(value) };
    case "boolean":
      return given === "boolean" ? undefined : { rule: "is neither true nor false", remedy: "write true or false" };
    case "integer":
      if (Number.isSafeInteger(value)) return undefined;
      return {
        rule: "is not a whole number",
        remedy:
          given === "string" && /^\d+$/.test(textOf(value)) ? "write it without quotes" : "write a number such as 443",
      };
    case "number":
      return given === "number" ? undefined : { rule: "is not a number", remedy: "write a number" };
    default:
      return undefined;
  }
}

/** YAML reads `Yes` and `No` as true and false. */
function wordRemedy({ enum: choices }: SchemaPart): string {
  if (choices === undefined) return "write the word in quotes";
  return `write ${choices.map((choice) => JSON.stringify(choice)).join(" or ")}, in quotes`;
}

/** What a pattern stands for, in words. */
function patternName(pattern: string): { readonly is: string; readonly remedy: string } {
  if (pattern.includes("6553"))
    return { is: "a port", remedy: 'write a number from 1 to 65535 or a port\'s name, in quotes, e.g. "8080"' };
  if (pattern.startsWith("^([0-9]{1,4})|"))
    return { is: "a port's name", remedy: "use letters, digits and single hyphens" };
  if (pattern.includes("EchoReply"))
    return { is: "a type of ICMP message", remedy: "write its number, 0 to 255, or its name" };
  if (pattern.includes("_*]"))
    return { is: "a pattern of DNS names", remedy: 'write one such as "*.example.com", without a scheme' };
  if (pattern.startsWith("^(\\*"))
    return { is: "a server's name", remedy: 'write one such as api.example.com or "*.example.com"' };
  if (pattern.includes("\\PC")) return { is: "text that can be printed", remedy: "take control characters out" };
  if (pattern.includes("[.]?"))
    return { is: "a DNS name", remedy: "write one such as api.example.com, without a scheme and wildcards" };
  if (pattern.startsWith("^(([A-Za-z0-9]"))
    return {
      is: "a label's value",
      remedy: "use letters, digits, -, _ and . that begin and end with a letter or digit",
    };
  if (pattern.includes("25[0-5]") && pattern.includes("\\/"))
    return { is: "a range of addresses", remedy: "write one such as 10.0.0.0/8" };
  if (pattern.includes("25[0-5]")) return { is: "an address", remedy: "write one such as 169.254.20.10" };
  if (pattern.startsWith("^[a-z0-9]"))
    return { is: "an object's name", remedy: "use lower case letters, digits, - and ." };
  return { is: `of the form ${pattern.slice(0, 60)}`, remedy: "correct it" };
}
