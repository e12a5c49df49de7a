import type { Construct } from "constructs";
import type { AdvancedDatapath } from "../gke";
import { NetworkLogging, type NetworkLoggingOptions, networkLoggingProblems } from "../policy";
import {
  anything,
  type CheckTable,
  decided,
  examine,
  flag,
  judged,
  nested,
  nestProblems,
  type Problem,
  withOtherNames,
} from "../validation";
import { DataplaneBase } from "./dataplane-base";
import type { EffectiveDataplane } from "./effective";
import type { DataplaneContext, DataplaneFacts } from "./facts";
import { withForeignOptions } from "./foreign-options";
import { KUBE_PROXY_FREE_OPTIONS } from "./kube-proxy-free-options";
import { managedEnforcement } from "./managed-enforcement";
import {
  MANAGED_HUBBLE_UI_OPTIONS,
  ManagedHubbleUi,
  type ManagedHubbleUiOptions,
  managedHubbleUiProblems,
} from "./managed-hubble-ui";
import type { DataplaneParts } from "./parts";
import { Telemetry } from "./telemetry-sources";

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
   * Hubble's UI for that relay, which Google does not run: out of Cilium's own chart, in the relay's namespace, because the
   * certificates that GKE renews are there. That namespace is Google's: an upgrade of GKE may take the UI away, and the next
   * deployment brings it back. It shows every flow to whoever reaches it.
   *
   * @default - none
   */
  readonly hubbleUi?: ManagedHubbleUiOptions;

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

/** What the options must look like. */
const TABLE: CheckTable<DataplaneV2Options> = {
  flowMetrics: flag(),
  flowRelay: flag(),
  hubbleUi: nested(MANAGED_HUBBLE_UI_OPTIONS),
  fqdnNetworkPolicy: flag(),
  clusterwideNetworkPolicy: flag(),
  inTransitEncryption: decided(flag()),
  multiNetworking: flag(),
  // Judged with the object that is made of it.
  policyLogging: anything(),
};

const RELAY = "use flowRelay: GKE has one kind of relay since provider 6.0, inside the cluster";

/** The same, with what gcloud, the provider and Cilium's chart call them. */
export const DATAPLANE_V2_OPTIONS = withOtherNames(TABLE, {
  advancedDatapathObservabilityConfig: "use flowMetrics and flowRelay",
  dataplaneV2ObservabilityMode: RELAY,
  datapathProvider: "leave it out: Dataplane.v2() is ADVANCED_DATAPATH",
  enableCiliumClusterwideNetworkPolicy: "use clusterwideNetworkPolicy",
  enableDataplaneV2: "leave it out: Dataplane.v2() is it",
  enableDataplaneV2FlowObservability: "use flowRelay",
  enableDataplaneV2Metrics: "use flowMetrics",
  enableFqdnNetworkPolicy: "use fqdnNetworkPolicy",
  enableMetrics: "use flowMetrics",
  enableMultiNetworking: "use multiNetworking",
  enableRelay: "use flowRelay",
  encryption: "use inTransitEncryption",
  gatewayApi: "write cluster: { gatewayApi: true }",
  hubble: "use flowMetrics, flowRelay and hubbleUi",
  inTransitEncryptionConfig: "use inTransitEncryption",
  networkLogging: "use policyLogging",
  nodeLocalDns: "write cluster: { nodeLocalDns: true }",
  relayMode: RELAY,
});

/** What GKE makes of a new cluster. */
const NOTHING_LOGGED: NetworkLoggingOptions = { allow: { log: false }, deny: { log: false } };

/** Namespace of Helm's record with Autopilot, where kube-system is Google's alone. */
const NAMESPACE_OF_OUR_OWN = "gke-cilium";

/** GKE's managed Cilium. Made by {@link Dataplane.v2}. */
export class DataplaneV2 extends DataplaneBase {
  public readonly kind = "dataplane-v2";
  public readonly clusterDatapath: AdvancedDatapath;
  /** None: GKE holds pods back itself until a node's agent is ready. */
  public readonly startupTaint = undefined;
  private readonly options: DataplaneV2Options;
  private readonly wrong: readonly Problem[];

  public constructor(given: DataplaneV2Options) {
    super();
    const { problems, options } = examine(given, DATAPLANE_V2_OPTIONS);
    this.wrong = withForeignOptions(problems, { "Dataplane.kubeProxyFree()": KUBE_PROXY_FREE_OPTIONS });
    this.options = options;
    this.clusterDatapath = {
      provider: "ADVANCED_DATAPATH",
      managed: true,
      disableDefaultSnat: false,
      defaults: { gatewayApi: true, intranodeVisibility: true, nodeLocalDns: true },
      flowMetrics: options.flowMetrics ?? true,
      flowRelay: options.flowRelay ?? false,
      fqdnNetworkPolicy: options.fqdnNetworkPolicy ?? false,
      clusterwideNetworkPolicy: options.clusterwideNetworkPolicy ?? false,
      inTransitEncryption: options.inTransitEncryption ?? false,
      multiNetworking: options.multiNetworking ?? false,
    };
  }

  public describe(facts: DataplaneFacts): EffectiveDataplane {
    const { options, kind, clusterDatapath } = this;
    return {
      kind,
      clusterDatapath,
      enforcement: managedEnforcement(options, facts),
      telemetry:
        clusterDatapath.flowMetrics === false ? { ...Telemetry.dataplaneV2(), endpoints: [] } : Telemetry.dataplaneV2(),
      problems: [
        ...nestProblems("dataplane", [
          ...this.wrong,
          ...(options.policyLogging === undefined
            ? []
            : nestProblems("policyLogging", networkLoggingProblems(options.policyLogging))),
        ]),
        ...this.autopilotProblems(facts),
        ...managedHubbleUiProblems(options.hubbleUi, {
          flowRelay: options.flowRelay,
          autopilot: facts.cluster?.autopilot,
        }),
      ],
      warnings: [],
    };
  }

  private autopilotProblems(facts: DataplaneFacts): Problem[] {
    if (this.options.inTransitEncryption !== true || facts.cluster?.autopilot !== true) return [];
    return [
      {
        property: "dataplane.inTransitEncryption",
        value: true,
        rule: "is not to be had with Autopilot",
        remedy: "leave out one of the two",
      },
    ];
  }

  protected declare(scope: Construct, { facts, connection }: DataplaneContext): DataplaneParts {
    // GKE makes this object itself. It is ours from the start, so that turning logging off again is a change like any other.
    const networkLogging = new NetworkLogging(
      scope,
      "network-logging",
      judged({
        ...(this.options.policyLogging ?? NOTHING_LOGGED),
        namespace: facts.cluster?.autopilot === true ? NAMESPACE_OF_OUR_OWN : undefined,
        provider: connection.helmProvider,
      }),
    );
    const hubbleUi =
      this.options.hubbleUi === undefined
        ? undefined
        : new ManagedHubbleUi(scope, "hubble-ui", { ...this.options.hubbleUi, provider: connection.helmProvider });
    return { networkLogging, hubbleUi };
  }
}
