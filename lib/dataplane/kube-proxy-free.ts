import { Token } from "cdktf";
import type { Construct } from "constructs";
import {
  CiliumRelease,
  type CiliumReleaseOptions,
  CiliumVersion,
  ciliumAgentImage,
  ciliumReleaseProblems,
  ciliumReleaseValues,
  type HelmValues,
  type HubbleOptions,
  hubbleProblems,
  hubbleValues,
  imageRegistryValues,
  kubeProxyReplacementValues,
  type MasqueradeOptions,
  masqueradeProblems,
  mergeValues,
  type NodeInit,
  nativeRoutingValues,
  nodeInitProblems,
  nodeInitValues,
  type OperatorOptions,
  operatorProblems,
  operatorValues,
  type PrometheusOptions,
  prometheusValues,
  startupTaintValues,
  type UnmanagedPodsOptions,
  unmanagedPodsProblems,
  unmanagedPodsValues,
} from "../cilium";
import type { ClusterDatapath, NodeTaint } from "../gke";
import {
  agentGateValues,
  KubeProxyDisabler,
  type KubeProxyDisablerOptions,
  kubeProxyDisablerProblems,
} from "../kube-proxy";
import { addWarnings, assertNoProblems, nestProblems, type Problem } from "../validation";
import { ciliumTelemetry } from "./cilium-telemetry";
import type { Dataplane } from "./dataplane";
import type { DataplaneContext, DataplaneFacts } from "./facts";
import { hasNodePools, minimumNodes, ownCiliumProblems, ownCiliumWarnings } from "./own-cilium";
import { type StartupTaintOptions, startupTaint, startupTaintProblems } from "./startup-taint";
import type { DataplaneTelemetry } from "./telemetry";

const DEFAULT_KUBE_PROXY = "remove";
const DEFAULT_NODE_INIT: NodeInit = "host-prep";

/** Options of {@link Dataplane.kubeProxyFree}. */
export interface KubeProxyFreeOptions
  extends CiliumReleaseOptions,
    MasqueradeOptions,
    OperatorOptions,
    PrometheusOptions,
    StartupTaintOptions,
    UnmanagedPodsOptions {
  /**
   * What is done about GKE's kube-proxy, a static pod of every node.
   *
   * - `remove`: a DaemonSet takes it away from every node, also after a reboot, repair or upgrade brought it back.
   * - `coexist`: it keeps running beside Cilium, which answers Services first.
   * - `restore`: the DaemonSet puts it back. The way from `remove` to `coexist` without new nodes: apply `restore`,
   *   wait until its pods are ready, then apply `coexist`.
   *
   * Switching breaks established connections of the nodes concerned.
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
   * @default "host-prep"
   */
  readonly nodeInit?: NodeInit;

  /**
   * Address of the API server for the agents, which cannot use a Service for it.
   *
   * @default - the private IP endpoint of the cluster where it has one, else the public one
   */
  readonly k8sServiceHost?: string;

  /**
   * Flows, metrics and the map.
   *
   * @default - on, with relay and without UI
   */
  readonly hubble?: HubbleOptions;
}

/** Cilium as the only CNI, in kube-proxy's place. Made by {@link Dataplane.kubeProxyFree}. */
export class KubeProxyFree implements Dataplane {
  public readonly kind = "kube-proxy-free";
  public readonly clusterDatapath: ClusterDatapath = {
    provider: "LEGACY_DATAPATH",
    calicoNetworkPolicy: false,
    disableDefaultSnat: true,
  };
  public readonly startupTaint: NodeTaint;
  public readonly telemetry: DataplaneTelemetry;
  private readonly version: CiliumVersion;
  private readonly kubeProxy: "remove" | "coexist" | "restore";

  public constructor(private readonly options: KubeProxyFreeOptions) {
    this.version = options.version ?? CiliumVersion.DEFAULT;
    this.kubeProxy = options.kubeProxy ?? DEFAULT_KUBE_PROXY;
    this.startupTaint = startupTaint(options);
    this.telemetry = ciliumTelemetry(options, this.version.toString(), {
      endpointHealthChecking: true,
      kubeProxyReplacement: true,
      layer7: true,
      bpfMasquerade: options.bpfMasquerade ?? false,
    });
  }

