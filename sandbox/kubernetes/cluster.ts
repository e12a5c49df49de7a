import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ClusterAccess, ClusterView, NodePoolChange, NodePoolView, ServiceFirewall } from "../gcp/hooks";
import { at } from "../gcp/json";
import type { CertificateAuthority } from "../pki";
import { canListen, type ProcessLedger } from "../processes";
import { applyDefinitions, readDefinitions, reconcileAddons, type WrittenDefinitions } from "./addons";
import {
  type ClusterFiles,
  ControlPlane,
  type ControlPlaneProgram,
  choosePorts,
  EndpointForwarder,
  endpointAddress,
  writeCredentials,
} from "./control-plane";
import { ControllerLoop, sandboxStages, serviceFirewalls } from "./controllers";
import { type MachineRoom, type MachineRooms, reapplyTaints, reconcileNodes, removePool } from "./nodes";
import { firstAddress } from "./nodes/ranges";
import { type ClusterRecord, readRecord, writeRecord } from "./record";
import { authorizationConfiguration, IamAuthorizer, OWNERS, type Permits, Warden } from "./warden";

/** What every cluster of a sandbox is made with. */
export interface ClusterEnvironment {
  readonly programs: Readonly<Record<ControlPlaneProgram, string>>;
  readonly ledger: ProcessLedger;
  /** Signs the certificates of DNS endpoints; what runs in the sandbox trusts it. */
  readonly machineAuthority: CertificateAuthority;
  /** Who may log in to every cluster: account by access token. */
  readonly users: Readonly<Record<string, string>>;
  /** Who may log in besides and do what their roles allow: account by access token. @default nobody */
  readonly accounts?: Readonly<Record<string, string>>;
  /** Whether the roles of such an account allow something. @default they allow nothing */
  readonly permits?: Permits;
  /** KWOK's stage files. */
  readonly stages: readonly string[];
  /** Files with Cilium's custom resource definitions. */
  readonly ciliumDefinitions: readonly string[];
  /** Keeps the firewall rules of Services of type LoadBalancer. @default nobody */
  readonly setServiceFirewalls?: (cluster: ClusterView, rules: readonly ServiceFirewall[]) => Promise<void>;
  /** Makes real nodes. @default all are played */
  readonly machines?: MachineRooms;
}

/** Fields of an update after which GKE writes the taints of the pools on the nodes again. */
const MASTER_VERSION = "desiredMasterVersion";

/** One cluster of the sandbox: real control plane, nodes, and what Google runs in it. */
export class Cluster {
  private record: ClusterRecord | undefined;
  private plane: ControlPlane | undefined;
  private loop: ControllerLoop | undefined;
  private warden: Warden | undefined;
  private iam: IamAuthorizer | undefined;
  private firewalls: string | undefined;
  private access: ClusterAccess | undefined;
  private room: MachineRoom | undefined;
  private readonly forwarder = new EndpointForwarder();
  private queue: Promise<unknown> = Promise.resolve();

  public constructor(
    public readonly files: ClusterFiles,
    private readonly environment: ClusterEnvironment,
  ) {
    this.record = readRecord(files.record);
  }

  /** The cluster as the cloud last showed it. @throws Error before it was created. */
  public get view(): ClusterView {
    return this.known.cluster;
  }

  /** The running control plane. @throws Error while there is none. */
  public get controlPlane(): ControlPlane {
    if (!this.plane) throw new Error(`the control plane of ${this.record?.cluster.name ?? "the cluster"} does not run`);
    return this.plane;
  }

  /** Its real nodes, if it has any. */
  public get machines(): MachineRoom | undefined {
    return this.room;
  }

  /** Port of the API server on 127.0.0.1. */
  public get apiPort(): number {
    return this.known.ports.apiPort;
  }

  /**
   * Starts everything, with the data of an earlier sandbox if there are any of this very cluster. A cluster that runs
   * already goes on.
   */
  public start(cluster: ClusterView): Promise<ClusterAccess> {
    return this.inTurn(async () => {
      if (this.access && this.record?.cluster.id === cluster.id) return this.access;
      await this.stopAll();
      if (this.record?.cluster.id === cluster.id) this.save({ ...this.record, cluster });
      else {
        rmSync(this.files.directory, { recursive: true, force: true });
        this.save({ version: 1, cluster, pools: {}, ports: await choosePorts(), addons: [] });
      }
      this.access = await this.startAll();
      return this.access;
    });
  }

  /** Brings the cluster to what the cloud now says of it. */
  public update(cluster: ClusterView, fields: readonly string[]): Promise<void> {
    return this.inTurn(async () => {
      this.save({ ...this.known, cluster });
      await this.installAddons();
      if (!fields.includes(MASTER_VERSION)) return;
      for (const pool of Object.values(this.known.pools)) await reapplyTaints(this.client, pool);
    });
  }

  /** Brings the nodes of a pool to what the cloud now says of them. */
  public updatePool(pool: NodePoolView, change: NodePoolChange): Promise<void> {
    return this.inTurn(async () => {
      const { [pool.name]: _, ...others } = this.known.pools;
      if (change === "deleted") {
        // A control plane that does not answer keeps no machine from being deleted.
        if (await this.client.isReady()) await removePool(this.client, pool.name, this.room);
        this.save({ ...this.known, pools: others });
      } else {
        this.save({ ...this.known, pools: { ...others, [pool.name]: pool } });
        await reconcileNodes(this.client, this.view, pool, this.room);
      }
    });
  }

  /** Ends every program. The data stays. */
  public stop(): Promise<void> {
    return this.inTurn(() => this.stopAll());
  }

