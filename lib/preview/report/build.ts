import { ProviderSchema } from "../../facts/providers/schema";
import type { Secrets } from "../diff/secrets";
import type { StackChanges } from "../model/changes";
import {
  type AllowedFinding,
  type Finding,
  type Report,
  type Revision,
  SEVERITIES,
  type Severity,
  type StackReport,
  type StackStatus,
  type Verdict,
} from "../model/report";
import { RULES } from "../rules";
import type { Rule } from "../rules/rule";
import { Scene } from "../rules/scene";
import { type Allowance, allowanceFor, expiredFor, remarksOn } from "./allow-list";
import { limitsOf } from "./notes";
import { StackReporter } from "./stack-report";

export interface ReportOptions {
  readonly version: string;
  readonly base?: Revision;
  readonly head?: Revision;
  /** Findings of this severity and above make the preview fail. */
  readonly failOn: Severity | "never";
  readonly allow?: readonly Allowance[];
  /** `YYYY-MM-DD`, for the expiry of allowances. */
  readonly today: string;
  readonly secrets: Secrets;
  /** Every environment of the app is looked at. @default true */
  readonly whole?: boolean;
  /** What went wrong with the preview itself. */
  readonly problems?: readonly string[];
  /** @default - every rule */
  readonly rules?: readonly Rule[];
}

/** Runs the rules over what the readers found, and lays out the report. Nothing sensitive is left in it. */
export function buildReport(stacks: readonly StackChanges[], options: ReportOptions): Report {
  const scene = new Scene(stacks, ProviderSchema.load());
  const all = findingsOf(scene, options.rules ?? RULES);
  const allow = options.allow ?? [];
  const findings: Finding[] = [];
  const allowed: AllowedFinding[] = [];
  for (const finding of all) {
    const allowance = allowanceFor(finding, allow, options.today);
    if (allowance) allowed.push({ ...finding, reason: allowance.reason, expires: allowance.expires });
    else findings.push(withExpiry(finding, expiredFor(finding, allow, options.today)));
  }
  const reporter = new StackReporter(scene, findings);
  const reports = stacks.map((stack) => reporter.stack(stack)).sort(byRisk(findings));
  const failures = stacks.flatMap(({ name, failure, partial }) => {
    const problem = failure ?? partial;
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
  const looked = { findings: all, stacks: stacks.map(({ name }) => name), whole: options.whole !== false };
  const said = remarksOn(allow, looked, options.today);
  const report: Report = {
    schema: "gke-cilium-preview/1",
    version: options.version,
    base: options.base,
    head: options.head,
    verdict: "unchanged",
    failOn: options.failOn,
    findings,
    allowed,
    stacks: reports,
    problems: [...(options.problems ?? []), ...failures],
    ...(said.length > 0 ? { remarks: said } : {}),
    limits: limitsOf(stacks),
  };
  return options.secrets.maskAll({ ...report, verdict: verdictOf(report) });
}

/** `a` is at least as bad as `b`. */
export function atLeast(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b);
}

/** What a report amounts to; every renderer and the exit code agree on it. */
export function verdictOf(report: Omit<Report, "verdict">): Verdict {
  const { failOn } = report;
  if (report.problems.length > 0 || report.stacks.some(({ status }) => status === "failed" || status === "incomplete"))
    return "error";
  if (failOn !== "never" && report.findings.some(({ severity }) => atLeast(severity, failOn))) return "risk";
  const moving = report.stacks.some(({ status, added }) => status !== "unchanged" && (status !== "skipped" || added));
  return moving || report.findings.length > 0 || report.allowed.length > 0 ? "changes" : "unchanged";
}

function findingsOf(scene: Scene, rules: readonly Rule[]): Finding[] {
  const findings = rules.flatMap((rule) =>
    [...rule.check(scene)].flatMap((hit): Finding[] => {
      const name = hit.change?.stack ?? hit.stack;
      const mode = name === undefined ? undefined : scene.stack(name)?.mode;
      if (mode && !rule.modes.includes(mode)) return [];
      return [
        {
          rule: rule.id,
          severity: hit.severity ?? rule.severity,
          title: rule.title,
          stack: name,
          address: hit.change?.address,
          constructPath: hit.change?.constructPath,
          detail: hit.detail,
          consequence: hit.consequence ?? rule.consequence,
          remedy: hit.remedy ?? rule.remedy,
          source: rule.source,
          certainty: mode === "plan" ? "planned" : "predicted",
        },
      ];
    }),
  );
  return withRefusals(findings).sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** Where Terraform refuses the plan of a stack nothing else happens in it, which each finding must say. */
function withRefusals(findings: readonly Finding[]): Finding[] {
  const refused = new Set(findings.filter(({ rule }) => rule === "ST13").map(({ stack }) => stack));
  return findings.map((finding) => {
    if (finding.rule === "ST13" || finding.address === undefined || !refused.has(finding.stack)) return finding;
    return { ...finding, detail: `${finding.detail} (not while Terraform refuses the plan)` };
  });
}

function withExpiry(finding: Finding, expired: Allowance | undefined): Finding {
  if (!expired) return finding;
  return { ...finding, detail: `${finding.detail} (allowed until ${expired.expires}, which is over)` };
}

const STATUS_ORDER: readonly StackStatus[] = ["failed", "removed", "incomplete", "changed", "unchanged", "skipped"];

/** Failures first, then by the worst finding, then what changes; otherwise in the order of deployment. */
function byRisk(findings: readonly Finding[]): (a: StackReport, b: StackReport) => number {
  const rank = (severity: Severity) => SEVERITIES.indexOf(severity);
  const worst = new Map<string, number>();
  for (const { stack, severity } of findings) {
    if (stack !== undefined) worst.set(stack, Math.min(worst.get(stack) ?? Number.POSITIVE_INFINITY, rank(severity)));
  }
  const risk = ({ name, status }: StackReport) => (status === "failed" ? -1 : (worst.get(name) ?? SEVERITIES.length));
  return (a, b) => risk(a) - risk(b) || STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status);
}
