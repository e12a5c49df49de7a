import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Document,
  isCollection,
  isNode,
  isPair,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Tags,
} from "yaml";
import type { Problem } from "../validation";
import { type FieldPath, type Fields, fieldText, isFields } from "./check/fault";
import type { WrittenObject } from "./source";

/** What kubectl takes of a directory. */
const FILE = /\.(ya?ml|json)$/;

const MOST_ALIASES = 1000;
const TOO_MANY_ALIASES = "refers to anchors that are not there, or far too often";

/** What files hold, and what is wrong with them as files. */
export interface FileContents {
  readonly objects: readonly WrittenObject[];
  readonly problems: readonly Problem[];
}

/**
 * Every object in the `.yaml`, `.yml` and `.json` files of directories, those below them included, in the order of their
 * names: several documents a file, lists of kind `List`, and YAML 1.1 as kubectl reads it.
 *
 * @param paths Directories, or single files, from the working directory.
 * @param property What holds them, for messages: `policies.directories`.
 */
export function readPolicyFiles(paths: readonly string[], property: string): FileContents {
  const objects: WrittenObject[] = [];
  const problems: Problem[] = [];
  paths.forEach((path, index) => {
    const files = filesOf(path);
    if (typeof files === "string") problems.push({ property: `${property}[${index}]`, value: path, ...missing(files) });
    else if (files.length === 0)
      problems.push({
        property: `${property}[${index}]`,
        value: path,
        rule: "holds no .yaml, .yml or .json file",
        remedy: "correct the path, which is read from the working directory, or leave it out",
      });
    else
      for (const file of files) {
        const contents = readOnce(file);
        objects.push(...contents.objects);
        problems.push(...contents.problems);
      }
  });
  return { objects, problems };
}

/** Environments often share directories; a file that did not change is not parsed again. */
const known = new Map<string, { readonly text: string; readonly contents: FileContents }>();

function readOnce(file: string): FileContents {
  const text = readFileSync(file, "utf8");
  const before = known.get(file);
  if (before?.text === text) return before.contents;
  const contents = readPolicyText(text, file);
  known.set(file, { text, contents });
  return contents;
}

function missing(what: string) {
  return { rule: what, remedy: "correct the path, which is read from the working directory" };
}

function filesOf(path: string): string[] | string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "is not there";
  if (!found.isDirectory()) return FILE.test(path) ? [path] : "is neither a directory nor a .yaml, .yml or .json file";
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"))
    .sort();
}

/** The objects in the text of one file. */
export function readPolicyText(text: string, file: string): FileContents {
  const lines = new LineCounter();
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    version: "1.1",
    schema: "yaml-1.1",
    customTags: asKubectl,
  });
  const objects: WrittenObject[] = [];
  const problems: Problem[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push({
        property: at(error.pos[0]),
        rule: `is not YAML: ${lowerFirst(error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "")}`,
        remedy: "correct it; what follows in this document was not read",
      });
      continue;
    }
    const content = contentOf(document);
    if (content === TOO_MANY_ALIASES) {
      problems.push({ property: at(document.range?.[0] ?? 0), rule: TOO_MANY_ALIASES, remedy: "write it out" });
      continue;
    }
    if (content === null || content === undefined) continue;
    const begins = at(document.contents?.range?.[0] ?? 0);
    if (!isFields(content)) {
      problems.push({
        property: begins,
        rule: "is no object of Kubernetes",
        remedy: "write apiVersion, kind and so on",
      });
      continue;
    }
    const items = content["kind"] === "List" ? content["items"] : undefined;
    if (!Array.isArray(items)) objects.push(written(document, content, [], at));
    else
      items.forEach((item: unknown, index) => {
        if (isFields(item)) objects.push(written(document, item, ["items", index], at));
        else problems.push({ property: begins, rule: `has an item ${index} that is no object`, remedy: "take it out" });
      });
  }
  return { objects, problems };
}

/** A few lines of anchors and aliases can stand for gigabytes; kubectl refuses them as well. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    return TOO_MANY_ALIASES;
  }
}

/** YAML 1.1 as kubectl reads it: no numbers to base 60, and dates are text. */
function asKubectl(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag !== "object") return tag !== "timestamp" && tag !== "floatTime" && tag !== "intTime";
    return tag.format !== "TIME" && tag.tag !== "tag:yaml.org,2002:timestamp";
  });
}

function written(document: Document, object: Fields, prefix: FieldPath, at: (offset: number) => string): WrittenObject {
  const nameOf = (path: FieldPath) => {
    const offset = offsetOf(document, [...prefix, ...path]);
    return path.length === 0 ? at(offset) : `${at(offset)} ${fieldText(path)}`;
  };
  return { object, nameOf, place: nameOf([]) };
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
