/** The longest text that is compared with a pattern that goes back and forth; no such field takes a longer one. */
const LONGEST = 256;

/**
 * `([-a-z]+[.]?)+`, as Cilium's definitions write names, takes JavaScript exponentially long for a name that does not fit,
 * and Go, which they are written for, does not. The same names: parts of one or more letters, with single dots between.
 */
const REPEATED_PARTS = /\((\[[^\]]+\])\+(?:\[\.\]|\\\.)\?\)\+/g;

const compiled = new Map<string, RegExp>();

/** Whether a text fits a pattern of a definition. */
export function fits(text: string, pattern: string): boolean {
  if (text.length > LONGEST && /\)[*+]/.test(pattern)) return false;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(
      pattern.replace(REPEATED_PARTS, "$1+(?:[.]$1+)*[.]?").replaceAll("\\PC", "\\P{C}"),
      pattern.includes("\\PC") ? "u" : "",
    );
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
