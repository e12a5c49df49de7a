/** What a value may be, as the chart's schema or the agent's flags say. */
export type ValueType =
  | { readonly kind: "null" | "boolean" | "string" | "number" | "object" }
  | { readonly kind: "integer"; readonly from?: number; readonly to?: number }
  | { readonly kind: "list"; readonly of?: ValueType }
  | { readonly kind: "literal"; readonly value: string | number | boolean };

const RANGE = /^integer\((-?\d*)\.\.(-?\d*)\)$/;

/** Reads a cell of `chart-schema.tsv`, e.g. `null|string[]|integer(0..255)|"Local"`. */
export function parseValueTypes(cell: string): ValueType[] {
  return cell.split("|").flatMap((text) => parseType(text) ?? []);
}

function parseType(text: string): ValueType | undefined {
  if (text.startsWith('"')) return { kind: "literal", value: JSON.parse(text) as string };
  if (text.endsWith("[]")) {
    const item = parseType(text.slice(0, -2));
    return item === undefined ? { kind: "list" } : { kind: "list", of: item };
  }
  const range = RANGE.exec(text);
  if (range) {
    const [, from, to] = range;
    return { kind: "integer", ...(from ? { from: Number(from) } : {}), ...(to ? { to: Number(to) } : {}) };
  }
  if (text === "integer") return { kind: "integer" };
  if (text === "null" || text === "boolean" || text === "string" || text === "number" || text === "object")
    return { kind: text };
  return undefined;
}

/** Whether a value is of a type. */
export function isOfType(value: unknown, type: ValueType): boolean {
  switch (type.kind) {
    case "null":
      return value === null;
    case "literal":
      return value === type.value;
    case "integer":
      return (
        typeof value === "number" &&
        Number.isInteger(value) &&
        value >= (type.from ?? -Infinity) &&
        value <= (type.to ?? Infinity)
      );
    case "list":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type.kind;
  }
}

/** A type in words: `true or false`, `a list of texts`. */
export function typeInWords(type: ValueType): string {
  switch (type.kind) {
    case "null":
      return "null";
    case "literal":
      return String(type.value);
    case "boolean":
      return "true or false";
    case "string":
      return "text";
    case "number":
      return "a number";
    case "object":
      return "a map";
    case "integer": {
      const range = type.from !== undefined && type.to !== undefined ? ` from ${type.from} to ${type.to}` : "";
      return `a whole number${range}`;
    }
    case "list":
      return type.of?.kind === "string" ? "a list of texts" : "a list";
  }
}
