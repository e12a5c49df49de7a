/** How far apart a misspelt name may be: one slip in four letters. */
const LETTERS_PER_SLIP = 4;
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
  const slips = siblings
    .map((other) => ({ other, distance: editDistance(name.toLowerCase(), other.slice(parent.length).toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(name.length / LETTERS_PER_SLIP)))
    .sort((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1));
  if (slips.length > 0) return slips.slice(0, 1).map(({ other }) => other);
  for (let rest = path; rest !== ""; rest = rest.includes(".") ? rest.slice(rest.indexOf(".") + 1) : "") {
    const elsewhere = [...known].filter((other) => other === rest || other.endsWith(`.${rest}`));
    if (elsewhere.length > 0 && elsewhere.length <= MAX_SUGGESTIONS) return elsewhere.sort();
  }
  return [];
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
