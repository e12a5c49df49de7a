/**
 * Control characters (a terminal would obey them), format characters (they turn text around or hide it) and exotic line
 * breaks. Line feed and tab stay.
 */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Nearly every text is: nothing to look for in it. */
const PLAIN = /^[\n\t\x20-\x7e]*$/;

/**
 * Makes what cannot be seen visible as `\u{202e}`. The author of a pull request decides about every string in a plan, so
 * a value could otherwise hide a word, colour the terminal or turn a line around.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll("\r\n", "\n").replace(INVISIBLE, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

/** The same for every string of plain JSON. */
export function visibleAll<T>(value: T): T {
  return walk(value) as T;
}

function walk(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [visible(key), walk(child)]));
}
