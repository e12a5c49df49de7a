// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** A line of terminal output without colours and cursor movements. */
export function plainText(line: string): string {
  return line.replace(ESCAPES, "").replace(/\r/g, "").trimEnd();
}
