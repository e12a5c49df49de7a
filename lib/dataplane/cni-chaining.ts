import { createHash } from "node:crypto";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { Construct } from "constructs";
import {
  AGENT_OPTIONS,
  type AgentOptions,
  agentValues,
  CHAINING_OPTIONS,
  type ChainingOptions,
  CILIUM_RELEASE_OPTIONS,
  CiliumRelease,
  type CiliumReleaseOptions,
  CNI_CONFIGURATION_CONFIG_MAP,
  chainingProblems,
  chainingValues,
  ciliumReleaseProblems,
  ciliumReleaseWarnings,
  cniConfigurationData,
  type EffectiveRelease,
  effectiveRelease,
  effectiveValue,
  type HelmValues,
  HUBBLE_OPTIONS,
  type HubbleOptions,
  hubbleProblems,
  hubbleValues,
  mergeValues,
  OPERATOR_OPTIONS,
  type OperatorOptions,
  operatorValues,
  optionPaths,
  PROMETHEUS_OPTIONS,
  type PrometheusOptions,
  prometheusValues,
  releaseLayers,
  startupTaintValues,
  writtenAs,
} from "../cilium";
import type { ClusterDatapath, NodeTaint } from "../gke";
import { type CheckTable, examine, judged, nested, nestProblems, type Problem, withOtherNames } from "../validation";
import { ciliumTelemetry } from "./cilium-telemetry";
import { DataplaneBase } from "./dataplane-base";
import type { EffectiveDataplane } from "./effective";
import { EXISTING_PODS, type RestartExistingPodsOptions } from "./existing-pods";
import type { DataplaneContext, DataplaneFacts } from "./facts";
import { RELEASE_OPTIONS_ELSEWHERE, withChartKeys, withForeignOptions } from "./foreign-options";
import { KUBE_PROXY_FREE_OPTIONS } from "./kube-proxy-free-options";
import type { DataplaneParts } from "./parts";
import { placementValues } from "./pod-placement";
import { chainedEnforcement } from "./policy-enforcement";
import { nodesProblems, releaseContext, selfManagedProblems, selfManagedWarnings } from "./self-managed";
import {
  CHAINED_STARTUP_TAINT_KEY,
  STARTUP_TAINT_OPTIONS,
  type StartupTaintOptions,
  startupTaint,
} from "./startup-taint";
import { waitingNodesValues } from "./waiting-nodes";

/** Options of {@link Dataplane.cniChaining}. */
export interface CniChainingOptions
  extends AgentOptions,
    ChainingOptions,
    CiliumReleaseOptions,
    RestartExistingPodsOptions,
    OperatorOptions,
    PrometheusOptions,
    StartupTaintOptions {
  /**
   * Flows, metrics and the map. Layer 7 has no data in this mode.
   *
   * @default - on, with relay and without UI
   */
  readonly hubble?: HubbleOptions;
}

/** What the options must look like. */
const TABLE: CheckTable<CniChainingOptions> = {
  ...STARTUP_TAINT_OPTIONS,
  ...AGENT_OPTIONS,
  ...CHAINING_OPTIONS,
  ...CILIUM_RELEASE_OPTIONS,
  ...EXISTING_PODS.table,
  ...OPERATOR_OPTIONS,
  ...PROMETHEUS_OPTIONS,
  hubble: nested(HUBBLE_OPTIONS),
};
/** The same, with what other tools call them. */
export const CNI_CHAINING_OPTIONS = withOtherNames(TABLE, RELEASE_OPTIONS_ELSEWHERE);

/** Cilium behind GKE's CNI and Calico. Made by {@link Dataplane.cniChaining}. */
export class CniChaining extends DataplaneBase {
  public readonly kind = "cni-chaining";
  public readonly clusterDatapath: ClusterDatapath = {
    provider: "LEGACY_DATAPATH",
    managed: false,
    calicoNetworkPolicy: true,
    disableDefaultSnat: false,
    // kube-proxy answers Services here, and hands queries to the cache.
    defaults: { gatewayApi: false, intranodeVisibility: false, nodeLocalDns: true },
  };
  public readonly startupTaint: NodeTaint;
  private readonly options: CniChainingOptions;
  private readonly wrong: readonly Problem[];