  /** Ends every program and deletes the data. */
  public remove(): Promise<void> {
    return this.inTurn(async () => {
      await this.stopAll();
      rmSync(this.files.directory, { recursive: true, force: true });
      this.record = undefined;
    });
  }

  private get client() {
    return this.controlPlane.client;
  }

  private get known(): ClusterRecord {
    if (!this.record) throw new Error(`there is no cluster in ${this.files.directory}`);
    return this.record;
  }

  private async startAll(): Promise<ClusterAccess> {
    const { cluster, ports: formerPorts, address: formerAddress } = this.known;
    const ports = await choosePorts(formerPorts);
    const address =
      formerAddress && (await canListen(formerAddress, 443)) ? formerAddress : await endpointAddress(cluster.id);
    this.save({ ...this.known, ports, ...(address ? { address } : {}) });

    const inside = this.environment.machines?.controlPlaneAddress(cluster);
    const isAutopilot = at(cluster.resource, "autopilot.enabled") === true;
    const connection = await writeCredentials({
      files: this.files,
      clusterName: cluster.name,
      apiPort: ports.apiPort,
      names: [
        "127.0.0.1",
        ...(address ? [address] : []),
        ...(inside ? [inside, firstAddress(cluster.servicesCidr)] : []),
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
      ],
      ...(inside ? { nodesServer: `https://${inside}` } : {}),
      dnsEndpoint: cluster.dnsEndpoint,
      machineAuthority: this.environment.machineAuthority,
      users: this.environment.users,
      ...(this.environment.accounts ? { accounts: this.environment.accounts } : {}),
      ...(isAutopilot ? { ownersGroup: OWNERS } : {}),
    });
    this.warden = isAutopilot ? await Warden.start(this.files, cluster.name) : undefined;
    this.iam = await this.startIam(cluster);
    const authorizers = {
      ...(this.warden ? { warden: this.files.kubeconfigOf("warden") } : {}),
      ...(this.iam ? { iam: this.iam.authorizer } : {}),
    };
    writeFileSync(this.files.authorization, authorizationConfiguration(authorizers));
    writeFileSync(this.files.stages, sandboxStages(this.environment.stages));
    const settings = {
      files: this.files,
      ...ports,
      serviceAccountIssuer: `https://container.googleapis.com/v1/projects/${cluster.project}/locations/${cluster.location}/clusters/${cluster.name}`,
      servicesCidr: cluster.servicesCidr,
      podsCidr: cluster.podsCidr,
      dnsEndpoint: cluster.dnsEndpoint,
      ...(this.warden || this.iam ? { authorization: this.files.authorization } : {}),
    };
    this.plane = new ControlPlane(
      cluster.name,
      settings,
      connection,
      this.environment.programs,
      this.environment.ledger,
    );
    try {
      await this.plane.start();
      // It has another address after each start, and nothing that makes pods passes without it.
      await this.warden?.install(this.client);
      if (address) await this.forwarder.start(address, 443, ports.apiPort);
      await this.installAddons();
      if (inside)
        this.room = await this.environment.machines?.open({
          cluster,
          files: this.files,
          client: this.client,
          apiPort: ports.apiPort,
        });
      this.loop = this.startControllers();
    } catch (error) {
      await this.stopAll();
      throw error;
    }
    return {
      endpoint: address ?? `127.0.0.1:${ports.apiPort}`,
      ...(inside ? { privateEndpoint: inside } : {}),
      clusterCaCertificate: Buffer.from(connection.caCertificate).toString("base64"),
    };
  }

  private async startIam(cluster: ClusterView): Promise<IamAuthorizer | undefined> {
    const { accounts, permits } = this.environment;
    if (!accounts || !permits) return undefined;
    return IamAuthorizer.start(this.files, cluster, Object.values(accounts), permits);
  }

  private async installAddons(): Promise<void> {
    const { cluster, addons } = this.known;
    const installed = await reconcileAddons(this.client, cluster, this.environment.ciliumDefinitions, addons);
    this.save({ ...this.known, addons: installed });
  }

  private startControllers(): ControllerLoop {
    const log = this.files.log("cloud");
    mkdirSync(dirname(log), { recursive: true });
    const written: WrittenDefinitions = new Map();
    const loop = new ControllerLoop({
      client: this.client,
      registerCiliumDefinitions: () =>
        applyDefinitions(this.client, readDefinitions(this.environment.ciliumDefinitions), written),
      ...(this.room ? { realOperator: this.room.hasOperator, loadBalancerRange: this.room.loadBalancerRange } : {}),
      setFirewalls: (services) => this.setFirewalls(serviceFirewalls(services, this.view.id)),
      onError: (error) => appendFileSync(log, `${new Date().toISOString()} ${error.stack ?? error.message}\n`),
    });
    loop.start();
    return loop;
  }

  /** Tells the cloud about firewall rules, once each time they change. */
  private async setFirewalls(rules: readonly ServiceFirewall[]): Promise<void> {
    const told = JSON.stringify(rules);
    if (told === this.firewalls) return;
    await this.environment.setServiceFirewalls?.(this.view, rules);
    this.firewalls = told;
  }

  private async stopAll(): Promise<void> {
    this.access = undefined;
    await this.loop?.stop();
    this.loop = undefined;
    await this.room?.stop();
    this.room = undefined;
    await this.forwarder.stop();
    await this.plane?.stop();
    this.plane = undefined;
    await this.warden?.stop();
    this.warden = undefined;
    await this.iam?.stop();
    this.iam = undefined;
  }

  private save(record: ClusterRecord): void {
    this.record = record;
    writeRecord(this.files.record, record);
  }

  /** One thing at a time: what comes meanwhile waits, and what failed does not stop what comes after it. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work, work);
    this.queue = turn.catch(() => {});
    return turn;
  }
}
