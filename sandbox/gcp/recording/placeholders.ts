import { isObject, type Json, type JsonObject } from "../json";
import { CONTENT } from "./recording";

/** What the simulator makes up and is another each time, by kind. More telling kinds come first. */
const MADE_UP: readonly (readonly [kind: string, pattern: string])[] = [
  ["operation", "operation-\\d{13}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}"],
  ["time", "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z"],
  ["uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"],
  ["hex", "(?<![0-9a-zA-Z])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8})(?![0-9a-zA-Z])"],
  ["id", "(?<![0-9a-zA-Z.])\\d{15,21}(?![0-9a-zA-Z])"],
  ["fingerprint", "(?<![0-9a-zA-Z+/])[0-9a-zA-Z+/]{11}=(?!=)"],
];

const MADE_UP_PATTERN = new RegExp(MADE_UP.map(([kind, pattern]) => `(?<${kind}>${pattern})`).join("|"), "g");

/** Fields that follow from content which recordings leave out. */
const OF_CONTENT = new Set(["md5Hash", "crc32c", "size"]);

/** Fields of answers that tell who asks, and where the control plane of a cluster is. */
const OF_PLACE = new Set(["user", "endpoint", "privateEndpoint", "publicEndpoint", "clusterCaCertificate"]);

/** A placeholder: `{{operation:3}}`, or `{{time}}`, which is another each time it appears. */
const PLACEHOLDER = /\{\{(\w+)(?::(\d+))?\}\}/g;

/** Replaces what is made up by placeholders: the same text by the same one throughout a recording. */
export class Namer {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly literals = new Set<string>();

  public constructor(private readonly origin: string) {}

  /** What the client sent: only what the simulator made up before is replaced; what looks alike is the client's own. */
  public sent<T extends Json>(value: T): T {
    return this.walk(value, (text) =>
      text.replace(MADE_UP_PATTERN, (found) => {
        const known = this.names.get(found);
        if (!known) this.literals.add(found);
        return known ?? found;
      }),
    ) as T;
  }

  /** What the simulator answered. */
  public answered<T extends Json>(value: T): T {
    const replace = (text: string) =>
      text.replace(MADE_UP_PATTERN, (...match) => {
        const [found] = match as [string];
        if (this.literals.has(found)) return found;
        const groups = match.at(-1) as Record<string, string | undefined>;
        const kind = MADE_UP.find(([name]) => groups[name] !== undefined)![0];
        return kind === "time" ? "{{time}}" : this.name(kind, found);
      });
    return this.walk(value, replace, OF_PLACE) as T;
  }

  private name(kind: string, found: string): string {
    const known = this.names.get(found);
    if (known) return known;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const name = `{{${kind}:${count}}}`;
    this.names.set(found, name);
    return name;
  }

  private walk(value: Json, replace: (text: string) => string, leftOut: ReadonlySet<string> = new Set()): Json {
    if (typeof value === "string") return replace(value.replaceAll(this.origin, "{{origin:0}}"));
    if (Array.isArray(value)) return value.map((item) => this.walk(item, replace, leftOut));
    if (!isObject(value)) return value;
    const walked: JsonObject = {};
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const isLeftOut = typeof field === "string" && (OF_CONTENT.has(key) || leftOut.has(key));
      walked[replace(key)] = isLeftOut ? CONTENT : this.walk(field, replace, leftOut);
    }
    return walked;
  }
}

/** Gives placeholders their values during a replay, as they are met. */
export class Bindings {
  private readonly values = new Map<string, string>();

  public constructor(origin: string) {
    this.values.set("{{origin:0}}", origin);
  }

  /** The text with values put in. @throws Error where one is not known yet */
  public fill(text: string): string {
    return text.replace(PLACEHOLDER, (placeholder) => {
      const value = this.values.get(placeholder);
      if (value === undefined) throw new Error(`${placeholder} has no value yet; was the recording made in parallel?`);
      return value;
    });
  }

  /** Whether a text fits a recorded one; placeholders met for the first time take their value from it. */
  public fits(recorded: string, actual: string): boolean {
    if (!recorded.includes("{{")) return recorded === actual;
    const found: string[] = [];
    const source = recorded
      .split(/(\{\{\w+(?::\d+)?\}\})/)
      .map((part) => {
        if (!part.startsWith("{{")) return literally(part);
        const bound = this.values.get(part);
        if (bound !== undefined) return literally(bound);
        if (!part.includes(":")) return "[^\\n]*";
        if (found.includes(part)) return `\\${found.indexOf(part) + 1}`;
        found.push(part);
        return `(${patternOf(part)})`;
      })
      .join("");
    const match = new RegExp(`^${source}$`).exec(actual);
    if (!match) return false;
    for (const [index, placeholder] of found.entries()) this.values.set(placeholder, match[index + 1]!);
    return true;
  }
}

/** What a placeholder can stand for. */
function patternOf(placeholder: string): string {
  const kind = /\w+/.exec(placeholder)![0];
  return MADE_UP.find(([name]) => name === kind)?.[1] ?? "[^/\\n]+";
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
