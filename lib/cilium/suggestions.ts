import { closest } from "../validation";

const MAX_SUGGESTIONS = 3;

/**
 * Paths that somebody may have meant by an unknown one: first a slip in the name, then the same name elsewhere, which is
 * what a wrong indentation gives.
 *
 * @param path The unknown path, e.g. `hubble.rellay`.
 * @param known Every path there is.
 */
export function suggestPaths(path: string, known: ReadonlySet<string>): string[] {
  const dot = path.lastIndexOf(".");
  const parent = path.slice(0, dot + 1);
  const name = path.slice(dot + 1);
  const siblings = [...known].filter((other) => other.startsWith(parent) && !other.slice(parent.length).includes("."));
  const slips = closest(
    name,
    siblings.map((other) => other.slice(parent.length)),
  );
  if (slips.length > 0) return slips.map((slip) => parent + slip);
  for (let rest = path; rest !== ""; rest = rest.includes(".") ? rest.slice(rest.indexOf(".") + 1) : "") {
    const elsewhere = [...known].filter((other) => other === rest || other.endsWith(`.${rest}`));
    if (elsewhere.length > 0 && elsewhere.length <= MAX_SUGGESTIONS) return elsewhere.sort();
  }
  return [];
}
