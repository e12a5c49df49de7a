import type { Construct } from "constructs";
import type { ClusterDatapath } from "../gke";
import { NetworkLogging, type NetworkLoggingOptions, networkLoggingProblems } from "../policy";
import { assertNoProblems, nestProblems, type Problem } from "../validation";
import type { Dataplane } from "./dataplane";
import type { DataplaneContext, DataplaneFacts } from "./facts";
import type { DataplaneTelemetry } from "./telemetry";

/** Options of {@link Dataplane.v2}. */
export interface DataplaneV2Options {
  /**
   * Metrics of pod flows, which Managed Service for Prometheus collects.
   *
   * @default true
   */
  readonly flowMetrics?: boolean;

  /**
   * Hubble relay, run by Google in `gke-managed-dpv2-observability`, to observe flows with the hubble command. Turning
   * it on or off restarts the agents: for minutes, new pods wait for their network.
   *
   * @default false
   */
  readonly flowRelay?: boolean;

  /**
   * `FQDNNetworkPolicy` objects: egress rules by name. Turning it off again replaces the cluster.
   *
   * @default false
   */
  readonly fqdnNetworkPolicy?: boolean;

  /**
   * `CiliumClusterwideNetworkPolicy` objects, layers 3 and 4 only.
   *
   * @default false
   */
  readonly clusterwideNetworkPolicy?: boolean;

  /**
   * Encrypt pod traffic between nodes with WireGuard. At most 500 nodes; about 15 % of a core per node under load; not
   * with Autopilot. GKE does not encrypt pods on the host's network.
   *
   * @default false
   */
  readonly inTransitEncryption?: boolean;

  /**
   * Several networks for one pod.
   *
   * @default false
   */
  readonly multiNetworking?: boolean;

  /**
   * Log what network policies allow and deny.
   *
   * @default - nothing is logged
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging
   */
  readonly policyLogging?: NetworkLoggingOptions;
}

/** What GKE makes of a new cluster. */
const NOTHING_LOGGED: NetworkLoggingOptions = { allow: { log: false }, deny: { log: false } };

/** GKE's managed Cilium. Made by {@link Dataplane.v2}. */
export class DataplaneV2 implements Dataplane {
  public readonly kind = "dataplane-v2";
  public readonly clusterDatapath: ClusterDatapath;
  /** None: GKE holds pods back itself until a node's agent is ready. */
  public readonly startupTaint = undefined;
  public readonly telemetry: DataplaneTelemetry;

  public constructor(private readonly options: DataplaneV2Options) {
    const flowMetrics = options.flowMetrics ?? true;
    this.clusterDatapath = {
      provider: "ADVANCED_DATAPATH",
      calicoNetworkPolicy: false,
      disableDefaultSnat: false,
      flowMetrics,
      flowRelay: options.flowRelay ?? false,
      fqdnNetworkPolicy: options.fqdnNetworkPolicy ?? false,
      clusterwideNetworkPolicy: options.clusterwideNetworkPolicy ?? false,
      inTransitEncryption: options.inTransitEncryption ?? false,
      multiNetworking: options.multiNetworking ?? false,
    };
    this.telemetry = {
      endpoints: flowMetrics
        ? [
            {
              component: "dataplane-v2",
              namespace: "kube-system",
              podLabels: { "k8s-app": "cilium" },
              portName: "flowmetrics",
            },
          ]
        : [],
      hubbleMetrics: [],
      features: { endpointHealthChecking: true, kubeProxyReplacement: true, layer7: false, bpfMasquerade: false },
    };
  }

  public problems(facts: DataplaneFacts): Problem[] {
    const problems = nestProblems("dataplane.policyLogging", networkLoggingProblems(this.options.policyLogging ?? {}));
    if (this.options.inTransitEncryption && facts.cluster?.autopilot)
      problems.push({
        property: "dataplane.inTransitEncryption",
        value: true,
        rule: "is not to be had with Autopilot",
        remedy: "leave out one of the two",
      });
    return problems;
  }

  public warnings(): Problem[] {
    return [];
  }

  public install(scope: Construct, { facts, connection }: DataplaneContext): void {
    assertNoProblems(scope.node.path, this.problems(facts));
    // GKE makes this object itself. It is ours from the start, so that turning logging off again is a change like any other.
    new NetworkLogging(scope, "network-logging", {
      ...(this.options.policyLogging ?? NOTHING_LOGGED),
      provider: connection.helmProvider,
    });
  }
}
