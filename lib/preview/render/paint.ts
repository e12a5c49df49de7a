/** Columns and colours of a terminal or a log. */
export interface TerminalStyle {
  /** Columns to wrap at. */
  readonly width: number;
  readonly colour: boolean;
  /** Lines of the screen; a report is cut to about that. @default - nothing is left out */
  readonly rows?: number;
}

const NARROWEST = 40;
const WIDEST = 140;
/** A log has no height, but its reader has no patience either. */
const ROWS_OF_A_LOG = 60;

/** Columns of the terminal, and colours unless NO_COLOR asks for none or nobody would see them. */
export function terminalStyle(
  stream: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number },
  environment: Readonly<Record<string, string | undefined>>,
): TerminalStyle {
  const { NO_COLOR, FORCE_COLOR, COLUMNS, LINES, TERM } = environment;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "0";
  const colour = !NO_COLOR && FORCE_COLOR !== "0" && TERM !== "dumb" && (forced || stream.isTTY === true);
  const columns = Number(COLUMNS) || stream.columns || 100;
  // The prompt comes back below the report, and the command stood above it.
  const rows = (Number(LINES) || stream.rows || ROWS_OF_A_LOG) - 2;
  return { width: Math.min(Math.max(columns, NARROWEST), WIDEST), colour, rows: Math.max(rows, 15) };
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;
export type Paint = keyof typeof CODES;

/** Lays text out in lines. */
export class Painter {
  public constructor(private readonly style: TerminalStyle) {}

  public get width(): number {
    return this.style.width;
  }

  public heading(text: string): string {
    return this.paint(text, "bold");
  }

  /** Pieces side by side, as far as they fit into a line. */
  public flow(hanging: number, ...pieces: readonly (readonly [string, ...Paint[]])[]): readonly string[] {
    const lines: string[] = [];
    let [line, length] = ["", 0];
    for (const [text, ...paints] of pieces.filter(([piece]) => piece !== "")) {
      if (length > 0 && length + 1 + text.length > this.style.width) {
        lines.push(line);
        [line, length] = ["", 0];
      }
      const room = this.style.width - (lines.length > 0 ? hanging : 0);
      const wrapped = length === 0 ? this.wrap(text, 0, room) : [text];
      const margin = lines.length > 0 && length === 0 ? " ".repeat(hanging) : "";
      for (const part of wrapped.slice(0, -1)) lines.push(margin + this.paint(part, ...paints));
      const last = wrapped.at(-1)!;
      line += `${length > 0 ? " " : margin}${this.paint(last, ...paints)}`;
      length += (length > 0 ? 1 : margin.length) + last.length;
    }
    return line === "" ? lines : [...lines, line];
  }

  public indent(text: string, columns: number, paint?: Paint): readonly string[] {
    const room = Math.max(this.style.width - columns, 20);
    return this.wrap(text, 0, room).map((line) => " ".repeat(columns) + (paint ? this.paint(line, paint) : line));
  }

  /** Breaks at spaces, and within a word that is longer than a line. */
  public wrap(text: string, hanging: number, width = this.style.width): readonly string[] {
    const lines: string[] = [];
    const whole = text.replace(/\s*\n\s*/g, " ");
    let at = 0;
    let margin = "";
    while (whole.length - at + margin.length > width) {
      const room = width - margin.length;
      const space = whole.lastIndexOf(" ", at + room);
      const end = space > at + 8 ? space : at + room;
      lines.push(margin + whole.slice(at, end));
      at = end;
      while (whole[at] === " ") at++;
      margin = " ".repeat(hanging);
    }
    return [...lines, margin + whole.slice(at)];
  }

  public paint(text: string, ...paints: readonly Paint[]): string {
    if (!this.style.colour || text === "" || paints.length === 0) return text;
    return `\u001b[${paints.map((paint) => CODES[paint]).join(";")}m${text}\u001b[0m`;
  }
}
