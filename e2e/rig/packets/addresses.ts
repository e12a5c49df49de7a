import { eventually } from "../../harness/check";
import { PACKETS, type PacketRig } from "./packet-rig";

/** Name of the network that Cilium's own configuration has; GKE's is `k8s-pod-network`. */
const CILIUM_NETWORK = /cilium/;
/** Milliseconds between two looks at all addresses. */
const LOOK = 250;

/** A pod that has a network of its own. */
export interface Attached {
  /** Namespace and name. */
  readonly name: string;
  readonly node: string;
  readonly address: string;
  /** Name of the network configuration that it was attached by. */
  readonly network: string;
}

/** The pods of a real node that have a network of their own. */
export function attached(rig: PacketRig, node: string): Attached[] {
  return rig.real
    .kubelet(node)
    .all.flatMap(({ name, podNetwork }) =>
      podNetwork
        ? [{ name, node, address: podNetwork.address, network: podNetwork.attachment.configuration.name }]
        : [],
    );
}

/** Those of all real nodes. */
export function attachedAnywhere(rig: PacketRig): Attached[] {
  return rig.nodes.flatMap((node) => attached(rig, node));
}

/** Addresses that more than one pod has. */
export function duplicates(pods: readonly Attached[]): string[] {
  const byAddress = new Map<string, string[]>();
  for (const { name, address } of pods) byAddress.set(address, [...(byAddress.get(address) ?? []), name]);
  return [...byAddress]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => `${address}: ${names.join(", ")}`);
}

/** Pods that somebody else than Cilium gave their network. */
export function foreign(pods: readonly Attached[]): string[] {
  return pods
    .filter(({ network }) => !CILIUM_NETWORK.test(network))
    .map(({ name, network, address }) => `${name} (${address} by ${network})`);
}

/** `prefix-00`, `prefix-01` and so on. */
export function namesOf(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(2, "0")}`);
}

/** Waits until pods of the tests have a network on a node. */
export async function allAttached(
  rig: PacketRig,
  node: string,
  names: readonly string[],
  seconds: number,
): Promise<void> {
  let left: string[] = [];
  await eventually(
    () => `pods attached on ${node}; left are ${left.join(", ")}`,
    seconds,
    async () => {
      const there = new Set(attached(rig, node).map(({ name }) => name));
      left = names.filter((name) => !there.has(`${PACKETS}/${name}`));
      return left.length === 0 ? true : undefined;
    },
  );
}

/** Fills a node with pods that do nothing. */
export async function fill(rig: PacketRig, node: string, prefix: string, count: number): Promise<string[]> {
  const names = namesOf(prefix, count);
  for (const name of names) await rig.start(name, { node, command: ["sleep", "infinity"], ports: [1] });
  await allAttached(rig, node, names, 120);
  return names;
}

/** What was seen of all addresses while something went on. */
export interface Watched {
  readonly looks: number;
  /** Addresses that two pods had at one time. */
  readonly twice: readonly string[];
  /** Pods that got their network from somebody else than Cilium. */
  readonly foreign: readonly string[];
}

/** Looks at the addresses of all pods on real nodes, again and again. */
export class AddressWatch {
  private looks = 0;
  private readonly twice = new Set<string>();
  private readonly foreign = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  public constructor(private readonly rig: PacketRig) {
    this.timer = setInterval(() => this.look(), LOOK);
  }

  public stop(): Watched {
    clearInterval(this.timer);
    this.look();
    return { looks: this.looks, twice: [...this.twice], foreign: [...this.foreign] };
  }

  private look(): void {
    const pods = attachedAnywhere(this.rig);
    this.looks += 1;
    for (const each of duplicates(pods)) this.twice.add(each);
    for (const each of foreign(pods)) this.foreign.add(each);
  }
}
