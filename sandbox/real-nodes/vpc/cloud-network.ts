import { contains, parseCidr } from "../../../lib/validation/cidr";
import type { ClusterView } from "../../gcp/hooks";
import { at, type JsonObject, objectsOf, stringOf, stringsOf } from "../../gcp/json";
import type { IngressRule, VpcModel } from "./rules";

/** Everything that exists in a project of the simulated cloud, by full resource name. */
export type CloudResources = (project: string) => JsonObject;

/** Name of the network that a cluster is in, unique in the cloud and fit for a file: `acme-net+shared`. */
export function networkOf(cluster: ClusterView): string {
  const link = stringOf(at(cluster.resource, "networkConfig.network")) ?? stringOf(cluster.resource["network"]);
  const [, project = cluster.project, name = "default"] =
    /projects\/([^/]+)\/global\/networks\/([^/]+)$/.exec(link ?? "") ?? [];
  return `${project}+${name}`;
}

/** Internal addresses that are reserved in the cluster's subnetwork: no node gets one of them. */
export function reservedAddresses({ nodesCidr = "" }: ClusterView, resources: JsonObject): string[] {
  const range = parseCidr(nodesCidr);
  if (typeof range === "string") return [];
  return ofKind(resources, "addresses").flatMap((one) => {
    const address = parseCidr(`${stringOf(one["address"])}/32`);
    const isInside = one["addressType"] === "INTERNAL" && typeof address !== "string" && contains(range, address);
    return isInside ? [stringOf(one["address"]) ?? ""] : [];
  });
}

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
  const subnetwork = lastPart(stringOf(at(cluster.resource, "networkConfig.subnetwork")));
  const names = (nat: JsonObject) =>
    objectsOf(nat["subnetworks"]).some(({ name }) => lastPart(stringOf(name)) === subnetwork);
  // Each cluster of a network may have one of its own.
  const nat = nats.find(names) ?? nats[0];
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

/**
 * The firewall rules of the cluster's network, as the API has them. One that is for machines with a tag is taken for all nodes
 * of a cluster where one has it.
 *
 * @param tags Network tags of the cluster's nodes, without that which GKE itself gives them.
 */
export function cloudFirewall(cluster: ClusterView, tags: readonly string[], resources: JsonObject): IngressRule[] {
  const network = lastPart(stringOf(at(cluster.resource, "network")));
  const isOurs = (tag: string) => tags.includes(tag) || isGkeTag(tag, cluster.name);
  return ofKind(resources, "firewalls")
    .filter((rule) => lastPart(stringOf(rule["network"])) === network)
    .filter((rule) => rule["direction"] !== "EGRESS" && rule["disabled"] !== true)
    .filter((rule) => {
      const targets = stringsOf(rule["targetTags"]);
      return targets.length === 0 || targets.some(isOurs);
    })
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

/** Whether it is the tag that GKE gives the nodes of a cluster: `gke-staging-0f1e2d3c-node`. */
function isGkeTag(tag: string, cluster: string): boolean {
  const prefix = `gke-${cluster}-`;
  return tag.startsWith(prefix) && /^[0-9a-z]+-node$/.test(tag.slice(prefix.length));
}

function ofKind(resources: JsonObject, collection: string): JsonObject[] {
  return Object.entries(resources)
    .filter(([name]) => name.split("/").at(-2) === collection)
    .map(([, resource]) => resource as JsonObject);
}

function lastPart(link: string | undefined): string | undefined {
  return link?.split("/").at(-1);
}
