import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Name of the access log in a state directory: one JSON object a line. */
export const LOG_FILE = "google-cloud-requests.jsonl";

/** One request, as the access log tells it. */
export interface LogEntry {
  /** Counts up from 1 since the simulator was started. */
  readonly sequence: number;
  /** When the request arrived. */
  readonly time: string;
  /** Milliseconds until it was answered. */
  readonly durationMs: number;
  readonly user: string;
  /** Project whose resources were asked for; `undefined` where the request names none. */
  readonly project: string | undefined;
  /** Host name of the real service, e.g. `container.googleapis.com`. */
  readonly service: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** HTTP status; 0 where the connection was broken by a fault. */
  readonly status: number;
  /** Whether the request can change something. Reading a policy is a POST, and no write. */
  readonly write: boolean;
  /** Operation that it started. */
  readonly operation?: string;
  /** Full resource name of what it worked on, where the handler tells. */
  readonly target?: string;
  /** Set where a fault struck. */
  readonly fault?: true;
  /** Message of the error that was answered. */
  readonly error?: string;
  readonly userAgent?: string;
}

/** Which entries to look at. */
export interface LogFilter {
  readonly project?: string;
  /** Only requests that can change something. */
  readonly writes?: boolean;
  readonly method?: string;
  /** Regular expression on the path. */
  readonly path?: string;
  readonly user?: string;
  /** Only entries after this sequence number. */
  readonly after?: number;
}

/** The access log: in memory for tests, and a file for people. */
export class RequestLog {
  private readonly all: LogEntry[] = [];
  private readonly file: string | undefined;

  public constructor(directory?: string) {
    if (directory) mkdirSync(directory, { recursive: true });
    this.file = directory && join(directory, LOG_FILE);
  }

  public add(entry: Omit<LogEntry, "sequence">): LogEntry {
    const numbered = { sequence: this.all.length + 1, ...entry };
    this.all.push(numbered);
    if (this.file) appendFileSync(this.file, `${JSON.stringify(numbered)}\n`);
    return numbered;
  }

  /** Sequence number of the last entry; give it to `entries({ after })` later to see what came since. */
  public get position(): number {
    return this.all.length;
  }

  public entries(filter: LogFilter = {}): LogEntry[] {
    const path = filter.path === undefined ? undefined : new RegExp(filter.path);
    return this.all.filter(
      (entry) =>
        (filter.project === undefined || entry.project === filter.project) &&
        (filter.writes === undefined || entry.write === filter.writes) &&
        (filter.method === undefined || entry.method === filter.method) &&
        (filter.user === undefined || entry.user === filter.user) &&
        entry.sequence > (filter.after ?? 0) &&
        (path?.test(entry.path) ?? true),
    );
  }

  /** Requests that asked for something the sandbox does not simulate. */
  public unsimulated(): LogEntry[] {
    return this.all.filter((entry) => entry.status === 501);
  }
}
