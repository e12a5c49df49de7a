/** Marks text up for a terminal, or leaves it as it is where colour is not wanted. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** What {@link wantsColour} looks at. */
export interface Output {
  readonly isTTY?: boolean;
}

/**
 * Colour only on a terminal; `NO_COLOR` (https://no-color.org: any value but the empty one) and `TERM=dumb` switch it
 * off there, and `FORCE_COLOR` (any value but empty or 0) switches it on anywhere.
 */
export function wantsColour(output: Output, environment: NodeJS.ProcessEnv = process.env): boolean {
  if (environment["NO_COLOR"]) return false;
  if (environment["FORCE_COLOR"] && environment["FORCE_COLOR"] !== "0") return true;
  return output.isTTY === true && environment["TERM"] !== "dumb";
}

/** A style with ANSI codes, or one that changes nothing. */
export function styleFor(colour: boolean): Style {
  const code = (open: number, close: number) => (text: string) =>
    colour && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    cyan: code(36, 39),
  };
}

/** A length of time as people read it: `0.4s`, `12s`, `2m05s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)}s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}
