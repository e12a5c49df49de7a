import type { Failure } from "../failure";

/** What was seen of one thing in the cluster. */
export interface StatusFinding {
  /** What it belongs to, e.g. `nodes`. */
  readonly subject: string;
  readonly title: string;
  /**
   * - `ok`: as it should be.
   * - `wrong`: not as asked, or not working.
   * - `doubt`: may become wrong, is on its way, or could not be seen.
   */
  readonly state: "ok" | "wrong" | "doubt";
  /** What was seen, in a few words. */
  readonly detail: string;
  /** What to do about it, in the imperative. */
  readonly remedy?: string;
}

/** Findings about one subject. */
export function about(subject: string) {
  return {
    ok: (title: string, detail: string): StatusFinding => ({ subject, title, state: "ok", detail }),
    wrong: (title: string, detail: string, remedy: string): StatusFinding => ({
      subject,
      title,
      state: "wrong",
      detail,
      remedy,
    }),
    doubt: (title: string, detail: string, remedy: string): StatusFinding => ({
      subject,
      title,
      state: "doubt",
      detail,
      remedy,
    }),
    refused: (title: string, { message, remedy }: Failure): StatusFinding => ({
      subject,
      title,
      state: "doubt",
      detail: `cannot be seen: ${message}`,
      remedy,
    }),
  };
}
