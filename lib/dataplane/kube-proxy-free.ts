import type { Construct } from "constructs";
import {
  agentValues,
  bringsGatewayDefinitions,
  CiliumRelease,
  CiliumVersion,
  ciliumAgentImage,
  ciliumReleaseProblems,
  ciliumReleaseWarnings,
  type DatapathContext,
  datapathProblems,
  datapathValues,
  defaultNodeInit,
  effectiveRelease,
  effectiveValue,
  encryptionProtocols,
  type HelmValues,
  hubbleProblems,
  hubbleValues,
  imageRegistryValues,
  kubeProxyReplacementValues,
  masqueradeProblems,
  mergeValues,
  nativeRoutingValues,
  needsBpfMasquerade,
  nodeInitValues,
  operatorValues,
  optionPaths,
  prometheusValues,
  releaseLayers,
  startupTaintValues,
  unmanagedPodsProblems,
  unmanagedPodsValues,
  valueAt,
  writtenAs,
} from "../cilium";
import type { ClusterDatapath, NodeTaint } from "../gke";
import {
  agentGateValues,
  KubeProxyDisabler,
  type KubeProxyDisablerOptions,
  kubeProxyDisablerRules,
} from "../kube-proxy";
import { GatewayApiDefinitions } from "../kubernetes";

import { examine, isKnown, judged, nestProblems, type Problem, UNKNOWN } from "../validation";
import { ciliumTelemetry } from "./cilium-telemetry";
import { DataplaneBase } from "./dataplane-base";
import type { EffectiveDataplane } from "./effective";
import { egressGatewayProblems, egressGatewayWarnings } from "./egress-gateway";
import { EXISTING_PODS } from "./existing-pods";
import type { DataplaneContext, DataplaneFacts } from "./facts";
import { withChartKeys } from "./foreign-options";
import { KUBE_PROXY_FREE_OPTIONS, type KubeProxyFreeOptions } from "./kube-proxy-free-options";
import { meshOf, meshProblems } from "./mesh";
import { mtuProblems } from "./mtu";
import { NodeLocalDns, nodeLocalDnsProblems } from "./node-local-dns";
import type { DataplaneParts } from "./parts";
import { placementValues } from "./pod-placement";
import { nativeRoutingCidr, nativeRoutingProblems } from "./pod-ranges";
import { ciliumAloneEnforcement } from "./policy-enforcement";
import { nodesProblems, releaseContext, selfManagedProblems, selfManagedWarnings } from "./self-managed";
import { startupTaint } from "./startup-taint";
import { strictEncryptionProblems } from "./strict-encryption";
import { waitingNodesValues } from "./waiting-nodes";

const DEFAULT_KUBE_PROXY = "remove";

/** Cilium as the only CNI, in kube-proxy's place. Made by {@link Dataplane.kubeProxyFree}. */
export class KubeProxyFree extends DataplaneBase {
  public readonly kind = "kube-proxy-free";
  public readonly clusterDatapath: ClusterDatapath = {
    provider: "LEGACY_DATAPATH",
    managed: false,
    calicoNetworkPolicy: false,
    disableDefaultSnat: true,
    // Cilium translates the address of the DNS Service before the cache's rules are reached, and a
    // CiliumLocalRedirectPolicy cannot select the cache, which is on the host's network (local-redirect-policy.rst).
    defaults: { gatewayApi: false, intranodeVisibility: false, nodeLocalDns: false },
  };
  public readonly startupTaint: NodeTaint;
  private readonly options: KubeProxyFreeOptions;
  private readonly wrong: readonly Problem[];
  private readonly version: CiliumVersion;
  private readonly kubeProxy: "remove" | "coexist" | "restore";

  public constructor(given: KubeProxyFreeOptions) {
    super();
    const { problems, options } = examine(given, KUBE_PROXY_FREE_OPTIONS);
    this.wrong = withChartKeys(problems);
    this.options = needsBpfMasquerade(options) ? { ...options, bpfMasquerade: options.bpfMasquerade ?? true } : options;
    this.version = isKnown(options.version) ? options.version : CiliumVersion.DEFAULT;
    this.kubeProxy = options.kubeProxy ?? DEFAULT_KUBE_PROXY;
    this.startupTaint = startupTaint(options);
  }

