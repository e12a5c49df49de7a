/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export class Random {
  private state: number;

  public constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 to 1, without 1. */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `limit`. */
  public below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  public one<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const chosen = items[this.below(items.length)];
    if (chosen === undefined) throw new Error("there is nothing to choose from");
    return chosen;
  }
}
