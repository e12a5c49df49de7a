import { existsSync, readFileSync, statSync } from "node:fs";
import type { Finding, Report } from "../model/report";
import { SEVERITIES } from "../model/report";
import { isObject } from "../model/value";
import { UnreadableError } from "../readers/unreadable";
import { RULES } from "../rules";
import { isLocation } from "./location";
import { visibleAll } from "./visible";

/** Reports are made of a comment's worth of text; this is a hundred times the largest seen. */
const LARGEST_REPORT = 64 * 1024 * 1024;

const known = new Map(RULES.map((rule) => [rule.id, rule]));

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);
const shape =
  (properties: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(properties).every(([name, check]) => check(value[name]));

const severity = oneOf(...SEVERITIES);
const action = oneOf("no-op", "create", "update", "replace", "delete", "forget", "read", "move", "import", "other");

/** Our own sentences: nothing in them is Markdown, a mention or an address. */
const prose: Check = (value) => typeof value === "string" && /^[\w .,:;'"()/=<>→%-]*$/.test(value);

const finding = {
  rule: (value: unknown) => typeof value === "string" && known.has(value),
  severity,
  title: text,
  stack: maybe(text),
  address: maybe(text),
  constructPath: maybe(text),
  detail: text,
  consequence: text,
  remedy: text,
  source: text,
  certainty: oneOf("planned", "predicted"),
  location: maybe(isLocation),
};

const resource = shape({
  // Becomes an anchor in a page.
  id: (value) => typeof value === "string" && /^r-[0-9a-f]{10}$/.test(value),
  address: text,
  previousAddress: maybe(text),
  constructPath: maybe(text),
  type: text,
  action,
  order: maybe(oneOf("delete-first", "create-first", "forget")),
  why: listOf(text),
  severity: maybe(severity),
  rules: listOf(text),
  fields: listOf(
    shape({
      path: text,
      before: maybe(text),
      after: maybe(text),
      kind: oneOf("added", "removed", "changed"),
      forces: maybe((value) => value === true),
      lines: maybe(listOf(text)),
      note: maybe(text),
    }),
  ),
  recomputed: listOf(text),
  chart: maybe(
    shape({
      chart: text,
      from: text,
      to: text,
      basis: text,
      changedDefaults: listOf(shape({ key: text, before: text, after: text })),
      removedInUse: listOf(text),
      removed: listOf(text),
      added: number,
    }),
  ),
});

const counts = ["create", "update", "replace", "delete", "forget", "import", "move", "configure", "invoke", "other"];

const stack = shape({
  name: text,
  environment: text,
  mode: oneOf("plan", "offline"),
  status: oneOf("changed", "unchanged", "removed", "failed", "incomplete", "skipped"),
  added: (value) => typeof value === "boolean",
  dependencies: listOf(text),
  counts: shape(Object.fromEntries(counts.map((name) => [name, number]))),
  resources: listOf(resource),
  drift: listOf(resource),
  checks: listOf(shape({ address: text, status: text, messages: listOf(text) })),
  outputs: number,
  notes: listOf(text),
  error: maybe(text),
});

const revision = maybe(shape({ name: text, commit: maybe(text) }));

const report = shape({
  schema: oneOf("gke-cilium-preview/1"),
  version: text,
  base: revision,
  head: revision,
  verdict: oneOf("unchanged", "changes", "risk", "error"),
  failOn: oneOf(...SEVERITIES, "never"),
  findings: listOf(shape(finding)),
  allowed: listOf(shape({ ...finding, reason: text, expires: text })),
  stacks: listOf(stack),
  problems: listOf(text),
  remarks: maybe(listOf(text)),
  limits: listOf(prose),
});

/** A finding's sentences are the rule's own, so that nobody puts words of theirs where a reader trusts ours. */
function speaksOurWords(found: Finding): boolean {
  const rule = known.get(found.rule);
  if (!rule || rule.title !== found.title || rule.source !== found.source) return false;
  const { consequence, remedy } = found;
  return (consequence === rule.consequence || prose(consequence)) && (remedy === rule.remedy || prose(remedy));
}

/**
 * Reads a report that `--format json` wrote, perhaps on another machine: every property is checked, and text that could
 * mislead is made visible once more.
 *
 * @throws UnreadableError
 */
export function readReport(file: string): Report {
  const wrong = (what: string): never => {
    throw new UnreadableError(file, what, "give a file that 'gke-cilium-preview --format json' wrote");
  };
  if (!existsSync(file)) return wrong("does not exist");
  if (statSync(file).size > LARGEST_REPORT) return wrong(`is larger than ${LARGEST_REPORT} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return wrong("is not JSON");
  }
  if (!report(value)) return wrong("is not a report of this version");
  const read = value as Report;
  if (![...read.findings, ...read.allowed].every(speaksOurWords))
    return wrong("has findings that no rule of this version makes");
  return visibleAll(read);
}
