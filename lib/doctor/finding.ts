/** What the doctor found out about one thing. */
export interface Finding {
  /** What it belongs to: `this machine`, or the id of a project. */
  readonly subject: string;
  /** The thing, e.g. `terraform` or `API container.googleapis.com`. */
  readonly title: string;
  /**
   * - `ok`: it is there.
   * - `missing`: a deployment will fail without it.
   * - `doubt`: it may do harm later, or could not be found out.
   */
  readonly state: "ok" | "missing" | "doubt";
  /** What was seen, in a few words. */
  readonly detail: string;
  /** What to do about it, in the imperative; absent where it is there. */
  readonly remedy?: string;
}

/** A finding without its subject, which whoever asked knows. */
export type SubjectFinding = Omit<Finding, "subject">;

export function ok(title: string, detail: string): SubjectFinding {
  return { title, state: "ok", detail };
}

export function missing(title: string, detail: string, remedy: string): SubjectFinding {
  return { title, state: "missing", detail, remedy };
}

export function doubt(title: string, detail: string, remedy: string): SubjectFinding {
  return { title, state: "doubt", detail, remedy };
}

/** The findings of one subject. */
export function about(subject: string, findings: readonly SubjectFinding[]): Finding[] {
  return findings.map((finding) => ({ subject, ...finding }));
}
