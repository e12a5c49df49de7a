import { createHash } from "node:crypto";
import { CiliumChart } from "../knowledge/cilium-chart";
import type { Action, ResourceChange, StackChanges } from "../model/changes";
import { isEffective } from "../model/changes";
import {
  type ChartUpgrade,
  type Counts,
  type FieldChange,
  type Finding,
  type ResourceReport,
  SEVERITIES,
  type Severity,
  type StackReport,
  type StackStatus,
} from "../model/report";
import type { RenamedResource, Scene } from "../rules/scene";
import { condense } from "./condense";
import { leftoverUses } from "./leftover";
import { notesOf } from "./notes";
import { explain } from "./why";

/** Lays out stacks. What was found and renamed is looked up by place, so that thousands of changes take no longer each. */
export class StackReporter {
  private readonly findings = new Map<string, Finding[]>();
  private readonly renames = new Map<string, RenamedResource[]>();

  public constructor(
    private readonly scene: Scene,
    findings: readonly Finding[],
  ) {
    for (const finding of findings) {
      if (finding.address !== undefined) put(this.findings, placeOf(finding.stack ?? "", finding.address), finding);
    }
    for (const stack of scene.stacks) {
      for (const rename of scene.renames(stack)) {
        for (const { address } of [rename.from, rename.to]) put(this.renames, placeOf(stack.name, address), rename);
      }
    }
  }

  public stack(stack: StackChanges): StackReport {
    const shown = stack.resources.filter(isEffective);
    return {
      name: stack.name,
      environment: stack.environment,
      mode: stack.mode,
      status: statusOf(stack, shown.length),
      added: stack.presence === "added",
      dependencies: stack.dependencies,
      counts: countsOf(shown),
      resources: shown.map((change) => this.resource(change, true)).sort(byImportance),
      drift: stack.drift.map((change) => this.resource(change, false)),
      checks: stack.checks,
      outputs: stack.outputs.length,
      notes: notesOf(stack),
      error: stack.failure,
    };
  }

  private resource(change: ResourceChange, judged: boolean): ResourceReport {
    const place = placeOf(change.stack, change.address);
    const own = (judged && this.findings.get(place)) || [];
    const renames = this.renames.get(place) ?? [];
    return {
      id: anchor(change),
      address: change.address,
      previousAddress: change.previousAddress,
      constructPath: change.constructPath,
      type: change.type,
      action: change.action,
      order: change.order,
      why: [...explain(change, renames), ...leftoverUses(change, this.scene)],
      severity: own[0]?.severity,
      rules: [...new Set(own.map(({ rule }) => rule))],
      fields: fieldsOf(change, renames.length > 0),
      recomputed: change.recomputed,
      chart: this.chart(change),
    };
  }

  private chart(change: ResourceChange): ChartUpgrade | undefined {
    const release = this.scene.cilium(change);
    const [from, to] = [change.before?.["version"], change.after?.["version"]];
    if (!release?.after || typeof from !== "string" || typeof to !== "string") return undefined;
    return CiliumChart.load().upgrade(from, to, release.after.values);
  }
}

function placeOf(stack: string, address: string): string {
  return `${stack}\n${address}`;
}

function put<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}

function statusOf(stack: StackChanges, changes: number): StackStatus {
  if (stack.failure !== undefined) return "failed";
  if (stack.presence === "removed") return "removed";
  if (stack.partial !== undefined) return "incomplete";
  return changes > 0 || stack.outputs.length > 0 ? "changed" : "unchanged";
}

/** What names an object. */
const NAMING = /^(name|location|project|cluster|namespace|metadata\.(name|namespace)|chart|version|ip_cidr_range)$/;

/** Of what goes or is only called otherwise, its attributes say nothing that its name does not. */
function fieldsOf({ action, fields }: ResourceChange, renamed: boolean): readonly FieldChange[] {
  if (renamed || action === "delete" || action === "forget") return fields.filter(({ path }) => NAMING.test(path));
  return condense(fields, { replaced: action === "replace", created: action === "create" });
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
