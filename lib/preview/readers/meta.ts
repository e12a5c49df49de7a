import type { Secrets } from "../diff/secrets";
import type { ConfiguredResource } from "../model/changes";
import type { FieldChange } from "../model/report";
import { isArray, isEqual, type Value, type ValueObject } from "../model/value";
import { diffBlock } from "./configuration";

/** What Terraform itself reads of a block and that differs: lifecycle, order, provider, provisioners, repetition. */
export function diffMeta(
  old: ConfiguredResource,
  current: ConfiguredResource,
  secrets: Secrets,
): readonly FieldChange[] {
  const [from, to] = [metaOf(old), metaOf(current)];
  return isEqual(from, to) ? [] : diffBlock(from, to, secrets);
}

const SAME_THING = "written differently; the provider takes both for the same";

/** Attributes that differ as they are written and not in what they ask for. */
export function diffSpelling(
  old: ConfiguredResource,
  current: ConfiguredResource,
  secrets: Secrets,
): readonly FieldChange[] {
  if (isEqual(old.config, current.config)) return [];
  const ignored = current.lifecycle["ignore_changes"] !== undefined;
  const note = ignored ? `${SAME_THING}, or ignore_changes covers it` : SAME_THING;
  const fields = diffBlock(old.config, current.config, secrets);
  return fields.map((field) => ({ ...field, note: field.note ? `${field.note}; ${note}` : note }));
}

function metaOf({ meta, lifecycle }: ConfiguredResource): ValueObject {
  const { depends_on, ...rest } = meta;
  const result: Record<string, Value | undefined> = { ...rest };
  // A list of nothing is what cdktf writes where there is nothing.
  if (isArray(depends_on) && depends_on.length > 0) result["depends_on"] = [...depends_on].sort(byText);
  if (Object.keys(lifecycle).length > 0) result["lifecycle"] = lifecycle;
  return result;
}

function byText(a: Value, b: Value): number {
  return String(a) < String(b) ? -1 : 1;
}
