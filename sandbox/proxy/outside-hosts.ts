/** A host outside that something in the sandbox asked for. */
export interface OutsideHost {
  /** With `:port` where that is not 443. */
  readonly host: string;
  /** Answered by the sandbox itself, or refused. */
  readonly outcome: "served" | "refused";
  readonly count: number;
}

/** What was asked of the proxy, counted by host. */
export class OutsideHosts {
  private readonly counts = new Map<string, { outcome: OutsideHost["outcome"]; count: number }>();

  public add(host: string, outcome: OutsideHost["outcome"]): void {
    const entry = this.counts.get(host) ?? { outcome, count: 0 };
    this.counts.set(host, { outcome, count: entry.count + 1 });
  }

  /** In the order in which they were first asked for. */
  public list(): OutsideHost[] {
    return [...this.counts].map(([host, { outcome, count }]) => ({ host, outcome, count }));
  }
}
