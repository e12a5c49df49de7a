import { isSuppressed } from "../knowledge/replacement";
import type { ConfiguredResource, StackConfig } from "../model/changes";
import { getPath, isArray, isEmpty, isEqual, isObject, type Value, type ValueObject } from "../model/value";
import { transition } from "./rule";

/** Attributes that the provider takes for unchanged although the text differs. */
export function spellings(base: StackConfig | undefined, head: StackConfig | undefined): readonly string[] {
  const addressOf = ({ kind, type, name }: ConfiguredResource) => `${kind}.${type}.${name}`;
  const old = new Map((base?.resources ?? []).map((block) => [addressOf(block), block]));
  return (head?.resources ?? []).flatMap((block) => {
    const previous = old.get(addressOf(block));
    if (!previous || block.kind !== "managed" || !block.type.startsWith("google_")) return [];
    return [...suppressed(block.type, previous.config, block.config, "")].map((path) => {
      const detail = transition(path, getPath(previous.config, path), getPath(block.config, path));
      return `${block.type}.${block.name}: ${detail}`;
    });
  });
}

function* suppressed(type: string, from: ValueObject, to: ValueObject, prefix: string): Generator<string> {
  for (const key of Object.keys(to)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const [old, current] = [from[key], to[key]].map(only);
    if (isObject(old) && isObject(current)) yield* suppressed(type, old, current, path);
    else if (!isEqual(old, current) && !isEmpty(old) && isSuppressed(type, path, old, current)) yield path;
  }
}

function only(value: Value | undefined): Value | undefined {
  return isArray(value) && value.length === 1 ? value[0] : value;
}
