import { type IResolvable, Token } from "cdktf";
import { plainValues } from "./plain-values";

/** A value of a Helm chart: anything JSON can say, or a token that Terraform resolves while it applies. */
export type HelmValue = string | number | boolean | null | IResolvable | readonly HelmValue[] | HelmValues;

/** Values of a Helm chart by key. A key whose value is `undefined` counts as not written. */
export interface HelmValues {
  readonly [key: string]: HelmValue | undefined;
}

/** Whether a value is a map of further values: no list, no `null`, no token. */
export function isValuesMap(value: HelmValue | undefined): value is HelmValues {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !Token.isUnresolved(value);
}

/**
 * Merges layers of values the way Helm does: maps key by key, everything else (lists too) is replaced by the later
 * layer. `null` removes a chart's default and is kept; `undefined` changes nothing. What no chart can be given is taken
 * out, to be told of by {@link valueFaults}: merging always ends, whatever the layers are.
 */
export function mergeValues(...layers: readonly HelmValues[]): HelmValues {
  return layers.reduce<HelmValues>((merged, layer) => mergeTwo(merged, plainValues(layer)), {});
}

function mergeTwo(base: HelmValues, over: HelmValues): HelmValues {
  const merged = new Map<string, HelmValue>();
  for (const layer of [base, over]) {
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const before = merged.get(key);
      merged.set(key, isValuesMap(value) ? mergeTwo(isValuesMap(before) ? before : {}, value) : value);
    }
  }
  // fromEntries defines own properties, so that even a key like __proto__ is plain data.
  return Object.fromEntries(merged);
}

/** The value at a path of keys, e.g. `hubble.relay.enabled`; `undefined` where there is none. */
export function valueAt(values: HelmValues, path: string): HelmValue | undefined {
  let value: HelmValue | undefined = values;
  for (const key of path.split(".")) {
    if (!isValuesMap(value)) return undefined;
    value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}
