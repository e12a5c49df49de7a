import type { ChartKeys } from "../facts/cilium";
import { closest } from "../validation";

const MAX_SUGGESTIONS = 3;

/** Names longer than this are no slip in one of the chart's. */
const LONGEST_NAME = 80;

/**
 * Paths that somebody may have meant by an unknown one: first a slip in the name, then the same name elsewhere, which is
 * what a wrong indentation gives.
 *
 * @param path The unknown path, e.g. `hubble.rellay`.
 */
export function suggestPaths(path: string, keys: Pick<ChartKeys, "paths" | "namesBelow">): string[] {
  const dot = path.lastIndexOf(".");
  const parent = path.slice(0, Math.max(0, dot));
  const slips = suggestNames(path.slice(dot + 1), keys.namesBelow(parent));
  if (slips.length > 0) return slips.map((slip) => (parent === "" ? slip : `${parent}.${slip}`));
  for (let rest = path; rest !== ""; rest = rest.includes(".") ? rest.slice(rest.indexOf(".") + 1) : "") {
    const elsewhere = [...keys.paths].filter((other) => other === rest || other.endsWith(`.${rest}`));
    if (elsewhere.length > 0 && elsewhere.length <= MAX_SUGGESTIONS) return elsewhere.sort();
  }
  return [];
}

/** Names that somebody may have meant by an unknown one. */
export function suggestNames(name: string, known: readonly string[]): string[] {
  return name.length > LONGEST_NAME ? [] : closest(name, known);
}
