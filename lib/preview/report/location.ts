import type { Finding, Report, SourceLocation } from "../model/report";
import { isObject } from "../model/value";

/** Where each environment is defined. */
export type Sources = ReadonlyMap<string, SourceLocation>;

/** Whether this is plainly a line of a file within the repository; it may come from a stranger. */
export function isLocation(value: unknown): value is SourceLocation {
  if (!isObject(value)) return false;
  const { file, line } = value;
  const inside =
    typeof file === "string" && /^[\w@.+-]+(?:\/[\w@.+-]+)*$/.test(file) && !file.split("/").includes("..");
  return inside && typeof line === "number" && Number.isSafeInteger(line) && line > 0;
}

/** The report with the place where each finding's environment is defined. */
export function withSources(report: Report, sources: Sources): Report {
  if (sources.size === 0) return report;
  const environments = new Map(report.stacks.map(({ name, environment }) => [name, environment]));
  const locate = <T extends Finding>(finding: T): T => {
    const location = sources.get(environments.get(finding.stack ?? "") ?? "");
    return location ? { ...finding, location } : finding;
  };
  return { ...report, findings: report.findings.map(locate), allowed: report.allowed.map(locate) };
}
