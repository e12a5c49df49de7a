/**
 * YAML as most policies are written: maps and lists by indentation, plain words, numbers and simple quotes, flow style
 * within a line. It is read here in a tenth of the time that a parser of all of YAML takes; whatever goes beyond is not
 * read, and left to that one. So is what is wrong, which has to be told with its place.
 */

/** What a document holds. */
export interface PlainDocument {
  /** Undefined where there are comments at most. */
  readonly value: unknown;
  /** The line, counted from 0, where its content begins. */
  readonly line: number;
}

interface Line {
  readonly indent: number;
  readonly text: string;
  readonly number: number;
}

/** Thrown where something goes beyond; never leaves this file. */
const BEYOND = new Error("not plain");

/** Tabs and other control characters, further kinds of spaces, and what some take for the end of a line. */
const STRANGE = /(?![ \r\n])[\s\p{C}]|\r(?!\n)/u;
/** An implicit key may have 1,024 characters. */
const LONGEST_LINE = 1000;

/** The words of YAML 1.1 that are no text. */
const WORDS = new Map<string, boolean | null>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["null", "Null", "NULL", "~"].map((word) => [word, null] as const),
]);

/** A key and what follows its colon on the line. */
const KEY = /^(?:([A-Za-z_](?:[\w./-]|:(?! |$))*)|"([^"\\]*)"|'([^']*)'):(?: +(.*))?$/;
const ITEM = /^-(?:( +)(.*))?$/;
const QUOTED = /^(?:"([^"\\]*)"|'([^']*)')$/;

/**
 * Reads one document, with or without the line of dashes that begins it.
 *
 * @returns undefined where it is not plain.
 */
export function readPlainYaml(text: string): PlainDocument | undefined {
  if (STRANGE.test(text)) return undefined;
  try {
    return new Reader(linesOf(text)).document();
  } catch (error) {
    if (error === BEYOND) return undefined;
    throw error;
  }
}

function beyond(): never {
  throw BEYOND;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  text.split("\n").forEach((each, number) => {
    const whole = each.endsWith("\r") ? each.slice(0, -1) : each;
    if (whole.length > LONGEST_LINE) beyond();
    const trimmed = whole.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return;
    if (number === 0 && /^---( |$)/.test(whole)) {
      if (/^---( +(#.*)?)?$/.test(whole)) return;
      beyond();
    }
    lines.push({ indent: whole.length - whole.trimStart().length, text: trimmed, number });
  });
  return lines;
}

class Reader {
  private at = 0;

  public constructor(private readonly lines: Line[]) {}

  public document(): PlainDocument {
    const [first] = this.lines;
    if (first === undefined) return { value: undefined, line: 0 };
    if (first.indent !== 0) beyond();
    const value = this.block(first);
    if (this.at < this.lines.length) beyond();
    return { value, line: first.number };
  }

  private block(first: Line): unknown {
    return ITEM.test(first.text) ? this.list(first.indent) : this.map(first.indent);
  }

  private list(indent: number): unknown[] {
    const items: unknown[] = [];
    for (let line = this.lines[this.at]; line?.indent === indent; line = this.lines[this.at]) {
      const [, space = "", rest = ""] = ITEM.exec(line.text) ?? [beyond()];
      if (rest === "" || rest.startsWith("#")) {
        this.at++;
        items.push(this.below(indent));
      } else if (KEY.test(rest)) {
        // `- key: value` begins a map where its key stands.
        this.lines[this.at] = { ...line, indent: indent + 1 + space.length, text: rest };
        items.push(this.map(indent + 1 + space.length));
      } else {
        this.at++;
        items.push(inlineValue(rest));
      }
      this.ends(indent);
    }
    return items;
  }

  private map(indent: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (let line = this.lines[this.at]; line?.indent === indent; line = this.lines[this.at]) {
      const [, plain, double, single, rest = ""] = KEY.exec(line.text) ?? [beyond()];
      this.at++;
      const isEmpty = rest === "" || rest.startsWith("#");
      put(fields, plain, double ?? single, isEmpty ? this.below(indent, true) : inlineValue(rest));
      this.ends(indent);
    }
    return fields;
  }

  /** What stands on the lines below a key or a dash. A list may stand as far left as the key that it belongs to. */
  private below(indent: number, ofKey = false): unknown {
    const next = this.lines[this.at];
    if (next === undefined) return null;
    if (next.indent > indent) return this.block(next);
    return ofKey && next.indent === indent && ITEM.test(next.text) ? this.list(indent) : null;
  }

  /** After an entry nothing may stand further right: it would belong to what is read already. */
  private ends(indent: number): void {
    if ((this.lines[this.at]?.indent ?? 0) > indent) beyond();
  }
}

function put(fields: Record<string, unknown>, plain: string | undefined, quoted: string | undefined, value: unknown) {
  const key = plain ?? quoted ?? beyond();
  if ((plain !== undefined && WORDS.has(plain)) || Object.hasOwn(fields, key) || key === "__proto__") beyond();
  fields[key] = value;
}

/** A value on the line of its key or dash, without the comment behind it. */
function inlineValue(text: string): unknown {
  const comment = text.indexOf(" #");
  const bare = (comment === -1 ? text : text.slice(0, comment)).trimEnd();
  if (bare.startsWith("{") || bare.startsWith("[")) return new FlowReader(bare).whole();
  const quoted = QUOTED.exec(bare);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (/: |:$|^[-?:](?: |$)/.test(bare)) beyond();
  return plainValue(bare);
}

/** What a word without quotes stands for. */
function plainValue(text: string): unknown {
  if (/^[A-Za-z~]/.test(text)) return WORDS.has(text) ? (WORDS.get(text) ?? null) : text;
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  const isText = /^[/^($_]/.test(text) || /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/.test(text);
  return isText ? text : beyond();
}

/** Flow style within one line. */
class FlowReader {
  private at = 0;

  public constructor(private readonly text: string) {}

  public whole(): unknown {
    const value = this.value();
    return this.at === this.text.length ? value : beyond();
  }

  private value(): unknown {
    const next = this.text[this.at];
    if (next === "{") return this.map();
    if (next === "[") return this.list();
    const quoted = this.take(/"([^"\\]*)"|'([^']*)'/y);
    if (quoted !== undefined) return quoted[1] ?? quoted[2];
    const [word] = this.take(/[A-Za-z0-9/^($_~](?:[\w./^$()@=+~*-]|:(?![ ,[\]{}]|$)| (?=[\w./-]))*/y) ?? [beyond()];
    return plainValue(word ?? beyond());
  }

  private list(): unknown[] {
    return this.items("]", [] as unknown[], (items) => items.push(this.value()));
  }

  private map(): Record<string, unknown> {
    return this.items("}", {} as Record<string, unknown>, (fields) => {
      const [, plain, double, single] = this.take(
        /(?:([A-Za-z_](?:[\w./-]|:(?![ ,[\]{}]|$))*)|"([^"\\]*)"|'([^']*)'): +/y,
      ) ?? [beyond()];
      put(fields, plain, double ?? single, this.value());
    });
  }

  private items<T>(end: string, collection: T, read: (collection: T) => void): T {
    this.at++;
    this.take(/ +/y);
    if (this.text[this.at] === end) {
      this.at++;
      return collection;
    }
    for (;;) {
      read(collection);
      this.take(/ +/y);
      const next = this.text[this.at++];
      if (next === end) return collection;
      if (next !== ",") beyond();
      this.take(/ +/y);
    }
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }
}