  public problems(facts: DataplaneFacts): Problem[] {
    const { options } = this;
    const problems = [
      ...startupTaintProblems(options),
      ...nodeInitProblems(options.nodeInit ?? DEFAULT_NODE_INIT, this.version),
      ...masqueradeProblems(options, { workloadIdentity: true }),
      ...(hasNodePools(facts) ? operatorProblems(options, { minimumNodes: minimumNodes(facts) }) : []),
      ...nestProblems("hubble", hubbleProblems(options.hubble ?? {}, this.version)),
      ...unmanagedPodsProblems(options, this.version),
      ...ciliumReleaseProblems(
        options,
        ciliumReleaseValues({ ...options, baseValues: this.baseValues(facts, "api") }),
        ciliumReleaseValues({ ...options, baseValues: this.baseValues(facts, "api"), values: {} }),
      ),
    ];
    if (options.kubeProxyDisabler !== undefined)
      problems.push(...nestProblems("kubeProxyDisabler", kubeProxyDisablerProblems(options.kubeProxyDisabler)));
    if (options.k8sServiceHost === undefined && facts.cluster?.ipEndpoint === "off")
      problems.push({
        property: "k8sServiceHost",
        rule: "is needed where the cluster has no IP endpoint: agents log in with service account tokens, which the DNS endpoint does not take",
        remedy: "set cluster.ipEndpoint to private, or name a host that reaches the API server from every node",
      });
    // In a list of the agent's values, which Terraform could not read with a token in it.
    if (options.kubeProxyDisabler?.image === undefined && Token.isUnresolved(this.disablerOptions().image))
      problems.push({
        property: "values.image",
        rule: "is not known at synth, and what runs before the agent on every node runs the same image",
        remedy: "write the image as plain text, or name one in kubeProxyDisabler.image",
      });
    if (this.kubeProxy === "coexist" && options.kubeProxyDisabler !== undefined)
      problems.push({
        property: "kubeProxyDisabler",
        rule: "has no effect where kube-proxy keeps running",
        remedy: "leave it out, or set kubeProxy to remove",
      });
    return [...ownCiliumProblems(facts, "Cilium without kube-proxy"), ...nestProblems("dataplane", problems)];
  }

  public warnings(facts: DataplaneFacts): Problem[] {
    return ownCiliumWarnings(facts);
  }

  public install(scope: Construct, { facts, connection }: DataplaneContext): void {
    assertNoProblems(scope.node.path, this.problems(facts));
    addWarnings(scope, facts.name, this.warnings(facts));
    const { options } = this;
    const release = (dependsOn: KubeProxyDisabler[]) =>
      new CiliumRelease(scope, "cilium", {
        ...options,
        baseValues: this.baseValues(facts, options.k8sServiceHost ?? connection.agentHost),
        dependsOn: dependsOn.map((disabler) => disabler.daemonSet),
        provider: connection.helmProvider,
      });
    const disabler = (dependsOn: CiliumRelease[]) =>
      new KubeProxyDisabler(scope, "kube-proxy-disabler", {
        ...this.disablerOptions(),
        mode: this.kubeProxy === "restore" ? "restore" : "disable",
        dependsOn: dependsOn.map((cilium) => cilium.release),
        provider: connection.kubernetesProvider,
      });
    // An agent that finds kube-proxy on port 10256 never serves it, and one that serves it keeps kube-proxy from
    // starting: whoever is to have the port comes second.
    if (this.kubeProxy === "remove") release([disabler([])]);
    else if (this.kubeProxy === "restore") disabler([release([])]);
    else release([]);
  }

  /** The remover and the gate run the agent's image, whatever version, mirror or image that is: nodes have it. */
  private disablerOptions(): KubeProxyDisablerOptions {
    const { imageRegistry, values = {} } = this.options;
    const mirror = imageRegistry === undefined ? {} : imageRegistryValues(imageRegistry);
    return { image: ciliumAgentImage(this.version, mergeValues(mirror, values)), ...this.options.kubeProxyDisabler };
  }

  private baseValues(facts: DataplaneFacts, k8sServiceHost: string): HelmValues {
    const { options } = this;
    const removed = this.kubeProxy === "remove";
    return mergeValues(
      nativeRoutingValues({ ...options, podsRange: facts.network.pods }),
      kubeProxyReplacementValues({ k8sServiceHost, serveHealthCheck: removed }),
      removed ? agentGateValues(this.disablerOptions()) : {},
      nodeInitValues(options.nodeInit ?? DEFAULT_NODE_INIT),
      startupTaintValues(this.startupTaint.key),
      hubbleValues(options.hubble),
      prometheusValues(options),
      operatorValues(options),
      unmanagedPodsValues(options, this.version),
    );
  }
}
