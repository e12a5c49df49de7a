import { KUBE_PROXY_FREE } from "../../../e2e/monitoring/telemetry";
import { ALERT_OPTIONS, type AlertOptions, alertsFor } from "../../../lib/monitoring/alerts";
import { selectWithin } from "../../../lib/monitoring/promql";
import { describeProblem, examine } from "../../../lib/validation";

const problems = (options: AlertOptions) =>
  examine(options, ALERT_OPTIONS).problems.map((p) => describeProblem("alerts", p));

describe("alert options", () => {
  it("are fine when left out, and when used as meant", () => {
    expect(problems({})).toEqual([]);
    expect(
      problems({
        rules: {
          CiliumConfigDrift: false,
          CiliumMapPressureHigh: { threshold: 0.7, minutes: 15, severity: "critical" },
        },
        labels: { team: "network" },
        runbookBaseUrl: "https://wiki.example.com/cilium",
      }),
    ).toEqual([]);
  });

  it("leave an alert out", () => {
    const without = alertsFor(KUBE_PROXY_FREE, { rules: { CiliumConfigDrift: false } }, selectWithin());
    expect(without.map(({ name }) => name)).not.toContain("CiliumConfigDrift");
  });

  it.each([
    [
      { rules: { CiliumMapPressureHigh: { threshold: 80 } } },
      /^alerts: 'rules.CiliumMapPressureHigh.threshold' \(80\) is not a number from 0 to 1; .*default 0.8 /,
    ],
    [{ rules: { CiliumPolicyDeniedSpike: { threshold: -1 } } }, /is not a number of at least 0/],
    [{ rules: { CiliumPolicyDeniedSpike: { threshold: Number.NaN } } }, /is not a number of at least 0/],
    [{ rules: { CiliumAgentDown: { threshold: 1 } } }, /'rules.CiliumAgentDown.threshold' \(1\) has no effect/],
    [{ rules: { CiliumAgentDown: { minutes: 1.5 } } }, /'rules.CiliumAgentDown.minutes' \(1.5\) is not a whole number/],
    [{ rules: { CiliumAgentDown: { minutes: -1 } } }, /is not a whole number from 0 to 1440/],
    [{ labels: { "my-team": "x" } }, /'labels.my-team' is not a label name/],
    [{ labels: { severity: "x" } }, /'labels.severity' is set by whoever evaluates the alert/],
    [{ runbookBaseUrl: "wiki/runbooks" }, /'runbookBaseUrl' \(wiki\/runbooks\) is not an http\(s\) URL/],
  ] as const)("refuse %j", (options, message) => {
    expect(problems(options)).toEqual([expect.stringMatching(message)]);
  });

  it("refuse from plain JavaScript what the types would not let through", () => {
    const options = {
      rules: { CiliumAgentsDown: {}, CiliumAgentDown: { severity: "page" } },
    } as unknown as AlertOptions;
    expect(problems(options)).toEqual([
      expect.stringMatching(/'rules.CiliumAgentDown.severity' \(page\) is not one of critical, warning, info/),
      expect.stringMatching(/'rules.CiliumAgentsDown' is no option; did you mean CiliumAgentDown\?/),
    ]);
  });
});
