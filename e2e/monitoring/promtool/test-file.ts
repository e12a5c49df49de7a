import type { AlertName } from "../../../lib/monitoring";
import type { PrometheusAlert, PrometheusRuleGroup } from "../../../lib/monitoring/alerts";
import { type AlertCase, LENGTH_MINUTES, type Series } from "./case";

/** A test of `promtool test rules`. */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly PromtoolExpectation[];
}

interface PromtoolExpectation {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

/** Minutes after which the ranges of a condition are full. promtool evaluates every rule up to there, so no more. */
function startMinutes({ expr }: PrometheusAlert): number {
  return expr.includes("[1h]") ? 65 : 15;
}

/**
 * Tests of every alert: it fires on the series that should make it fire, with its labels and its message filled in, and
 * not a minute before its time; on the near misses it never does.
 */
export function promtoolTests(
  groups: readonly PrometheusRuleGroup[],
  cases: Readonly<Record<AlertName, AlertCase>>,
): PromtoolTest[] {
  return groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => {
      const { fires, silent, labels = {}, shows } = cases[rule.alert as AlertName];
      const minutes = Number.parseInt(rule.for ?? "0", 10);
      const settled = startMinutes(rule) + minutes;
      const none = (at: number): PromtoolExpectation => ({
        eval_time: `${at}m`,
        alertname: rule.alert,
        exp_alerts: [],
      });
      const expected = {
        eval_time: `${settled}m`,
        alertname: rule.alert,
        exp_alerts: [{ exp_labels: { ...labels, ...rule.labels }, exp_annotations: annotations(rule, labels, shows) }],
      };
      // From the first moment on most conditions hold; those over an hour need the hour.
      const early = minutes > 1 ? [none(minutes - 1)] : [];
      return [
        test(`${rule.alert} fires`, fires, [...early, expected]),
        ...silent.map((series, index) =>
          test(`${rule.alert} stays silent (${index + 1})`, series, [none(minutes + 5), none(settled)]),
        ),
      ];
    }),
  );
}

function test(name: string, series: readonly Series[], alert_rule_test: readonly PromtoolExpectation[]): PromtoolTest {
  // A test without any series has no length; this one says nothing about anybody.
  const all: readonly Series[] = series.length > 0 ? series : [["clock", `0x${LENGTH_MINUTES * 2}`]];
  return {
    name,
    interval: "30s",
    input_series: all.map(([series, values]) => ({ series, values })),
    alert_rule_test,
  };
}

/** The message as a person gets it. */
function annotations(
  rule: PrometheusAlert,
  labels: Readonly<Record<string, string>>,
  shows: string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rule.annotations).map(([name, text]) => [
      name,
      text
        .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? `<no ${label}>`)
        .replaceAll(/\{\{ \$value \| \w+ \}\}/g, shows ?? "<no value>"),
    ]),
  );
}
