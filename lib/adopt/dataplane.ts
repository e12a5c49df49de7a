import { lookUp } from "../facts/look-up";
import { type HelmValue, type HelmValues, isValuesMap, valueAt } from "../helm";
import { type DataplaneDraft, given, unless } from "./draft";
import type { LiveCluster } from "./google";
import type { LiveRelease } from "./helm-release";

const TAINT_KEY = "agentNotReadyTaintKey";
const DEFAULT_TAINT_KEY = "node.cilium.io/agent-not-ready";

/**
 * Which dataplane a cluster runs.
 *
 * @param wanted What it is to get where it runs none.
 * @throws Error where it runs none that this library has.
 */
export function dataplaneOf(
  cluster: LiveCluster,
  release: LiveRelease | undefined,
  wanted?: DataplaneDraft["kind"],
): DataplaneDraft {
  if (cluster.networkConfig?.datapathProvider === "ADVANCED_DATAPATH") return managed(cluster);
  if (release === undefined) {
    if (wanted !== undefined) return { kind: wanted, options: {}, values: {} };
    throw new Error(
      `cluster ${cluster.name} runs neither Dataplane V2 nor a release of Cilium's chart in kube-system, so that there is no dataplane to adopt; say with --dataplane which one it is to get`,
    );
  }
  const { values, chartVersion } = release;
  const chained = valueAt(values, "cni.chainingMode");
  const replaces = valueAt(values, "kubeProxyReplacement");
  const taintKey = valueAt(values, TAINT_KEY);
  const startupTaintKey = typeof taintKey === "string" ? taintKey : DEFAULT_TAINT_KEY;
  const common = { version: chartVersion, values: without(values, [TAINT_KEY, "k8sServiceHost", "k8sServicePort"]) };
  if (chained !== undefined && chained !== "none")
    return { kind: "cniChaining", ...common, options: { startupTaintKey } };
  if (String(replaces) !== "true" && replaces !== "strict")
    throw new Error(
      `the release of Cilium in cluster ${cluster.name} neither chains (cni.chainingMode) nor replaces kube-proxy (kubeProxyReplacement is ${replaces === undefined ? "not set" : String(replaces)}): this library has no dataplane like that; switch kubeProxyReplacement on first`,
    );
  return {
    kind: "kubeProxyFree",
    ...common,
    options: given({
      startupTaintKey,
      // Whoever wants kube-proxy removed says so once everything else is adopted.
      kubeProxy: "coexist",
      nodeInit: nodeInitOf(values),
      k8sServiceHost: hostOf(valueAt(values, "k8sServiceHost"), cluster),
    }),
  };
}

function managed({ networkConfig = {}, monitoringConfig }: LiveCluster): DataplaneDraft {
  const flows = monitoringConfig?.advancedDatapathObservabilityConfig;
  const encryption = networkConfig.inTransitEncryptionConfig;
  return {
    kind: "v2",
    values: {},
    options: given({
      flowMetrics: unless(flows?.enableMetrics ?? false, true),
      flowRelay: flows?.enableRelay || flows?.relayMode === "INTERNAL_VPC_LB" ? true : undefined,
      fqdnNetworkPolicy: networkConfig.enableFqdnNetworkPolicy ? true : undefined,
      clusterwideNetworkPolicy: networkConfig.enableCiliumClusterwideNetworkPolicy ? true : undefined,
      multiNetworking: networkConfig.enableMultiNetworking ? true : undefined,
      inTransitEncryption: encryption === "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT" ? true : undefined,
    }),
  };
}

/** The address of the API server that agents were given, unless it is the one that they would be given anyway. */
function hostOf(given: HelmValue | undefined, { privateClusterConfig }: LiveCluster): string | undefined {
  if (typeof given !== "string") return undefined;
  return given === (privateClusterConfig?.privateEndpoint || privateClusterConfig?.publicEndpoint) ? undefined : given;
}

/** How nodes are made ready, in the words of the option that decides it. */
function nodeInitOf(values: HelmValues): string {
  if (valueAt(values, "nodeinit.enabled") !== true) return "off";
  return valueAt(values, "nodeinit.reconfigureKubelet") === true ? "reconfigure-kubelet" : "host-prep";
}

/** Values without what stands at some paths. */
export function without(values: HelmValues, paths: readonly string[]): HelmValues {
  return paths.reduce<HelmValues>((left, path) => removed(left, path.split(".")), values);
}

function removed(values: HelmValues, [key, ...rest]: readonly string[]): HelmValues {
  if (key === undefined || !Object.hasOwn(values, key)) return values;
  const below = values[key];
  if (rest.length > 0) {
    if (!isValuesMap(below)) return values;
    const left = removed(below, rest);
    if (Object.keys(left).length > 0) return { ...values, [key]: left };
  }
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}

/** Every path of values that holds something other than a map with something in it. */
export function leavesOf(values: HelmValues, prefix = ""): [path: string, value: HelmValue][] {
  return Object.entries(values).flatMap(([key, value]): [string, HelmValue][] => {
    if (value === undefined) return [];
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return isValuesMap(value) && Object.keys(value).length > 0 && !key.includes(".")
      ? leavesOf(value, path)
      : [[path, value]];
  });
}

/** Values with something else at a path. */
export function withValue(values: HelmValues, path: string, value: HelmValue): HelmValues {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...values, [key]: value };
  const below = lookUp(values, key);
  return { ...values, [key]: withValue(isValuesMap(below) ? below : {}, rest.join("."), value) };
}
