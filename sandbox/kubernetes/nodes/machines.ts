import type { ClusterView, NodePoolView, NodeView } from "../../gcp/hooks";
import type { KubeNode, KubernetesClient } from "../client";
import type { ClusterFiles } from "../control-plane/files";

/** Set on nodes that are not played: a network namespace with real programs each. */
export const REAL_ANNOTATION = "sandbox.cdktf-gke-cilium/node";
const REAL = "real";

/** Whether a node is a real one. KWOK and the sandbox's own controllers leave it alone then. */
export function isReal(node: Pick<KubeNode, "metadata"> | undefined): boolean {
  return node?.metadata.annotations?.[REAL_ANNOTATION] === REAL;
}

/** The annotation of real nodes. */
export const REAL_MARK = { [REAL_ANNOTATION]: REAL } as const;

/** KWOK's selector for the annotations of nodes that it plays. */
export const PLAYED_SELECTOR = `${REAL_ANNOTATION}!=${REAL}`;

/** Gives some nodes of a cluster a real network. The others are played. */
export interface NodeMachines {
  /** Addresses of the subnetwork that no node may have. */
  readonly reserved: readonly string[];
  /** Whether the next node that is made is to be a real one. */
  wants(existing: readonly KubeNode[]): boolean;
  /** Boots a node that was registered, unless it runs. */
  boot(node: KubeNode, view: NodeView, pool: NodePoolView): Promise<void>;
  /** Ends the machine of a node that is deleted. */
  remove(name: string): Promise<void>;
}

/** The machines of one cluster, while its control plane runs. */
export interface MachineRoom extends NodeMachines {
  /** Whether Cilium's operator is run where it lands on a real node. */
  readonly hasOperator: boolean;
  /** Range of load balancers' addresses that the network leads to nodes. */
  readonly loadBalancerRange: string;
  /** Ends all of them. */
  stop(): Promise<void>;
}

/** What the machines of a cluster are started with. */
export interface MachineRoomContext {
  readonly cluster: ClusterView;
  readonly files: ClusterFiles;
  readonly client: KubernetesClient;
  /** Port of the API server on 127.0.0.1 of this machine. */
  readonly apiPort: number;
}

/** Makes real nodes for clusters, where a sandbox has them. */
export interface MachineRooms {
  /** Address of the control plane in the cluster's network, or undefined for a cluster whose nodes are all played. */
  controlPlaneAddress(cluster: ClusterView): string | undefined;
  open(context: MachineRoomContext): Promise<MachineRoom>;
}
