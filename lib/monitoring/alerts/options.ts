import type { Problem } from "../../validation";
import { ALERT_GROUPS, type AlertName } from "./catalogue";
import type { AlertRule, Severity } from "./rule";

/** What may be changed about one alert. */
export interface AlertTuning {
  /**
   * The limit, in the unit that the alert's runbook names (shares are written 0 to 1).
   *
   * @default - the rule's own
   */
  readonly threshold?: number;

  /**
   * Minutes that the condition must hold before anybody is told. 0 or more.
   *
   * @default - the rule's own
   */
  readonly minutes?: number;

  /** @default - the rule's own */
  readonly severity?: Severity;
}

/** Alerts that every kind of monitoring evaluates. */
export interface AlertOptions {
  /**
   * Changes alerts by name; `false` leaves one out: `{ CiliumConfigDrift: false, CiliumMapPressureHigh: { threshold: 0.7 } }`.
   * Alerts that can never fire in an environment's dataplane are left out by themselves.
   *
   * @default - every alert as its runbook describes it
   */
  readonly rules?: { readonly [Name in AlertName]?: false | AlertTuning };

  /**
   * Labels of every alert, for routing: `{ team: "network" }`.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Where the runbooks (`docs/runbooks/<alert>.md` of this library) are published: an http(s) URL of the folder.
   * Alerts link to `<base>/<alert>.md`.
   *
   * @default - alerts name the file instead of linking to it
   */
  readonly runbookBaseUrl?: string;
}

const RULES: ReadonlyMap<string, AlertRule> = new Map(
  ALERT_GROUPS.flatMap(({ rules }): AlertRule[] => [...rules]).map((rule) => [rule.name, rule]),
);
const SEVERITIES: readonly string[] = ["critical", "warning", "info"] satisfies Severity[];
/** Set on every alert by this library or by whoever evaluates it. */
const RESERVED_LABELS = ["severity", "alertname", "cluster", "project_id", "location", "namespace"];

/** Everything that is wrong with alert options, whatever the environment. */
export function alertOptionProblems(options: AlertOptions): Problem[] {
  const { rules = {}, labels = {}, runbookBaseUrl } = options;
  const problems = Object.entries(rules).flatMap(([name, tuning]) => tuningProblems(name, tuning));
  for (const [label, value] of Object.entries(labels)) {
    const property = `labels.${label}`;
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
      problems.push({ property, value, rule: "is not a label name", remedy: "use letters, digits and underscores" });
    if (RESERVED_LABELS.includes(label))
      problems.push({ property, value, rule: "is set by whoever evaluates the alert", remedy: "choose another name" });
  }
  if (runbookBaseUrl !== undefined && !/^https?:\/\/[^/\s]+(\/\S*)?$/.test(runbookBaseUrl))
    problems.push({
      property: "runbookBaseUrl",
      value: runbookBaseUrl,
      rule: "is not an http(s) URL",
      remedy: "write it as https://host/path, or leave it out",
    });
  return problems;
}

function tuningProblems(name: string, tuning: false | AlertTuning | undefined): Problem[] {
  const rule = RULES.get(name);
  const property = `rules.${name}`;
  if (!rule)
    return [{ property, rule: "is no alert of this library", remedy: `choose from ${[...RULES.keys()].join(", ")}` }];
  if (!tuning) return [];
  const problems: Problem[] = [];
  const { threshold, minutes, severity } = tuning;
  if (threshold !== undefined && !rule.threshold)
    problems.push({
      property: `${property}.threshold`,
      value: threshold,
      rule: "has no effect: the alert has no limit",
      remedy: "leave it out",
    });
  if (threshold !== undefined && rule.threshold) {
    const { min, max = Number.POSITIVE_INFINITY, meaning } = rule.threshold;
    if (!(threshold >= min && threshold <= max))
      problems.push({
        property: `${property}.threshold`,
        value: threshold,
        rule: `is outside ${min} to ${Number.isFinite(max) ? max : "any number"} (${meaning})`,
        remedy: `choose one within, e.g. the default ${rule.threshold.default}`,
      });
  }
  if (minutes !== undefined && !(Number.isInteger(minutes) && minutes >= 0 && minutes <= 24 * 60))
    problems.push({
      property: `${property}.minutes`,
      value: minutes,
      rule: "is not a whole number of minutes from 0 to 1440",
      remedy: `choose one, e.g. the default ${rule.minutes}`,
    });
  if (severity !== undefined && !SEVERITIES.includes(severity))
    problems.push({
      property: `${property}.severity`,
      value: severity,
      rule: "is not a severity",
      remedy: `choose from ${SEVERITIES.join(", ")}`,
    });
  return problems;
}
