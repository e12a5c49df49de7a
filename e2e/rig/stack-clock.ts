/** A time in which one stack was worked on. Milliseconds since 1970. */
export interface StackSpan {
  readonly stack: string;
  readonly from: number;
  readonly to: number;
}

interface Mark {
  readonly at: number;
  readonly stack: string;
  readonly ends: boolean;
}

/** The first line of what cdktf prints of a stack begins with its name; those that follow are indented. */
const STACK_LINE = /^([a-z][a-z0-9-]*-(?:cluster|networking|monitoring)) {2}/;
/** What Terraform prints last in each of its commands. */
const LAST_WORDS = /(Apply complete!|Destroy complete!|No changes\.|has been successfully initialized!|Error: )/;

/**
 * Tells from the output of cdktf when it worked on which stack.
 *
 * cdktf works on the stacks of an environment one after the other, as each depends on the one before, but Terraform is
 * silent while it refreshes. So silence after the last words of one stack belongs to the stack that speaks next.
 */
export class StackClock {
  private readonly marks: Mark[] = [];
  private current: string | undefined;

  /** @param at When the line came; milliseconds since 1970. */
  public line(text: string, at: number): void {
    const stack = STACK_LINE.exec(text)?.[1] ?? this.current;
    if (stack === undefined || text.trim() === "") return;
    this.current = stack;
    this.marks.push({ at, stack, ends: LAST_WORDS.test(text) });
  }

  /**
   * @param from When the command started.
   * @param to When it ended.
   */
  public spans(from: number, to: number): StackSpan[] {
    const [first] = this.marks;
    if (first === undefined) return [];
    const spans: StackSpan[] = [];
    const add = (stack: string, begin: number, end: number) => {
      const last = spans[spans.length - 1];
      if (last?.stack === stack) spans[spans.length - 1] = { ...last, to: end };
      else spans.push({ stack, from: begin, to: end });
    };
    add(first.stack, from, first.at);
    this.marks.forEach((mark, index) => {
      const next = this.marks[index + 1];
      const owner = mark.ends && next !== undefined ? next.stack : mark.stack;
      add(owner, mark.at, next?.at ?? to);
    });
    return spans;
  }
}
