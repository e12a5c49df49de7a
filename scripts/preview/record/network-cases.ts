import { type Attributes, cluster, dev, platform, type RuleCase, subnet } from "./spec";

const C = "google_container_cluster.cluster";
const S = "google_compute_subnetwork.nodes";
const SERVICES = { range_name: "services", ip_cidr_range: "10.24.0.0/20" };
const PODS = { range_name: "pods", ip_cidr_range: "10.20.0.0/14" };

/** Custom resources the way this project writes them: objects in the values of a small chart. */
function policies(objects: Attributes): Attributes {
  const manifests = { manifests: objects };
  return { name: "policies", namespace: "default", chart: "./manifests", values: [JSON.stringify(manifests)] };
}

function policy(name: string, port: string): Attributes {
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name, namespace: "shop" },
    spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port, protocol: "TCP" }] }] }] },
  };
}

const api = { "CiliumNetworkPolicy.cilium.io/shop/api": policy("api", "8080") };
const web = { "CiliumNetworkPolicy.cilium.io/shop/web": policy("web", "80") };
const settings = {
  "ConfigMap/shop/settings": {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "shop" },
    data: { a: "1" },
  },
};
const P = "helm_release.policies";

export const NETWORK_CASES: readonly RuleCase[] = [
  {
    rule: "NW1",
    fires: { before: dev({ [S]: subnet() }), after: dev({ [S]: subnet({ ip_cidr_range: "10.16.0.0/22" }) }) },
    silent: { before: dev({ [S]: subnet() }), after: dev({ [S]: subnet({ ip_cidr_range: "10.16.0.0/16" }) }) },
  },
  {
    rule: "NW2",
    fires: {
      before: dev({ [S]: subnet(), [C]: cluster() }),
      after: dev({ [S]: subnet({ secondary_ip_range: [SERVICES] }), [C]: cluster() }),
    },
    silent: {
      before: dev({ [S]: subnet(), [C]: cluster() }),
      after: dev({
        [S]: subnet({ secondary_ip_range: [PODS, SERVICES, { range_name: "more", ip_cidr_range: "10.28.0.0/14" }] }),
        [C]: cluster(),
      }),
    },
  },
  {
    rule: "NW3",
    fires: {
      before: dev({ "google_compute_address.nat": { name: "nat", region: "asia-northeast1" } }),
      after: dev({ "google_compute_address.nat": { name: "nat-2", region: "asia-northeast1" } }),
    },
    silent: {
      before: dev({
        "google_compute_address.inside": {
          name: "inside",
          region: "asia-northeast1",
          address_type: "INTERNAL",
          subnetwork: "nodes",
        },
      }),
      after: dev({
        "google_compute_address.inside": {
          name: "inside-2",
          region: "asia-northeast1",
          address_type: "INTERNAL",
          subnetwork: "nodes",
        },
      }),
    },
  },
  {
    rule: "PL1",
    fires: { before: platform({ [P]: policies({ ...api, ...web }) }), after: platform({ [P]: policies(web) }) },
    silent: {
      before: platform({ [P]: policies({ ...api, ...web }) }),
      after: platform({ [P]: policies(web), "helm_release.more": { ...policies(api), name: "more" } }),
    },
  },
  {
    rule: "PL2",
    fires: {
      before: platform({ [P]: policies(api) }),
      after: platform({ [P]: policies({ "CiliumNetworkPolicy.cilium.io/shop/api": policy("api", "9090") }) }),
    },
    silent: { before: platform({ [P]: policies(api) }), after: platform({ [P]: policies({ ...api, ...settings }) }) },
  },
];
