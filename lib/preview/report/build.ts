import { createHash } from "node:crypto";
import type { Secrets } from "../diff/secrets";
import { CiliumChart } from "../knowledge/cilium-chart";
import { ProviderSchema } from "../knowledge/provider-schema";
import type { Action, ResourceChange, StackChanges } from "../model/changes";
import { isEffective } from "../model/changes";
import {
  type AllowedFinding,
  type ChartUpgrade,
  type Counts,
  type FieldChange,
  type Finding,
  type Report,
  type ResourceReport,
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
import { type Allowance, allowanceFor, expiredFor } from "./allow-list";
import { limitsOf, notesOf } from "./notes";
import { explain } from "./why";

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
  const reports = stacks.map((stack) => stackReport(stack, scene, findings)).sort(byRisk(findings));
  const failures = stacks.flatMap(({ name, failure, partial }) => {
    const problem = failure ?? partial;
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
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
  return findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function withExpiry(finding: Finding, expired: Allowance | undefined): Finding {
  if (!expired) return finding;
  return { ...finding, detail: `${finding.detail} (allowed until ${expired.expires}, which is over)` };
}

function stackReport(stack: StackChanges, scene: Scene, findings: readonly Finding[]): StackReport {
  const own = findings.filter((finding) => finding.stack === stack.name);
  const shown = stack.resources.filter(isEffective);
  const describe = (change: ResourceChange) => resourceReport(change, scene, own);
  return {
    name: stack.name,
    environment: stack.environment,
    mode: stack.mode,
    status: statusOf(stack, shown.length),
    added: stack.presence === "added",
    dependencies: stack.dependencies,
    counts: countsOf(shown),
    resources: shown.map(describe).sort(byImportance),
    drift: stack.drift.map((change) => resourceReport(change, scene, [])),
    checks: stack.checks,
    outputs: stack.outputs.length,
    notes: notesOf(stack),
    error: stack.failure,
  };
}

function statusOf(stack: StackChanges, changes: number): StackStatus {
  if (stack.failure !== undefined) return "failed";
  if (stack.presence === "removed") return "removed";
  if (stack.partial !== undefined) return "incomplete";
  return changes > 0 || stack.outputs.length > 0 ? "changed" : "unchanged";
}

function resourceReport(change: ResourceChange, scene: Scene, findings: readonly Finding[]): ResourceReport {
  const own = findings.filter(({ address }) => address === change.address);
  const stack = scene.stack(change.stack);
  const renames = stack ? scene.renames(stack) : [];
  const renamed = renames.some(({ from, to }) => [from.address, to.address].includes(change.address));
  return {
    id: anchor(change),
    address: change.address,
    previousAddress: change.previousAddress,
    constructPath: change.constructPath,
    type: change.type,
    action: change.action,
    order: change.order,
    why: explain(change, renames),
    severity: own[0]?.severity,
    rules: [...new Set(own.map(({ rule }) => rule))],
    fields: fieldsOf(change, renamed),
    recomputed: change.recomputed,
    chart: chartOf(change, scene),
  };
}

/** What names an object. */
const NAMING = /^(name|location|project|cluster|namespace|metadata\.(name|namespace)|chart|version|ip_cidr_range)$/;

/** Of what goes or is only called otherwise, its attributes say nothing that its name does not. */
function fieldsOf(change: ResourceChange, renamed: boolean): readonly FieldChange[] {
  const whole = !renamed && change.action !== "delete" && change.action !== "forget";
  return whole ? change.fields : change.fields.filter(({ path }) => NAMING.test(path));
}

function chartOf(change: ResourceChange, scene: Scene): ChartUpgrade | undefined {
  const release = scene.cilium(change);
  const [from, to] = [change.before?.["version"], change.after?.["version"]];
  if (!release?.after || typeof from !== "string" || typeof to !== "string") return undefined;
  return CiliumChart.load().upgrade(from, to, release.after.values);
}

function anchor(change: ResourceChange): string {
  const key = [change.stack, change.address, change.deposed ?? ""].join("\n");
  return `r-${createHash("sha256").update(key).digest("hex").slice(0, 10)}`;
}

const COUNTED: readonly (keyof Counts)[] = [
  "create",
  "update",
  "replace",
  "delete",
  "forget",
  "import",
  "move",
  "configure",
  "invoke",
  "other",
];

function countsOf(changes: readonly ResourceChange[]): Counts {
  const counts = Object.fromEntries(COUNTED.map((name) => [name, 0])) as Record<keyof Counts, number>;
  for (const { action } of changes) if (action in counts) counts[action as keyof Counts]++;
  return counts;
}

const LOUDEST: readonly Action[] = [
  "delete",
  "replace",
  "other",
  "invoke",
  "forget",
  "update",
  "create",
  "import",
  "move",
  "configure",
];

function byImportance(a: ResourceReport, b: ResourceReport): number {
  return rank(a.severity) - rank(b.severity) || LOUDEST.indexOf(a.action) - LOUDEST.indexOf(b.action);
}

function rank(severity: Severity | undefined): number {
  return severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}

const STATUS_ORDER: readonly StackStatus[] = ["failed", "removed", "incomplete", "changed", "unchanged", "skipped"];

/** Failures first, then by the worst finding, then what changes; otherwise in the order of deployment. */
function byRisk(findings: readonly Finding[]): (a: StackReport, b: StackReport) => number {
  const worst = new Map<string, number>();
  for (const { stack, severity } of findings) {
    if (stack !== undefined) worst.set(stack, Math.min(worst.get(stack) ?? Number.POSITIVE_INFINITY, rank(severity)));
  }
  const risk = ({ name, status }: StackReport) => (status === "failed" ? -1 : (worst.get(name) ?? SEVERITIES.length));
  return (a, b) => risk(a) - risk(b) || STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status);
}
