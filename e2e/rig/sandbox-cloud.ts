import { nodePoolName } from "../../sandbox/gcp/container/names";
import type { Fault } from "../../sandbox/gcp/faults/fault";
import type { LogEntry, LogFilter } from "../../sandbox/gcp/http/log";
import type { KubernetesClient } from "../../sandbox/kubernetes/client";
import { RealCluster } from "../../sandbox/real-nodes";
import type { Sandbox, Tools } from "../../sandbox/runtime";
import type { Cloud, ClusterName, OutsideHost, PendingFault } from "./cloud";

/**
 * Access tokens by environment, and whose they are: the log of the API then tells who did what. The first is whom the
 * sandbox itself prepares projects as.
 */
export function usersOf(environments: readonly string[]): Record<string, string> {
  const users = Object.fromEntries(environments.map((name) => [tokenOf(name), userOf(name)]));
  return { [SOMEBODY_TOKEN]: SOMEBODY, ...users };
}

/** Who deploys an environment. */
export function userOf(environment: string): string {
  return `terraform@${environment}.invalid`;
}

/** Somebody who changes things by hand. */
export const SOMEBODY = "somebody@console.invalid";
const SOMEBODY_TOKEN = "token-of-somebody-in-the-console";

function tokenOf(environment: string): string {
  return `token-of-${environment}`;
}

/** The sandbox, for the bench of one environment. */
export class SandboxCloud implements Cloud {
  public readonly terraform: string;
  public readonly cdktf: readonly string[];
  public readonly google: string;
  public readonly somebody = SOMEBODY_TOKEN;
  private readonly faults: number[] = [];

  public constructor(
    private readonly sandbox: Sandbox,
    private readonly tools: Tools,
    private readonly owner: string,
    private readonly project: string,
  ) {
    this.terraform = tools.terraform.command;
    this.cdktf = tools.cdktf;
    this.google = sandbox.url;
  }

  public environment(scope = ""): NodeJS.ProcessEnv {
    return { ...this.sandbox.env(this.tools, `${this.owner}${scope}`), GOOGLE_OAUTH_ACCESS_TOKEN: tokenOf(this.owner) };
  }

  public get user(): string {
    return userOf(this.owner);
  }

  public get position(): number {
    return this.sandbox.google.log.position;
  }

  public requests(filter: LogFilter): readonly LogEntry[] {
    return this.sandbox.google.log.entries(filter);
  }

  public addFault(fault: Fault): PendingFault {
    const { google } = this.sandbox;
    const id = google.addFault({ ...fault, path: `/projects/${this.project}(?=[/:]).*${fault.path ?? ""}` });
    this.faults.push(id);
    const find = () => google.faults.list().find((queued) => queued.id === id);
    return {
      seen: () => find()?.seen ?? 0,
      struck: () => find()?.struck ?? 0,
      remove: () => google.faults.clear(id),
    };
  }

  public async clearFaults(): Promise<void> {
    for (const id of this.faults.splice(0)) this.sandbox.google.faults.clear(id);
    for (const operation of this.stuckOperations(this.project)) await this.release(operation);
  }

  public stuckOperations(project: string): readonly string[] {
    return this.sandbox.google
      .operations()
      .filter((operation) => operation.project === project && operation.held && operation.status !== "DONE")
      .map(({ name }) => name);
  }

  public async release(operation: string): Promise<void> {
    await this.control(`operations/${operation}:release`, {});
  }

  public resources(project: string): Readonly<Record<string, unknown>> {
    return this.sandbox.google.resources(project);
  }

  public async autoscale(cluster: ClusterName, pool: string, nodes: number, most = Infinity): Promise<void> {
    const now = this.sandbox.google
      .clusters()
      .find((one) => one.cluster.name === cluster.name && one.cluster.project === cluster.project)
      ?.pools.find(({ name }) => name === pool);
    if (!now) throw new Error(`there is no node pool ${pool} in cluster ${cluster.name}`);
    const zones = (now.resource["locations"] ?? []) as string[];
    const sizes = zones.map((zone, index) => {
      const size = now.nodes.filter((node) => node.zone === zone).length;
      return [zone, index < most ? size + nodes : size] as const;
    });
    const name = nodePoolName(cluster.project, cluster.location, cluster.name, pool);
    await this.control("nodePools:setSize", { pool: name, sizes: Object.fromEntries(sizes) });
  }

  public kubernetes(cluster: ClusterName): KubernetesClient {
    return this.sandbox.cluster(cluster).controlPlane.client;
  }

  public realNodes(cluster: ClusterName): RealCluster | undefined {
    const { machines } = this.sandbox.cluster(cluster);
    return machines instanceof RealCluster ? machines : undefined;
  }

  public kubeconfig(cluster: ClusterName): string {
    return this.sandbox.cluster(cluster).files.kubeconfig;
  }

  public killApiServer(cluster: ClusterName): Promise<void> {
    return this.sandbox.cluster(cluster).controlPlane.program("kube-apiserver").kill();
  }

  public restartApiServer(cluster: ClusterName): Promise<void> {
    return this.sandbox.cluster(cluster).controlPlane.restartApiServer();
  }

  public outsideHosts(): readonly OutsideHost[] {
    return this.sandbox.outsideHosts();
  }

  /** By the control interface, so that what was done to the simulator is in a recording of its traffic. */
  private async control(path: string, body: object): Promise<void> {
    const response = await fetch(`${this.google}/_sandbox/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.somebody}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
  }
}
