import {
  AGENT_OPTIONS,
  type AgentOptions,
  CILIUM_RELEASE_OPTIONS,
  type CiliumReleaseOptions,
  DATAPATH_OPTIONS,
  type DatapathOptions,
  HUBBLE_OPTIONS,
  type HubbleOptions,
  MASQUERADE_OPTIONS,
  type MasqueradeOptions,
  type NodeInit,
  OPERATOR_OPTIONS,
  type OperatorOptions,
  PROMETHEUS_OPTIONS,
  type PrometheusOptions,
  UNMANAGED_PODS_OPTIONS,
  type UnmanagedPodsOptions,
} from "../cilium";
import { KUBE_PROXY_DISABLER_OPTIONS, type KubeProxyDisablerOptions } from "../kube-proxy";
import { type CheckTable, decided, nested, oneOf, text, withOtherNames } from "../validation";
import { EXISTING_PODS, type RestartExistingPodsOptions } from "./existing-pods";
import { RELEASE_OPTIONS_ELSEWHERE } from "./foreign-options";
import { NODE_LOCAL_DNS_OPTIONS, type NodeLocalDnsOptions } from "./node-local-dns";
import { STARTUP_TAINT_OPTIONS, type StartupTaintOptions } from "./startup-taint";

/** Options of {@link Dataplane.kubeProxyFree}. */
export interface KubeProxyFreeOptions
  extends AgentOptions,
    CiliumReleaseOptions,
    DatapathOptions,
    MasqueradeOptions,
    RestartExistingPodsOptions,
    OperatorOptions,
    PrometheusOptions,
    StartupTaintOptions,
    UnmanagedPodsOptions {
  /**
   * What is done about GKE's kube-proxy, a static pod of every node.
   *
   * - `remove`: a DaemonSet takes it away from every node, also after a reboot, repair or upgrade brought it back.
   * - `coexist`: it keeps running beside Cilium, which answers Services first.
   * - `restore`: the DaemonSet puts it back. The way from `remove` to `coexist` without new nodes: apply `restore`, then
   *   `coexist`. From `remove` straight to `coexist` nodes are without kube-proxy until they boot, and nobody answers
   *   load balancers' health checks on port 10256.
   *
   * `remove` and `restore` hand that port over node by node, as the agent there restarts.
   *
   * @default "remove"
   */
  readonly kubeProxy?: "remove" | "coexist" | "restore";

  /**
   * How the DaemonSet that removes kube-proxy runs.
   *
   * @default - the defaults of {@link KubeProxyDisablerOptions}
   */
  readonly kubeProxyDisabler?: KubeProxyDisablerOptions;

  /**
   * What Cilium's node initialisation does before the agent starts on a node.
   *
   * @default - reconfigure-kubelet with Cilium 1.20.2 or later, whose wrapper works on every GKE version; else host-prep
   */
  readonly nodeInit?: NodeInit;

  /**
   * Address of the API server for the agents, which cannot use a Service for it.
   *
   * @default - the private IP endpoint of the cluster where it has one, else the public one
   */
  readonly k8sServiceHost?: string;

  /**
   * A cache of DNS on every node, by a local redirect of kube-dns.
   *
   * @default - none
   */
  readonly nodeLocalDns?: NodeLocalDnsOptions;

  /**
   * Flows, metrics and the map.
   *
   * @default - on, with relay and without UI
   */
  readonly hubble?: HubbleOptions;
}

const TABLE: CheckTable<KubeProxyFreeOptions> = {
  ...STARTUP_TAINT_OPTIONS,
  ...AGENT_OPTIONS,
  ...CILIUM_RELEASE_OPTIONS,
  ...DATAPATH_OPTIONS,
  ...EXISTING_PODS.table,
  ...MASQUERADE_OPTIONS,
  ...OPERATOR_OPTIONS,
  ...PROMETHEUS_OPTIONS,
  ...UNMANAGED_PODS_OPTIONS,
  kubeProxy: decided(oneOf(["remove", "coexist", "restore"])),
  kubeProxyDisabler: nested(KUBE_PROXY_DISABLER_OPTIONS),
  nodeInit: decided(oneOf(["off", "host-prep", "reconfigure-kubelet"])),
  k8sServiceHost: text(),
  nodeLocalDns: nested(NODE_LOCAL_DNS_OPTIONS),
  hubble: nested(HUBBLE_OPTIONS),
};

/** What the options must look like. */
export const KUBE_PROXY_FREE_OPTIONS = withOtherNames(TABLE, RELEASE_OPTIONS_ELSEWHERE);
