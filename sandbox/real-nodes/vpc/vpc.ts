import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Forwarder } from "../namespaces/listen";
import { innermost, Namespace } from "../namespaces/namespace";
import type { World } from "../namespaces/world";
import { MTU, type RealNode } from "../node/real-node";
import { LoadBalancing } from "./load-balancing";
import { INTERNET_LINK, type VpcModel, vpcRules } from "./rules";

/** Addresses of the VPC and of what lies beyond it: ranges that RFC 5737 keeps free, so that they are nobody's. */
export const INTERNET_ADDRESS = "203.0.113.10";
const INTERNET_ROUTER = "203.0.113.1";
/** What Cloud NAT makes of a node's or a pod's address. */
export const NAT_ADDRESS = "198.51.100.1";
/** What the internet knows a node by, where nodes are public. */
export function externalAddress(index: number): string {
  return `198.51.100.${10 + index}`;
}
/** Where addresses of load balancers come from: a cluster after the other has a part of it. */
export function loadBalancerRange(place: number): string {
  return `198.51.100.${128 + 32 * (place % 4)}/27`;
}
/** https://cloud.google.com/compute/docs/metadata/overview */
export const METADATA_ADDRESS = "169.254.169.254";

/** Where a cluster is in a VPC. */
export interface Subnetwork {
  /** Unique in the VPC. */
  readonly name: string;
  /** First address of the nodes' subnetwork. */
  readonly gateway: string;
  /** Where nodes and pods reach the API server, on port 443. */
  readonly controlPlane: string;
  /** Port of 127.0.0.1 at which it listens on this machine. */
  readonly apiPort: number;
}

/**
 * Google's network: a router in a network namespace. Nodes have links of their own to it and no other; it answers for
 * every address, routes each node's pods to the node, and leads to a namespace that is the internet. Several clusters may be
 * in it.
 */
export class Vpc {
  private readonly clusters = new Map<string, VpcModel>();
  private readonly forwarders = new Map<string, Forwarder>();
  private applied = "";
  private applying: Promise<void> = Promise.resolve();
  private readonly known = new Set<number>();
  private links = 0;
  private places = 0;

  private constructor(
    public readonly world: World,
    /** Somewhere outside, at {@link INTERNET_ADDRESS}: whoever is asked there sees what the internet sees. */
    public readonly internet: Namespace,
    private readonly internetHolder: ChildProcess,
    private readonly metadataServer: ChildProcess,
  ) {}

  public static async start(world: World): Promise<Vpc> {
    const router = world.namespace;
    const holder = router.spawn(
      ["unshare", "--net", "bash", "--norc", "-c", "ip link set lo up; echo ready; while read -r _; do :; done"],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    await new Promise<void>((resolve, reject) => {
      holder.once("error", reject);
      if (holder.stdout) createInterface({ input: holder.stdout }).once("line", () => resolve());
    });
    const init = innermost(holder.pid ?? 0, 1);
    if (init === undefined) throw new Error("the namespace of the internet ended at once");
    const internet = new Namespace(init);
    await router.only("net").check(["ip", "-batch", "-"], {
      input: [
        `address add ${METADATA_ADDRESS}/32 dev lo`,
        `link add ${INTERNET_LINK} mtu ${MTU} type veth peer name eth0 mtu ${MTU} netns ${init}`,
        `address add ${INTERNET_ROUTER}/24 dev ${INTERNET_LINK}`,
        `link set ${INTERNET_LINK} up`,
        "",
      ].join("\n"),
    });
    await internet.only("net").check(["ip", "-batch", "-"], {
      input: [
        `address add ${INTERNET_ADDRESS}/24 dev eth0`,
        "link set eth0 up",
        `route add default via ${INTERNET_ROUTER}`,
        "",
      ].join("\n"),
    });
    await router.shell(
      "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0",
    );
    const script = join(__dirname, "..", "programs", "metadata-server.js");
    const metadata = router.only("net").spawn([process.execPath, script, METADATA_ADDRESS], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    return new Vpc(world, internet, holder, metadata);
  }

  public get router(): Namespace {
    return this.world.namespace;
  }

  /** How many clusters are in it. */
  public get size(): number {
    return this.forwarders.size;
  }

  /**
   * Makes the addresses of a cluster's subnetwork and of its control plane answer.
   *
   * @returns the range of its load balancers' addresses.
   */
  public async join({ name, gateway, controlPlane, apiPort }: Subnetwork): Promise<string> {
    const range = loadBalancerRange(this.places++);
    // The gateway first: what the router sends of itself has that address.
    const lines = [gateway, controlPlane].map((address) => `address replace ${address}/32 dev lo`);
    await this.router.only("net").check(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
    this.forwarders.set(name, await Forwarder.start(this.router, controlPlane, 443, apiPort));
    return range;
  }

  /** Takes away what {@link join} made, and what the cluster had of the router. */
  public async leave({ name, gateway, controlPlane }: Subnetwork): Promise<void> {
    this.forwarders.get(name)?.stop();
    this.forwarders.delete(name);
    this.clusters.delete(name);
    if (this.size === 0) return;
    const lines = [gateway, controlPlane].map((address) => `address delete ${address}/32 dev lo`);
    await this.router.only("net").check(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
    await this.apply();
  }

  /** Makes the router go by a model of one of its clusters. */
  public setModel(cluster: string, model: VpcModel): Promise<void> {
    if (!this.forwarders.has(cluster)) return Promise.resolve();
    this.clusters.set(cluster, model);
    return this.apply();
  }

  /** A place for a node's link that no other node of the VPC has, or ever had. */
  public nextLink(): number {
    this.links += 1;
    return this.links;
  }

  /** Leads packets that are marked for a node, and the probes of its health, to the node. */
  public async addNode(node: RealNode): Promise<void> {
    const { index, address } = node.machine;
    const table = String(100 + index);
    const lines = [
      `route replace default via ${address} dev ${node.link} onlink table ${table}`,
      ...(this.known.has(index)
        ? []
        : [`rule add fwmark ${index} lookup ${table}`, ...LoadBalancing.probeRoutes(index)]),
      "",
    ];
    this.known.add(index);
    await this.router.only("net").check(["ip", "-batch", "-"], { input: lines.join("\n") });
  }

  public async stop(): Promise<void> {
    for (const forwarder of this.forwarders.values()) forwarder.stop();
    if (this.metadataServer.connected) this.metadataServer.disconnect();
    this.internetHolder.stdin?.end();
    await this.world.stop();
  }

  /** One change of the rules after the other, so that the last is what all models say. */
  private apply(): Promise<void> {
    const turn = this.applying.then(async () => {
      const rules = vpcRules([...this.clusters.values()]);
      if (rules === this.applied) return;
      await this.router.check(["iptables-restore", "--wait"], { input: rules });
      this.applied = rules;
    });
    this.applying = turn.catch(() => {});
    return turn;
  }
}
