import { CNI_CHAINING, DATAPLANE_V2, KUBE_PROXY_FREE, MODES } from "../../../e2e/monitoring/telemetry";
import { Monitoring } from "../../../lib/monitoring/monitoring";
import { DEFAULT_NAMESPACE } from "../../../lib/monitoring/stack";
import { describeProblem } from "../../../lib/validation";
import { googleAttributeProblems } from "../../support/google-attributes";
import {
  addresses,
  FACTS,
  helmValues,
  appliedManifests as manifests,
  type Resources,
  synthMonitoring,
} from "../support/synth";

type Options = NonNullable<Parameters<typeof Monitoring.managedPrometheus>[0]>;
const policies = (resources: Resources) => resources["google_monitoring_alert_policy"] ?? {};

describe("Monitoring.managedPrometheus", () => {
  const notified = Monitoring.managedPrometheus({ alerts: { emails: ["oncall@example.com"] } });
  const resources = synthMonitoring(notified, KUBE_PROXY_FREE);

  it.each(MODES)("declares resources that the provider knows in %s", (_, telemetry) => {
    for (const options of [{}, { grafana: {} }, { alerts: { evaluation: "cluster" } }] as const) {
      const stack = synthMonitoring(Monitoring.managedPrometheus(options), telemetry);
      expect(googleAttributeProblems({ resource: stack })).toEqual([]);
      expect(addresses(stack)).toMatchSnapshot(JSON.stringify(options));
    }
  });

  it("makes no release under a name that another resource of the other kind removes", () => {
    const addressesOf = (monitoring: Monitoring) =>
      Object.fromEntries(
        Object.entries(synthMonitoring(monitoring, KUBE_PROXY_FREE)["helm_release"]!).map(([id, { name }]) => [
          name,
          id,
        ]),
      );
    const before = addressesOf(Monitoring.prometheus());
    const after = addressesOf(Monitoring.managedPrometheus({ grafana: {}, alerts: { evaluation: "cluster" } }));
    const shared = Object.keys(after).filter((name) => name in before);
    expect(shared).toEqual(["cilium-alerts", "cilium-scrape", "kube-prometheus-stack"]);
    for (const name of shared) expect([name, after[name]]).toEqual([name, before[name]]);
  });

  it("asks the cluster for the managed service", () => {
    expect(notified.needs).toEqual({ managedPrometheus: true, daemonSetCounts: true });
    expect(Monitoring.prometheus().needs).toEqual({ managedPrometheus: false });
  });

  it("collects from each program under its name, with the labels that the queries read", () => {
    const monitorings = manifests(resources, "scrape");
    expect(monitorings.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      "ClusterPodMonitoring/cilium-agent",
      "ClusterPodMonitoring/cilium-envoy",
      "ClusterPodMonitoring/cilium-operator",
      "ClusterPodMonitoring/hubble",
      "ClusterPodMonitoring/hubble-relay",
    ]);
    expect(monitorings[0]).toMatchObject({
      apiVersion: "monitoring.googleapis.com/v1",
      spec: {
        selector: { matchLabels: { "k8s-app": "cilium" } },
        endpoints: [{ port: "prometheus", interval: "60s" }],
        targetLabels: {
          metadata: ["namespace", "pod", "container", "node"],
          fromPod: [{ from: "k8s-app", to: "k8s_app" }],
        },
      },
    });
  });

  it("keeps what something reads and drops the rest before it is billed", () => {
    const keep = (resources: Resources) => {
      const [agent] = manifests(resources, "scrape");
      const [endpoint] = agent!.spec["endpoints"] as { metricRelabeling: { action: string; regex: string }[] }[];
      expect(endpoint!.metricRelabeling).toHaveLength(1);
      expect(endpoint!.metricRelabeling[0]!.action).toBe("keep");
      // The limit of the API for one expression.
      expect(endpoint!.metricRelabeling[0]!.regex.length).toBeLessThan(10_000);
      return endpoint!.metricRelabeling[0]!.regex.split("|");
    };
    const kept = keep(resources);
    expect(kept).toContain("cilium_unreachable_nodes");
    expect(kept).toContain("cilium_endpoint_regeneration_time_stats_seconds_bucket");
    expect(kept).not.toContain("cilium_endpoint_regeneration_time_stats_seconds_sum");
    expect(kept).not.toContain("cilium_controllers_runs_total");
    expect(kept).not.toContain("go_goroutines");

    const more = keep(
      synthMonitoring(Monitoring.managedPrometheus({ keepMetrics: ["cilium_fqdn_.*"] }), KUBE_PROXY_FREE),
    );
    expect(more).toContain("cilium_fqdn_.*");
    const withGrafana = keep(synthMonitoring(Monitoring.managedPrometheus({ grafana: {} }), KUBE_PROXY_FREE));
    expect(withGrafana).toContain("cilium_controllers_runs_total");
    expect(withGrafana).toContain("cilium_version");
    const withoutDashboard = keep(synthMonitoring(Monitoring.managedPrometheus({ dashboard: false }), KUBE_PROXY_FREE));
    expect(withoutDashboard).not.toContain("cilium_endpoint_regeneration_time_stats_seconds_bucket");
    expect(withoutDashboard).toContain("cilium_unreachable_nodes");
  });

  it("leaves Dataplane V2's own collection to GKE and puts nothing into the cluster for it", () => {
    const stack = synthMonitoring(Monitoring.managedPrometheus(), DATAPLANE_V2);
    expect(stack["helm_release"]).toBeUndefined();
    expect(stack["kubernetes_namespace_v1"]).toBeUndefined();
    expect(Object.keys(policies(stack))).toHaveLength(3);
    expect(JSON.stringify(stack["google_monitoring_dashboard"])).toContain("pod_flow_ingress_flows_count");
  });

  it("has an alert policy for each alert, within this cluster, that can be made on the first day", () => {
    const policy = policies(resources)["alert-CiliumMapPressureHigh"]!;
    expect(policy).toMatchObject({
      project: "acme-staging",
      display_name: "staging: CiliumMapPressureHigh",
      combiner: "OR",
      severity: "WARNING",
      conditions: [
        {
          display_name: "CiliumMapPressureHigh",
          condition_prometheus_query_language: {
            query:
              'max by (pod, node, map_name) (cilium_bpf_map_pressure{cluster="staging", location="asia-northeast1"}) > 0.8',
            duration: "300s",
            evaluation_interval: "60s",
            disable_metric_validation: true,
            labels: { severity: "warning" },
          },
        },
      ],
      alert_strategy: { auto_close: "3600s" },
      notification_channels: ["${google_monitoring_notification_channel.email-oncall-example-com.name}"],
      user_labels: { team: "network", environment: "staging" },
    });
    expect(policy["documentation"]).toMatchObject({
      subject:
        "staging: BPF map $${metric_or_resource.label.map_name} on $${metric_or_resource.label.node} is filling up.",
      content: expect.stringContaining("Limit: 80% (share of the map's entries), for 5 minutes."),
    });
    for (const { conditions } of Object.values(policies(resources)) as {
      conditions: [Record<string, { query: string }>];
    }[]) {
      const { query } = conditions[0]["condition_prometheus_query_language"]!;
      expect(query).toContain('cluster="staging", location="asia-northeast1"');
    }
  });

  it("notifies of what somebody must do, and not of the rest", () => {
    const channels = (name: string) => policies(resources)[name]!["notification_channels"];
    expect(channels("alert-CiliumAgentDown")).toHaveLength(1);
    expect(channels("alert-CiliumConfigDrift")).toBeUndefined();
    expect(policies(resources)["alert-CiliumConfigDrift"]!["severity"]).toBeUndefined();
    const all = synthMonitoring(
      Monitoring.managedPrometheus({
        alerts: {
          notificationChannels: ["projects/acme-staging/notificationChannels/123"],
          notifiedSeverities: ["critical", "warning", "info"],
          autoCloseMinutes: 30,
          runbookBaseUrl: "https://wiki.example.com/r",
        },
      }),
      KUBE_PROXY_FREE,
    );
    expect(policies(all)["alert-CiliumConfigDrift"]).toMatchObject({
      notification_channels: ["projects/acme-staging/notificationChannels/123"],
      alert_strategy: { auto_close: "1800s" },
      documentation: { links: [{ display_name: "Runbook", url: "https://wiki.example.com/r/CiliumConfigDrift.md" }] },
    });
    expect(all["google_monitoring_notification_channel"]).toBeUndefined();
  });

  it("says when it cannot see that the kube-proxy disabler is not ready, and has an alert where it can", () => {
    const rules = (telemetry: typeof KUBE_PROXY_FREE) =>
      notified.warnings({ ...FACTS, telemetry, clusterMetrics: ["SYSTEM_COMPONENTS"] }).map(({ rule }) => rule);
    expect(rules(KUBE_PROXY_FREE)).toEqual([
      expect.stringContaining("cannot tell when kube-proxy-disabler is not ready"),
    ]);
    expect(rules(CNI_CHAINING)).toEqual([]);
    const alerts = (clusterMetrics: readonly string[]) =>
      addresses(synthMonitoring(notified, KUBE_PROXY_FREE, { clusterMetrics })).filter((each) =>
        /KubeProxy/.test(each),
      );
    expect(alerts(["SYSTEM_COMPONENTS"])).toEqual([]);
    expect(alerts(["SYSTEM_COMPONENTS", "DAEMONSET"])).toEqual([
      "google_monitoring_alert_policy.alert-KubeProxyDisablerIncomplete",
    ]);
  });

  it("says when nobody is notified", () => {
    const facts = { ...FACTS, telemetry: KUBE_PROXY_FREE, clusterMetrics: ["SYSTEM_COMPONENTS", "DAEMONSET"] };
    expect(notified.warnings(facts)).toEqual([]);
    expect(Monitoring.managedPrometheus().warnings(facts)).toEqual([
      expect.objectContaining({ property: "alerts.notificationChannels" }),
    ]);
    expect(Monitoring.managedPrometheus({ alerts: { evaluation: "cluster" } }).warnings(facts)).toEqual([]);
  });

  it("lets the cluster evaluate the same rules instead", () => {
    const inCluster = synthMonitoring(
      Monitoring.managedPrometheus({ alerts: { evaluation: "cluster" } }),
      KUBE_PROXY_FREE,
    );
    expect(policies(inCluster)).toEqual({});
    const [rules] = manifests(inCluster, "alerts");
    expect(rules).toMatchObject({ kind: "ClusterRules", apiVersion: "monitoring.googleapis.com/v1" });
    const groups = rules!.spec["groups"] as { interval: string; rules: { alert: string; expr: string }[] }[];
    expect(groups[0]!.interval).toBe("60s");
    const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect(alerts.map((name) => `alert-${name}`).sort()).toEqual(Object.keys(policies(resources)).sort());
    // The operator adds the cluster itself and refuses rules that name another.
    expect(JSON.stringify(groups)).not.toContain("cluster=");
  });

  it("changes one policy for one limit", () => {
    const other = synthMonitoring(
      Monitoring.managedPrometheus({
        alerts: { emails: ["oncall@example.com"], rules: { CiliumMapPressureHigh: { threshold: 0.7 } } },
      }),
      KUBE_PROXY_FREE,
    );
    const changed = addresses(resources).filter((address) => {
      const [type, name] = address.split(".") as [string, string];
      return JSON.stringify(other[type]![name]) !== JSON.stringify(resources[type]![name]);
    });
    expect(changed).toEqual(["google_monitoring_alert_policy.alert-CiliumMapPressureHigh"]);
  });

  it("runs Grafana without credentials, behind Google's frontend that may only read", () => {
    const stack = synthMonitoring(Monitoring.managedPrometheus({ grafana: {} }), CNI_CHAINING);
    expect(stack["google_project_iam_member"]!["frontend-access"]).toMatchObject({
      role: "roles/monitoring.viewer",
      member: expect.stringContaining(
        `workloadIdentityPools/acme-staging.svc.id.goog/subject/ns/${DEFAULT_NAMESPACE}/sa/prometheus-frontend`,
      ),
    });
    const grafana = helmValues(stack, "stack") as Record<string, Record<string, unknown>>;
    for (const part of ["prometheus", "alertmanager", "crds", "kubeStateMetrics", "nodeExporter"])
      expect(grafana[part]).toEqual({ enabled: false });
    expect(grafana["grafana"]!["sidecar"]).toMatchObject({
      datasources: { url: "http://prometheus-frontend.cilium-monitoring.svc:9090/" },
    });
    const deployment = manifests(stack, "frontend").find(({ kind }) => kind === "Deployment")!;
    expect(JSON.stringify(deployment.spec)).toContain("--query.project-id=acme-staging");
    expect(Object.keys(stack["kubernetes_network_policy_v1"]!).sort()).toEqual([
      "network-policy-deny",
      "network-policy-frontend",
    ]);
  });
});

