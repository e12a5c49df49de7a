import {
  type Alias,
  type Document,
  isCollection,
  isNode,
  isPair,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Tags,
  visit,
} from "yaml";
import type { Problem } from "../validation";
import { type FieldPath, type Fields, fieldText, isFields } from "./check/fault";
import { readPlainYaml } from "./plain-yaml";
import type { WrittenObject } from "./source";

const MOST_ALIASES = 1000;

/** What files hold, and what is wrong with them as files. */
export interface FileContents {
  readonly objects: readonly WrittenObject[];
  readonly problems: readonly Problem[];
}

/** One document. */
interface Content {
  readonly value: unknown;
  /** File and line where a field begins; of the empty path, the document. */
  readonly placeOf: (path: FieldPath) => string;
}

/** What a line of a part of a file is called, counted from 1: `policies/shop.yaml:12`. */
type LineName = (line: number) => string;

/** The objects in the text of one file. */
export function readPolicyText(text: string, file: string): FileContents {
  const objects: WrittenObject[] = [];
  const problems: Problem[] = [];
  const contents = partsOf(text).flatMap((part) => contentsOf(part.text, (line) => `${file}:${part.before + line}`));
  for (const content of contents) {
    if ("rule" in content) {
      problems.push(content);
      continue;
    }
    const { placeOf, value } = content;
    if (value === null || value === undefined) continue;
    if (!isFields(value)) {
      problems.push({
        property: placeOf([]),
        rule: "is no object of Kubernetes",
        remedy: "write apiVersion, kind and so on",
      });
      continue;
    }
    const items = isList(value) ? value["items"] : undefined;
    if (!Array.isArray(items)) objects.push(writtenAt(value, [], placeOf));
    else
      items.forEach((item: unknown, index) => {
        if (isFields(item)) objects.push(writtenAt(itemOf(value, item), ["items", index], placeOf));
        else
          problems.push({
            property: placeOf([]),
            rule: `has an item ${index} that is no object`,
            remedy: "take it out",
          });
      });
  }
  return { objects, problems };
}

/** `List`, and `NetworkPolicyList` and others that the API server answers with. */
function isList({ kind }: Fields): boolean {
  return typeof kind === "string" && kind.endsWith("List");
}

/** An item of a list of one kind, whose kind need not be repeated. */
function itemOf({ apiVersion, kind }: Fields, item: Fields): Fields {
  return kind === "List" ? item : { apiVersion, kind: String(kind).replace(/List$/, ""), ...item };
}

/** An object, with names of its fields as if it stood alone. */
function writtenAt(object: Fields, within: FieldPath, placeOf: Content["placeOf"]): WrittenObject {
  const nameOf = (path: FieldPath) => {
    const place = placeOf([...within, ...path]);
    return path.length === 0 ? place : `${place} ${fieldText(path)}`;
  };
  return { object, place: placeOf(within), nameOf };
}

/** Documents apart, so that one that is hard to read does not slow the others down. Directives are left to the parser. */
function partsOf(text: string): { readonly text: string; readonly before: number }[] {
  if (/^(?:%|\.\.\.(?:\s|$))/m.test(text)) return [{ text, before: 0 }];
  const starts = [...text.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index);
  if (starts[0] !== 0) starts.unshift(0);
  let before = 0;
  return starts.map((start, index) => {
    const part = { text: text.slice(start, starts[index + 1]), before };
    before += part.text.split("\n").length - 1;
    return part;
  });
}

function contentsOf(text: string, at: LineName): (Content | Problem)[] {
  const plain = readPlainYaml(text);
  if (plain === undefined) return fullContents(text, at);
  if (plain.value === undefined) return [];
  // Where its fields stand is worked out where something is said of them, and then the whole of it.
  let full: Content | undefined;
  const placeOf = (path: FieldPath) => {
    if (path.length === 0) return at(plain.line + 1);
    full ??= fullContents(text, at).find((each): each is Content => "placeOf" in each && each.value !== null);
    return full?.placeOf(path) ?? at(plain.line + 1);
  };
  return [{ value: plain.value, placeOf }];
}

