import type { ClusterView, NodePoolView, NodeView } from "../../gcp/hooks";
import { at, stringOf } from "../../gcp/json";
import type { KubeNode, Taint } from "../client";
import { machineResources } from "./machine-types";

/** Labels that the pool asked for and taints that the pool asked for, as GKE last wrote them on a node. */
export const LABELS_ANNOTATION = "node.gke.io/last-applied-node-labels";
export const TAINTS_ANNOTATION = "node.gke.io/last-applied-node-taints";
/** Whether the node has the manifest of kube-proxy's static pod: what is a file on a real node. */
export const KUBE_PROXY_ANNOTATION = "sandbox.cdktf-gke-cilium/kube-proxy-manifest";

/** Label that names the pool of a node. */
export const POOL_LABEL = "cloud.google.com/gke-nodepool";

/** A zone's region: `europe-west1` of `europe-west1-b`. A region is its own. */
export function regionOf(location: string): string {
  return location.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, "$1");
}

/** Whether GKE runs Cilium itself on this cluster's nodes (Dataplane V2). */
export function isDataplaneV2(cluster: ClusterView): boolean {
  return at(cluster.resource, "networkConfig.datapathProvider") === "ADVANCED_DATAPATH";
}

/** Labels that the pool asks for. */
export function poolLabels(pool: NodePoolView): Record<string, string> {
  return { ...pool.labels };
}

/** Taints that the pool asks for, as Kubernetes objects. */
export function poolTaints(pool: NodePoolView): Taint[] {
  return pool.taints.map(({ key, value, effect }) => (value ? { key, value, effect } : { key, effect }));
}

/** Taints in one line, as in {@link TAINTS_ANNOTATION}: `key=value:Effect,...` */
export function formatTaints(taints: readonly Taint[]): string {
  return taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`).join(",");
}

/** Labels in one line, as in {@link LABELS_ANNOTATION}: `key=value,...` */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** The labels that GKE itself puts on a node. */
export function systemLabels(cluster: ClusterView, pool: NodePoolView, node: NodeView): Record<string, string> {
  const region = regionOf(cluster.location);
  const { cpuMillicores, memoryBytes } = machineResources(pool.machineType);
  const metadataServer = at(pool.resource, "config.workloadMetadataConfig.mode") === "GKE_METADATA";
  const calico = at(cluster.resource, "networkPolicy.enabled") === true;
  return {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/instance-type": pool.machineType,
    "beta.kubernetes.io/os": "linux",
    "cloud.google.com/gke-boot-disk": stringOf(at(pool.resource, "config.diskType")) ?? "pd-balanced",
    "cloud.google.com/gke-container-runtime": "containerd",
    "cloud.google.com/gke-cpu-scaling-level": String(cpuMillicores / 1000),
    "cloud.google.com/gke-logging-variant": "DEFAULT",
    "cloud.google.com/gke-max-pods-per-node": String(pool.maxPodsPerNode),
    "cloud.google.com/gke-memory-gb-scaling-level": String(Math.round(memoryBytes / 2 ** 30)),
    [POOL_LABEL]: pool.name,
    "cloud.google.com/gke-os-distribution": osDistribution(pool),
    "cloud.google.com/gke-provisioning": pool.spot ? "spot" : "standard",
    "cloud.google.com/gke-stack-type": "IPV4",
    "cloud.google.com/machine-family": pool.machineType.split("-")[0] ?? pool.machineType,
    "failure-domain.beta.kubernetes.io/region": region,
    "failure-domain.beta.kubernetes.io/zone": node.zone,
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": node.name,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": pool.machineType,
    "topology.gke.io/zone": node.zone,
    "topology.kubernetes.io/region": region,
    "topology.kubernetes.io/zone": node.zone,
    ...(pool.spot ? { "cloud.google.com/gke-spot": "true" } : {}),
    ...(metadataServer ? { "iam.gke.io/gke-metadata-server-enabled": "true" } : {}),
    ...(isDataplaneV2(cluster) ? { "cloud.google.com/gke-dpv2-ready": "true" } : {}),
    ...(calico ? { "projectcalico.org/ds-ready": "true" } : {}),
  };
}

/** Where a node is in its networks. */
export interface NodePlacement {
  readonly podCidr: string;
  readonly address: string;
}

/** The node as its kubelet would register it. */
export function nodeObject(
  cluster: ClusterView,
  pool: NodePoolView,
  node: NodeView,
  { podCidr }: NodePlacement,
): KubeNode {
  const labels = poolLabels(pool);
  const taints = poolTaints(pool);
  const kubeProxy = isDataplaneV2(cluster) ? "none" : "present";
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node.name,
      labels: { ...labels, ...systemLabels(cluster, pool, node) },
      annotations: {
        "container.googleapis.com/instance_id": node.instanceId,
        [LABELS_ANNOTATION]: formatLabels(labels),
        [TAINTS_ANNOTATION]: formatTaints(taints),
        [KUBE_PROXY_ANNOTATION]: kubeProxy,
      },
    },
    spec: {
      podCIDR: podCidr,
      podCIDRs: [podCidr],
      providerID: `gce://${cluster.project}/${node.zone}/${node.name}`,
      ...(taints.length > 0 ? { taints } : {}),
    },
  } as KubeNode;
}

/** The part of a node's status that KWOK does not make up: addresses, size and versions. */
export function nodeStatus(
  cluster: ClusterView,
  pool: NodePoolView,
  node: NodeView,
  { address }: NodePlacement,
): object {
  const resources = machineResources(pool.machineType);
  const ephemeral = (Number(at(pool.resource, "config.diskSizeGb")) || 100) * 10 ** 9;
  const internalName = `${node.name}.${node.zone}.c.${cluster.project}.internal`;
  const pods = String(pool.maxPodsPerNode);
  return {
    status: {
      addresses: [
        { type: "InternalIP", address },
        { type: "InternalDNS", address: internalName },
        { type: "Hostname", address: internalName },
      ],
      capacity: {
        cpu: String(resources.cpuMillicores / 1000),
        memory: String(resources.memoryBytes),
        "ephemeral-storage": String(ephemeral),
        pods,
      },
      allocatable: {
        cpu: `${resources.allocatableCpuMillicores}m`,
        memory: String(resources.allocatableMemoryBytes),
        "ephemeral-storage": String(Math.floor(ephemeral / 2)),
        pods,
      },
      nodeInfo: {
        architecture: "amd64",
        bootID: "",
        containerRuntimeVersion: "containerd://2.0.6",
        kernelVersion: "6.6.97+",
        kubeProxyVersion: `v${node.version}`,
        kubeletVersion: `v${node.version}`,
        machineID: "",
        operatingSystem: "linux",
        osImage: "Container-Optimized OS from Google",
        systemUUID: "",
      },
    },
  };
}

function osDistribution(pool: NodePoolView): string {
  return stringOf(at(pool.resource, "config.imageType"))?.toLowerCase().startsWith("ubuntu") ? "ubuntu" : "cos";
}
