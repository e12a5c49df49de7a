import type { ProviderSchema } from "../../facts/providers/schema";
import { isSuppressed } from "../knowledge/replacement";
import { isArray, isEmpty, isObject, type Value, type ValueObject } from "../model/value";

/**
 * Two configurations as the provider would plan them: a default that is written out equals one that is not, what the
 * provider computes itself survives its removal from the configuration, and two spellings of one thing are one.
 *
 * @returns `after`, changed where it would not change anything.
 */
export function alignWithProvider(
  schema: ProviderSchema,
  type: string,
  before: ValueObject,
  after: ValueObject,
): ValueObject {
  return alignObject({ schema, type }, before, after, "");
}

interface Context {
  readonly schema: ProviderSchema;
  readonly type: string;
}

function alignObject(context: Context, before: ValueObject, after: ValueObject, prefix: string): ValueObject {
  const result: Record<string, Value | undefined> = { ...after };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    result[key] = alignValue(context, before[key], after[key], path);
  }
  return result;
}

function alignValue(
  context: Context,
  before: Value | undefined,
  after: Value | undefined,
  path: string,
): Value | undefined {
  const facts = context.schema.attribute(context.type, path);
  // A block that is written and empty asks for it: only one that is left out is the provider's to keep.
  const emptied =
    isEmpty(after) && ((asBlock(before) !== undefined && asBlock(after) !== undefined) || isEmptied(before, after));
  if (isEmpty(after) && !emptied) {
    if (facts.keptByProvider) return before;
    return facts.default !== undefined && before === facts.default ? before : after;
  }
  // A default that is now written out; keeping the old nothing makes the two equal.
  if (isEmpty(before) && facts.default !== undefined && after === facts.default) return before;
  if (isSuppressed(context.type, path, before, after)) return before;
  const [from, to] = [asBlock(before), asBlock(after)];
  if (from && to) {
    const aligned = alignObject(context, from, to, path);
    return isArray(before) ? [aligned] : aligned;
  }
  if (isArray(before) && isArray(after) && before.length === after.length) {
    return after.map((item, i) => {
      const old = before[i];
      return isObject(old) && isObject(item) ? alignObject(context, old, item, path) : item;
    });
  }
  return after;
}

/** A list of plain values that is written without any: `[]` is no block. */
function isEmptied(before: Value | undefined, after: Value | undefined): boolean {
  return (
    isArray(before) &&
    before.length > 0 &&
    before.every((item) => !isObject(item)) &&
    isArray(after) &&
    !isEmpty(before)
  );
}

/** A block that occurs once, written as an object or as a list of one. */
function asBlock(value: Value | undefined): ValueObject | undefined {
  if (isArray(value)) return value.length === 1 && isObject(value[0]) ? value[0] : undefined;
  return isObject(value) ? value : undefined;
}
