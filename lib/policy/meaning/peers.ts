import { isKnown } from "../../validation";
import { rangeOf } from "../check/addresses";
import { type Fields, fieldOf, isFields, itemsOf, textOf } from "../check/fault";
import {
  type Answer,
  namesNamespace,
  type Pod,
  reservedOf,
  selectsLabels,
  selectsNamespace,
  selectsPod,
} from "./selector";

/** The other end of a connection: a pod, or something else that Cilium knows by entities and, outside, by its address. */
export type Peer = { readonly pod: Pod } | { readonly entities: readonly string[]; readonly address?: string };

/** A port of a connection. */
export interface Wanted {
  readonly peer: Peer;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** The control plane, which is outside of the cluster on GKE. */
export const CONTROL_PLANE: Peer = { entities: ["kube-apiserver", "world", "all"] };
/** Any node but the pod's own. */
export const OTHER_NODE: Peer = { entities: ["remote-node", "cluster", "all"] };

/** An address that is no pod's and no node's. */
export function outside(address: string): Peer {
  return { entities: ["world", "all"], address };
}

const ALL_PODS = ["cluster", "all"];

/** At least one is surely so, or could be. */
export function any(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** Both are so. */
export function both(one: Answer, other: Answer): Answer {
  if (one === false || other === false) return false;
  return one === undefined || other === undefined ? undefined : true;
}

/** Whether a range of addresses means a peer; Cilium means neither pods nor nodes by one. */
function rangeMeans(cidr: unknown, except: unknown, peer: Peer): Answer {
  if ("pod" in peer) return false;
  if (!isKnown(cidr) || typeof cidr !== "string") return undefined;
  if (!peer.entities.includes("world")) return false;
  if (peer.address === undefined) return cidr.endsWith("/0") ? true : undefined;
  const range = rangeOf(cidr);
  const address = rangeOf(`${peer.address}/32`);
  if (range === undefined || address === undefined) return false;
  const within = (outer: typeof range) => outer.first <= address.first && address.last <= outer.last;
  const parts = itemsOf(except).flatMap((part) => (typeof part === "string" ? [rangeOf(part)] : []));
  return within(range) && !parts.some((part) => part !== undefined && within(part));
}

/** Whether a peer of a NetworkPolicy in a namespace means somebody. */
export function kubernetesPeerMeans(written: unknown, namespace: string, peer: Peer): Answer {
  if (!isFields(written)) return undefined;
  const { ipBlock, podSelector, namespaceSelector } = written;
  if (ipBlock !== undefined) return rangeMeans(fieldOf(ipBlock, "cidr"), fieldOf(ipBlock, "except"), peer);
  if (!("pod" in peer)) return false;
  const inNamespace =
    namespaceSelector === undefined
      ? peer.pod.namespace === namespace
      : selectsNamespace(namespaceSelector, peer.pod.namespace);
  return both(inNamespace, podSelector === undefined ? true : selectsLabels(podSelector, peer.pod.labels));
}

/**
 * Whether a block of a policy of Cilium's means somebody.
 *
 * @param namespace The policy's own; undefined for one of the whole cluster.
 */
export function ciliumBlockMeans(block: Fields, incoming: boolean, namespace: string | undefined, peer: Peer): Answer {
  const field = (name: string) => block[`${incoming ? "from" : "to"}${name}`];
  const given = ["Endpoints", "Entities", "CIDR", "CIDRSet", "Nodes", "Groups", "Services", "FQDNs", "Requires"].filter(
    (name) => field(name) !== undefined,
  );
  if (given.length === 0) {
    // A block that says nothing at all allows nobody; one with ports alone allows everybody.
    return itemsOf(block["toPorts"]).length > 0 || itemsOf(block["icmps"]).length > 0;
  }
  return any(given.map((name) => meansOf(name, field(name), namespace, peer)));
}

function meansOf(name: string, value: unknown, namespace: string | undefined, peer: Peer): Answer {
  if (!isKnown(value)) return undefined;
  const items = itemsOf(value);
  switch (name) {
    case "Endpoints":
      return any(items.map((selector) => endpointsMean(selector, namespace, peer)));
    case "Entities":
      return any(items.map((entity) => ("pod" in peer ? ALL_PODS : peer.entities).includes(textOf(entity))));
    case "CIDR":
      return any(items.map((cidr) => rangeMeans(cidr, [], peer)));
    case "CIDRSet":
      return any(
        items.map((set) =>
          fieldOf(set, "cidr") === undefined
            ? "pod" in peer
              ? false
              : undefined
            : rangeMeans(fieldOf(set, "cidr"), fieldOf(set, "except"), peer),
        ),
      );
    case "Nodes":
      return "pod" in peer || peer.entities.includes("world") ? false : undefined;
    case "FQDNs":
      return false;
    default:
      // Services and groups: whom they mean is not written here.
      return undefined;
  }
}

function endpointsMean(selector: unknown, namespace: string | undefined, peer: Peer): Answer {
  const reserved = reservedOf(selector);
  if (reserved.length > 0) return "pod" in peer ? false : reserved.some((entity) => peer.entities.includes(entity));
  if (!("pod" in peer)) return false;
  const isNear = namespace === undefined || namesNamespace(selector) || peer.pod.namespace === namespace;
  return isNear ? selectsPod(selector, peer.pod) : false;
}

/** Whether ports of a NetworkPolicy's rule hold one. */
export function kubernetesPortsHold(ports: unknown, { port, protocol }: Wanted): Answer {
  const items = itemsOf(ports);
  if (items.length === 0) return isKnown(ports ?? []) ? true : undefined;
  return any(
    items.map((each) => {
      if (!isFields(each)) return undefined;
      const first = each["port"];
      if ((each["protocol"] ?? "TCP") !== protocol) return isKnown(each["protocol"] ?? "TCP") ? false : undefined;
      if (first === undefined) return true;
      if (typeof first !== "number" || !isKnown(first)) return undefined;
      return first <= port && port <= Number(each["endPort"] ?? first);
    }),
  );
}

/** Whether ports of a rule of Cilium's hold one. */
export function ciliumPortsHold(toPorts: unknown, { port, protocol }: Wanted): Answer {
  const rules = itemsOf(toPorts);
  if (rules.length === 0) return isKnown(toPorts ?? []) ? true : undefined;
  return any(
    rules.flatMap((rule) => {
      const ports = itemsOf(fieldOf(rule, "ports"));
      if (ports.length === 0) return [true];
      return ports.map((each) => {
        if (!isFields(each)) return undefined;
        const given = each["protocol"] ?? "ANY";
        if (given !== "ANY" && given !== protocol) return isKnown(given) ? false : undefined;
        const first = each["port"];
        if (typeof first !== "string" || !isKnown(first) || !/^\d+$/.test(first)) return undefined;
        const number = Number(first);
        const last = Number(each["endPort"] ?? number);
        return number === 0 || (number <= port && port <= Math.max(number, last));
      });
    }),
  );
}
