import { parseVersion } from "../../facts/semver";
import { isValuesMap } from "../../helm";
import { AgentConfig } from "./agent-config";
import { PROVIDED_CERTIFICATE_RULES } from "./certificate-rules";
import { oneOfRule, type ValueRule } from "./rule";

const VALIDATE = "templates/validate.yaml";
const CONFIG_MAP = "templates/cilium-configmap.yaml";

const SERVICE_MONITORS = ["prometheus", "operator.prometheus", "envoy.prometheus", "hubble.relay.prometheus"];

/** Environment variables that the chart sets itself for the client's back-off. */
const BACKOFF_VARIABLES = new Set(["KUBE_CLIENT_BACKOFF_BASE", "KUBE_CLIENT_BACKOFF_DURATION"]);

/** Modes that keep identities in an etcd. */
const KVSTORE_MODES = ["kvstore", "doublewrite-readkvstore", "doublewrite-readcrd"];

/**
 * What the chart refuses to render, in the order of its templates/validate.yaml, then of its other templates. Keys that it
 * refuses because they are gone stand in the table of removed keys.
 */
export const CHART_RULES: readonly ValueRule[] = [
  {
    path: "k8sServiceHost",
    source: VALIDATE,
    broken: (at) =>
      at.isSet("k8sServiceHost") && at.isSet("k8sServiceHostRef.name") && at.isSet("k8sServiceHostRef.key"),
    rule: "cannot be set together with k8sServiceHostRef",
    remedy: "leave out one of the two",
  },
  {
    path: "hubble.ui.enabled",
    source: VALIDATE,
    broken: (at) =>
      at.isOn("hubble.ui.enabled") && !at.isOn("hubble.ui.standalone.enabled") && !at.isOn("hubble.relay.enabled"),
    rule: "needs the relay",
    remedy: "set hubble.relay.enabled to true",
  },
  {
    path: "hubble.ui.standalone.tls.certsVolume",
    source: VALIDATE,
    broken: (at) =>
      ["hubble.ui.enabled", "hubble.ui.standalone.enabled", "hubble.relay.tls.server.enabled"].every((key) =>
        at.isOn(key),
      ) && !at.isSet("hubble.ui.standalone.tls.certsVolume"),
    rule: "is needed where the user interface stands alone and the relay asks for certificates",
    remedy: "name the volume with the certificates",
  },
  {
    path: "hubble.relay.enabled",
    source: VALIDATE,
    broken: (at) => at.isOn("hubble.relay.enabled") && !at.isOn("hubble.enabled"),
    rule: "needs Hubble itself",
    remedy: "set hubble.enabled to true",
  },
  {
    path: "prometheus.serviceMonitor.trustCRDsExist",
    source: VALIDATE,
    broken: (at) =>
      !at.isOn("prometheus.serviceMonitor.trustCRDsExist") &&
      SERVICE_MONITORS.some((key) => at.isOn(`${key}.enabled`) && at.isOn(`${key}.serviceMonitor.enabled`)),
    rule: "is needed for ServiceMonitors: a new cluster has no such CRD when Cilium is installed, and the chart refuses",
    remedy:
      "leave the ServiceMonitors out and let the monitoring stack scrape, or set it to true once the CRD is there",
  },
  {
    path: "hubble.tls.auto.certManagerIssuerRef",
    source: VALIDATE,
    broken: (at) =>
      ["hubble.enabled", "hubble.tls.enabled", "hubble.tls.auto.enabled"].every((key) => at.isOn(key)) &&
      at.text("hubble.tls.auto.method") === "certmanager" &&
      !at.isSet("hubble.tls.auto.certManagerIssuerRef"),
    rule: "is needed where cert-manager signs",
    remedy: "give group, kind and name of the issuer",
  },
  {
    path: "hubble.redact.http.headers.deny",
    source: VALIDATE,
    broken: (at) => at.isSet("hubble.redact.http.headers.allow") && at.isSet("hubble.redact.http.headers.deny"),
    rule: "cannot be given together with hubble.redact.http.headers.allow",
    remedy: "leave out one of the two",
  },
  {
    path: "clustermesh.apiserver.tls.auto.certManagerIssuerRef",
    source: VALIDATE,
    broken: (at) =>
      at.isOn("clustermesh.useAPIServer") &&
      at.isOn("clustermesh.apiserver.tls.auto.enabled") &&
      at.text("clustermesh.apiserver.tls.auto.method") === "certmanager" &&
      !at.isSet("clustermesh.apiserver.tls.auto.certManagerIssuerRef"),
    rule: "is needed where cert-manager signs",
    remedy: "give group, kind and name of the issuer",
  },
  ...["hubble.ui.backend.image.tag", "hubble.ui.frontend.image.tag"].map(
    (path): ValueRule => ({
      path,
      source: VALIDATE,
      broken: (at) => at.isOn("hubble.ui.enabled") && isOlderThanUi(at.text(path)),
      rule: "is older than v0.9.0, with which this chart cannot be used",
      remedy: "leave it out for the chart's own",
    }),
  ),
  {
    path: "l7Proxy",
    source: VALIDATE,
    broken: (at) =>
      !at.isOn("l7Proxy") &&
      (at.isOn("ingressController.enabled") ||
        at.isOn("gatewayAPI.enabled") ||
        at.text("loadBalancer.l7.backend") === "envoy"),
    rule: "is needed by the Gateway API, the ingress controller and the Layer 7 load balancer",
    remedy: "leave it out",
  },
  oneOfRule("ingressController.service.externalTrafficPolicy", ["Cluster", "Local"], VALIDATE, {
    when: (at) =>
      at.isOn("ingressController.enabled") &&
      ["LoadBalancer", "NodePort"].includes(at.text("ingressController.service.type")),
  }),
  oneOfRule("gatewayAPI.externalTrafficPolicy", ["Cluster", "Local"], VALIDATE, {
    when: (at) => at.isOn("gatewayAPI.enabled"),
  }),
  {
    path: "authentication.mutual.spire.enabled",
    source: VALIDATE,
    broken: (at) => at.isOn("authentication.mutual.spire.enabled") && !at.isOn("authentication.enabled"),
    rule: "needs authentication itself",
    remedy: "set authentication.enabled to true",
  },
  {
    path: "disableEndpointCRD",
    source: VALIDATE,
    broken: (at) => at.isOn("ciliumEndpointSlice.enabled") && at.isOn("disableEndpointCRD"),
    rule: "does not go with ciliumEndpointSlice.enabled",
    remedy: "leave it out",
  },
  {
    path: "cluster.name",
    source: VALIDATE,
    broken: (at) => !isClusterName(at.text("cluster.name")),
    rule: "is not a cluster name that Cilium takes",
    remedy: "use at most 32 lower case letters, digits and hyphens, beginning and ending with a letter or digit",
  },
  {
    path: "cluster.id",
    source: VALIDATE,
    broken: (at) => (at.number("cluster.id") ?? 0) !== 0 && at.text("cluster.name") === "default",
    rule: "needs a cluster name of its own",
    remedy: "set cluster.name",
  },
  oneOfRule("clustermesh.apiserver.kvstoremesh.kvstoreMode", ["internal", "external"], VALIDATE),
  {
    path: "disableEndpointCRD",
    source: VALIDATE,
    broken: (at) =>
      at.isOn("clustermesh.useAPIServer") &&
      at.isOn("disableEndpointCRD") &&
      new AgentConfig(at).identityMode !== "kvstore",
    rule: "does not go with clustermesh.useAPIServer",
    remedy: "leave it out",
  },
  {
    path: "clustermesh.apiserver.kvstoremesh.enabled",
    source: VALIDATE,
    broken: (at) =>
      at.isOn("clustermesh.useAPIServer") &&
      new AgentConfig(at).identityMode === "kvstore" &&
      !at.isOn("clustermesh.apiserver.kvstoremesh.enabled"),
    rule: "cannot be off where identities are kept in an etcd (identityAllocationMode)",
    remedy: "leave it out, or set identityAllocationMode to crd",
  },
  {
    path: "clustermesh.apiserver.kvstoremesh.kvstoreMode",
    source: VALIDATE,
    broken: (at) =>
      at.text("clustermesh.apiserver.kvstoremesh.kvstoreMode") === "external" &&
      !(
        at.isOn("clustermesh.useAPIServer") &&
        at.isOn("clustermesh.apiserver.kvstoremesh.enabled") &&
        at.text("clustermesh.apiserver.replicas") === "1" &&
        KVSTORE_MODES.includes(new AgentConfig(at).identityMode)
      ),
    rule: "can be external only with clustermesh.useAPIServer, kvstoremesh.enabled, one replica and an identityAllocationMode that uses an etcd",
    remedy: "leave it out for internal",
  },
  oneOfRule("clustermesh.maxConnectedClusters", ["255", "511"], VALIDATE),
  {
    path: "envoy.baseID",
    source: VALIDATE,
    broken: (at) => !((at.number("envoy.baseID") ?? 0) >= 0 && (at.number("envoy.baseID") ?? 0) < 2 ** 32),
    rule: "is not a number from 0 to 4294967295",
    remedy: "leave it out",
  },
  {
    path: "extraEnv",
    source: VALIDATE,
    broken: (at) =>
      at.isOn("k8sClientExponentialBackoff.enabled") &&
      at.list("extraEnv").some((item) => isValuesMap(item) && BACKOFF_VARIABLES.has(String(item["name"]))),
    rule: "sets KUBE_CLIENT_BACKOFF_BASE or KUBE_CLIENT_BACKOFF_DURATION, which k8sClientExponentialBackoff sets itself",
    remedy: "take them out, or set k8sClientExponentialBackoff.enabled to false",
  },
  {
    path: "dnsProxy.proxyPort",
    source: VALIDATE,
    since: 19,
    broken: (at) => at.isOn("standaloneDnsProxy.enabled") && (at.number("dnsProxy.proxyPort") ?? 0) === 0,
    rule: "must be said where the DNS proxy stands alone",
    remedy: "give a port, e.g. 10094",
  },
  {
    // Up to 1.18 the chart lets it pass and the agent does not start.
    path: "bpf.tproxy",
    source: `${VALIDATE}; pkg/datapath/connector/config.go:176`,
    broken: (at) => at.isOn("bpf.tproxy") && ["netkit", "netkit-l2"].includes(at.text("bpf.datapathMode")),
    rule: "cannot be used with netkit devices",
    remedy: "leave one of the two out",
  },
  {
    path: "ipam.mode",
    source: VALIDATE,
    broken: (at) => at.text("ipam.mode") === "eni" && !at.isOn("eni.enabled"),
    rule: "is AWS's, and needs eni.enabled",
    remedy: "use kubernetes",
  },
  {
    path: "kubeProxyReplacement",
    source: `${CONFIG_MAP}:77`,
    broken: (at) => !["", "true", "false"].includes(at.text("kubeProxyReplacement")),
    rule: "is neither true nor false, the only values since Cilium 1.16",
    remedy: "use true for what was strict, probe or partial, and false for what was disabled",
  },
  {
    path: "routingMode",
    source: `${CONFIG_MAP}:547`,
    broken: (at) => at.isOn("gke.enabled") && new AgentConfig(at).tunnels,
    rule: "must be native where gke.enabled is true: the chart refuses to render",
    remedy: "use native",
  },
  {
    path: "keepDeprecatedLabels",
    source: "templates/cilium-agent/daemonset.yaml:36",
    broken: (at) => at.isOn("keepDeprecatedLabels") && at.isOn("gke.enabled"),
    rule: "is refused by the chart where gke.enabled is true",
    remedy: "leave it out",
  },
  ...(["4", "6"] as const).map(
    (family): ValueRule => ({
      path: `ipam.operator.clusterPoolIPv${family}PodCIDRList`,
      source: `${CONFIG_MAP}:1212`,
      since: 20,
      broken: (at) =>
        new AgentConfig(at).ipam === "cluster-pool" &&
        at.isOn("nativeRoutingCIDRFromClusterPool") &&
        at.isOn(`ipv${family}.enabled`) &&
        !at.isSet(`ipv${family}NativeRoutingCIDR`) &&
        at.list(`ipam.operator.clusterPoolIPv${family}PodCIDRList`).length !== 1,
      rule: "must be exactly one range where the native routing CIDR is taken from it",
      remedy: `set ipv${family}NativeRoutingCIDR`,
    }),
  ),
  {
    path: "operator.setNodeTaints",
    source: `${CONFIG_MAP}:1399`,
    broken: (at) => at.isOn("operator.setNodeTaints") && !at.isOn("operator.removeNodeTaints"),
    rule: "needs operator.removeNodeTaints, or no node would ever be ready",
    remedy: "leave both out",
  },
  oneOfRule(
    "clustermesh.apiserver.tls.authMode",
    ["legacy", "migration", "cluster"],
    "clustermesh-apiserver/deployment.yaml:3",
    {
      when: (at) => at.isOn("clustermesh.useAPIServer"),
    },
  ),
  ...PROVIDED_CERTIFICATE_RULES,
  {
    path: "clustermesh.config.clusters",
    source: "templates/clustermesh-config/_helpers.tpl:24",
    broken: (at) => {
      const clusters = at.at("clustermesh.config.clusters");
      const each = isValuesMap(clusters) ? Object.values(clusters) : at.list("clustermesh.config.clusters");
      return (
        at.isOn("clustermesh.config.enabled") &&
        each.some(
          (cluster) => isValuesMap(cluster) && cluster["enabled"] !== false && !cluster["ips"] && !cluster["address"],
        )
      );
    },
    rule: "has a cluster with neither ips nor an address",
    remedy: "give one of the two for each",
  },
];

function isClusterName(name: string): boolean {
  return name.length <= 32 && /^([a-z0-9][-a-z0-9]*)?[a-z0-9]$/.test(name);
}

function isOlderThanUi(tag: string): boolean {
  const version = tag === "latest" ? undefined : parseVersion(tag.replace(/@.*$/, ""));
  return version !== undefined && version.major === 0 && version.minor < 9;
}
