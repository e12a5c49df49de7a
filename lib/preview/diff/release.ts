import type { FieldChange } from "../model/report";
import { isEqual, isObject, type Value } from "../model/value";
import { diffDocuments } from "./fields";
import { effectiveValues } from "./helm-values";
import type { Reading } from "./marks";

/** `metadata` is what Helm reports after the apply; the others are shown as the values they add up to. */
export const RELEASE_ATTRIBUTES: ReadonlySet<string> = new Set([
  "metadata",
  "status",
  "id",
  "resources",
  "values",
  "set",
  "set_list",
  "set_sensitive",
  "set_wo",
]);

/** What changes in the values that a `helm_release` hands to its chart, key by key. */
export function diffRelease(before: Value, after: Value, reading: Reading): readonly FieldChange[] {
  const old = isObject(before) ? before : null;
  const current = isObject(after) ? after : null;
  const [from, to] = [effectiveValues(old), effectiveValues(current)];
  const { fields } = diffDocuments("values ›", from.values, to.values, reading);
  const notes: FieldChange[] = to.invalid.map((index) => ({
    path: `values[${index}]`,
    kind: "changed",
    note: "is no YAML mapping: Helm will refuse it",
  }));
  if (!isEqual(from.hidden, to.hidden) && to.hidden.length > 0) {
    const what = [...new Set(to.hidden.map(({ text }) => text))].join(", ");
    notes.push({ path: "values", kind: "changed", note: `one part cannot be shown: ${what}` });
  }
  const same = fields.length === 0 && notes.length === 0;
  if (same && old && current && !isEqual(old["values"], current["values"])) {
    notes.push({ path: "values", kind: "changed", note: "only the formatting differs" });
  }
  return [...fields, ...notes];
}
