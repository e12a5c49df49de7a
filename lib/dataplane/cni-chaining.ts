import { createHash } from "node:crypto";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { Construct } from "constructs";
import {
  type ChainingOptions,
  CiliumRelease,
  type CiliumReleaseOptions,
  CiliumVersion,
  CNI_CONFIGURATION_CONFIG_MAP,
  chainingProblems,
  chainingValues,
  ciliumReleaseProblems,
  ciliumReleaseValues,
  cniConfigurationData,
  type HelmValues,
  type HubbleOptions,
  hubbleProblems,
  hubbleValues,
  mergeValues,
  type OperatorOptions,
  operatorProblems,
  operatorValues,
  type PrometheusOptions,
  prometheusValues,
  startupTaintValues,
} from "../cilium";
import type { ClusterDatapath, NodeTaint } from "../gke";
import { addWarnings, assertNoProblems, nestProblems, type Problem } from "../validation";
import { ciliumTelemetry } from "./cilium-telemetry";
import type { Dataplane } from "./dataplane";
import type { DataplaneContext, DataplaneFacts } from "./facts";
import { hasNodePools, minimumNodes, ownCiliumProblems, ownCiliumWarnings } from "./own-cilium";
import { type StartupTaintOptions, startupTaint, startupTaintProblems } from "./startup-taint";
import type { DataplaneTelemetry } from "./telemetry";

/** Options of {@link Dataplane.cniChaining}. */
export interface CniChainingOptions
  extends ChainingOptions,
    CiliumReleaseOptions,
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

/** Cilium behind GKE's CNI and Calico. Made by {@link Dataplane.cniChaining}. */
export class CniChaining implements Dataplane {
  public readonly kind = "cni-chaining";
  public readonly clusterDatapath: ClusterDatapath = {
    provider: "LEGACY_DATAPATH",
    calicoNetworkPolicy: true,
    disableDefaultSnat: false,
  };
  public readonly startupTaint: NodeTaint;
  public readonly telemetry: DataplaneTelemetry;
  private readonly version: CiliumVersion;

  public constructor(private readonly options: CniChainingOptions) {
    this.version = options.version ?? CiliumVersion.DEFAULT;
    this.startupTaint = startupTaint(options);
    this.telemetry = ciliumTelemetry(options, this.version.toString(), {
      endpointHealthChecking: false,
      kubeProxyReplacement: false,
      layer7: false,
      bpfMasquerade: false,
    });
  }

  public problems(facts: DataplaneFacts): Problem[] {
    const { options } = this;
    const problems = [
      ...chainingProblems(options),
      ...startupTaintProblems(options),
      ...(hasNodePools(facts) ? operatorProblems(options, { minimumNodes: minimumNodes(facts) }) : []),
      ...nestProblems("hubble", hubbleProblems(options.hubble ?? {}, this.version)),
      ...ciliumReleaseProblems(
        options,
        ciliumReleaseValues({ ...options, baseValues: this.baseValues() }),
        ciliumReleaseValues({ ...options, baseValues: this.baseValues(), values: {} }),
      ),
    ];
    return [...ownCiliumProblems(facts, "Cilium chained behind Calico"), ...nestProblems("dataplane", problems)];
  }

  public warnings(facts: DataplaneFacts): Problem[] {
    const layer7 = (this.options.hubble?.metrics ?? []).find((metric) => metric.handler.startsWith("http"));
    return [
      ...ownCiliumWarnings(facts),
      ...(layer7 === undefined
        ? []
        : [
            {
              property: "dataplane.hubble.metrics",
              value: layer7.handler,
              rule: "never has data where Cilium is chained: Layer 7 policies do not work there (cilium/cilium#12454)",
              remedy: "leave it out, or use Dataplane.kubeProxyFree()",
            },
          ]),
    ];
  }

  public install(scope: Construct, { facts, connection }: DataplaneContext): void {
    assertNoProblems(scope.node.path, this.problems(facts));
    addWarnings(scope, facts.name, this.warnings(facts));
    const { options } = this;
    const configuration =
      options.conflist === "static"
        ? new ConfigMapV1(scope, "cni-configuration", {
            metadata: { name: CNI_CONFIGURATION_CONFIG_MAP, namespace: "kube-system" },
            data: cniConfigurationData(options),
            provider: connection.kubernetesProvider,
          })
        : undefined;
    new CiliumRelease(scope, "cilium", {
      ...options,
      baseValues: this.baseValues(),
      dependsOn: configuration && [configuration],
      provider: connection.helmProvider,
    });
  }

  private baseValues(): HelmValues {
    const { options } = this;
    return mergeValues(
      chainingValues(options),
      startupTaintValues(this.startupTaint.key),
      hubbleValues(options.hubble),
      prometheusValues(options),
      operatorValues(options),
      // Agents read the ConfigMap when they start; a changed one has to start them anew.
      options.conflist === "static"
        ? { podAnnotations: { "cni-configuration/sha256": digest(cniConfigurationData(options)) } }
        : {},
    );
  }
}

function digest(data: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 16);
}
