import type { DataplaneTelemetry, MetricsComponent } from "../../dataplane/telemetry";
import { metricCatalogue } from "./catalogue";
import { DAEMON_SET_COUNTS, READY_LABEL } from "./daemon-sets";
import { DATAPLANE_V2_METRICS } from "./dataplane-v2-metrics";
import { hubbleMetrics } from "./hubble-handlers";

/**
 * Labels that both kinds of monitoring put on every series of a scrape target, so that queries read the same data in
 * both. `job` is the component's name, `cluster` the cluster's.
 */
export const TARGET_LABELS = [
  "cluster",
  "namespace",
  "pod",
  "container",
  "node",
  "job",
  "instance",
  "k8s_app",
] as const;

/** Names of time series and the labels they have, targets' labels included. */
export type AvailableSeries = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Families that Cilium declares for what cannot exist on GKE, or for what this library has no rule about: the operator's
 * address management of other clouds, a key-value store, other ways of keeping state.
 */
const NEVER = /^cilium_(act_|kvstore_|ztunnel_|operator_(ipam|doublewrite|bgp|ztunnel|cid_controller|ec2|azure)_)/;

/** Families that have series where a feature is on. */
const BY_FEATURE: readonly (readonly [RegExp, keyof DataplaneTelemetry["features"]])[] = [
  [/^cilium_ipsec_/, "ipsec"],
  [/^cilium_lbipam_/, "loadBalancerIpam"],
  [/^cilium_localredirectpolicy_/, "localRedirectPolicies"],
  [/^cilium_(clustermesh_|operator_(clustermesh|mcsapi)_)/, "clusterMesh"],
  [/^cilium_operator_(ces|number_of_cep)_/, "endpointSlices"],
];

/** Families that only have series where traffic passes Cilium's layer 7 proxy. */
const LAYER_7 = /^cilium_(policy_l7_|policy_missing_proxy_redirects|proxy_|fqdn_|ciliumenvoyconfig_|xds_)/;

/** Whether a metric that is registered can ever have a value that means something in this dataplane. */
function canHaveData(name: string, { features }: DataplaneTelemetry): boolean {
  if (NEVER.test(name)) return false;
  const family = BY_FEATURE.find(([pattern]) => pattern.test(name));
  if (family !== undefined) return features[family[1]];
  if (LAYER_7.test(name)) return features.layer7;
  // Always 0 where there are no health endpoints to reach (`pkg/metrics/status.go`).
  if (name === "cilium_unreachable_health_endpoints") return features.endpointHealthChecking;
  // Statistics of the NAT map, which only masquerading and the replacement of kube-proxy fill.
  if (name.startsWith("cilium_nat_")) return features.bpfMasquerade || features.kubeProxyReplacement;
  return true;
}

/**
 * Every time series that can have data in an environment: what its dataplane serves, in its version and with its Hubble
 * metrics. Dashboards and alerts are cut to it, so that no panel stays empty and no rule can never fire.
 */
export function availableSeries(telemetry: DataplaneTelemetry): AvailableSeries {
  const series = new Map<string, Set<string>>();
  const add = (name: string, labels: readonly string[]) => {
    series.set(name, new Set([...(series.get(name) ?? TARGET_LABELS), ...labels]));
  };
  const addMetric = (name: string, type: string, labels: readonly string[]) => {
    if (type !== "histogram" && type !== "summary") return add(name, labels);
    if (type === "histogram") add(`${name}_bucket`, [...labels, "le"]);
    else add(name, [...labels, "quantile"]);
    add(`${name}_sum`, labels);
    add(`${name}_count`, labels);
  };

  const components = new Set(telemetry.endpoints.map(({ component }) => component));
  if (components.size > 0)
    for (const name of ["up", "scrape_duration_seconds", "scrape_samples_scraped"]) add(name, []);
  for (const prefix of [...components].map((component) => PROCESS_PREFIX[component]))
    if (prefix !== undefined) for (const name of PROCESS_METRICS) add(`${prefix}${name}`, []);

  if (telemetry.ciliumVersion !== undefined)
    for (const [name, metric] of Object.entries(metricCatalogue(telemetry.ciliumVersion)))
      if (components.has(metric.component) && !metric.disabled && !metric.unused && canHaveData(name, telemetry))
        addMetric(name, metric.type, metric.labels);
  if (components.has("hubble"))
    for (const { name, type, labels, layer7 } of hubbleMetrics(telemetry.hubbleMetrics))
      if (!layer7 || telemetry.features.layer7) addMetric(name, type, labels);
  if (components.has("dataplane-v2"))
    for (const [name, { type, labels }] of Object.entries(DATAPLANE_V2_METRICS)) addMetric(name, type, labels);
  const sight = (telemetry.daemonSets ?? []).length > 0 ? (telemetry.daemonSetSight ?? []) : [];
  if (sight.includes("pods")) add("up", [READY_LABEL]);
  if (sight.includes("counts")) for (const name of DAEMON_SET_COUNTS) add(name, ["daemonset"]);
  return series;
}

/** What the process collector of each program puts before its metrics. */
const PROCESS_PREFIX: Partial<Record<MetricsComponent, string>> = {
  "cilium-agent": "cilium_",
  "cilium-operator": "cilium_operator_",
  "hubble-relay": "",
};

/** Metrics of the Prometheus client's process collector on Linux. */
const PROCESS_METRICS = [
  "process_cpu_seconds_total",
  "process_max_fds",
  "process_open_fds",
  "process_resident_memory_bytes",
  "process_start_time_seconds",
  "process_virtual_memory_bytes",
];
