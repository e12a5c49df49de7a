import { type CheckTable, decided, flag, type Problem, text } from "../../validation";
import type { CiliumValues } from "../cilium-values";
import { GKE_CNI_BIN_PATH } from "./gke-defaults";

/** How packets that leave the cluster get a node's address. */
export interface MasqueradeOptions {
  /**
   * CIDR whose destinations see the pod's own address; every other destination sees the node's. Widen it for peers in
   * the VPC or on-premises that must tell pods apart.
   *
   * @default - the pods range
   */
  readonly ipv4NativeRoutingCIDR?: string;

  /**
   * Masquerade in BPF instead of iptables. Needed by the egress gateway and Cilium's own ip-masq-agent.
   *
   * @default false
   */
  readonly bpfMasquerade?: boolean;

  /**
   * Keep pod traffic in the host's network stack where `bpfMasquerade` would let it pass by. The metadata server that
   * Workload Identity needs is reached through an iptables rule there: with BPF host routing pods lose their
   * credentials (https://github.com/cilium/cilium/issues/28655).
   *
   * @default true
   */
  readonly bpfHostLegacyRouting?: boolean;
}

export interface NativeRoutingOptions extends MasqueradeOptions {
  /** Secondary range of the pods, a CIDR. No default: it is the cluster's own. */
  readonly podsRange: string;
}

/**
 * Values for Cilium as the only CNI of a VPC-native GKE cluster: the VPC routes pod addresses, each node takes them
 * from its own range, and Cilium masquerades what leaves.
 *
 * `devices`, `egressMasqueradeInterfaces` and `autoDirectNodeRoutes` stay unset: nodes have a /32 on eth0 and no
 * common layer 2, and each of them has broken GKE clusters.
 */
export function nativeRoutingValues(options: NativeRoutingOptions): CiliumValues {
  return {
    // What "gke" switches on in the chart does not include the path, the IPAM mode or the routing mode; some template
    // branches test the values themselves.
    gke: { enabled: true, disableDefaultSnat: true },
    cni: { binPath: GKE_CNI_BIN_PATH, exclusive: true },
    ipam: { mode: "kubernetes" },
    routingMode: "native",
    ipv4NativeRoutingCIDR: options.ipv4NativeRoutingCIDR ?? options.podsRange,
    // Since 1.18 the chart's default is null, which nodeinit takes for "no": it would leave GKE's masquerading in place.
    enableIPv4Masquerade: true,
    ...(options.bpfMasquerade !== undefined && options.bpfMasquerade !== false
      ? { bpf: { masquerade: true, hostLegacyRouting: options.bpfHostLegacyRouting ?? true } }
      : {}),
  };
}

/** What the options must look like. Whether the range is one that fits is judged with the ranges of the network. */
export const MASQUERADE_OPTIONS: CheckTable<MasqueradeOptions> = {
  ipv4NativeRoutingCIDR: text(),
  bpfMasquerade: decided(flag()),
  bpfHostLegacyRouting: flag(),
};

/**
 * What is wrong with the options.
 *
 * @param cluster.workloadIdentity Whether pods get Google credentials from the metadata server.
 */
export function masqueradeProblems(
  options: MasqueradeOptions,
  cluster: { readonly workloadIdentity: boolean },
): Problem[] {
  const problems: Problem[] = [];
  if (cluster.workloadIdentity && options.bpfMasquerade === true && options.bpfHostLegacyRouting === false)
    problems.push({
      property: "bpfHostLegacyRouting",
      value: false,
      rule: "cuts pods off from the metadata server of Workload Identity, which answers through iptables (cilium/cilium#28655)",
      remedy: "leave it out, or switch bpfMasquerade or Workload Identity off",
    });
  if ((options.bpfMasquerade ?? false) === false && options.bpfHostLegacyRouting !== undefined)
    problems.push({
      property: "bpfHostLegacyRouting",
      value: options.bpfHostLegacyRouting,
      rule: "has no effect without bpfMasquerade: iptables masquerading always uses the host's stack",
      remedy: "leave it out, or set bpfMasquerade to true",
    });
  return problems;
}
