/** The two ways in which a Cilium of one's own runs on GKE. */
export type CiliumMode = "kube-proxy-free" | "cni-chaining";

/** A key whose value a dataplane derives, and what becomes of an author's own. */
export interface DerivedKey {
  /** Modes that derive it. @default - both */
  readonly modes?: readonly CiliumMode[];
  /** What the value undoes, as the rest of a sentence whose subject is the key. */
  readonly rule: string;
  /** What to write instead. */
  readonly instead: string;
  /** The values that undo it, where another one does not, or is told by a rule of the chart's. @default - any */
  readonly only?: readonly string[];
  /** Whether an author who has arranged for it may keep the value, by accepting the risk with a reason. */
  readonly canBeAccepted: boolean;
}

const NO_SECOND_CNI = "GKE's own CNI would give pods their network again, beside Cilium";

/**
 * Keys that follow from the choice of a dataplane. What pools, cluster, remover and monitoring do follows from the same
 * choice: a value that is written over one of these changes the release alone. Either an option says the same to all of
 * them, or it is a risk to be accepted by name, with a reason that stands among the warnings.
 */
export const DERIVED_KEYS = {
  agent: {
    rule: "switches Cilium itself off",
    instead: "use Dataplane.v2(), or leave it out",
    canBeAccepted: false,
  },
  agentNotReadyTaintKey: {
    rule: "is not the key of the taint that the node pools carry: no node would ever be ready",
    instead: "use the option startupTaintKey, which both follow",
    canBeAccepted: false,
  },
  "bpf.hostLegacyRouting": {
    modes: ["kube-proxy-free"],
    rule: "cuts pods off from the metadata server of Workload Identity, which answers through iptables (cilium/cilium#28655)",
    instead: "leave it out",
    only: ["false"],
    canBeAccepted: true,
  },
  "cni.chainingMode": {
    rule: "is decided by the dataplane: the cluster has Calico, or has not, to go with it",
    instead: "use Dataplane.cniChaining() or Dataplane.kubeProxyFree()",
    canBeAccepted: false,
  },
  "cni.chainingTarget": {
    modes: ["kube-proxy-free"],
    rule: "chains Cilium behind another plugin, which this dataplane has none of",
    instead: "use Dataplane.cniChaining()",
    canBeAccepted: false,
  },
  "cni.configMap": {
    rule: "names a ConfigMap that this library does not write",
    instead: 'use Dataplane.cniChaining({ conflist: "static" })',
    canBeAccepted: true,
  },
  "cni.customConf": {
    rule: "keeps the agents from writing the CNI configuration that pods need",
    instead: 'use Dataplane.cniChaining({ conflist: "static" })',
    canBeAccepted: true,
  },
  "cni.exclusive": {
    modes: ["kube-proxy-free"],
    rule: `leaves every other CNI configuration on the node: ${NO_SECOND_CNI}`,
    instead: "leave it out",
    canBeAccepted: true,
  },
  "cni.install": {
    rule: `leaves the nodes without Cilium's CNI configuration: ${NO_SECOND_CNI}`,
    instead: "leave it out",
    canBeAccepted: true,
  },
  enableIPv4Masquerade: {
    rule: "is decided by the dataplane: where Cilium is the only CNI nobody else gives packets a node's address, where it is chained GKE does",
    instead: "leave it out",
    canBeAccepted: true,
  },
  "gke.enabled": {
    rule: "switches on, or off, what the chart does for GKE: endpoint routes and the load balancers' health check",
    instead: "leave it out",
    canBeAccepted: true,
  },
  "ipam.mode": {
    rule: "takes addresses from elsewhere than the node's range, which is all that the VPC routes to a node",
    instead: "leave it out for kubernetes",
    canBeAccepted: true,
  },
  kubeProxyReplacement: {
    rule: "is decided by the dataplane: kube-proxy is removed, or kept, to go with it",
    instead: 'use Dataplane.kubeProxyFree(), with kubeProxy: "coexist" beside kube-proxy, or Dataplane.cniChaining()',
    only: ["true", "false"],
    canBeAccepted: false,
  },
  kubeProxyReplacementHealthzBindAddr: {
    modes: ["kube-proxy-free"],
    rule: "is where load balancers ask nodes for their health: kube-proxy's port, of which kubeProxy decides who has it",
    instead: "use the option kubeProxy",
    canBeAccepted: false,
  },
  namespaceOverride: {
    rule: "puts Cilium's objects into another namespace than the one that everything else looks in",
    instead: "leave it out",
    canBeAccepted: false,
  },
  "nodeinit.enabled": {
    modes: ["kube-proxy-free"],
    rule: "is decided by an option",
    instead: "use the option nodeInit",
    canBeAccepted: false,
  },
  "nodeinit.reconfigureKubelet": {
    modes: ["kube-proxy-free"],
    rule: "is decided by an option",
    instead: "use the option nodeInit",
    canBeAccepted: false,
  },
  "operator.enabled": {
    rule: "leaves nobody to lift the startup taint: no node would ever be ready",
    instead: "leave it out",
    canBeAccepted: true,
  },
  "operator.removeNodeTaints": {
    rule: "keeps the startup taint on every node: no pod would ever run",
    instead: "leave it out",
    canBeAccepted: true,
  },
  "preflight.enabled": {
    rule: "makes the release a check before an upgrade: the chart then writes no configuration for the agents",
    instead: "leave it out; the check is a release of its own (docs/upgrade.md)",
    canBeAccepted: false,
  },
  routingMode: {
    rule: "packs pods' packets into tunnels, or not: the VPC routes them, and rules of the firewall count on that",
    instead: "leave it out for native",
    canBeAccepted: true,
  },
} as const satisfies Readonly<Record<string, DerivedKey>>;

/** Path of a derived key. */
export type DerivedPath = keyof typeof DERIVED_KEYS;

/** Paths whose value an author may keep by accepting it. */
export type OverridablePath = {
  [Path in DerivedPath]: (typeof DERIVED_KEYS)[Path]["canBeAccepted"] extends true ? Path : never;
}[DerivedPath];

/** The same with the type of the entries, for code. */
export function derivedKeys(mode: CiliumMode): [path: DerivedPath, key: DerivedKey][] {
  const entries = Object.entries(DERIVED_KEYS) as [DerivedPath, DerivedKey][];
  return entries.filter(([, { modes }]) => modes === undefined || modes.includes(mode));
}
