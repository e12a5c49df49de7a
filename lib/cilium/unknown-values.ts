import { lookUp } from "../facts/look-up";
import { type HelmValue, type HelmValues, isValuesMap } from "../helm";
import { UNKNOWN } from "../validation";

/**
 * Values in which everything that is wrong by itself is unknown, so that rules over several values say nothing about it
 * and one mistake is told once.
 *
 * @param paths What is wrong, e.g. `hubble.metrics.enabled[0]`.
 */
export function withUnknown(values: HelmValues, paths: readonly string[]): HelmValues {
  return paths.reduce<HelmValues>((known, path) => put(known, path.replace(/\[.*$/s, "").split(".")), values);
}

function put(values: HelmValues, [key = "", ...rest]: readonly string[]): HelmValues {
  const unknown = UNKNOWN.anything() as unknown as HelmValue;
  const below = lookUp(values, key);
  if (rest.length === 0) return { ...values, [key]: unknown };
  if (below !== undefined && !isValuesMap(below)) return { ...values, [key]: unknown };
  return { ...values, [key]: put(below ?? {}, rest) };
}