  public describe(facts: DataplaneFacts): EffectiveDataplane {
    const { kind, clusterDatapath, startupTaint, options } = this;
    const release = effectiveRelease({
      ...releaseLayers({ ...options, baseValues: this.baseValues(facts, options.k8sServiceHost ?? UNKNOWN.text()) }),
      optionOf: optionPaths(KUBE_PROXY_FREE_OPTIONS),
    });
    const context = {
      ...releaseContext(facts, kind, clusterDatapath),
      gatewayDefinitions: bringsGatewayDefinitions(options.gatewayApi),
    };
    const problems = [
      ...this.wrong,
      ...masqueradeProblems(options, { workloadIdentity: true }),
      ...nodesProblems(facts, this.kind, release),
      ...nativeRoutingProblems(
        facts.network,
        effectiveValue(release, "ipv4NativeRoutingCIDR"),
        writtenAs(release, "ipv4NativeRoutingCIDR"),
        options.ipv4NativeRoutingCIDR !== undefined || valueAt(release.written, "ipv4NativeRoutingCIDR") !== undefined,
      ),
      ...nestProblems("hubble", hubbleProblems(options.hubble ?? {})),
      ...unmanagedPodsProblems(options, this.version),
      ...EXISTING_PODS.problems(options),
      ...datapathProblems(options, this.datapath(facts)),
      ...strictEncryptionProblems(facts, release),
      ...ciliumReleaseProblems(options, release, context),
      ...nestProblems("kubeProxyDisabler", kubeProxyDisablerRules(options.kubeProxyDisabler ?? {})),
      ...this.agentProblems(facts),
    ];
    return {
      kind,
      clusterDatapath,
      startupTaint,
      release,
      nodeProtocols: encryptionProtocols(release),
      ...meshOf(options.clusterMesh, release),
      enforcement: ciliumAloneEnforcement(release, facts),
      telemetry: {
        ...ciliumTelemetry(release),
        ...(this.kubeProxy !== "coexist" && { daemonSets: [KubeProxyDisabler.daemonSetOf(this.disablerOptions())] }),
      },
      problems: [
        ...selfManagedProblems(facts, "Cilium without kube-proxy"),
        ...egressGatewayProblems(facts, options.egressGateway),
        ...mtuProblems(facts, release),
        ...nodeLocalDnsProblems(facts, options.nodeLocalDns, effectiveValue(release, "localRedirectPolicies.enabled")),
        ...meshProblems(facts, options.clusterMesh, release),
        ...nestProblems("dataplane", problems),
      ],
      warnings: [
        ...selfManagedWarnings(facts),
        ...egressGatewayWarnings(facts, options.egressGateway),
        ...nestProblems("dataplane", [
          ...ciliumReleaseWarnings(release, context),
          ...EXISTING_PODS.warnings(options, release),
        ]),
      ],
    };
  }

  /** What is wrong with how agents reach the API server, and with a remover that is not there. */
  private agentProblems(facts: DataplaneFacts): Problem[] {
    const problems: Problem[] = [];
    if (this.options.k8sServiceHost === undefined && facts.cluster?.ipEndpoint === "off")
      problems.push({
        property: "k8sServiceHost",
        rule: "is needed where the cluster has no IP endpoint: agents log in with service account tokens, which the DNS endpoint does not take",
        remedy: "set cluster.ipEndpoint to private, or name a host that reaches the API server from every node",
      });
    // In a list of the agent's values, which Terraform could not read with a token in it.
    if (this.options.kubeProxyDisabler?.image === undefined && !isKnown(this.agentImage()))
      problems.push({
        property: "values.image",
        rule: "is not known at synth, and what runs before the agent on every node runs the same image",
        remedy: "write the image as plain text, or name one in kubeProxyDisabler.image",
      });
    if (this.kubeProxy === "coexist" && this.options.kubeProxyDisabler !== undefined)
      problems.push({
        property: "kubeProxyDisabler",
        rule: "has no effect where kube-proxy keeps running",
        remedy: "leave it out, or set kubeProxy to remove",
      });
    return problems;
  }

