import { existsSync, readFileSync } from "node:fs";
import { parsePromql, selectorsOf } from "../../../e2e/monitoring/promql/syntax";
import { CNI_CHAINING, DATAPLANE_V2, KUBE_PROXY_FREE, MODES } from "../../../e2e/monitoring/telemetry";
import {
  ALERT_GROUPS,
  type AlertRule,
  alertsFor,
  limitText,
  ruleGroups,
  runbookPath,
} from "../../../lib/monitoring/alerts";
import { seenBy } from "../../../lib/monitoring/metrics";
import { selectWithin } from "../../../lib/monitoring/promql";
import { packageFile } from "../../../lib/package-files";
import { labelsInText, queryFaults, resultLabels } from "../support/check-query";

const RULES = ALERT_GROUPS.flatMap(({ rules }): AlertRule[] => [...rules]);
const names = (telemetry: typeof KUBE_PROXY_FREE) => alertsFor(telemetry, {}, selectWithin()).map(({ name }) => name);

describe("every alert", () => {
  it("has a name of its own", () => {
    const all = RULES.map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
  });

  it("can fire in at least one dataplane", () => {
    const reachable = new Set(MODES.flatMap(([, telemetry]) => names(telemetry)));
    expect(RULES.map(({ name }) => name).filter((name) => !reachable.has(name as never))).toEqual([]);
  });

  it.each(MODES)("reads only what exists in %s, with values that occur", (_, telemetry) => {
    for (const alert of alertsFor(telemetry, {}, selectWithin()))
      expect([alert.name, queryFaults(alert.expression, telemetry)]).toEqual([alert.name, []]);
  });

  it.each(MODES)("names only labels that its series have in %s", (_, telemetry) => {
    for (const alert of alertsFor(telemetry, {}, selectWithin())) {
      const known = resultLabels(alert.expression, telemetry);
      expect([alert.name, labelsInText(alert.summary).filter((label) => !known.has(label))]).toEqual([alert.name, []]);
    }
  });

  it.each(RULES.map(({ name }) => name))("%s has a runbook that says what it means and what to do", (name) => {
    const rule = RULES.find((rule) => rule.name === name)!;
    const text = readFileSync(packageFile(runbookPath(name)), "utf8").replaceAll("\r\n", "\n");
    expect(text).toMatch(new RegExp(`^# ${name}\n`));
    for (const heading of ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"]) expect(text).toContain(heading);
    const { threshold, minutes } = rule;
    const facts = [`Severity: ${rule.severity}`, minutes > 0 ? `for ${minutes} minutes` : "at once"];
    if (threshold) facts.push(`limit ${limitText({ ...threshold, value: threshold.default })} (${threshold.meaning})`);
    expect(text).toContain(`\n${facts.join(" · ")}\n`);
  });

  it("has no runbook left of an alert that is gone", () => {
    const index = readFileSync(packageFile("docs/runbooks/README.md"), "utf8").replaceAll("\r\n", "\n");
    for (const { name } of RULES) expect(index).toContain(`(${name}.md)`);
    for (const [, name] of index.matchAll(/\(((?:Cilium|Hubble|KubeProxy|DataplaneV2)\w+)\.md\)/g)) {
      expect(RULES.map((rule) => rule.name)).toContain(name);
      expect(existsSync(packageFile(`docs/runbooks/${name}.md`))).toBe(true);
    }
  });
});

describe("alerts of a dataplane", () => {
  it("leave out in chaining what cannot happen there", () => {
    const there = new Set(names(CNI_CHAINING));
    const missing = names(KUBE_PROXY_FREE).filter((name) => !there.has(name));
    expect(missing.sort()).toEqual([
      "CiliumNatPortsExhausted",
      "CiliumNatTableFull",
      "CiliumUnreachableHealthEndpoints",
      "HubbleDnsErrors",
      "HubbleHttpServerErrors",
      "KubeProxyDisablerIncomplete",
      "KubeProxyDisablerNotReady",
    ]);
  });

  it("are only about flows with Dataplane V2", () => {
    expect(names(DATAPLANE_V2)).toEqual([
      "DataplaneV2MetricsMissing",
      "DataplaneV2DroppedFlowsHigh",
      "DataplaneV2PolicyDeniedSpike",
    ]);
  });

  it("do without metrics that an older Cilium lacks, and without programs that are not scraped", () => {
    const without = (component: string) => ({
      ...KUBE_PROXY_FREE,
      endpoints: KUBE_PROXY_FREE.endpoints.filter((endpoint) => endpoint.component !== component),
    });
    expect(names(without("cilium-envoy"))).not.toContain("CiliumEnvoyDown");
    expect(names(without("cilium-operator"))).not.toContain("CiliumUnmanagedPods");
    expect(names(without("hubble"))).not.toContain("HubbleNoFlows");
    expect(names({ ...KUBE_PROXY_FREE, endpoints: [], daemonSets: [] })).toEqual([]);
    expect(names({ ...KUBE_PROXY_FREE, ciliumVersion: "1.19.6" })).toContain("CiliumConfigDrift");
  });

  it("tell of the kube-proxy disabler in the one way in which their monitoring sees it", () => {
    const { daemonSetSight: _, ...unseen } = KUBE_PROXY_FREE;
    const about = (telemetry: typeof KUBE_PROXY_FREE) =>
      names(telemetry).filter((name) => name.startsWith("KubeProxy"));
    expect(about(unseen)).toEqual([]);
    expect(about(seenBy(unseen, "pods"))).toEqual(["KubeProxyDisablerNotReady"]);
    expect(about(seenBy(unseen, "counts"))).toEqual(["KubeProxyDisablerIncomplete"]);
    expect(about(seenBy({ ...unseen, daemonSets: [] }, "pods", "counts"))).toEqual([]);
  });

  it("need the handler that makes their labels", () => {
    const http = { ...KUBE_PROXY_FREE, hubbleMetrics: ["http"] };
    expect(names(http)).not.toContain("HubbleHttpServerErrors");
    expect(names({ ...http, hubbleMetrics: ["httpV2"] })).toContain("HubbleHttpServerErrors");
  });
});

describe("rule groups", () => {
  it("carry what a page needs, and nothing that Prometheus would not take", () => {
    const options = { labels: { team: "network" }, runbookBaseUrl: "https://wiki.example.com/runbooks/" };
    const [agents] = ruleGroups(alertsFor(KUBE_PROXY_FREE, options, selectWithin()), options, "1m");
    expect(agents).toMatchObject({ name: "cilium.agents", interval: "1m" });
    expect(agents!.rules[0]).toEqual({
      alert: "CiliumAgentDown",
      expr: 'up{job="cilium-agent"} == 0',
      for: "5m",
      labels: { severity: "critical", team: "network" },
      annotations: {
        summary: "Cilium agent on {{ $labels.node }} does not answer.",
        description: expect.stringContaining("no pod can start there"),
        runbook_url: "https://wiki.example.com/runbooks/CiliumAgentDown.md",
      },
    });
  });

  it("name the runbook's file where it is published nowhere", () => {
    const [agents] = ruleGroups(alertsFor(KUBE_PROXY_FREE, {}, selectWithin()), {});
    expect(agents!.rules[0]!.annotations).toMatchObject({ runbook: "docs/runbooks/CiliumAgentDown.md" });
    expect(agents!.interval).toBeUndefined();
  });

  it("tell the value and the limit that is in force", () => {
    const options = { rules: { CiliumMapPressureHigh: { threshold: 0.65, minutes: 0, severity: "info" } } } as const;
    const rule = ruleGroups(alertsFor(KUBE_PROXY_FREE, options, selectWithin()), options)
      .flatMap(({ rules }) => rules)
      .find(({ alert }) => alert === "CiliumMapPressureHigh");
    expect(rule!.expr).toBe("max by (pod, node, map_name) (cilium_bpf_map_pressure) > 0.65");
    expect(rule!.for).toBeUndefined();
    expect(rule!.labels).toEqual({ severity: "info" });
    expect(rule!.annotations["description"]).toContain("Now {{ $value | humanizePercentage }} (limit 65%,");
  });

  it("keep within the scope that they are given", () => {
    const scoped = alertsFor(KUBE_PROXY_FREE, {}, selectWithin('cluster="prod"'));
    for (const { name, expression } of scoped)
      for (const { matchers } of selectorsOf(parsePromql(expression)))
        expect([name, matchers]).toEqual([
          name,
          expect.arrayContaining([{ label: "cluster", operator: "=", value: "prod" }]),
        ]);
  });
});