/** Documents by a parser of all of YAML. */
function fullContents(text: string, atLine: LineName): (Content | Problem)[] {
  const lines = new LineCounter();
  const at = (offset: number) => atLine(lines.linePos(offset).line);
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    // What is odd about it is told with the object; the parser would write to the terminal.
    logLevel: "error",
    version: "1.1",
    schema: "yaml-1.1",
    customTags: asKubectl,
  });
  return (Array.isArray(documents) ? documents : []).map((document: Document): Content | Problem => {
    const [error] = document.errors;
    if (error !== undefined) {
      const message = error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";
      return {
        property: at(error.pos[0]),
        rule: `is not YAML: ${lowerFirst(message)}`,
        remedy: "correct it; what follows in this document was not read",
      };
    }
    try {
      // A few lines of anchors and aliases can stand for gigabytes; kubectl refuses them as well.
      const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
      return { value, placeOf: (path) => at(offsetOf(document, path)) };
    } catch (error) {
      return { ...whyUnread(document, at, error), remedy: "write it out" };
    }
  });
}

/** For which alias, or what else, a document cannot be read. */
function whyUnread(
  document: Document,
  at: (offset: number) => string,
  error: unknown,
): Pick<Problem, "property" | "rule"> {
  let first: number | undefined;
  let lost: Alias | undefined;
  visit(document, {
    Alias: (_, alias) => {
      first ??= alias.range?.[0];
      lost ??= alias.resolve(document) === undefined ? alias : undefined;
    },
  });
  if (lost !== undefined)
    return { property: at(lost.range?.[0] ?? 0), rule: `refers to the anchor ${lost.source}, which is not there` };
  const said = error instanceof Error ? error.message : "";
  if (/alias count/.test(said))
    return { property: at(first ?? 0), rule: "is among aliases that refer to anchors far too often" };
  return { property: at(document.contents?.range?.[0] ?? 0), rule: `cannot be read: ${lowerFirst(said)}` };
}

/** Numbers of the parser's that kubectl takes for text have no digit before the exponent, or none at all: `e2`, `.`. */
const FLOATS: Readonly<Record<string, RegExp>> = {
  EXP: /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$/,
  FLOAT: /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/,
};

/** YAML 1.1 as kubectl reads it: no numbers to base 60, dates are text, and numbers have digits. */
function asKubectl(tags: Tags): Tags {
  return tags.flatMap((tag): Tags => {
    if (typeof tag !== "object") return ["timestamp", "floatTime", "intTime"].includes(tag) ? [] : [tag];
    if (tag.format === "TIME" || tag.tag === "tag:yaml.org,2002:timestamp") return [];
    if (tag.tag !== "tag:yaml.org,2002:float" || tag.test?.test("nothing") === undefined) return [tag];
    const test = tag.format === "EXP" ? FLOATS["EXP"] : tag.test.test(".inf") ? tag.test : FLOATS["FLOAT"];
    return [{ ...tag, test } as typeof tag];
  });
}

/** Where a field begins; where it is missing, what should hold it. */
function offsetOf(document: Document, path: FieldPath): number {
  let node: Node | null = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (!isCollection(node)) return offset;
    const pair = node.items.find(
      (item) => isPair(item) && isNode(item.key) && String(item.key.toJSON()) === String(step),
    );
    const next = isPair(pair) ? pair.value : typeof step === "number" ? node.items[step] : undefined;
    const start = isPair(pair) && isNode(pair.key) ? pair.key.range?.[0] : isNode(next) ? next.range?.[0] : undefined;
    if (start === undefined) return offset;
    offset = start;
    node = isNode(next) ? next : null;
  }
  return offset;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
