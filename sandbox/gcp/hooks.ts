import type { JsonObject } from "./json";

/** Which cluster. */
export interface ClusterIdentity {
  readonly project: string;
  /** Region or zone. */
  readonly location: string;
  readonly name: string;
}

/** A cluster, for whoever gives it a control plane. */
export interface ClusterView extends ClusterIdentity {
  /** Unlike the name, never used again: 64 hexadecimal characters. */
  readonly id: string;
  /** Kubernetes version of the control plane, e.g. `1.33.13-gke.1000`. */
  readonly version: string;
  /** Host name of the DNS endpoint, whether or not it is allowed to be used. */
  readonly dnsEndpoint: string;
  /** Primary range of the subnetwork that nodes are in. @default made up */
  readonly nodesCidr?: string;
  /** Ranges as the API shows them. */
  readonly podsCidr: string;
  readonly servicesCidr: string;
  /** The cluster as `GET` shows it. */
  readonly resource: JsonObject;
}

/** How a cluster's control plane is reached. */
export interface ClusterAccess {
  /** Address of the API server, without scheme; with `:port` where it is not 443. */
  readonly endpoint: string;
  /** Address inside the network. @default the same as `endpoint` */
  readonly privateEndpoint?: string;
  /** Certificate authority in PEM, base64-encoded. */
  readonly clusterCaCertificate: string;
}

/** A taint as Kubernetes writes it. */
export interface TaintView {
  readonly key: string;
  readonly value: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
  readonly effect: string;
}

/** A node that must exist. */
export interface NodeView {
  readonly name: string;
  readonly zone: string;
  readonly version: string;
  /** Id of the virtual machine, for labels and annotations that carry it. */
  readonly instanceId: string;
}

/** A node pool, for whoever creates its nodes. */
export interface NodePoolView {
  readonly name: string;
  readonly version: string;
  readonly machineType: string;
  /** Labels that the pool asks for; those that GKE adds by itself are not in it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly TaintView[];
  readonly spot: boolean;
  readonly maxPodsPerNode: number;
  /** Every node that must exist now; no other node of the pool may. */
  readonly nodes: readonly NodeView[];
  /** The pool as `GET` shows it. */
  readonly resource: JsonObject;
}

/** A firewall rule that Google's controller makes for a Service of type LoadBalancer, or for all of them. */
export interface ServiceFirewall {
  /** `k8s-fw-…`, `k8s-…-node-http-hc` */
  readonly name: string;
  /** `NAMESPACE/NAME`; empty where all Services share it. */
  readonly service: string;
  readonly sourceRanges: readonly string[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}

/** Why a pool's nodes changed. */
export type NodePoolChange = "created" | "resized" | "autoscaled" | "upgrading" | "updated" | "deleted";

/**
 * Gives clusters a control plane and nodes. Every method is awaited before the operation that caused it ends; an error
 * thrown makes the operation fail with its message.
 */
export interface ClusterHooks {
  /** A cluster is being created; tells how its control plane is reached. Nodes come later, by `onNodePoolChanged`. */
  onClusterCreating?(cluster: ClusterView): ClusterAccess | Promise<ClusterAccess>;
  /** The cluster is RUNNING, its first nodes included. */
  onClusterCreated?(cluster: ClusterView): void | Promise<void>;
  /** Something of the cluster changed; `fields` are the names of the update, e.g. `desiredMasterVersion`. */
  onClusterUpdated?(cluster: ClusterView, fields: readonly string[]): void | Promise<void>;
  /** The cluster is about to go; its control plane still runs. */
  onClusterDeleting?(cluster: ClusterView): void | Promise<void>;
  /** The cluster is gone. */
  onClusterDeleted?(cluster: ClusterView): void | Promise<void>;
  /** The nodes of a pool, or what they carry, must become those given; with `deleted` the list is empty. */
  onNodePoolChanged?(cluster: ClusterView, pool: NodePoolView, change: NodePoolChange): void | Promise<void>;
}
