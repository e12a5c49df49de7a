import {
  type Check,
  type CheckTable,
  decisive,
  falseOr,
  nested,
  noEffect,
  number,
  oneOf,
  recordOf,
  text,
  wholeNumber,
} from "../../validation";
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

/** Why nothing of a rule can be left to Terraform. */
const WRITTEN_OUT = "rules are written out as text";

/** What the options must look like. */
export const ALERT_OPTIONS: CheckTable<AlertOptions> = {
  rules: rulesCheck(),
  labels: labelsCheck(),
  runbookBaseUrl: decisive(
    text({
      matches: /^https?:\/\/[^/\s]+(\/\S*)?$/,
      rule: "is not an http(s) URL",
      remedy: "write it as https://host/path, or leave it out",
    }),
    WRITTEN_OUT,
  ),
};

/** Names of alerts, each with what may be changed about that one. */
function rulesCheck(): Check {
  const tunings = Object.fromEntries([...RULES].map(([name, rule]) => [name, falseOr(nested(tuningTable(rule)))]));
  return nested(tunings as CheckTable<Record<string, AlertTuning>>);
}

function tuningTable({ threshold, minutes }: AlertRule): CheckTable<AlertTuning> {
  return {
    threshold:
      threshold === undefined
        ? noEffect("the alert has no limit")
        : decisive(
            number({
              from: threshold.min,
              to: threshold.max,
              remedy: `choose one within, e.g. the default ${threshold.default} (${threshold.meaning})`,
            }),
            WRITTEN_OUT,
          ),
    minutes: decisive(
      wholeNumber({ from: 0, to: 24 * 60, remedy: `choose one, e.g. the default ${minutes}` }),
      WRITTEN_OUT,
    ),
    severity: decisive(oneOf(SEVERITIES), WRITTEN_OUT),
  };
}

function labelsCheck(): Check {
  return decisive(
    recordOf(decisive(text(), WRITTEN_OUT), (label) => {
      if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
        return { rule: "is not a label name", remedy: "use letters, digits and underscores" };
      if (RESERVED_LABELS.includes(label))
        return { rule: "is set by whoever evaluates the alert", remedy: "choose another name" };
      return undefined;
    }),
    WRITTEN_OUT,
  );
}
