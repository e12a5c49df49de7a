/** What one Terraform run over one stack cost. */
export interface Measurement {
  readonly environment: string;
  readonly scenario: string;
  /** `deploy`, `plan`, `refresh-only` or `destroy`. */
  readonly command: string;
  readonly stack: string;
  readonly seconds: number;
  /** Requests to Google Cloud's API. */
  readonly calls: number;
  /** How many of them could change something. */
  readonly writes: number;
}

/** Calls and seconds of all runs of one kind. */
export interface Total {
  readonly stack: string;
  readonly command: string;
  readonly runs: number;
  readonly seconds: number;
  readonly calls: number;
  readonly writes: number;
}

/** The measurements of one scenario (or all), added up for each stack and command. */
export function totals(measurements: readonly Measurement[]): Total[] {
  const sums = new Map<string, Total>();
  for (const { stack, command, seconds, calls, writes } of measurements) {
    const key = `${stack} ${command}`;
    const sum = sums.get(key) ?? { stack, command, runs: 0, seconds: 0, calls: 0, writes: 0 };
    sums.set(key, {
      ...sum,
      runs: sum.runs + 1,
      seconds: sum.seconds + seconds,
      calls: sum.calls + calls,
      writes: sum.writes + writes,
    });
  }
  return [...sums.values()];
}
