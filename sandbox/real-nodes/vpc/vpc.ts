import type { ChildProcess } from "node:child_process";
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
/** Where addresses of load balancers come from. */
export const LOAD_BALANCERS = "198.51.100.128/25";
/** https://cloud.google.com/compute/docs/metadata/overview */
export const METADATA_ADDRESS = "169.254.169.254";

export interface VpcOptions {
  /** First address of the nodes' subnetwork. */
  readonly gateway: string;
  /** Where nodes and pods reach the API server, on port 443. */
  readonly controlPlane: string;
  /** Port of 127.0.0.1 at which it listens on this machine. */
  readonly apiPort: number;
}

/**
 * Google's network: a router in a network namespace. Nodes have links of their own to it and no other; it answers for
 * every address, routes each node's pods to the node, and leads to a namespace that is the internet.
 */
export class Vpc {
  private forwarder: Forwarder | undefined;
  private applied = "";
  private readonly known = new Set<number>();

  private constructor(
    public readonly router: Namespace,
    /** Somewhere outside, at {@link INTERNET_ADDRESS}: whoever is asked there sees what the internet sees. */
    public readonly internet: Namespace,
    private readonly internetHolder: ChildProcess,
    /** The address at which it answers nodes, and from which other machines of the VPC speak. */
    public readonly gateway: string,
  ) {}

  public static async start(world: World, options: VpcOptions): Promise<Vpc> {
    const { gateway, controlPlane, apiPort } = options;
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
    const local = [gateway, controlPlane, METADATA_ADDRESS].map((address) => `address add ${address}/32 dev lo`);
    await router.only("net").check(["ip", "-batch", "-"], {
      input: [
        ...local,
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
    const vpc = new Vpc(router, internet, holder, gateway);
    vpc.forwarder = await Forwarder.start(router, controlPlane, 443, apiPort);
    return vpc;
  }

  /** Makes the router go by a model of the VPC, unless it does already. */
  public async apply(model: VpcModel): Promise<void> {
    const rules = vpcRules(model);
    if (rules === this.applied) return;
    await this.router.check(["iptables-restore", "--wait"], { input: rules });
    this.applied = rules;
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

  public stop(): void {
    this.forwarder?.stop();
    this.internetHolder.stdin?.end();
  }
}
