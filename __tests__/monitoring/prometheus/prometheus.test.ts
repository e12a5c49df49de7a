import { CNI_CHAINING, DATAPLANE_V2, KUBE_PROXY_FREE, MODES } from "../../../e2e/monitoring/telemetry";
import { Monitoring } from "../../../lib/monitoring/monitoring";
import { describeProblem } from "../../../lib/validation";
import { googleAttributeProblems } from "../../support/google-attributes";
import {
  addresses,
  FACTS,
  appliedManifests as manifests,
  synthMonitoring,
  helmValues as values,
} from "../support/synth";

type Options = NonNullable<Parameters<typeof Monitoring.prometheus>[0]>;
interface Spec {
  readonly [key: string]: unknown;
}

describe("Monitoring.prometheus", () => {
  const resources = synthMonitoring(Monitoring.prometheus(), KUBE_PROXY_FREE);
  const stack = values(resources, "stack") as Record<string, Record<string, Spec>>;
  const prometheus = stack["prometheus"]!["prometheusSpec"]!;

  it.each(MODES)("declares resources that the provider knows in %s", (_, telemetry) => {
    const stack = synthMonitoring(Monitoring.prometheus(), telemetry);
    expect(googleAttributeProblems({ resource: stack })).toEqual([]);
    expect(addresses(stack)).toMatchSnapshot();
  });

  it("installs the definitions first and what needs them last, each object in a release of its own", () => {
    expect(resources["helm_release"]!["stack"]).toMatchObject({
      name: "kube-prometheus-stack",
      namespace: "cilium-monitoring",
      repository: "https://prometheus-community.github.io/helm-charts",
      chart: "kube-prometheus-stack",
      version: "88.5.3",
      upgrade_install: true,
      wait: true,
      depends_on: ["kubernetes_namespace_v1.namespace"],
    });
    for (const name of ["scrape", "alerts"])
      expect(resources["helm_release"]![name]).toMatchObject({ depends_on: ["helm_release.stack"] });
  });

  it("keeps data on a disk, for a time and within the disk", () => {
    expect(prometheus).toMatchObject({
      retention: "15d",
      retentionSize: "42GB",
      storageSpec: {
        volumeClaimTemplate: {
          spec: { storageClassName: "standard-rwo", resources: { requests: { storage: "50Gi" } } },
        },
      },
      resources: { limits: { memory: expect.any(String) } },
    });
    const larger = synthMonitoring(
      Monitoring.prometheus({ retentionDays: 30, storage: { sizeGiB: 200, storageClass: "premium-rwo" }, replicas: 2 }),
      KUBE_PROXY_FREE,
    );
    expect(values(larger, "stack")).toMatchObject({
      prometheus: {
        prometheusSpec: {
          replicas: 2,
          podAntiAffinity: "hard",
          retention: "30d",
          retentionSize: "170GB",
          storageSpec: { volumeClaimTemplate: { spec: { storageClassName: "premium-rwo" } } },
        },
      },
      alertmanager: {
        alertmanagerSpec: { storage: { volumeClaimTemplate: { spec: { storageClassName: "premium-rwo" } } } },
      },
    });
  });

  it("finds its own objects, in its own namespace, and nobody else's", () => {
    for (const kind of ["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"]) {
      expect(prometheus[`${kind}SelectorNilUsesHelmValues`]).toBe(false);
      expect(prometheus[`${kind}NamespaceSelector`]).toEqual({
        matchLabels: { "kubernetes.io/metadata.name": "cilium-monitoring" },
      });
    }
    expect(stack["prometheusOperator"]).toMatchObject({
      namespaces: { releaseNamespace: true, additional: [] },
      admissionWebhooks: { enabled: false },
    });
  });

  it("scrapes nothing of a control plane that is Google's, and nothing that needs privileges on nodes", () => {
    const off = ["kubeControllerManager", "kubeEtcd", "kubeScheduler", "kubeProxy", "coreDns", "nodeExporter"];
    for (const name of off) expect(stack[name]).toEqual({ enabled: false });
    for (const name of ["kubelet", "kubeApiServer", "kubeDns", "kubeStateMetrics"])
      expect(stack[name]).toEqual({ enabled: false });
    const all = values(synthMonitoring(Monitoring.prometheus({ clusterMetrics: true }), KUBE_PROXY_FREE), "stack");
    for (const name of off) expect(all[name]).toEqual({ enabled: false });
    for (const name of ["kubelet", "kubeApiServer", "kubeDns", "kubeStateMetrics"])
      expect(all[name]).toEqual({ enabled: true });
  });

  it("lets nobody into Grafana without a password, and writes none down", () => {
    const grafana = stack["grafana"]!;
    expect(grafana["grafana.ini"]).toMatchObject({
      "auth.anonymous": { enabled: false },
      users: { allow_sign_up: false },
      analytics: { reporting_enabled: false },
    });
    expect(JSON.stringify(resources)).not.toMatch(/adminPassword|secret_key/);
    expect(grafana["admin"]).toBeUndefined();
    const own = synthMonitoring(Monitoring.prometheus({ grafana: { adminSecret: "grafana-admin" } }), KUBE_PROXY_FREE);
    expect(values(own, "stack")).toMatchObject({ grafana: { admin: { existingSecret: "grafana-admin" } } });
  });

  it("runs in a namespace that refuses privileges and closes every port that is not needed", () => {
    expect(resources["kubernetes_namespace_v1"]!["namespace"]).toMatchObject({
      metadata: { name: "cilium-monitoring", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    const policies = resources["kubernetes_network_policy_v1"]!;
    expect(policies["network-policy-deny"]).toMatchObject({
      spec: { pod_selector: {}, policy_types: ["Ingress"], ingress: [] },
    });
    const ports = Object.values(policies).flatMap(({ spec }) =>
      (spec as { ingress: { from: unknown[]; ports?: { port: string }[] }[] }).ingress.flatMap(
        ({ from, ports = [] }) => {
          expect(from.length).toBeGreaterThan(0);
          return ports.map(({ port }) => port);
        },
      ),
    );
    expect(ports.sort()).toEqual(["9090", "9093", "9094", "9094"]);
  });

  it("names a Secret for who is told, instead of holding credentials", () => {
    const told = Monitoring.prometheus({ alerts: { alertmanagerConfigSecret: "alertmanager-config" } });
    expect(values(synthMonitoring(told, KUBE_PROXY_FREE), "stack")).toMatchObject({
      alertmanager: { alertmanagerSpec: { useExistingSecret: true, configSecret: "alertmanager-config" } },
    });
    const facts = { ...FACTS, telemetry: KUBE_PROXY_FREE };
    expect(told.warnings(facts)).toEqual([]);
    expect(Monitoring.prometheus().warnings(facts)).toEqual([
      expect.objectContaining({ property: "alerts.alertmanagerConfigSecret" }),
    ]);
  });

  it("warns of an Autopilot cluster, of a dataplane without metrics and of a version that it does not know", () => {
    const told = Monitoring.prometheus({ alerts: { alertmanagerConfigSecret: "x" } });
    const warnings = (changes: Partial<Parameters<typeof told.warnings>[0]>) =>
      told.warnings({ ...FACTS, telemetry: KUBE_PROXY_FREE, ...changes }).map((p) => describeProblem("staging", p));
    expect(warnings({ autopilot: true })).toEqual([expect.stringContaining("Autopilot")]);
    expect(warnings({ telemetry: { ...KUBE_PROXY_FREE, endpoints: [] } })).toEqual([
      expect.stringContaining("serves no metrics"),
    ]);
    expect(warnings({ telemetry: { ...KUBE_PROXY_FREE, ciliumVersion: "1.18.12" } })).toEqual([
      expect.stringContaining("(1.18.12) is a version of Cilium whose metrics are not known"),
    ]);
  });

  it("sees of pods that serve no metrics whether they are ready, and keeps nothing of what is asked in their place", () => {
    const spec = manifests(resources, "scrape").find(({ metadata }) => metadata.name === "kube-proxy-disabler")!.spec;
    expect(spec).toMatchObject({
      namespaceSelector: { matchNames: ["kube-system"] },
      selector: { matchLabels: { "app.kubernetes.io/name": "kube-proxy-disabler" } },
    });
    const [endpoint] = (spec as { podMetricsEndpoints: Record<string, unknown>[] }).podMetricsEndpoints;
    expect(endpoint).not.toHaveProperty("port");
    expect(endpoint!["relabelings"]).toEqual(
      expect.arrayContaining([
        { sourceLabels: ["__meta_kubernetes_pod_ready"], targetLabel: "ready" },
        { sourceLabels: ["__meta_kubernetes_pod_ip"], targetLabel: "__address__", replacement: "${1}:9962" },
      ]),
    );
    expect(endpoint!["metricRelabelings"]).toEqual([{ sourceLabels: ["__name__"], regex: ".+", action: "drop" }]);
    expect(JSON.stringify(resources)).toContain("KubeProxyDisablerNotReady");
    expect(JSON.stringify(resources)).not.toContain("KubeProxyDisablerIncomplete");
  });

  it("has a PodMonitor for each program, from the dataplane's own list", () => {
    const monitors = manifests(resources, "scrape");
    expect(monitors.map(({ kind, metadata }) => [kind, metadata.name])).toEqual(
      ["cilium-agent", "cilium-envoy", "cilium-operator", "hubble", "hubble-relay", "kube-proxy-disabler"].map(
        (name) => ["PodMonitor", name],
      ),
    );
    expect(monitors[0]!.spec).toEqual({
      namespaceSelector: { matchNames: ["kube-system"] },
      selector: { matchLabels: { "k8s-app": "cilium" } },
      podMetricsEndpoints: [
        {
          port: "prometheus",
          interval: "30s",
          relabelings: [
            { targetLabel: "job", replacement: "cilium-agent" },
            { targetLabel: "cluster", replacement: "staging" },
            { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
            { sourceLabels: ["__meta_kubernetes_pod_label_k8s_app"], targetLabel: "k8s_app" },
          ],
        },
      ],
    });
    const [flows] = manifests(synthMonitoring(Monitoring.prometheus(), DATAPLANE_V2), "scrape");
    expect(flows!.spec["podMetricsEndpoints"]).toMatchObject([
      { port: "flowmetrics", metricRelabelings: expect.arrayContaining([expect.objectContaining({ action: "keep" })]) },
    ]);
  });

  it("has the alerts of the dataplane in one PrometheusRule", () => {
    const [rule] = manifests(synthMonitoring(Monitoring.prometheus(), CNI_CHAINING), "alerts");
    expect(rule!.kind).toBe("PrometheusRule");
    const names = (rule!.spec["groups"] as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual([
      "cilium.agents",
      "cilium.endpoints",
      "cilium.datapath",
      "cilium.policy",
      "cilium.control-plane",
      "cilium.hubble",
    ]);
  });

  it("has each dashboard in a ConfigMap that Grafana's sidecar finds, with Grafana's own variables unharmed", () => {
    const maps = Object.values(resources["kubernetes_config_map_v1"]!);
    expect(maps).toHaveLength(6);
    for (const map of maps) {
      expect(map["metadata"]).toMatchObject({ namespace: "cilium-monitoring", labels: { grafana_dashboard: "1" } });
      const [text] = Object.values(map["data"] as Record<string, string>);
      expect(text).toContain("$${DS_PROMETHEUS}");
      expect(text).not.toMatch(/(?<!\$)\$\{/);
      expect(Object.keys(map["data"] as object)[0]).toMatch(/^[a-z0-9-]+\.json$/);
    }
  });

  it("does without Grafana where it is not wanted", () => {
    const without = synthMonitoring(Monitoring.prometheus({ grafana: false }), KUBE_PROXY_FREE);
    expect(values(without, "stack")["grafana"]).toEqual({ enabled: false });
    expect(without["kubernetes_config_map_v1"]).toBeUndefined();
  });

  it("keeps a changed limit to the alerts, and a changed retention to the stack", () => {
    const changed = (options: Options) => {
      const other = synthMonitoring(Monitoring.prometheus(options), KUBE_PROXY_FREE);
      expect(addresses(other)).toEqual(addresses(resources));
      return addresses(resources).filter((address) => {
        const [type, name] = address.split(".") as [string, string];
        return JSON.stringify(other[type]![name]) !== JSON.stringify(resources[type]![name]);
      });
    };
    expect(changed({ alerts: { rules: { CiliumMapPressureHigh: { threshold: 0.7 } } } })).toEqual([
      "helm_release.alerts",
    ]);
    expect(changed({ retentionDays: 30 })).toEqual(["helm_release.stack"]);
    expect(changed({ scrapeIntervalSeconds: 15 })).toEqual(["helm_release.scrape", "helm_release.stack"]);
  });

  it("merges the caller's values last", () => {
    const own = synthMonitoring(
      Monitoring.prometheus({ values: { prometheus: { prometheusSpec: { retention: "90d" } }, nodeExporter: null } }),
      KUBE_PROXY_FREE,
    );
    expect(values(own, "stack")).toMatchObject({ prometheus: { prometheusSpec: { retention: "90d", replicas: 1 } } });
    expect(values(own, "stack")["nodeExporter"]).toBeNull();
  });
});

describe("options of Monitoring.prometheus", () => {
  const problems = (options: Options) =>
    Monitoring.prometheus(options)
      .problems({ ...FACTS, telemetry: KUBE_PROXY_FREE })
      .map((problem) => describeProblem("staging", problem));

  it("are fine when used as meant", () => {
    expect(problems({})).toEqual([]);
    expect(
      problems({
        namespace: "observability",
        retentionDays: 90,
        replicas: 2,
        scrapeIntervalSeconds: 15,
        chartVersion: "88.5.3",
        chartRepository: "oci://europe-docker.pkg.dev/acme/charts",
        grafana: { storageGiB: 10, adminSecret: "grafana-admin" },
        timeoutSeconds: 900,
      }),
    ).toEqual([]);
  });

  it.each([
    [{ namespace: "Cilium" }, "staging: 'namespace' (Cilium) is not a namespace's name"],
    [{ namespace: "kube-system" }, "staging: 'namespace' (kube-system) belongs to the cluster itself"],
    [{ retentionDays: 0 }, "staging: 'retentionDays' (0) is not a whole number from 1 to 3650"],
    [{ storage: { sizeGiB: 5 } }, "staging: 'storage.sizeGiB' (5) is not a whole number from 10"],
    [{ replicas: 0 }, "staging: 'replicas' (0) is not a whole number from 1 to 10"],
    [{ scrapeIntervalSeconds: 120 }, "staging: 'scrapeIntervalSeconds' (120) is not a whole number from 5 to 60"],
    [{ chartVersion: "v88" }, "staging: 'chartVersion' (v88) is not a version of a chart"],
    [{ chartRepository: "charts.example.com" }, "staging: 'chartRepository' (charts.example.com) is neither"],
    [{ timeoutSeconds: 0 }, "staging: 'timeoutSeconds' (0) is not a whole number of at least 1"],
    [{ grafana: { storageGiB: 0.5 } }, "staging: 'grafana.storageGiB' (0.5) is not a whole number of at least 1"],
    [{ grafana: { adminSecret: "Grafana" } }, "staging: 'grafana.adminSecret' (Grafana) is not the name of a Secret"],
    [
      { alerts: { alertmanagerConfigSecret: "a/b" } },
      "staging: 'alerts.alertmanagerConfigSecret' (a/b) is not the name of a Secret",
    ],
    [{ alerts: { runbookBaseUrl: "wiki" } }, "staging: 'alerts.runbookBaseUrl' (wiki) is not an http(s) URL"],
  ] as const)("refuse %j", (options, message) => {
    expect(problems(options)).toEqual([expect.stringContaining(message)]);
  });

  it("are refused all at once, before anything is declared", () => {
    const wrong = Monitoring.prometheus({ retentionDays: 0, replicas: 0 });
    expect(() => synthMonitoring(wrong, KUBE_PROXY_FREE)).toThrow(/2 problems:[\s\S]*retentionDays[\s\S]*replicas/);
  });
});
