import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DaemonSetV1 } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { Annotations, type ITerraformDependable, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { HelmValues } from "../helm";
import { assertSound, type Problem } from "../validation";
import { agentGateValues } from "./agent-gate";
import { daemonSetSpec, type KubeProxyMode } from "./daemon-set";
import { contentHash, nodeScripts, terraformText } from "./node-scripts";
import {
  DEFAULT_AGENT_HEALTH_PORT,
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_MEMORY_LIMIT,
  DEFAULT_NAMESPACE,
  DEFAULT_ROLLOUT_TIMEOUT_SECONDS,
  type KubeProxyDisablerOptions,
  kubeProxyDisablerImage,
  kubeProxyDisablerProblems,
  kubeProxyDisablerWarnings,
} from "./options";

const NAME = "kube-proxy-disabler";
const SELECTOR = { "app.kubernetes.io/name": NAME };
/**
 * What restores is another DaemonSet: its pods start on all nodes at once. One that is changed goes through the nodes, and
 * agents, whose roll-out the provider does not hold back until then, would let go of port 10256 on nodes whose kube-proxy is
 * not back yet. https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/resource_kubernetes_daemon_set_v1.go#L336
 */
const RESTORER = "kube-proxy-restorer";
const RESTORING = { "cdktf-gke-cilium/kube-proxy": "restore" };

export interface KubeProxyDisablerProps extends KubeProxyDisablerOptions {
  /**
   * Whether nodes lose their kube-proxy or get it back. Only this brings it back: not an update, not a deleted pod, and
   * not the removal of the DaemonSet, after which kube-proxy stays away until the node boots.
   *
   * @default "disable"
   */
  readonly mode?: KubeProxyMode;

  /**
   * What must exist before.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];

  /**
   * The kubernetes provider to use.
   *
   * @default - the stack's only one
   */
  readonly provider?: TerraformProvider;
}

/**
 * A DaemonSet that takes GKE's kube-proxy off every node, rules and all, and keeps it off.
 *
 * GKE runs kube-proxy as a static pod, so neither its DaemonSet object nor any API call removes it; and its manifest is
 * back after every boot, so removing it once is not enough. The order on a node, and why:
 *
 * 1. The manifest is moved to `/var/lib/kube-proxy-disabler`, the kubelet stops kube-proxy. Its rules stay, Services keep
 *    working. Where an agent already runs beside a kube-proxy that answers port 10256, this waits until the agent stops
 *    for its next roll-out, so that Google's load balancers find somebody on that port all along.
 * 2. The agent starts, held back until then by {@link agentValues}, and serves port 10256 itself.
 * 3. With the agent healthy and 10256 served, kube-proxy's rules go: IPv4 and IPv6, nft and legacy. Those of the
 *    kubelet, Cilium, ip-masq, CNI plugins and people stay as they are.
 *
 * Back again (`mode: "restore"`): the manifest returns and kube-proxy starts beside the agent, which still holds the
 * port; with the release rolled out anew, without {@link agentValues} and the health check's address, each agent lets go
 * of it as it restarts, and kube-proxy, which tries every five seconds, has it.
 *
 * A pod is ready when its node is in order as far as it can be before the next step, so the Cilium release depends on
 * {@link daemonSet} both ways. When it is not ready, `kubectl describe` shows the reason and the remedy, and so does its log.
 *
 * @throws ConfigurationError with every problem of the options, before anything is created.
 */
export class KubeProxyDisabler extends Construct {
  /** Chart values for the agents of the same cluster; see {@link agentGateValues}. */
  public static agentValues(options: Pick<KubeProxyDisablerOptions, "image"> = {}): HelmValues {
    return agentGateValues(options);
  }

  /** The DaemonSet as monitoring finds it: it serves no metrics. */
  public static daemonSetOf(options: Pick<KubeProxyDisablerOptions, "namespace"> = {}) {
    return { name: NAME, namespace: options.namespace ?? DEFAULT_NAMESPACE, podLabels: SELECTOR };
  }

  /** Everything that is wrong with the options: nothing thrown. */
  public static problems(options: KubeProxyDisablerOptions): Problem[] {
    return kubeProxyDisablerProblems(options);
  }

  /** Exists before whatever depends on it; see `waitForRollout`. */
  public readonly daemonSet: DaemonSetV1;
  /** The scripts. Its name changes with them. */
  public readonly configMap: ConfigMapV1;
  /** Without a token: the pods talk to no API. */
  public readonly serviceAccount: ServiceAccountV1;
  public readonly mode: KubeProxyMode;
  public readonly image: string;
  public readonly namespace: string;
  public readonly intervalSeconds: number;
  public readonly agentHealthPort: number;
  public readonly memoryLimit: string;
  public readonly waitForRollout: boolean;
  public readonly rolloutTimeoutSeconds: number;

  public constructor(scope: Construct, id: string, props: KubeProxyDisablerProps = {}) {
    super(scope, id);
    const { mode, dependsOn, provider, ...options } = props;
    assertSound(this.node.path, props, () => kubeProxyDisablerProblems(options));
    for (const warning of kubeProxyDisablerWarnings(props)) Annotations.of(this).addWarning(warning);
    this.mode = mode ?? "disable";
    this.image = props.image ?? kubeProxyDisablerImage();
    this.namespace = props.namespace ?? DEFAULT_NAMESPACE;
    this.intervalSeconds = props.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
    this.agentHealthPort = props.agentHealthPort ?? DEFAULT_AGENT_HEALTH_PORT;
    this.memoryLimit = props.memoryLimit ?? DEFAULT_MEMORY_LIMIT;
    this.waitForRollout = props.waitForRollout ?? true;
    this.rolloutTimeoutSeconds = props.rolloutTimeoutSeconds ?? DEFAULT_ROLLOUT_TIMEOUT_SECONDS;

    const common = { dependsOn: dependsOn && [...dependsOn], provider };
    const restores = this.mode === "restore";
    const selector = { ...SELECTOR, ...(restores && RESTORING) };
    const labels = { "app.kubernetes.io/part-of": "cilium", ...props.labels, ...SELECTOR };
    const namespace = this.namespace;
    const scripts = nodeScripts();

    this.serviceAccount = new ServiceAccountV1(this, "service-account", {
      ...common,
      metadata: { name: NAME, namespace, labels },
      automountServiceAccountToken: false,
    });
    this.configMap = new ConfigMapV1(this, "scripts", {
      ...common,
      metadata: { name: `${NAME}-${contentHash(scripts)}`, namespace, labels },
      immutable: true,
      data: Object.fromEntries(Object.entries(scripts).map(([name, text]) => [name, terraformText(text)])),
      // Pods of the old revision can restart until the last one is replaced.
      lifecycle: { createBeforeDestroy: true },
    });
    const timeout = `${this.rolloutTimeoutSeconds}s`;
    this.daemonSet = new DaemonSetV1(this, "Default", {
      ...common,
      metadata: { name: restores ? RESTORER : NAME, namespace, labels },
      waitForRollout: this.waitForRollout,
      timeouts: { create: timeout, update: timeout },
      spec: daemonSetSpec({
        name: NAME,
        mode: this.mode,
        image: this.image,
        intervalSeconds: this.intervalSeconds,
        agentHealthPort: this.agentHealthPort,
        memoryLimit: this.memoryLimit,
        labels: { ...labels, ...selector },
        selector,
        serviceAccountName: this.serviceAccount.metadata.name,
        configMapName: this.configMap.metadata.name,
      }),
    });
  }
}
