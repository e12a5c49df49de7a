import { structuredPatch } from "diff";
import { parseAllDocuments } from "yaml";
import { isObject, type Value } from "../model/value";

/** Above this a diff of lines would cost more time than anybody would read it. */
const LONGEST_TEXT = 400_000;
/** Characters of a document up to which it is refused for a key that it has twice. */
const LONGEST_CHECKED = 20_000;
const MOST_EDITS = 1_500;
const CONTEXT = 2;

/**
 * A string that holds a document: JSON, or YAML of several lines that is a mapping or list.
 *
 * @returns undefined for every other text, an unparsable document among them.
 */
export function parseDocument(text: string): Value | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const start = text.trimStart()[0];
  if (start === "{" || start === "[") return parseYaml(text);
  // `replicas: 2` is a document of one line, `prod: Cilium on GKE` a title.
  return text.includes("\n") || /^[\w.-]+:(?: \S+)?$/.test(text) ? parseYaml(text) : undefined;
}

/** YAML as Helm reads it; several documents become a list. JSON, which is YAML too, is read fifty times faster as such. */
export function parseYaml(text: string): Value | undefined {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text) as Value;
    } catch {
      // YAML in its flow style.
    }
  }
  // Anchors may nest so that ten lines become gigabytes; `maxAliasCount` makes the parser refuse that.
  // The search for a key that is there twice compares each with each; in a long document the later one simply wins.
  const uniqueKeys = text.length < LONGEST_CHECKED;
  const documents = parseAllDocuments(text, { logLevel: "silent", merge: true, uniqueKeys });
  if ("empty" in documents) return undefined;
  try {
    const values = documents.map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS({ maxAliasCount: 100 }) as Value;
    });
    const value = values.length === 1 ? values[0] : values.filter((v) => v !== null);
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The lines that differ, with two lines of context, each line with its sign. */
export function diffLines(before: string, after: string): readonly string[] | undefined {
  if (before.length > LONGEST_TEXT || after.length > LONGEST_TEXT) return undefined;
  const patch = structuredPatch("", "", before, after, "", "", { context: CONTEXT, maxEditLength: MOST_EDITS });
  if (!patch) return undefined;
  return patch.hunks.flatMap((hunk, i) => [
    ...(i > 0 ? [`@@ line ${hunk.newStart} @@`] : []),
    ...hunk.lines.filter((line) => !line.startsWith("\\")),
  ]);
}
