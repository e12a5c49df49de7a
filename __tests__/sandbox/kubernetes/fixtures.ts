import type { ClusterView, NodePoolView, NodeView } from "../../../sandbox/gcp/hooks";
import type { KubeNode, Pod } from "../../../sandbox/kubernetes/client";
import type { Snapshot } from "../../../sandbox/kubernetes/controllers";
import { nodeObject } from "../../../sandbox/kubernetes/nodes";

export const TAINT = { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NoExecute" };

export function cluster(more: Partial<ClusterView> = {}): ClusterView {
  return {
    project: "acme-staging",
    location: "europe-west1",
    name: "staging",
    id: "0f1e",
    version: "1.33.13-gke.1000",
    dnsEndpoint: "gke-0f1e-1.europe-west1.gke.goog",
    nodesCidr: "10.16.0.0/20",
    podsCidr: "10.20.0.0/14",
    servicesCidr: "10.24.0.0/20",
    resource: {},
    ...more,
  };
}

export function node(name: string, version = "1.33.13-gke.1000"): NodeView {
  return { name, zone: "europe-west1-b", version, instanceId: "1234567890123456789" };
}

export function pool(more: Partial<NodePoolView> = {}): NodePoolView {
  return {
    name: "general",
    version: "1.33.13-gke.1000",
    machineType: "e2-standard-4",
    labels: {},
    taints: [TAINT],
    spot: false,
    maxPodsPerNode: 110,
    nodes: [],
    resource: {},
    ...more,
  };
}

export function kubeNode(name: string, more: { pool?: NodePoolView; cluster?: ClusterView } = {}): KubeNode {
  const placement = { podCidr: "10.20.0.0/24", address: "10.16.0.2" };
  const object = nodeObject(more.cluster ?? cluster(), more.pool ?? pool(), node(name), placement);
  return { ...object, status: { nodeInfo: { kubeletVersion: "v1.33.13-gke.1000" } } };
}

export function pod(name: string, more: Partial<Pod["metadata"]> & { node?: string; ready?: boolean } = {}): Pod {
  const { node: nodeName, ready = false, ...metadata } = more;
  return {
    metadata: { name, namespace: "kube-system", ...metadata },
    spec: { ...(nodeName ? { nodeName } : {}), containers: [] },
    status: {
      phase: ready ? "Running" : "Pending",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return { nodes: [], pods: [], deployments: [], ciliumConfigs: [], services: [], claims: [], volumes: [], ...more };
}
