import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterView, NodePoolView, NodeView } from "../gcp/hooks";
import { at, stringOf, stringsOf } from "../gcp/json";
import type { KubeNode, KubernetesClient } from "../kubernetes/client";
import { isReal, type MachineRoom, type MachineRoomContext } from "../kubernetes/nodes/machines";
import { addressIn, dnsService, firstAddress, firstFreeAddress } from "../kubernetes/nodes/ranges";
import type { ProcessLedger } from "../processes";
import { ciliumLayers, type ImageOptions } from "./kubelet/images";
import { Kubelet } from "./kubelet/kubelet";
import { kubeProxyManifest } from "./node/kube-proxy-manifest";
import { type NodePrograms, RealNode } from "./node/real-node";
import {
  type CloudResources,
  cloudFirewall,
  cloudNat,
  gkeFirewall,
  networkOf,
  reservedAddresses,
} from "./vpc/cloud-network";
import { LoadBalancing } from "./vpc/load-balancing";
import type { Networks } from "./vpc/networks";
import type { VpcModel } from "./vpc/rules";
import { externalAddress, NAT_ADDRESS, type Subnetwork, type Vpc } from "./vpc/vpc";

/** What real nodes are made of, in every cluster of a sandbox. */
export interface RealNodesOptions {
  /** How many nodes of each cluster are real. */
  readonly perCluster: number;
  readonly programs: NodePrograms;
  readonly images: ImageOptions;
  readonly ledger: ProcessLedger;
  /** Where networks have their directories. */
  readonly directory: string;
  /** Told when the cloud is there: firewall rules and Cloud NAT are read from it. @default there are none */
  resources?: CloudResources;
}

/** How long is waited for what looks after nodes that are gone, in milliseconds. */
const STOP_TIMEOUT = 10_000;

/** Link of a node that is no node of the cluster. */
const SPARE_LINK = 250;

/** The real part of one cluster: its place in a network and its real nodes. */
export class RealCluster implements MachineRoom {
  private readonly machines = new Map<string, { readonly node: RealNode; readonly kubelet: Kubelet }>();
  /** Ranges that pools have for their pods besides the cluster's own. */
  private readonly podRanges = new Set<string>();
  /** Network tags of its nodes. */
  private readonly tags = new Set<string>();
  private additional = 0;
  private readonly spares = new Set<RealNode>();
  public readonly loadBalancing: LoadBalancing;

  private constructor(
    public readonly vpc: Vpc,
    private readonly networks: Networks,
    private readonly subnetwork: Subnetwork,
    public readonly loadBalancerRange: string,
    private readonly cluster: ClusterView,
    private readonly context: MachineRoomContext,
    private readonly options: RealNodesOptions,
  ) {
    this.loadBalancing = new LoadBalancing(
      context.client,
      vpc.router,
      () => this.nodes,
      () => this.vpc.setModel(subnetwork.name, this.model()),
      (message) => this.trouble(`vpc: ${message}`),
    );
  }

  public static async open(
    context: MachineRoomContext,
    options: RealNodesOptions,
    networks: Networks,
  ): Promise<RealCluster> {
    const { cluster, apiPort, client } = context;
    const nodesCidr = cluster.nodesCidr ?? "";
    const controlPlane = firstFreeAddress(nodesCidr, []);
    const subnetwork = { name: cluster.id, gateway: firstAddress(nodesCidr), controlPlane, apiPort };
    const network = networkOf(cluster);
    const vpc = await networks.enter(network);
    try {
      const range = await vpc.join(subnetwork);
      await publishControlPlane(client, controlPlane);
      const real = new RealCluster(vpc, networks, subnetwork, range, cluster, context, options);
      real.loadBalancing.start();
      return real;
    } catch (error) {
      await vpc.leave(subnetwork);
      await networks.leave(network);
      throw error;
    }
  }

  /** The address at which the VPC answers its nodes, and from which other machines of the subnetwork speak. */
  public get gateway(): string {
    return this.subnetwork.gateway;
  }

  public get hasOperator(): boolean {
    return this.hasProgram("cilium-operator-generic");
  }

  /** Whether a program of Cilium's was found. */
  public hasProgram(name: string): boolean {
    return this.options.images.programs.has(name);
  }

  public get reserved(): readonly string[] {
    const resources = this.options.resources?.(this.cluster.project) ?? {};
    return [this.subnetwork.controlPlane, ...reservedAddresses(this.cluster, resources)];
  }

  public wants(existing: readonly KubeNode[]): boolean {
    return existing.filter(isReal).length < this.options.perCluster + this.additional;
  }

  /** How many nodes more are to be real, of those that are still to be made. */
  public allow(additional: number): void {
    this.additional = additional;
  }

  public async boot(kubeNode: KubeNode, view: NodeView, pool: NodePoolView): Promise<void> {
    const name = kubeNode.metadata.name;
    for (const tag of stringsOf(at(pool.resource, "config.tags"))) this.tags.add(tag);
    if (this.machines.has(name)) return;
    const { files, client } = this.context;
    const address = kubeNode.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
    const podCidr = kubeNode.spec?.podCIDR;
    if (!address || !podCidr) throw new Error(`node ${name} has no address or no range for its pods`);
    const podRange = stringOf(at(pool.resource, "networkConfig.podIpv4CidrBlock"));
    if (podRange) this.podRanges.add(podRange);
    const version = `v${view.version}`;
    const { controlPlane, gateway } = this.subnetwork;
    const node = new RealNode(
      {
        name,
        index: this.vpc.nextLink(),
        address,
        podCidr,
        gateway,
        kubeletVersion: version,
        masquerade: at(this.cluster.resource, "networkConfig.defaultSnatStatus.disabled") !== true,
        kubeProxy: {
          manifest: kubeProxyManifest({ controlPlane, podsCidr: this.cluster.podsCidr, version }),
          kubeconfig: readFileSync(files.kubeconfigOf("kube-proxy"), "utf8"),
        },
      },
      this.vpc.world,
      this.options.programs,
      join(files.directory, "logs", name),
    );
    await node.boot();
    await this.vpc.addNode(node);
    const kubelet = new Kubelet({
      client,
      node,
      images: this.options.images,
      kubernetesService: firstAddress(this.cluster.servicesCidr),
      dnsService: dnsService(this.cluster.servicesCidr),
      onTrouble: (pod, message) => this.trouble(`${name} ${pod}: ${message}`),
    });
    this.machines.set(name, { node, kubelet });
    kubelet.start();
  }

