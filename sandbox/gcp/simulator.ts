import { addAdmin } from "./admin/routes";
import type { Cloud } from "./cloud";
import { addCompute } from "./compute";
import { addContainer } from "./container";
import { clusterView, poolView } from "./container/hook-views";
import { clusterName, nodePoolName } from "./container/names";
import { Nodes } from "./container/nodes";
import { sizesOf } from "./container/pool-sizes";
import { ClusterStore } from "./container/records";
import { setServiceFirewalls } from "./container/service-firewalls";
import { allClusters } from "./container/usage";
import { DEFAULT_VERSIONS } from "./container/versions";
import { discoveryCatalogue } from "./discovery/catalogue";
import type { Fault } from "./faults/fault";
import { FaultQueue } from "./faults/queue";
import { addGkeHub } from "./gkehub";
import type { ClusterAccess, ClusterIdentity, ClusterView, NodePoolView, ServiceFirewall } from "./hooks";
import { RequestLog } from "./http/log";
import { Router } from "./http/router";
import { ApiServer, type Exchange } from "./http/server";
import { Access } from "./iam/access";
import { addServiceAccounts } from "./iam/service-accounts";
import type { JsonObject } from "./json";
import { addMonitoring } from "./monitoring";
import { OperationEngine } from "./operations/engine";
import type { OperationPace } from "./operations/pace";
import type { OperationError, OperationRecord } from "./operations/record";
import { type GoogleCloudSimulatorOptions, SANDBOX_ACCESS_TOKEN, SANDBOX_USER } from "./options";
import { type ProjectOptions, Projects } from "./projects/projects";
import { addResourceManager } from "./projects/resource-manager";
import { addServiceUsage } from "./projects/service-usage";
import { DEFAULT_QUOTAS } from "./quotas";
import { addArtifactRegistry } from "./services/artifact-registry";
import { addBinaryAuthorization } from "./services/binary-authorization";
import { addGkeBackup } from "./services/gke-backup";
import { addKms } from "./services/kms";
import { addPubSub } from "./services/pubsub";
import { addSecretManager } from "./services/secret-manager";
import { StateFile } from "./state/file";
import { Identity } from "./state/identity";
import { Store } from "./state/store";
import { addStorage, addStorageMedia } from "./storage";

/**
 * Google Cloud's API on 127.0.0.1, as far as the environments of this project use it: a state, operations that take
 * time, and the refusals of the real one. Any client can be pointed at it; {@link environmentVariables} does so for
 * Terraform. What somebody changes "by hand" is a request like any other, with that person's token.
 */
export class GoogleCloudSimulator {
  /** Faults in waiting. */
  public readonly faults = new FaultQueue();
  /** Every request that was answered. */
  public readonly log: RequestLog;
  /** What the accounts may do that own nothing. */
  public readonly access: Access;
  private readonly store: Store;
  private readonly cloud: Cloud;
  private readonly records: ClusterStore;
  private readonly nodes: Nodes;
  private readonly router: Router;
  private readonly server: ApiServer;
  private readonly listeners: ((exchange: Exchange) => void)[] = [];
  private url = "";

  public constructor(private readonly options: GoogleCloudSimulatorOptions = {}) {
    const directory = options.stateDirectory;
    this.store = new Store(directory ? new StateFile(directory) : undefined);
    this.log = new RequestLog(directory);
    const identity = new Identity(this.store);
    this.cloud = {
      store: this.store,
      identity,
      operations: new OperationEngine(this.store, identity, options.pace ?? { mode: "fast" }),
      projects: new Projects(this.store, identity),
      versions: options.versions ?? DEFAULT_VERSIONS,
      quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
      hooks: options.hooks ?? {},
    };
    this.records = new ClusterStore(this.cloud);
    this.nodes = new Nodes(this.cloud);
    for (const project of options.projects ?? []) this.createProject(project);
    const accounts = options.accounts ?? {};
    this.access = new Access(this.cloud, new Set(Object.values(accounts)));
    this.router = this.routes();
    this.server = new ApiServer({
      router: this.router,
      store: this.store,
      projects: this.cloud.projects,
      faults: this.faults,
      log: this.log,
      catalogue: discoveryCatalogue(),
      users: new Map(Object.entries({ ...(options.users ?? { [SANDBOX_ACCESS_TOKEN]: SANDBOX_USER }), ...accounts })),
      access: this.access,
      onExchange: (exchange) => {
        for (const listener of this.listeners) listener(exchange);
      },
    });
  }

  /** Starts to answer, and goes on with operations that were under way when the state was last written. */
  public async listen(): Promise<{ readonly url: string }> {
    this.url = await this.server.listen(this.options.port ?? 0);
    await this.store.flush();
    this.cloud.operations.resume();
    return { url: this.url };
  }

