/** Characters by which values are looked up; none is shorter. */
const HEAD = 6;

/**
 * Texts to be found within others, thousands at once: looked up by their first characters, so that the time depends on
 * the length of the text alone.
 */
export class ValueSet {
  /** The lengths of the values that begin so, longest first. */
  private readonly lengths = new Map<string, number[]>();
  private readonly all = new Set<string>();
  /** Whether any value begins with these two characters. One look saves most of the others. */
  private readonly starts = new Uint8Array(1 << 16);

  public add(value: string): void {
    if (value.length < HEAD || this.all.has(value)) return;
    this.all.add(value);
    this.starts[pair(value, 0)] = 1;
    const head = value.slice(0, HEAD);
    const lengths = this.lengths.get(head);
    if (!lengths) this.lengths.set(head, [value.length]);
    else if (!lengths.includes(value.length)) lengths.push(value.length) && lengths.sort((a, b) => b - a);
  }

  /** The text with every value in it replaced. */
  public mask(text: string, replacement: string): string {
    if (this.all.size === 0 || text.length < HEAD) return text;
    let result = "";
    let done = 0;
    for (let i = 0; i + HEAD <= text.length; ) {
      const found = this.starts[pair(text, i)] === 1 ? this.at(text, i) : undefined;
      if (found === undefined) i++;
      else {
        result += text.slice(done, i) + replacement;
        i += found;
        done = i;
      }
    }
    return done === 0 ? text : result + text.slice(done);
  }

  /** The longest value that stands here. */
  private at(text: string, index: number): number | undefined {
    const lengths = this.lengths.get(text.slice(index, index + HEAD));
    return lengths?.find((length) => index + length <= text.length && this.all.has(text.slice(index, index + length)));
  }
}

function pair(text: string, at: number): number {
  return ((text.charCodeAt(at) * 31) ^ (text.charCodeAt(at + 1) << 6)) & 0xffff;
}