describe("options of Monitoring.managedPrometheus", () => {
  const problems = (options: Options) =>
    Monitoring.managedPrometheus(options)
      .problems({ ...FACTS, telemetry: KUBE_PROXY_FREE })
      .map((problem) => describeProblem("prod", problem));

  it("are fine when used as meant", () => {
    expect(problems({})).toEqual([]);
    expect(
      problems({
        scrapeIntervalSeconds: 30,
        keepMetrics: ["cilium_fqdn_.*"],
        alerts: {
          emails: ["a@example.com", "b@example.com"],
          notificationChannels: ["projects/acme/notificationChannels/12"],
          autoCloseMinutes: 30,
        },
        grafana: { storageGiB: 5 },
      }),
    ).toEqual([]);
    expect(problems({ alerts: { evaluation: "cluster" } })).toEqual([]);
  });

  it.each([
    [{ scrapeIntervalSeconds: 300 }, "prod: 'scrapeIntervalSeconds' (300) is not a whole number from 10 to 120"],
    [{ namespace: "gmp-public" }, "prod: 'namespace' (gmp-public) belongs to the cluster itself"],
    [{ keepMetrics: ["("] }, "prod: 'keepMetrics[0]' (() is not a regular expression"],
    [{ keepMetrics: ["a|"] }, "prod: 'keepMetrics[0]' (a|) also matches no name at all"],
    [{ keepMetrics: [""] }, "prod: 'keepMetrics[0]' (\"\") is empty"],
    [{ alerts: { emails: ["oncall"] } }, "prod: 'alerts.emails[0]' (oncall) is not an e-mail address"],
    [
      { alerts: { emails: ["a@example.com", "a@example.com"] } },
      "prod: 'alerts.emails[1]' (a@example.com) is there twice",
    ],
    [
      { alerts: { notificationChannels: ["12"] } },
      "prod: 'alerts.notificationChannels[0]' (12) is not the name of a notification channel",
    ],
    [{ alerts: { autoCloseMinutes: 5 } }, "prod: 'alerts.autoCloseMinutes' (5) is not a whole number from 30 to 10080"],
    [
      { alerts: { evaluation: "cluster", emails: ["a@example.com"] } },
      "prod: 'alerts.emails' has no effect where the cluster evaluates the alerts",
    ],
    [{ grafana: { storageGiB: 0 } }, "prod: 'grafana.storageGiB' (0) is not a whole number of at least 1"],
    [
      { alerts: { emails: Array.from({ length: 17 }, (_, index) => `p${index}@example.com`) } },
      "prod: 'alerts.notificationChannels' (17) are more than the 16",
    ],
  ] as const)("refuse %j", (options, message) => {
    expect(problems(options as Options)).toEqual([expect.stringContaining(message)]);
  });
});
