import type { DataplaneTelemetry, MetricsComponent } from "../../dataplane/telemetry";
import type { Select } from "../promql";

/** How much somebody must hurry: wake up, look today, know about it. */
export type Severity = "critical" | "warning" | "info";

/** The limit in a rule that a team may want to move. */
export interface Threshold {
  readonly default: number;
  /** Least value that makes sense. */
  readonly min: number;
  /** Greatest value that makes sense. @default unlimited */
  readonly max?: number;
  /** What is counted, with its unit: `share of the table's entries`. */
  readonly meaning: string;
  /** How a value is written in a message. */
  readonly format: "ratio" | "number" | "rate";
}

/** One alert, independent of who evaluates it. */
export interface AlertRule {
  /** Unique, in the form of Prometheus alert names; also the name of its runbook. */
  readonly name: string;
  readonly severity: Severity;
  /** Minutes that the condition must hold. */
  readonly minutes: number;
  /** One line for a pager. May name the series' labels as `{{ $labels.node }}`. */
  readonly summary: string;
  /** What it means and what it does to users: one or two sentences. */
  readonly description: string;
  readonly threshold?: Threshold;
  /** Programs that must be there besides those whose metrics {@link expression} reads. */
  readonly components?: readonly MetricsComponent[];
  /** Labels that the configured metrics must have, by series. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** Whether it can mean something in a dataplane whose metrics would allow it. @default always */
  readonly applies?: (telemetry: DataplaneTelemetry) => boolean;
  /** The condition in PromQL, every selector written with `select`. */
  readonly expression: (select: Select, threshold: number) => string;
}

/** Rules that are evaluated together. */
export interface AlertGroup {
  /** `cilium.<topic>` */
  readonly name: string;
  readonly rules: readonly AlertRule[];
}
