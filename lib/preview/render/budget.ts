/** Room that is always left for the line about what is missing. */
const RESERVE = 400;

/**
 * A text of limited length, filled from the top: what must be there is there, what should be there is taken as long as
 * it fits, and what did not fit is named.
 */
export class Budget {
  private readonly parts: string[] = [];
  private readonly missing = new Map<string, number>();
  private used = 0;
  private full = false;

  public constructor(
    private readonly limit: number,
    private readonly link: string | undefined,
  ) {}

  /** Characters left, the reserve apart. */
  public get left(): number {
    return this.limit - RESERVE - this.used;
  }

  public fits(text: string): boolean {
    return !this.full && text.length + 2 <= this.left;
  }

  public must(text: string): void {
    this.parts.push(text);
    this.used += text.length + 2;
  }

  /** Once something did not fit nothing below it is taken: detail goes from the bottom, not from the middle. */
  public should(text: string, name?: string): void {
    if (text === "") return;
    if (this.fits(text)) {
      this.must(text);
      return;
    }
    this.miss(name);
  }

  /** As many lines of a list as fit between its head and its foot; the rest is counted, and nothing below it is taken. */
  public list(head: string, lines: readonly string[], foot: string, name: (left: number) => string): void {
    let room = this.full ? 0 : this.left - head.length - foot.length - 64;
    let shown = 0;
    while (shown < lines.length && lines[shown]!.length < room) room -= lines[shown++]!.length + 1;
    const left = lines.length - shown;
    if (shown > 0) {
      const more = left > 0 ? [`- and ${left} more`] : [];
      this.must([head, "", ...lines.slice(0, shown), ...more, "", foot].join("\n"));
    }
    if (left > 0) this.miss(name(left));
  }

  private miss(name?: string): void {
    this.full = true;
    if (name) this.missing.set(name, (this.missing.get(name) ?? 0) + 1);
  }

  public text(): string {
    if (this.missing.size === 0) return this.parts.join("\n\n");
    const names = [...this.missing].map(([name, n]) =>
      name === "resource" ? `${n} more ${n === 1 ? "resource" : "resources"}` : name,
    );
    const where = this.link ? ` [The whole report](${encodeURI(this.link)}) has it.` : " The HTML report has it.";
    const text = `**Not shown for length:** ${[...new Set(names)].join(", ")}.`;
    return [...this.parts, `${text.slice(0, RESERVE - 100)}${where}`].join("\n\n");
  }
}
