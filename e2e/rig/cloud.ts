import type { Fault } from "../../sandbox/gcp/faults/fault";
import type { LogEntry, LogFilter } from "../../sandbox/gcp/http/log";
import type { KubernetesClient } from "../../sandbox/kubernetes/client";
import type { OutsideHost } from "../../sandbox/proxy";
import type { RealCluster } from "../../sandbox/real-nodes";

export type { OutsideHost };

/** What the rig needs of the sandbox. */
export interface Cloud {
  /**
   * Environment of a command: where Google is, who logs in, which proxy and which authority.
   *
   * @param scope Tells commands that run side by side apart: Helm's caches take one at a time.
   */
  environment(scope?: string): NodeJS.ProcessEnv;
  /** Terraform or OpenTofu. */
  readonly terraform: string;
  /** Program and leading arguments of the cdktf CLI. */
  readonly cdktf: readonly string[];
  /** Whom the environment is deployed as, as the log of the API tells it. */
  readonly user: string;
  /** Access token of a person who changes things by hand. */
  readonly somebody: string;
  /** Address of the simulated Google Cloud, without a slash at the end. */
  readonly google: string;
  /** Its requests so far. */
  requests(filter: LogFilter): readonly LogEntry[];
  /** Number of the last request. */
  readonly position: number;
  /** Queues a fault for requests about this environment's project. */
  addFault(fault: Fault): PendingFault;
  /** Takes away every fault of this environment, and lets operations go on that are held by one. */
  clearFaults(): Promise<void>;
  /** Operations that are held RUNNING by a fault. */
  stuckOperations(project: string): readonly string[];
  /** Lets such an operation go on. */
  release(operation: string): Promise<void>;
  /** Everything that exists in a project, by full resource name. */
  resources(project: string): Readonly<Record<string, unknown>>;
  /**
   * Adds nodes to a pool in each of its zones (or removes them), as the cluster autoscaler does.
   *
   * @param most In how many of its zones. @default in all
   */
  autoscale(cluster: ClusterName, pool: string, nodes: number, most?: number): Promise<void>;
  /** Logged in to the control plane of a cluster, around every endpoint that the cluster has or lacks. */
  kubernetes(cluster: ClusterName): KubernetesClient;
  /** The nodes of a cluster that are real, if it has any. */
  realNodes(cluster: ClusterName): RealCluster | undefined;
  /** Configuration with which kubectl and helm log in to it. */
  kubeconfig(cluster: ClusterName): string;
  /** Ends the API server of a cluster without warning. */
  killApiServer(cluster: ClusterName): Promise<void>;
  /** Starts it again, and what watches it. */
  restartApiServer(cluster: ClusterName): Promise<void>;
  /** Hosts outside that something asked the proxy for, and what became of it. */
  outsideHosts(): readonly OutsideHost[];
}

/** A fault that was queued. */
export interface PendingFault {
  /** Requests that met its conditions so far. */
  seen(): number;
  /** How many of them it struck. */
  struck(): number;
  /** Takes it away. */
  remove(): void;
}

/** Which cluster. */
export interface ClusterName {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}
