import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClusterIdentity } from "../../gcp/hooks";

/** Name of a cluster's directory. Locations and cluster names hold no dots. */
export function clusterKey({ project, location, name }: ClusterIdentity): string {
  return `${project}.${location}.${name}`;
}

/** Where the files of one cluster lie. */
export class ClusterFiles {
  public constructor(public readonly directory: string) {}

  /** Whether the cluster has been started once. */
  public get exists(): boolean {
    return existsSync(this.kubeconfig);
  }
  public get pki(): string {
    return join(this.directory, "pki");
  }
  public get etcd(): string {
    return join(this.directory, "etcd");
  }
  /** Log of one program. */
  public log(program: string): string {
    return join(this.directory, "logs", `${program}.log`);
  }
  /** For `kubectl` by hand: logs in as administrator. */
  public get kubeconfig(): string {
    return join(this.directory, "kubeconfig");
  }
  public kubeconfigOf(program: string): string {
    return join(this.pki, `${program}.kubeconfig`);
  }
  /** What survives a restart beside etcd's data: see ClusterRecord. */
  public get record(): string {
    return join(this.directory, "cluster.json");
  }
  /** What KWOK does with nodes and pods. */
  public get stages(): string {
    return join(this.directory, "stages.yaml");
  }
  /** Certificate of the authority of this cluster, or of one of its parts. */
  public certificate(name: string): string {
    return join(this.pki, `${name}.crt`);
  }
  public key(name: string): string {
    return join(this.pki, `${name}.key`);
  }
  /** Who the API server asks whether a request is allowed. */
  public get authorization(): string {
    return join(this.pki, "authorization.json");
  }
  public get tokens(): string {
    return join(this.pki, "tokens.csv");
  }
}
