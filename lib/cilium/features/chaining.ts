import { Token } from "cdktf";
import {
  type CheckTable,
  decided,
  flag,
  isKnown,
  oneOf,
  type Problem,
  text,
  wasWrong,
  wholeNumber,
} from "../../validation";
import type { CiliumValues } from "../cilium-values";
import { GKE_CNI_BIN_PATH } from "./gke-defaults";

/** Name of the ConfigMap that holds the static CNI configuration, in the release's namespace. */
export const CNI_CONFIGURATION_CONFIG_MAP = "cni-configuration";
/** Key of the configuration in that ConfigMap; the chart's default. */
export const CNI_CONFIGURATION_KEY = "cni-config";

const DEFAULT_CHAINING_TARGET = "*";
/** MTU of a Google Cloud VPC, unless the network was created with another one. */
const DEFAULT_MTU = 1460;
const DEFAULT_CALICO_KUBECONFIG = "/etc/cni/net.d/calico-kubeconfig";

/** How Cilium is put behind the CNI plugin that GKE runs. */
export interface ChainingOptions {
  /**
   * `detect`: the agent takes the CNI configuration that it finds on the node and appends itself. `static`: the agent
   * writes a complete configuration from the ConfigMap `cni-configuration`, which has to follow what GKE changes.
   *
   * @default "detect"
   */
  readonly conflist?: "detect" | "static";

  /**
   * Name of the CNI network to extend, as written in the node's CNI configuration. For `detect` only. Its name differs
   * between GKE versions (`k8s-pod-network`, `gke-pod-network`).
   *
   * @default "*" - the first valid configuration in the directory
   */
  readonly chainingTarget?: string;

  /**
   * MTU of pod interfaces in bytes: that of the VPC network, 1300 to 8896. For `static` only.
   *
   * @default 1460
   */
  readonly mtu?: number;

  /**
   * Path on the node of the kubeconfig that Calico's plugin logs in with. For `static` only.
   *
   * @default "/etc/cni/net.d/calico-kubeconfig"
   */
  readonly calicoKubeconfig?: string;

  /**
   * Whether Cilium enforces the NetworkPolicies of Kubernetes besides Calico. A packet then has to pass both, and they
   * differ: in Cilium an `ipBlock` never matches pods or nodes, whatever its range says, so that traffic which Kubernetes
   * and Calico allow is dropped. For a time without Calico, as in a switch of the dataplane, and for trying policies out
   * before one.
   *
   * `CiliumNetworkPolicy` and `CiliumClusterwideNetworkPolicy` are Cilium's own and always enforced by it.
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/
   */
  readonly enforceNetworkPolicies?: boolean;
}

/**
 * Values for Cilium behind another CNI plugin.
 *
 * Never exclusive: where Calico's configuration is renamed, GKE's installer switches Calico off on that node
 * (github.com/GoogleCloudPlatform/netd, scripts/install-cni.sh). Masquerading and addresses stay with GKE, the packet
 * mark and the policies of Kubernetes with Calico.
 */
export function chainingValues(options: ChainingOptions = {}): CiliumValues {
  const cni = { binPath: GKE_CNI_BIN_PATH, chainingMode: "generic-veth", exclusive: false } as const;
  return {
    cni:
      options.conflist === "static"
        ? {
            ...cni,
            customConf: true,
            configMap: CNI_CONFIGURATION_CONFIG_MAP,
            configMapKey: CNI_CONFIGURATION_KEY,
          }
        : { ...cni, customConf: false, chainingTarget: options.chainingTarget ?? DEFAULT_CHAINING_TARGET },
    enableIdentityMark: false,
    enableIPv4Masquerade: false,
    ipam: { mode: "kubernetes" },
    k8sNetworkPolicy: { enabled: options.enforceNetworkPolicies ?? false },
    kubeProxyReplacement: false,
    routingMode: "native",
  };
}

/**
 * Data of the ConfigMap `cni-configuration` for `conflist: "static"`.
 *
 * Follows the configuration that GKE's own Calico add-on writes, not Cilium's documentation: addresses come from the
 * node's range through host-local, because GKE has no Calico IP pools (https://github.com/cilium/cilium/issues/21984).
 * The `chaining-mode` beside the network's name is how today's plugin is told (https://github.com/cilium/cilium/pull/30209).
 */
export function cniConfigurationData(options: ChainingOptions = {}): Readonly<Record<string, string>> {
  const configuration = {
    name: "generic-veth",
    cniVersion: "0.3.1",
    plugins: [
      {
        type: "calico",
        log_level: "warning",
        datastore_type: "kubernetes",
        mtu: inText(options.mtu, Token.asNumber) ?? DEFAULT_MTU,
        nodename_file_optional: true,
        ipam: {
          type: "host-local",
          ranges: [[{ subnet: "usePodCidr" }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
        policy: { type: "k8s" },
        kubernetes: { kubeconfig: inText(options.calicoKubeconfig, Token.asString) ?? DEFAULT_CALICO_KUBECONFIG },
      },
      { type: "portmap", snat: true, capabilities: { portMappings: true } },
      { type: "bandwidth", capabilities: { bandwidth: true } },
      { type: "cilium-cni", "chaining-mode": "generic-veth" },
    ],
  };
  return { [CNI_CONFIGURATION_KEY]: `${JSON.stringify(configuration, undefined, 2)}\n` };
}

/** A value as it can stand in JSON that is written at synth: a token in the form that Terraform resolves within text. */
function inText<T>(value: T | undefined, encode: (token: unknown) => T): T | undefined {
  return value === undefined || isKnown(value) ? value : encode(value);
}

/** What the options must look like. */
export const CHAINING_OPTIONS: CheckTable<ChainingOptions> = {
  conflist: decided(oneOf(["detect", "static"])),
  chainingTarget: text({
    matches: /\S/,
    rule: "names no CNI network, so Cilium would not be chained at all",
    remedy: "name the network, or leave it out for the first valid configuration",
  }),
  mtu: wholeNumber({ from: 1300, to: 8896, remedy: "use the network's own MTU" }),
  calicoKubeconfig: text({ matches: /^\//, rule: "is not an absolute path on the node", remedy: "begin it with /" }),
  enforceNetworkPolicies: flag(),
};

/** What is wrong between the options. */
export function chainingProblems(options: ChainingOptions): Problem[] {
  if (options.conflist !== undefined && !isKnown(options.conflist)) return [];
  const isStatic = options.conflist === "static";
  const problems: Problem[] = [];
  for (const property of isStatic ? (["chainingTarget"] as const) : (["mtu", "calicoKubeconfig"] as const)) {
    const value = options[property];
    if (value === undefined || wasWrong(value)) continue;
    problems.push({
      property,
      value,
      rule: isStatic
        ? "has no effect with a static CNI configuration"
        : "has no effect where the agent extends the configuration it finds on the node",
      remedy: `leave it out, or set conflist to ${isStatic ? "detect" : "static"}`,
    });
  }
  return problems;
}
