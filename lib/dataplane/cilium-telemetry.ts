import { type EffectiveRelease, effectiveValue, textOfDynamicMetric } from "../cilium";
import type { HelmValue } from "../helm";
import { isKnown } from "../validation";
import type { DataplaneTelemetry, MetricsComponent, MetricsEndpoint } from "./telemetry";

const AGENT = { "k8s-app": "cilium" };
const ENVOY = { "k8s-app": "cilium-envoy" };

/** Ports and labels of the Cilium chart (1.18 to 1.20), for what the release switches on, whoever switched it on. */
function ciliumEndpoints(release: EffectiveRelease): MetricsEndpoint[] {
  const endpoints: MetricsEndpoint[] = [];
  const add = (
    component: MetricsComponent,
    podLabels: Readonly<Record<string, string>>,
    portName: string,
    portPath: string,
  ) => {
    // The chart writes some as text.
    const written = effectiveValue(release, portPath);
    const port = typeof written === "string" && /^\d+$/.test(written) ? Number(written) : written;
    endpoints.push({
      component,
      namespace: release.namespace,
      podLabels: { ...podLabels },
      portName,
      ...(typeof port === "number" && isKnown(port) ? { port } : {}),
    });
  };
  const on = (path: string) => isOn(effectiveValue(release, path));
  const agent = on("prometheus.enabled");
  if (agent) add("cilium-agent", AGENT, "prometheus", "prometheus.port");
  if (on("operator.enabled") && on("operator.prometheus.enabled"))
    add("cilium-operator", { "io.cilium/app": "operator" }, "prometheus", "operator.prometheus.port");
  const envoy = envoyOf(release);
  if (envoy !== "none" && on("envoy.prometheus.enabled") && (envoy === "daemon-set" || agent))
    add("cilium-envoy", envoy === "daemon-set" ? ENVOY : AGENT, "envoy-metrics", "envoy.prometheus.port");
  if (hubbleHandlers(release).length > 0) add("hubble", AGENT, "hubble-metrics", "hubble.metrics.port");
  if (on("hubble.enabled") && on("hubble.relay.enabled") && on("hubble.relay.prometheus.enabled"))
    add("hubble-relay", { "k8s-app": "hubble-relay" }, "prometheus", "hubble.relay.prometheus.port");
  return endpoints;
}

/** Where Envoy runs: as pods of its own, inside the agents, or not at all (chart 1.20, `envoyDaemonSetEnabled`). */
function envoyOf(release: EffectiveRelease): "daemon-set" | "agent" | "none" {
  if (!isOn(effectiveValue(release, "l7Proxy"))) return "none";
  return effectiveValue(release, "envoy.enabled") === false ? "agent" : "daemon-set";
}

/** Handlers of Hubble's metrics as the agents are configured with them; empty where Hubble is off. */
function hubbleHandlers(release: EffectiveRelease): readonly string[] {
  if (!isOn(effectiveValue(release, "hubble.enabled"))) return [];
  if (isOn(effectiveValue(release, "hubble.metrics.dynamic.enabled"))) {
    const content = effectiveValue(release, "hubble.metrics.dynamic.config.content");
    return Array.isArray(content) ? content.flatMap((metric: HelmValue) => textOfDynamicMetric(metric) ?? []) : [];
  }
  const handlers = effectiveValue(release, "hubble.metrics.enabled");
  if (!Array.isArray(handlers)) return [];
  return handlers.filter((text): text is string => typeof text === "string" && isKnown(text));
}

/** Whether Cilium adds to another plugin's pods; a target alone implies it. */
export function isChained(release: EffectiveRelease): boolean {
  const mode = effectiveValue(release, "cni.chainingMode");
  if (typeof mode === "string" && mode !== "") return mode !== "none";
  const target = effectiveValue(release, "cni.chainingTarget");
  return typeof target === "string" && target !== "";
}

/** What a Cilium release exposes. */
export function ciliumTelemetry(release: EffectiveRelease): DataplaneTelemetry {
  const on = (path: string) => isOn(effectiveValue(release, path));
  const chained = isChained(release);
  return {
    ciliumVersion: release.version.toString(),
    endpoints: ciliumEndpoints(release),
    hubbleMetrics: hubbleHandlers(release),
    features: {
      endpointHealthChecking: !chained && on("endpointHealthChecking.enabled"),
      kubeProxyReplacement: on("kubeProxyReplacement"),
      layer7: !chained && on("l7Proxy"),
      bpfMasquerade: on("bpf.masquerade"),
      ipsec: on("encryption.enabled") && effectiveValue(release, "encryption.type") === "ipsec",
      clusterMesh: on("clustermesh.useAPIServer"),
      endpointSlices: on("ciliumEndpointSlice.enabled"),
      loadBalancerIpam: on("enableLBIPAM") && effectiveValue(release, "defaultLBServiceIPAM") === "lbipam",
      localRedirectPolicies: on("localRedirectPolicies.enabled") || on("localRedirectPolicy"),
    },
  };
}

/** On, or decided by Terraform: what may be there is scraped. */
function isOn(value: HelmValue | undefined): boolean {
  return value === true || value === "true" || (value !== undefined && !isKnown(value));
}