  /** Stops to answer. Operations under way are gone on with when a simulator is started on the same directory. */
  public async close(): Promise<void> {
    await this.server.close();
    await this.cloud.operations.close();
    await this.store.flush();
  }

  /** Whether a request is simulated, as opposed to answered 501. */
  public serves(method: string, path: string): boolean {
    return this.router.find(method, path) !== undefined;
  }

  /** Creates a project; does nothing where it exists. */
  public createProject(project: string | ProjectOptions): void {
    this.cloud.projects.create(typeof project === "string" ? { id: project } : project);
  }

  /** Projects that exist. */
  public projects(): { readonly id: string; readonly number: string }[] {
    return this.cloud.projects.list().map((id) => ({ id, number: this.cloud.projects.number(id) }));
  }

  /** Queues a fault; returns its id. @throws Error where the fault can do nothing */
  public addFault(fault: Fault): number {
    return this.faults.add(fault);
  }

  /** Every operation that is remembered, oldest first. */
  public operations(): OperationRecord[] {
    return this.cloud.operations.list();
  }

  /** Lets an operation that a fault holds go on; with an error it ends in that. */
  public async releaseOperation(name: string, error?: OperationError): Promise<void> {
    await this.cloud.operations.release(name, error);
  }

  /** How long operations take from now on. */
  public setPace(pace: OperationPace): void {
    this.cloud.operations.pace = pace;
  }

  /**
   * Everything that exists, or what exists in one project, by full resource name; IAM policies under the name of what
   * they are about with `policies` before it. Two of these compared tell what a deployment left behind.
   */
  public resources(project?: string): JsonObject {
    const mine =
      project === undefined ? /^(policies)?\/\// : new RegExp(`^(policies)?//[^/]+/projects/${project}(/|$)`);
    return Object.fromEntries(this.store.list("").filter(([name]) => mine.test(name)));
  }

  /** All clusters, for whoever gives them control planes and starts anew. */
  public clusters(): { readonly cluster: ClusterView; readonly pools: NodePoolView[] }[] {
    return allClusters(this.store).map(([name]) => ({
      cluster: clusterView(this.cloud, name),
      pools: this.records.pools(name).map(([poolName]) => poolView(this.cloud, poolName)),
    }));
  }

  /** Says how a cluster's control plane is reached from now on, e.g. after it was started on another port. */
  public async setClusterAccess(cluster: ClusterIdentity, access: ClusterAccess): Promise<void> {
    this.records.setAccess(clusterName(cluster.project, cluster.location, cluster.name), access);
    await this.store.flush();
  }

  /**
   * Sets the number of nodes of a pool in each zone, as the cluster autoscaler does: within the pool's limits, without
   * an operation. Zones that are left out keep theirs. @throws Error where there is no such pool
   */
  public async setNodePoolSize(
    cluster: ClusterIdentity,
    pool: string,
    sizes: Readonly<Record<string, number>>,
  ): Promise<void> {
    await this.autoscale(nodePoolName(cluster.project, cluster.location, cluster.name, pool), sizes);
  }

  /** Says which firewall rules the Services of a cluster need now; Google's controller in the cluster keeps them. */
  public async setServiceFirewalls(cluster: ClusterIdentity, rules: readonly ServiceFirewall[]): Promise<void> {
    setServiceFirewalls(this.cloud, clusterName(cluster.project, cluster.location, cluster.name), rules);
    await this.store.flush();
  }

  /** Calls a function for every request that is answered, e.g. to record the traffic. */
  public onExchange(listener: (exchange: Exchange) => void): void {
    this.listeners.push(listener);
  }

  private async autoscale(name: string, sizes: Readonly<Record<string, number>>): Promise<void> {
    const pool = this.records.pool(name);
    if (!pool) throw new Error(`there is no node pool ${name}`);
    await this.nodes.resize(name, new Map([...sizesOf(pool), ...Object.entries(sizes)]), "autoscaled");
    await this.store.flush();
  }

  private routes(): Router {
    const router = new Router();
    const { cloud } = this;
    addAdmin(router, {
      faults: this.faults,
      log: this.log,
      operations: cloud.operations,
      projects: cloud.projects,
      resources: (project) => this.resources(project),
      setNodePoolSize: (pool, sizes) => this.autoscale(pool, sizes),
    });
    addCompute(router, cloud);
    addContainer(router, cloud);
    addServiceAccounts(router, cloud);
    addResourceManager(router, cloud);
    addServiceUsage(router, cloud);
    addMonitoring(router, cloud);
    addKms(router, cloud);
    addGkeHub(router, cloud);
    addPubSub(router, cloud);
    addSecretManager(router, cloud);
    addArtifactRegistry(router, cloud);
    addGkeBackup(router, cloud);
    addBinaryAuthorization(router, cloud);
    addStorage(router, cloud, () => this.url);
    addStorageMedia(router, cloud);
    return router;
  }
}