  protected declare(scope: Construct, context: DataplaneContext): DataplaneParts {
    const { options } = this;
    const { facts, connection } = context;
    // Both ways the DaemonSet comes before the release, whose roll-out restarts agent after agent. To remove: an agent
    // that finds port 10256 taken never serves it, so kube-proxy goes first. To restore: a kube-proxy that finds it taken
    // tries again every five seconds, so it stands beside the agent before that lets go of the port.
    const kubeProxyDisabler =
      this.kubeProxy === "coexist" ? undefined : this.disabler(scope, this.kubeProxy, connection);
    // The operator looks for them once, when it starts.
    const gatewayDefinitions = bringsGatewayDefinitions(options.gatewayApi)
      ? new GatewayApiDefinitions(scope, "gateway-api", { provider: connection.helmProvider })
      : undefined;
    const cilium = new CiliumRelease(
      scope,
      "cilium",
      judged({
        ...options,
        baseValues: this.baseValues(facts, options.k8sServiceHost ?? connection.agentHost),
        dependsOn: [
          ...(kubeProxyDisabler ? [kubeProxyDisabler.daemonSet] : []),
          ...(gatewayDefinitions ? [gatewayDefinitions.release] : []),
        ],
        provider: connection.helmProvider,
      }),
    );
    const nodeLocalDns =
      options.nodeLocalDns &&
      new NodeLocalDns(scope, "node-local-dns", {
        ...options.nodeLocalDns,
        dependsOn: [cilium.release],
        provider: connection.helmProvider,
      });
    const existingPods = EXISTING_PODS.declare(scope, options, cilium, context);
    return { cilium, kubeProxyDisabler, gatewayDefinitions, nodeLocalDns, existingPods };
  }

  private disabler(
    scope: Construct,
    kubeProxy: "remove" | "restore",
    connection: DataplaneContext["connection"],
  ): KubeProxyDisabler {
    return new KubeProxyDisabler(
      scope,
      "kube-proxy-disabler",
      judged({
        ...this.disablerOptions(),
        mode: kubeProxy === "restore" ? ("restore" as const) : ("disable" as const),
        provider: connection.kubernetesProvider,
      }),
    );
  }

  /** The agent's image, whatever version, mirror or image that is. */
  private agentImage(): string {
    const { imageRegistry, values = {} } = this.options;
    const mirror = isKnown(imageRegistry) ? imageRegistryValues(imageRegistry) : {};
    return ciliumAgentImage(this.version, mergeValues(mirror, values));
  }

  /** The remover and the gate run the agent's image: nodes have it. One that is not known is a problem, told as such. */
  private disablerOptions(): KubeProxyDisablerOptions {
    const image = this.agentImage();
    return { ...(isKnown(image) && { image }), ...this.options.kubeProxyDisabler };
  }

  private baseValues(facts: DataplaneFacts, k8sServiceHost: string): HelmValues {
    const { options } = this;
    const removed = this.kubeProxy === "remove";
    return mergeValues(
      nativeRoutingValues({ ...options, podsRange: nativeRoutingCidr(facts.network) }),
      kubeProxyReplacementValues({ k8sServiceHost, serveHealthCheck: removed }),
      removed ? agentGateValues(this.disablerOptions()) : {},
      nodeInitValues(options.nodeInit ?? defaultNodeInit(this.version)),
      startupTaintValues(this.startupTaint.key),
      waitingNodesValues(this.kind),
      hubbleValues(options.hubble),
      placementValues(facts),
      prometheusValues(options),
      operatorValues(options),
      unmanagedPodsValues(options, this.version),
      agentValues(options),
      options.nodeLocalDns === undefined ? {} : { localRedirectPolicies: { enabled: true } },
      datapathValues(options, this.datapath(facts)),
    );
  }

  private datapath(facts: DataplaneFacts): DatapathContext {
    return { version: this.version, name: facts.name, pods: nativeRoutingCidr(facts.network) };
  }
}
