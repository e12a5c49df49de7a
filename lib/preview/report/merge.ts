import { type Report, SEVERITIES, type Severity } from "../model/report";
import { verdictOf } from "./build";

/**
 * Several reports (one an environment, say) as one. The verdict is found anew, so that a part that failed makes the
 * whole one red.
 *
 * @param expected Environments that must be there: a job that died leaves no report, and that must not look like no change.
 */
export function mergeReports(
  reports: readonly Report[],
  failOn?: Severity | "never",
  expected: readonly string[] = [],
): Report {
  const [first] = reports;
  const stacks = reports.flatMap((report) => report.stacks);
  const missing = expected.filter((environment) => !stacks.some((stack) => stack.environment === environment));
  const twice = [...new Set(stacks.map(({ name }) => name).filter((name, i, all) => all.indexOf(name) !== i))];
  const merged: Omit<Report, "verdict"> = {
    schema: "gke-cilium-preview/1",
    version: first?.version ?? "",
    base: first?.base,
    head: first?.head,
    failOn: failOn ?? first?.failOn ?? "high",
    findings: reports
      .flatMap(({ findings }) => findings)
      .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    allowed: reports.flatMap(({ allowed }) => allowed),
    stacks,
    problems: [
      ...reports.flatMap(({ problems }) => problems),
      ...missing.map((environment) => `${environment}: its preview left no report; look at its job`),
      ...twice.map((name) => `${name}: is in two reports; give each environment once`),
    ],
    ...remarksOf(reports),
    limits: [...new Set(reports.flatMap(({ limits }) => limits))],
  };
  return { ...merged, verdict: verdictOf(merged) };
}

/** The list of accepted risks is one for all environments: what is said of it is said once. */
function remarksOf(reports: readonly Report[]): { readonly remarks?: readonly string[] } {
  const remarks = [...new Set(reports.flatMap((report) => report.remarks ?? []))];
  return remarks.length > 0 ? { remarks } : {};
}