  public constructor(given: CniChainingOptions) {
    super();
    const { problems, options } = examine(given, CNI_CHAINING_OPTIONS);
    this.wrong = withChartKeys(withForeignOptions(problems, { "Dataplane.kubeProxyFree()": KUBE_PROXY_FREE_OPTIONS }));
    this.options = options;
    this.startupTaint = startupTaint(options, CHAINED_STARTUP_TAINT_KEY);
  }

  public describe(facts: DataplaneFacts): EffectiveDataplane {
    const { kind, clusterDatapath, startupTaint, options } = this;
    const release = effectiveRelease({
      ...releaseLayers({ ...options, baseValues: this.baseValues(facts) }),
      optionOf: optionPaths(CNI_CHAINING_OPTIONS),
    });
    const context = releaseContext(facts, kind, clusterDatapath);
    const problems = [
      ...this.wrong,
      ...chainingProblems(options),
      ...EXISTING_PODS.problems(options),
      ...nestProblems("hubble", hubbleProblems(options.hubble ?? {})),
      ...nodesProblems(facts, this.kind, release),
      ...ciliumReleaseProblems(options, release, context),
    ];
    return {
      kind,
      clusterDatapath,
      startupTaint,
      release,
      enforcement: chainedEnforcement(release, facts),
      telemetry: ciliumTelemetry(release),
      problems: [...selfManagedProblems(facts, "Cilium chained behind Calico"), ...nestProblems("dataplane", problems)],
      warnings: [
        ...selfManagedWarnings(facts),
        ...layer7Warnings(release),
        ...nestProblems("dataplane", [
          ...ciliumReleaseWarnings(release, context),
          ...EXISTING_PODS.warnings(options, release),
        ]),
      ],
    };
  }

  protected declare(scope: Construct, context: DataplaneContext): DataplaneParts {
    const { options } = this;
    const { facts, connection } = context;
    const cniConfiguration =
      options.conflist === "static"
        ? new ConfigMapV1(scope, "cni-configuration", {
            metadata: { name: CNI_CONFIGURATION_CONFIG_MAP, namespace: "kube-system" },
            data: cniConfigurationData(options),
            provider: connection.kubernetesProvider,
          })
        : undefined;
    const cilium = new CiliumRelease(
      scope,
      "cilium",
      judged({
        ...options,
        baseValues: this.baseValues(facts),
        dependsOn: cniConfiguration && [cniConfiguration],
        provider: connection.helmProvider,
      }),
    );
    return { cilium, cniConfiguration, existingPods: EXISTING_PODS.declare(scope, options, cilium, context) };
  }

  private baseValues(facts: DataplaneFacts): HelmValues {
    const { options } = this;
    return mergeValues(
      chainingValues(options),
      startupTaintValues(this.startupTaint.key),
      waitingNodesValues(this.kind),
      hubbleValues(options.hubble),
      placementValues(facts),
      prometheusValues(options),
      operatorValues(options),
      agentValues(options),
      // Agents read the ConfigMap when they start; a changed one has to start them anew.
      options.conflist === "static"
        ? { podAnnotations: { "cni-configuration/sha256": digest(cniConfigurationData(options)) } }
        : {},
    );
  }
}

/** Handlers at layer 7, however they were asked for. */
function layer7Warnings(release: EffectiveRelease): Problem[] {
  const handlers = effectiveValue(release, "hubble.metrics.enabled");
  if (!Array.isArray(handlers)) return [];
  return handlers
    .filter((handler) => typeof handler === "string" && /^http/.test(handler))
    .slice(0, 1)
    .map((handler) => ({
      property: `dataplane.${writtenAs(release, "hubble.metrics.enabled")}`,
      value: handler,
      rule: "never has data where Cilium is chained: Layer 7 policies do not work there (cilium/cilium#12454)",
      remedy: "leave it out, or use Dataplane.kubeProxyFree()",
    }));
}

function digest(data: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 16);
}