  public async remove(name: string): Promise<void> {
    const machine = this.machines.get(name);
    if (!machine) return;
    this.machines.delete(name);
    await machine.kubelet.stop();
    await machine.node.shutDown();
  }

  public async stop(): Promise<void> {
    // What looks after the nodes may be waiting for something on one of them, which ends with the nodes.
    const idle = Promise.all([
      ...[...this.machines.values()].map(({ kubelet }) => kubelet.stop()),
      this.loadBalancing.stop(),
    ]);
    await Promise.all([...this.nodes, ...this.spares].map((node) => node.shutDown()));
    await this.vpc.leave(this.subnetwork);
    await this.networks.leave(networkOf(this.cluster));
    this.machines.clear();
    await Promise.race([idle, sleep(STOP_TIMEOUT, undefined, { ref: false })]);
  }

  /** Cuts a node's power and starts it again: everything on it ends, its disk stays. */
  public async reboot(name: string): Promise<void> {
    const { node, kubelet } = this.machine(name);
    await node.shutDown();
    kubelet.forget();
    await node.boot();
    await this.vpc.addNode(node);
  }

  /**
   * A node beside those of the cluster, at the end of its ranges: it has no kubelet, and whoever makes it runs programs on
   * it and takes it away again.
   */
  public async spare(name: string): Promise<RealNode> {
    const { nodesCidr = "", podsCidr } = this.cluster;
    const node = new RealNode(
      {
        name,
        index: SPARE_LINK,
        address: addressIn(nodesCidr, 2 ** (32 - prefixOf(nodesCidr)) - 3),
        podCidr: `${addressIn(podsCidr, 2 ** (32 - prefixOf(podsCidr)) - 256)}/24`,
        gateway: this.gateway,
        kubeletVersion: "v1",
        masquerade: false,
      },
      this.vpc.world,
      this.options.programs,
      join(this.context.files.directory, "logs", name),
    );
    await node.boot();
    this.spares.add(node);
    return node;
  }

  public async removeSpare(node: RealNode): Promise<void> {
    this.spares.delete(node);
    await node.shutDown();
  }

  /** Directories that make up the file system of containers of Cilium's image. */
  public get ciliumLayers(): readonly string[] {
    return ciliumLayers(this.options.images);
  }

  /** Certificate of the cluster's own authority, PEM. */
  public get authority(): string {
    return readFileSync(this.context.files.certificate("ca"), "utf8");
  }

  /** Its real nodes. */
  public get nodes(): readonly RealNode[] {
    return [...this.machines.values()].map(({ node }) => node);
  }

  /** @throws Error where it is not a real node. */
  public node(name: string): RealNode {
    return this.machine(name).node;
  }

  /** @throws Error where it is not a real node. */
  public kubelet(name: string): Kubelet {
    return this.machine(name).kubelet;
  }

  /** What the router of the VPC goes by now. */
  private model(): VpcModel {
    const { cluster } = this;
    const resources = this.options.resources?.(cluster.project) ?? {};
    const pods = [...new Set([cluster.podsCidr, ...this.podRanges])];
    const nat = cloudNat(cluster, pods, resources, NAT_ADDRESS);
    const isPrivate = at(cluster.resource, "privateClusterConfig.enablePrivateNodes") === true;
    return {
      nodes: [...this.nodes, ...this.spares].map(({ machine, link }) => ({
        link,
        mark: machine.index,
        address: machine.address,
        podCidr: machine.podCidr,
        ...(isPrivate ? {} : { externalAddress: externalAddress(machine.index) }),
      })),
      loadBalancers: this.loadBalancing.loadBalancers(),
      firewall: [
        ...gkeFirewall(cluster, pods, this.subnetwork.controlPlane),
        ...this.loadBalancing.firewall(),
        ...cloudFirewall(cluster, [...this.tags], resources),
      ],
      ...(nat ? { nat } : {}),
      privateRanges: [...(cluster.nodesCidr ? [cluster.nodesCidr] : []), ...pods, cluster.servicesCidr],
    };
  }

  private trouble(line: string): void {
    const log = this.context.files.log("kubelets");
    mkdirSync(dirname(log), { recursive: true });
    appendFileSync(log, `${new Date().toISOString()} ${line}\n`);
  }

  private machine(name: string) {
    const machine = this.machines.get(name);
    if (!machine) throw new Error(`${name} is no real node; real are ${[...this.machines.keys()].join(", ")}`);
    return machine;
  }
}

/** The endpoints of the Service `default/kubernetes`: pods reach the API server where nodes do. */
async function publishControlPlane(client: KubernetesClient, address: string): Promise<void> {
  await client.apply("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes", {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "kubernetes", namespace: "default", labels: { "kubernetes.io/service-name": "kubernetes" } },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port: 443, protocol: "TCP" }],
  } as object as Parameters<KubernetesClient["apply"]>[1]);
}

function prefixOf(range: string): number {
  return Number(range.split("/")[1]);
}
