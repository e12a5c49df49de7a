import type { Counts, Report, ResourceReport, Severity, StackReport, Verdict } from "../model/report";

/** What stands in front of a resource, everywhere. */
export const SYMBOLS: Readonly<Record<ResourceReport["action"], string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "−",
  forget: "↷",
  import: "⇥",
  move: "→",
  read: "≤",
  "no-op": "=",
  configure: "*",
  invoke: "!",
  other: "?",
};

export const ACTION_WORDS: Readonly<Record<ResourceReport["action"], string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  forget: "forgotten",
  import: "imported",
  move: "moved",
  read: "read",
  "no-op": "unchanged",
  configure: "configured differently",
  invoke: "run",
  other: "changed in an unknown way",
};

const VERDICTS: Readonly<Record<Exclude<Verdict, "risk" | "changes">, string>> = {
  unchanged: "nothing changes",
  error: "the preview failed",
};

/** The report in one line, without the verdict's symbol. */
export function headline(report: Report): string {
  const { verdict, findings } = report;
  if (verdict === "error" || verdict === "unchanged") return VERDICTS[verdict];
  const risks = severityCounts(findings).filter(([severity]) => severity !== "info");
  const changes = countWords(totals(report.stacks)) || "no resource changes";
  if (risks.length === 0)
    return findings.length > 0 ? `${changes} · ${plural(findings.length, "note", true)}` : changes;
  const noun = plural(risks.at(-1)![1], "risk");
  return `${enumerate(risks.map(([severity, n]) => `${n} ${severity}`))} ${noun} · ${changes}`;
}

/** What to make of the report, in a sentence. */
export function verdictSentence({ verdict, findings }: Report): string {
  if (verdict === "error") return "This preview is incomplete: do not merge on the strength of it";
  if (verdict === "unchanged") return "Nothing changes";
  if (verdict === "risk") return "Settle these risks before you merge";
  const risks = findings.some(({ severity }) => severity !== "info");
  return risks ? "Changes, with risks worth knowing" : "Changes, and no known risk in them";
}

export function severityCounts(
  findings: readonly { readonly severity: Severity }[],
): readonly (readonly [Severity, number])[] {
  const order: readonly Severity[] = ["critical", "high", "medium", "info"];
  return order
    .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, n]) => n > 0);
}

const NOTHING: Counts = {
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  forget: 0,
  import: 0,
  move: 0,
  configure: 0,
  invoke: 0,
  other: 0,
};

export function totals(stacks: readonly StackReport[]): Counts {
  const sum: { -readonly [key in keyof Counts]: number } = { ...NOTHING };
  for (const { counts, status } of stacks) {
    if (status === "removed") continue;
    for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key] ?? 0;
  }
  return sum;
}

/** What happens to these resources, by numbers. */
export function countsOf(resources: readonly ResourceReport[]): Counts {
  const counts: { -readonly [key in keyof Counts]: number } = { ...NOTHING };
  for (const { action } of resources) if (action in counts) counts[action as keyof Counts]++;
  return counts;
}

/** `1 to replace, 2 to update`, loudest first; empty where nothing changes. */
export function countWords(counts: Counts): string {
  const order: readonly (keyof Counts)[] = ["delete", "replace", "update", "create", "forget", "import", "move"];
  const words = order.filter((key) => counts[key] > 0).map((key) => `${counts[key]} to ${key}`);
  if (counts.configure > 0) words.push(`${counts.configure} ${plural(counts.configure, "setting")} changed`);
  if (counts.invoke > 0) words.push(`${counts.invoke} ${plural(counts.invoke, "action")} to run`);
  if (counts.other > 0) words.push(`${counts.other} unknown`);
  return words.join(", ");
}

/** What a stack's state is, in a word or two. */
export function statusWords(stack: StackReport): string {
  if (stack.status === "failed") return "failed";
  if (stack.status === "removed") return "removed from the app";
  if (stack.status === "incomplete") return "incomplete";
  const words = countWords(stack.counts);
  if (words !== "") return stack.added ? `new: ${words}` : words;
  return stack.added ? "new, empty" : "no changes";
}

/** How a report came about. */
export function modeWords(stack: StackReport): string {
  if (stack.status === "failed") return "not read";
  return stack.mode === "plan" ? "planned" : "predicted";
}

/** `a, b and c` */
export function enumerate(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export function plural(n: number, noun: string, withNumber = false): string {
  const word = n === 1 ? noun : `${noun}s`;
  return withNumber ? `${n} ${word}` : word;
}

/** `main (1a2b3c4)`. */
export function revisionWords(
  revision: { readonly name: string; readonly commit?: string } | undefined,
): string | undefined {
  if (!revision) return undefined;
  const short = revision.commit?.slice(0, 10);
  return short && !revision.name.startsWith(short) ? `${revision.name} (${short})` : revision.name;
}
