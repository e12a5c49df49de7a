import { join } from "node:path";
import type { ClusterIdentity } from "../gcp/hooks";
import { ClusterFiles, clusterKey } from "../kubernetes/control-plane/files";

/** Name of the directory in a project that holds a sandbox: state, logs, and what stacks are deployed from. */
export const SANDBOX_DIRECTORY = ".sandbox";

/** Where the files of a sandbox lie. */
export class SandboxFiles {
  public constructor(public readonly directory: string) {}

  /** Tells other processes about the sandbox that runs, and the next one which ports it had. */
  public get instance(): string {
    return join(this.directory, "instance.json");
  }
  /** Programs that were started and may still run. */
  public get ledger(): string {
    return join(this.directory, "processes.json");
  }
  /** State of the simulated Google Cloud. */
  public get google(): string {
    return join(this.directory, "google");
  }
  /** One directory for each cluster. */
  public get clusters(): string {
    return join(this.directory, "clusters");
  }
  /** The files of one cluster. */
  public clusterFiles(cluster: ClusterIdentity): ClusterFiles {
    return new ClusterFiles(join(this.clusters, clusterKey(cluster)));
  }
  public get pki(): string {
    return join(this.directory, "pki");
  }
  /** The only authority that programs in the sandbox trust. */
  public get authority(): string {
    return join(this.pki, "ca.crt");
  }
  /** First on PATH in the sandbox. */
  public get bin(): string {
    return join(this.directory, "bin");
  }
  /** Credentials of Google's that open nothing. */
  public get credentials(): string {
    return join(this.directory, "credentials.json");
  }
  /** Archives of charts that the proxy serves beside its own. */
  public get charts(): string {
    return join(this.directory, "charts");
  }
  /** Output of cdktf, with the Terraform state of each stack in its directory. */
  public get output(): string {
    return join(this.directory, "cdktf.out");
  }
  /** Cilium's programs laid out as in its image, for real nodes. */
  public get ciliumImage(): string {
    return join(this.directory, "cilium-image");
  }
  /** One directory for each network that has real nodes. */
  public get networks(): string {
    return join(this.directory, "networks");
  }
  /** Cache and configuration of Helm, away from the user's own. */
  public get helm(): string {
    return join(this.directory, "helm");
  }
  public log(name: string): string {
    return join(this.directory, "logs", `${name}.log`);
  }
}
