import { type Attributes, cilium, cluster, dev, node, platform, pool, type RuleCase, subnet } from "./spec";

const R = "helm_release.cilium";
const C = "google_container_cluster.cluster";
const NATIVE = { gke: { enabled: true }, routingMode: "native" };

function one(rule: string, before: Attributes, fires: Attributes, silent: Attributes): RuleCase {
  const app = (release: Attributes) => platform({ [R]: release });
  return {
    rule,
    fires: { before: app(before), after: app(fires) },
    silent: { before: app(before), after: app(silent) },
  };
}

/** A value that changes, and another one that does not matter. */
function value(rule: string, before: Attributes, after: Attributes): RuleCase {
  return one(rule, cilium(before), cilium(after), cilium({ ...before, debug: { enabled: true } }));
}

export const RELEASE_CASES: readonly RuleCase[] = [
  value("CI21", { hostFirewall: { enabled: true } }, { hostFirewall: { enabled: false } }),
  one("HR1", cilium(), cilium({}, { namespace: "cilium" }), cilium({}, { timeout: 900 })),
  {
    rule: "HR2",
    fires: { before: platform({ [R]: cilium() }), after: platform({}) },
    silent: {
      before: platform({
        [R]: cilium(),
        "helm_release.ui": cilium({ agent: false, operator: { enabled: false } }, { name: "ui" }),
      }),
      after: platform({ [R]: cilium() }),
    },
  },
  one("HR3", cilium(), cilium({}, { atomic: true }), cilium({}, { timeout: 900 })),
  {
    rule: "HR4",
    fires: {
      before: platform({ [R]: cilium() }),
      state: { [R]: { status: "pending-upgrade" } },
      after: platform({ [R]: cilium({}, { timeout: 900 }) }),
    },
    silent: {
      before: platform({ [R]: cilium() }),
      state: { [R]: { status: "failed" } },
      after: platform({ [R]: cilium({}, { timeout: 900 }) }),
    },
  },
  one("CI1", cilium({}, { version: "1.18.12" }), cilium({}, { version: "1.20.2" }), cilium({}, { version: "1.19.6" })),
  one("CI2", cilium(), cilium({}, { version: "1.20.2" }), cilium({ debug: { enabled: true } })),
  one("CI3", cilium(), cilium({}, { version: "1.20.2", reuse_values: true }), cilium({}, { version: "1.20.2" })),
  one(
    "CI4",
    cilium({ upgradeCompatibility: undefined }),
    cilium({ upgradeCompatibility: undefined }, { version: "1.20.2" }),
    cilium({ upgradeCompatibility: "1.19" }, { version: "1.20.2" }),
  ),
  one(
    "CI5",
    cilium(),
    cilium({ clustermesh: { enableMCSAPISupport: true } }, { version: "1.20.2" }),
    cilium({ clustermesh: { enableMCSAPISupport: true } }),
  ),
  value("CI6", { ipam: { mode: "cluster-pool" } }, { ipam: { mode: "kubernetes" } }),
  value(
    "CI7",
    { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.20.0.0/16"] } } },
    { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.21.0.0/16"] } } },
  ),
  // What is not set is the chart's default: false.
  one(
    "CI8",
    cilium(),
    cilium({ kubeProxyReplacement: true, k8sServiceHost: "10.0.0.2" }),
    cilium({ kubeProxyReplacement: "false" }),
  ),
  one(
    "CI9",
    cilium(),
    cilium({ kubeProxyReplacement: true }),
    cilium({ kubeProxyReplacement: true, k8sServiceHost: "10.0.0.2", k8sServicePort: 443 }),
  ),
  value("CI10", { routingMode: "native" }, { routingMode: "tunnel" }),
  one(
    "CI11",
    cilium(),
    cilium({ encryption: { enabled: true, type: "wireguard" } }),
    cilium({ encryption: { enabled: false, type: "wireguard" } }),
  ),
  value("CI12", { bpf: { datapathMode: "veth" } }, { bpf: { datapathMode: "netkit" } }),
  {
    rule: "CI13",
    fires: {
      before: dev({ "google_compute_subnetwork.nodes": subnet(), [C]: cluster() }, { [R]: cilium() }),
      after: dev(
        { "google_compute_subnetwork.nodes": subnet(), [C]: cluster() },
        { [R]: cilium({ ...NATIVE, ipv4NativeRoutingCIDR: "10.40.0.0/14" }) },
      ),
    },
    silent: {
      before: dev({ "google_compute_subnetwork.nodes": subnet(), [C]: cluster() }, { [R]: cilium() }),
      after: dev(
        { "google_compute_subnetwork.nodes": subnet(), [C]: cluster() },
        { [R]: cilium({ ...NATIVE, ipv4NativeRoutingCIDR: "10.20.0.0/14" }) },
      ),
    },
  },
  one(
    "CI14",
    cilium({ gke: { enabled: true } }),
    cilium({ gke: { enabled: true }, keepDeprecatedLabels: true }),
    cilium({ gke: { enabled: true }, keepDeprecatedLabels: false }),
  ),
  {
    rule: "CI15",
    fires: {
      before: dev({ [C]: cluster({ datapath_provider: "ADVANCED_DATAPATH" }) }),
      after: dev({ [C]: cluster({ datapath_provider: "ADVANCED_DATAPATH" }) }, { [R]: cilium() }),
    },
    silent: {
      before: dev({ [C]: cluster({ datapath_provider: "ADVANCED_DATAPATH" }) }),
      after: dev(
        { [C]: cluster({ datapath_provider: "ADVANCED_DATAPATH" }) },
        { "helm_release.ui": cilium({ agent: false }, { name: "ui" }) },
      ),
    },
  },
  value("CI16", { cluster: { name: "dev", id: 1 } }, { cluster: { name: "dev", id: 2 } }),
  value("CI17", { policyEnforcementMode: "default" }, { policyEnforcementMode: "always" }),
  {
    rule: "CI18",
    fires: { before: dev(taintedPool("dedicated")), after: dev(taintedPool("dedicated"), { [R]: cilium() }) },
    silent: {
      before: dev(taintedPool("dedicated")),
      after: dev(taintedPool("dedicated"), {
        [R]: cilium({ operator: { tolerations: [{ key: "dedicated", operator: "Exists" }] } }),
      }),
    },
  },
];

function taintedPool(key: string): Readonly<Record<string, Attributes>> {
  const taint = [{ key, value: "network", effect: "NO_SCHEDULE" }];
  return { "google_container_node_pool.general": pool({ node_config: node({ taint }) }) };
}
