import type { ClusterView } from "../../gcp/hooks";
import { at, type JsonObject, objectsOf, stringOf, stringsOf } from "../../gcp/json";
import type { IngressRule, VpcModel } from "./rules";

/** Everything that exists in a project of the simulated cloud, by full resource name. */
export type CloudResources = (project: string) => JsonObject;

/**
 * Cloud NAT where the router names no address of its own.
 *
 * @param pods Every range of pods.
 */
export function cloudNat(
  cluster: ClusterView,
  pods: readonly string[],
  resources: JsonObject,
  address: string,
): VpcModel["nat"] | undefined {
  const network = lastPart(stringOf(at(cluster.resource, "network")));
  const nats = ofKind(resources, "routers")
    .filter((router) => lastPart(stringOf(router["network"])) === network)
    .flatMap((router) => objectsOf(router["nats"]));
  const nat = nats[0];
  if (!nat) return undefined;
  const nodes = cluster.nodesCidr ? [cluster.nodesCidr] : [];
  switch (nat["sourceSubnetworkIpRangesToNat"]) {
    case "ALL_SUBNETWORKS_ALL_IP_RANGES":
      return { address, ranges: [...nodes, ...pods] };
    case "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES":
      return { address, ranges: nodes };
    default: {
      const kinds = objectsOf(nat["subnetworks"]).flatMap((one) => stringsOf(one["sourceIpRangesToNat"]));
      const all = kinds.includes("ALL_IP_RANGES");
      return {
        address,
        ranges: [
          ...(all || kinds.includes("PRIMARY_IP_RANGE") ? nodes : []),
          ...(all || kinds.includes("LIST_OF_SECONDARY_IP_RANGES") ? pods : []),
        ],
      };
    }
  }
}

/** The firewall rules of the cluster's network, as the API has them. Those for certain machines only are taken for all. */
export function cloudFirewall(cluster: ClusterView, resources: JsonObject): IngressRule[] {
  const network = lastPart(stringOf(at(cluster.resource, "network")));
  return ofKind(resources, "firewalls")
    .filter((rule) => lastPart(stringOf(rule["network"])) === network)
    .filter((rule) => rule["direction"] !== "EGRESS" && rule["disabled"] !== true)
    .flatMap((rule) =>
      (["allowed", "denied"] as const).flatMap((kind) => {
        const traffic = objectsOf(rule[kind]).map((one) => ({
          protocol: stringOf(one["IPProtocol"]) ?? "all",
          ports: stringsOf(one["ports"]),
        }));
        if (traffic.length === 0) return [];
        return [
          {
            name: stringOf(rule["name"]) ?? "",
            priority: Number(rule["priority"] ?? 1000),
            action: kind === "allowed" ? ("allow" as const) : ("deny" as const),
            sourceRanges: stringsOf(rule["sourceRanges"]),
            traffic,
          },
        ];
      }),
    );
}

/**
 * The rules that GKE makes for each cluster, with every range of pods that its pools have: pods reach nodes, machines of the VPC reach each other, and the control
 * plane reaches kubelets and webhooks.
 * https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules#cluster-fws
 */
export function gkeFirewall(cluster: ClusterView, pods: readonly string[], controlPlane: string): IngressRule[] {
  const ports = [
    { protocol: "tcp", ports: ["1-65535"] },
    { protocol: "udp", ports: ["1-65535"] },
    { protocol: "icmp" },
  ];
  return [
    {
      name: `gke-${cluster.name}-all`,
      priority: 1000,
      action: "allow",
      sourceRanges: pods,
      traffic: ["tcp", "udp", "icmp", "esp", "ah", "sctp"].map((protocol) => ({ protocol })),
    },
    {
      name: `gke-${cluster.name}-vms`,
      priority: 1000,
      action: "allow",
      sourceRanges: cluster.nodesCidr ? [cluster.nodesCidr] : [],
      traffic: ports,
    },
    {
      name: `gke-${cluster.name}-master`,
      priority: 1000,
      action: "allow",
      sourceRanges: [`${controlPlane}/32`],
      traffic: [{ protocol: "tcp", ports: ["10250", "443"] }],
    },
  ];
}

function ofKind(resources: JsonObject, collection: string): JsonObject[] {
  return Object.entries(resources)
    .filter(([name]) => name.split("/").at(-2) === collection)
    .map(([, resource]) => resource as JsonObject);
}

function lastPart(link: string | undefined): string | undefined {
  return link?.split("/").at(-1);
}
