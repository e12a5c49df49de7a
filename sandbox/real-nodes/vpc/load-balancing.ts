import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Informer, type KubernetesClient } from "../../kubernetes/client";
import { type NamedService, namesOfServices, tellNames } from "../kubelet/names";
import type { Namespace } from "../namespaces/namespace";
import type { RealNode } from "../node/real-node";
import type { HealthNews, HealthOrders, HealthTarget } from "../programs/health-checks";
import type { IngressRule, LoadBalancer } from "./rules";

/** A Service of type LoadBalancer, as Google's controller reads it. */
export interface BalancedService extends NamedService {
  readonly spec?: {
    readonly clusterIP?: string;
    readonly type?: string;
    readonly externalTrafficPolicy?: string;
    readonly healthCheckNodePort?: number;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** Port and path that load balancers ask by, for Services that any node may answer. */
const CLUSTER_HEALTH = { port: 10256, path: "/healthz" };
/** Where Google's probes come from. https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges */
const PROBES = "35.191.0.";
const PROBE_RANGES = ["35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22"];
/** Protocol number of routes that Google's guest agent adds. https://github.com/GoogleCloudPlatform/guest-agent */
const GUEST_AGENT_PROTOCOL = "66";
/** https://cloud.google.com/kubernetes-engine/docs/how-to/internal-load-balancing */
const TYPE_ANNOTATION = "networking.gke.io/load-balancer-type";
const TURN = 300;
/** After how many milliseconds the guest agent looks whether what it has given is still there. */
const LOOK_AGAIN = 5_000;

/** When Google's guest agent gives a node the address of a load balancer: a local route. */
export type GuestAgent = "on" | "off";

/** Whether a node is healthy for a load balancer, as the last probes said. */
export interface Health {
  readonly healthy: boolean;
  /** Status of the last answer; 0 for none. */
  readonly status: number;
}

/** What Google's load balancing does for the Services of a cluster, with the nodes that are real. */
export class LoadBalancing {
  private readonly services: Informer<BalancedService>;
  private readonly health = new Map<string, Health>();
  private program: ChildProcess | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private asked = "";
  private readonly told = new Map<string, string>();
  private readonly given = new Map<string, { readonly what: string; readonly at: number }>();
  /** Set to `off` to see what happens while the guest agent has not come round yet. */
  public guestAgent: GuestAgent = "on";

  public constructor(
    client: KubernetesClient,
    private readonly router: Namespace,
    private readonly nodes: () => readonly RealNode[],
    /** Told of every change of what the VPC has to do. */
    private readonly onChange: () => Promise<void>,
    private readonly onTrouble: (message: string) => void,
  ) {
    this.services = new Informer(client, "/api/v1/services", () => {});
  }

  public start(): void {
    const script = join(__dirname, "..", "programs", "health-checks.js");
    this.program = this.router.only("net").spawn([process.execPath, script], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.program.on("message", ({ key, healthy, status }: HealthNews) => {
      this.health.set(key, { healthy, status });
    });
    this.services.start();
    this.running = this.run();
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    if (this.program?.connected) this.program.disconnect();
    await Promise.all([this.services.stop(), this.running]);
  }

  /** How a node stands with a load balancer. */
  public healthOf(address: string, node: string): Health | undefined {
    return this.health.get(`${address} ${node}`);
  }

  /** The load balancers with the nodes that get connections now: the healthy ones, or all if none is. */
  public loadBalancers(): LoadBalancer[] {
    return this.balanced().map(({ address, protocol, ports, sourceRanges, isInternal }) => {
      const healthy = this.nodes().filter(({ machine }) => this.healthOf(address, machine.name)?.healthy);
      const backends = healthy.length > 0 ? healthy : this.nodes();
      const marks = backends.map(({ machine }) => machine.index);
      return { address, protocol, ports, sourceRanges, backends: marks, isInternal };
    });
  }

  /** The firewall rules that Google's controller makes for them. */
  public firewall(): IngressRule[] {
    const services = this.balanced();
    const checks = [CLUSTER_HEALTH.port, ...services.map(({ check }) => check.port)];
    return [
      ...services.map(({ name, address, protocol, ports, sourceRanges }) => ({
        name: `k8s-fw-${name}`,
        priority: 1000,
        action: "allow" as const,
        sourceRanges,
        destination: address,
        traffic: [{ protocol, ports: ports.map(String) }],
      })),
      {
        name: "k8s-node-http-hc",
        priority: 1000,
        action: "allow",
        sourceRanges: PROBE_RANGES,
        traffic: [{ protocol: "tcp", ports: [...new Set(checks)].map(String) }],
      },
    ];
  }

  /** Where probes of a node's health come from: what is sent from there is led to this node, whatever it is sent to. */
  public static probeSource(node: RealNode): string {
    return `${PROBES}${node.machine.index}`;
  }

  /** Lines for `ip -batch` that lead probes to the node that they ask. */
  public static probeRoutes(index: number): string[] {
    return [`address add ${PROBES}${index}/32 dev lo`, `rule add from ${PROBES}${index} lookup ${100 + index}`];
  }

  private balanced() {
    return this.services.all().flatMap(({ metadata, spec, status }) => {
      const address = status?.loadBalancer?.ingress?.[0]?.ip;
      if (spec?.type !== "LoadBalancer" || !address) return [];
      const isLocal = spec.externalTrafficPolicy === "Local" && spec.healthCheckNodePort;
      return [
        {
          name: `${metadata.namespace}-${metadata.name}`,
          address,
          protocol: (spec.ports?.[0]?.protocol ?? "TCP").toLowerCase(),
          ports: (spec.ports ?? []).map(({ port }) => port),
          sourceRanges: spec.loadBalancerSourceRanges ?? ["0.0.0.0/0"],
          isInternal: metadata.annotations?.[TYPE_ANNOTATION] === "Internal",
          check: isLocal ? { port: spec.healthCheckNodePort ?? 0, path: "/" } : CLUSTER_HEALTH,
        },
      ];
    });
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.turn();
      } catch (error) {
        this.onTrouble((error as Error).message);
      }
      await sleep(TURN);
    }
  }

  /** Pods ask a DNS server on their node for the names of Services. */
  private tellNames(nodes: readonly RealNode[]): void {
    if (!this.services.isSynced) return;
    const names = namesOfServices(this.services.all());
    for (const node of nodes) {
      const told = `${node.boots} ${names}`;
      if (this.told.get(node.machine.name) === told) continue;
      tellNames(node, names);
      this.told.set(node.machine.name, told);
    }
  }

  private async turn(): Promise<void> {
    const nodes = this.nodes().filter(({ isUp }) => isUp);
    const services = this.balanced();
    const targets: HealthTarget[] = services.flatMap(({ address, check }) =>
      nodes.map(({ machine }) => ({
        key: `${address} ${machine.name}`,
        address,
        ...check,
        source: `${PROBES}${machine.index}`,
      })),
    );
    this.tellNames(nodes);
    const asked = JSON.stringify(targets);
    if (asked !== this.asked && this.program?.connected) {
      this.program.send({ targets } satisfies HealthOrders);
      this.asked = asked;
    }
    if (this.guestAgent === "on") {
      const addresses = services.map(({ address }) => address);
      await Promise.all(nodes.map((node) => this.give(node, addresses)));
    }
    await this.onChange();
  }

  private async give(node: RealNode, addresses: readonly string[]): Promise<void> {
    const { name } = node.machine;
    const what = `${node.boots} ${addresses}`;
    const last = this.given.get(name);
    if (last?.what === what && Date.now() - last.at < LOOK_AGAIN) return;
    await giveAddresses(node, addresses);
    this.given.set(name, { what, at: Date.now() });
  }
}

/** What the guest agent does: the addresses of load balancers are local on their nodes, and others of its are not. */
async function giveAddresses(node: RealNode, addresses: readonly string[]): Promise<void> {
  const filter = ["ip", "-o", "route", "show", "table", "local", "proto", GUEST_AGENT_PROTOCOL];
  const shown = (await node.namespace.only("net").run(filter)).stdout;
  const there = new Set(shown.match(/(?<=^local )\S+/gm) ?? []);
  const lines = [
    ...addresses
      .filter((address) => !there.has(address))
      .map((address) => `route add to local ${address} dev eth0 proto ${GUEST_AGENT_PROTOCOL}`),
    ...[...there]
      .filter((address) => !addresses.includes(address))
      .map((address) => `route del to local ${address} dev eth0 proto ${GUEST_AGENT_PROTOCOL}`),
  ];
  if (lines.length > 0) await node.namespace.only("net").run(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
}
