import type { HelmValues } from "../../helm";
import { also, type CheckTable, flag, oneOf, text, wholeNumber } from "../../validation";

/** Sizes of Maglev's table: primes, pkg/maglev/maglev.go:48 of Cilium 1.20.2. */
export const MAGLEV_TABLE_SIZES = [251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071] as const;

/** How Cilium spreads connections to Services over their pods. Which Service keeps its clients is the Service's own word. */
export interface LoadBalancingOptions {
  /**
   * `random` chooses anew for each connection. `maglev` chooses by the connection's addresses and ports: every node comes to
   * the same pod, so that a connection survives a load balancer that sends it to another node.
   *
   * @default "random"
   * @see https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#maglev-consistent-hashing
   */
  readonly algorithm?: "random" | "maglev";

  /**
   * Size of Maglev's table for each Service, a prime: about a hundred times the pods of the largest one.
   *
   * @default 16381
   */
  readonly maglevTableSize?: (typeof MAGLEV_TABLE_SIZES)[number];

  /**
   * Seed of Maglev's hash: 12 bytes in base64, the same on all nodes. Another one moves connections that are under way.
   *
   * @default - Cilium's own
   */
  readonly maglevHashSeed?: string;

  /**
   * How answers of pods on another node go back: by the node that the client asked (`snat`), or straight from the pod's
   * node (`dsr`, and `hybrid` for TCP alone). Google's network carries no packet whose source is another node's address,
   * and may drop IP options, so that these two are refused unless the risk `direct-server-return` is accepted. A Service
   * with `externalTrafficPolicy: Local` sees its clients' addresses without.
   *
   * @default "snat"
   * @see https://cloud.google.com/vpc/docs/using-routes#canipforward
   */
  readonly mode?: "snat" | "dsr" | "hybrid";
}

/** Where Services are translated as a program connects, before there is any packet. */
export interface SocketLoadBalancingOptions {
  /**
   * Only for programs of the nodes. Pods then send packets to the Service's own address, as proxies beside them have to see
   * it: Istio (sidecars and ambient), gVisor and KubeVirt need it.
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/network/servicemesh/istio/
   */
  readonly hostNamespaceOnly?: boolean;

  /**
   * Close connections whose pod is gone for programs in pods, too, instead of letting them wait for their time out.
   *
   * @default - the agents' own: true where pods' connections are translated
   */
  readonly terminatePodConnections?: boolean;

  /**
   * Show translations in Hubble and `cilium-dbg monitor`.
   *
   * @default - the agents' own: true
   */
  readonly tracing?: boolean;
}

/** What the options must look like. */
export const LOAD_BALANCING_OPTIONS: CheckTable<LoadBalancingOptions> = {
  algorithm: oneOf(["random", "maglev"]),
  maglevTableSize: also(wholeNumber(), (value, property) =>
    MAGLEV_TABLE_SIZES.some((size) => size === value)
      ? []
      : [
          {
            property,
            value,
            rule: `is not one of ${MAGLEV_TABLE_SIZES.join(", ")}`,
            remedy: "choose one of them, about a hundred times the pods of the largest Service",
          },
        ],
  ),
  maglevHashSeed: text({
    matches: /^[A-Za-z0-9+/]{16}$/,
    rule: "is not 12 bytes in base64",
    remedy: "make one with: head -c12 /dev/urandom | base64 -w0",
  }),
  mode: oneOf(["snat", "dsr", "hybrid"]),
};

/** What the options must look like. */
export const SOCKET_LOAD_BALANCING_OPTIONS: CheckTable<SocketLoadBalancingOptions> = {
  hostNamespaceOnly: flag(),
  terminatePodConnections: flag(),
  tracing: flag(),
};

/** Values below `loadBalancer` and `maglev`. */
export function loadBalancingValues(options: LoadBalancingOptions = {}): HelmValues {
  const { algorithm, maglevTableSize, maglevHashSeed, mode } = options;
  return {
    ...(algorithm === undefined && mode === undefined ? {} : { loadBalancer: { algorithm, mode } }),
    ...(maglevTableSize === undefined && maglevHashSeed === undefined
      ? {}
      : { maglev: { tableSize: maglevTableSize, hashSeed: maglevHashSeed } }),
  };
}

/** Values below `socketLB`. */
export function socketLoadBalancingValues(options: SocketLoadBalancingOptions | undefined): HelmValues {
  return options === undefined ? {} : { socketLB: { ...options } };
}
