import { isObject, type Json, type JsonObject } from "../json";
import type { FieldType, MessageSchema, ServiceSchema } from "./schema";

/** One thing that a body cannot hold. */
export interface Violation {
  /** Where, as the API's own language writes it: `cluster.node_config.taints[0]`; empty at the top. */
  readonly field: string;
  readonly description: string;
}

/** A body as the API understands it, and what is wrong with it. */
export interface Reading {
  readonly body: JsonObject;
  readonly violations: readonly Violation[];
}

/** What a number of each type must lie between. */
const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

const TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads a body as Google's gateways read JSON into protocol buffers: names in camel or snake case, enums also in lower case,
 * numbers also as strings, `null` as absent. Everything that does not fit is told, in their words.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export function readBody(schema: ServiceSchema, message: string, body: JsonObject): Reading {
  const reader = new Reader(schema);
  const read = reader.message(schema.messages[message]!, body, "");
  return { body: read, violations: reader.violations };
}

class Reader {
  public readonly violations: Violation[] = [];

  public constructor(private readonly schema: ServiceSchema) {}

  public message(message: MessageSchema, value: JsonObject, path: string): JsonObject {
    const read: JsonObject = {};
    for (const [key, field] of Object.entries(value)) {
      const name = message.fields[key] === undefined ? camelCase(key) : key;
      const type = message.fields[name];
      if (type === undefined) this.unknown(key, path, "Cannot find field.");
      else if (field === null || field === undefined) read[name] = field;
      else read[name] = this.field(type, field, key, path, name);
    }
    return read;
  }

  private field(type: FieldType, value: Json, key: string, parent: string, name: string): Json {
    const path = parent === "" ? snakeCase(name) : `${parent}.${snakeCase(name)}`;
    if (type.startsWith("[]")) {
      // One thing counts as a list of it.
      const items = Array.isArray(value) ? value : [value];
      return items.map((item, i) => this.single(type.slice(2), item, `${path}[${i}]`, name));
    }
    if (Array.isArray(value) && type !== "any") {
      this.unknown(key, parent, "Proto field is not repeating, cannot start list.");
      return value;
    }
    if (!type.startsWith("{}")) return this.single(type, value, path, name);
    if (!isObject(value)) return this.invalid(path, "Map", value);
    const entries = Object.entries(value).map(([entry, item], i) => [
      entry,
      item === null || item === undefined ? item : this.single(type.slice(2), item, `${path}[${i}].value`, name),
    ]);
    return Object.fromEntries(entries) as JsonObject;
  }

  private single(type: FieldType, value: Json, path: string, name: string): Json {
    if (type === "any") return value;
    if (type.startsWith("@")) {
      const message = this.schema.messages[type.slice(1)]!;
      // A message without fields is one of those that hold anything.
      if (isObject(value)) return Object.keys(message.fields).length === 0 ? value : this.message(message, value, path);
      return this.invalid(path, `type.googleapis.com/${message.name}`, value);
    }
    if (isObject(value) || Array.isArray(value)) {
      this.add(path, `Invalid value at '${path}' (${typeName(type)}), Starting an object on a scalar field`);
      return value;
    }
    if (type.startsWith("#")) return this.enumValue(type.slice(1), value, path);
    return this.scalar(type, value, path, name);
  }

  private enumValue(name: string, value: Json, path: string): Json {
    const values = this.schema.enums[name]!;
    if (typeof value === "number" && Number.isInteger(value)) return value;
    if (typeof value === "string") {
      const found = [value, value.toUpperCase().replace(/-/g, "_")].find((each) => values.includes(each));
      if (found !== undefined) return found;
    }
    return this.invalid(path, `type.googleapis.com/${name}`, value);
  }

  private scalar(type: FieldType, value: Json, path: string, name: string): Json {
    const range = RANGES[type];
    if (range) {
      const number = integerOf(value);
      if (number === undefined || number < range[0] || number > range[1]) {
        return this.invalid(path, typeName(type), value);
      }
      return type.endsWith("64") ? value : Number(number);
    }
    if (type === "float" || type === "double") {
      const text = typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value));
      return typeof value === "number" || text ? Number(value) : this.invalid(path, typeName(type), value);
    }
    if (type === "bool") {
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : this.invalid(path, typeName(type), value);
    }
    if (typeof value !== "string") return this.invalid(path, typeName(type), value);
    if (type === "timestamp" && (!TIME.test(value) || Number.isNaN(Date.parse(value)))) {
      this.add(path, `Invalid value at '${path}' (${typeName(type)}), Field '${name}', Invalid time format: ${value}`);
    }
    if (type === "duration" && !/^-?\d+(\.\d{1,9})?s$/.test(value)) {
      const rule = value.endsWith("s") ? "Failed to parse" : "Illegal duration format; duration must end with 's'";
      this.add(path, `Invalid value at '${path}' (${typeName(type)}), Field '${name}', ${rule}`);
    }
    return value;
  }

  private unknown(key: string, path: string, rule: string): void {
    const where = path === "" ? "" : ` at '${path}'`;
    this.add(path, `Invalid JSON payload received. Unknown name "${key}"${where}: ${rule}`);
  }

  private invalid(path: string, type: string, value: Json): Json {
    this.add(path, `Invalid value at '${path}' (${type}), ${JSON.stringify(value)}`);
    return value;
  }

  private add(field: string, description: string): void {
    this.violations.push({ field, description });
  }
}

function typeName(type: FieldType): string {
  if (type === "timestamp") return "type.googleapis.com/google.protobuf.Timestamp";
  if (type === "duration") return "type.googleapis.com/google.protobuf.Duration";
  if (type.startsWith("#")) return `type.googleapis.com/${type.slice(1)}`;
  return `TYPE_${type === "fieldmask" ? "STRING" : type.toUpperCase()}`;
}

/** The integer that a value means: a number without fraction, or the digits of one. */
function integerOf(value: Json): bigint | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
