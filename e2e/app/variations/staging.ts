import { type CniChainingOptions, Dataplane, type KubeProxyFreeOptions } from "../../../lib/dataplane";
import type { EnvironmentDefinition } from "../../../lib/environment";
import { COMMON_VARIATIONS, ciliumVersion, dataplaneVariation, type Variations } from "./variation";

/** Labels of nodes for Cilium's operator. */
export const OPERATOR_NODES = { "example.com/operator": "true" };

/** As `environments/staging.ts` has it, with these options. */
const kubeProxyFree = (options: KubeProxyFreeOptions) =>
  Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true }, ...options });

/** The dataplane of a switch back, with the same flows. */
const chaining = (options: CniChainingOptions = {}) =>
  Dataplane.cniChaining({ hubble: { relay: true, ui: true }, ...options });

/** Edits of `environments/staging.ts`. */
export const STAGING_VARIATIONS: Variations = {
  ...COMMON_VARIATIONS,
  /** A second range of pods, and a pool of one zone that takes its pods' addresses from it. */
  "more-pods": (definition) => ({
    ...definition,
    network: { ...definition.network, extraPodRanges: { more: "10.28.0.0/20" } },
    nodePools: [
      ...(definition.nodePools ?? []),
      {
        name: "more",
        machineType: "e2-standard-4",
        zones: [`${definition.location}-a`],
        nodeCountPerZone: 1,
        podRange: "more",
      },
    ],
    // The smallest range around both ranges of pods: nodes and Services lie between them.
    dataplane: kubeProxyFree({ ipv4NativeRoutingCIDR: "10.16.0.0/12" }),
  }),
  /** A pool in one zone, whose nodes wait for the dataplane to come. */
  "waiting-pool": (definition) => ({
    ...definition,
    nodePools: [...(definition.nodePools ?? []), { ...nextPool(definition), dataplane: chaining() }],
  }),
  /** That pool alone, after the switch. */
  "next-pool": (definition) => ({ ...definition, nodePools: [nextPool(definition)] }),
  dataplane: dataplaneVariation((version) => kubeProxyFree(ciliumVersion(version)), {
    /** A value of the chart that the library has no option for. */
    "larger-bpf-maps": () => kubeProxyFree({ values: { bpf: { mapDynamicSizeRatio: 0.005 } } }),
    /** A value that changes what agents do, and no BPF map: they have to be replaced for it. */
    "more-flows": () => kubeProxyFree({ values: { hubble: { eventBufferCapacity: 8191 } } }),
    /** A rollout that goes on only when somebody has marked nodes. */
    "operator-on-marked-nodes": () => kubeProxyFree({ values: { operator: { nodeSelector: OPERATOR_NODES } } }),
    "existing-pods": () => kubeProxyFree({ restartUnmanagedPods: false, existingPods: {} }),
    "hubble-ui-off": () => kubeProxyFree({ hubble: { relay: true } }),
    "kube-proxy-restore": () => kubeProxyFree({ kubeProxy: "restore" }),
    "kube-proxy-coexist": () => kubeProxyFree({ kubeProxy: "coexist" }),
    /** The way to chaining, until Calico enforces policies; and its end. */
    "chaining-enforcing": () => chaining({ enforceNetworkPolicies: true }),
    chaining: () => chaining(),
    /** Packets between nodes encrypted, with a key out of a Secret. */
    ipsec: () => kubeProxyFree({ encryption: { type: "ipsec" } }),
    wireguard: () => kubeProxyFree({ encryption: { type: "wireguard" } }),
    bandwidth: () => kubeProxyFree({ bandwidthManager: {} }),
    /** What masquerades in BPF, and how Services are spread. The gateways of egress are marked by a label here. */
    datapath: () =>
      kubeProxyFree({
        values: { egressGateway: { enabled: true } },
        ipMasqAgent: { nonMasqueradeCidrs: ["10.0.0.0/8", "169.254.0.0/16"] },
        loadBalancing: { algorithm: "maglev", maglevTableSize: 251 },
        localRedirectPolicies: true,
      }),
    v2: () => Dataplane.v2(),
  }),
};

function nextPool({ location }: EnvironmentDefinition) {
  return { name: "next", machineType: "e2-standard-4", zones: [`${location}-a`], nodeCountPerZone: 2 };
}
