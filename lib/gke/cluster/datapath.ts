import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { type Check, type CheckTable, flag, nested, required, variantOf } from "../../validation";
import type { AdvancedDatapath, ClusterDatapath, DatapathAnswers, LegacyDatapath } from "../cluster-datapath";

const TAKE_ONE = "take the datapath of a dataplane, such as Dataplane.v2().clusterDatapath";

const ANSWERS: CheckTable<DatapathAnswers> = {
  managed: required(flag(), TAKE_ONE),
  disableDefaultSnat: required(flag(), TAKE_ONE),
  defaults: required(
    nested<DatapathAnswers["defaults"]>({
      gatewayApi: required(flag(), TAKE_ONE),
      intranodeVisibility: required(flag(), TAKE_ONE),
      nodeLocalDns: required(flag(), TAKE_ONE),
    }),
    TAKE_ONE,
  ),
};
const LEGACY: CheckTable<Omit<LegacyDatapath, "provider">> = {
  ...ANSWERS,
  calicoNetworkPolicy: required(flag(), TAKE_ONE),
};
const ADVANCED: CheckTable<Omit<AdvancedDatapath, "provider">> = {
  ...ANSWERS,
  flowMetrics: flag(),
  flowRelay: flag(),
  fqdnNetworkPolicy: flag(),
  clusterwideNetworkPolicy: flag(),
  inTransitEncryption: flag(),
  multiNetworking: flag(),
};

/** The check of a datapath. Dataplanes make none that is wrong; a construct used by itself can be given one. */
export const CLUSTER_DATAPATH: Check = required(
  variantOf("provider", { LEGACY_DATAPATH: LEGACY, ADVANCED_DATAPATH: ADVANCED }),
  TAKE_ONE,
);

/** What a dataplane asks of the cluster, as the cluster's attributes. */
export function datapathConfig(
  datapath: ClusterDatapath,
  { autopilot, disableDefaultSnat }: { readonly autopilot: boolean; readonly disableDefaultSnat: boolean },
): Partial<ContainerClusterConfig> {
  const common = { datapathProvider: datapath.provider, defaultSnatStatus: { disabled: disableDefaultSnat } };
  if (datapath.provider === "LEGACY_DATAPATH")
    // Off is said, too, so that Calico can be turned off again.
    return {
      ...common,
      networkPolicy: datapath.calicoNetworkPolicy ? { enabled: true, provider: "CALICO" } : { enabled: false },
    };
  return {
    ...common,
    // With Autopilot the provider refuses the block.
    networkPolicy: autopilot ? undefined : { enabled: false },
    enableFqdnNetworkPolicy: datapath.fqdnNetworkPolicy ?? false,
    enableCiliumClusterwideNetworkPolicy: datapath.clusterwideNetworkPolicy ?? false,
    // Said only when asked for: the API answers nothing for a cluster that never had it.
    inTransitEncryptionConfig:
      datapath.inTransitEncryption === undefined
        ? undefined
        : `IN_TRANSIT_ENCRYPTION_${datapath.inTransitEncryption ? "INTER_NODE_TRANSPARENT" : "DISABLED"}`,
    enableMultiNetworking: datapath.multiNetworking ?? false,
  };
}

/** What Dataplane V2 shows of flows; nothing where another datapath runs, which has no such setting. */
export function flowObservability(datapath: ClusterDatapath) {
  return datapath.provider === "ADVANCED_DATAPATH"
    ? { enableMetrics: datapath.flowMetrics ?? false, enableRelay: datapath.flowRelay ?? false }
    : undefined;
}

/**
 * Calico's add-on. Off by GKE's own default, so where Calico was never asked for nothing has to be said. Where it was,
 * its enforcement must leave the nodes before the add-on may go, and the provider would switch off the add-on first; an
 * add-on without enforcement runs on no node.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#disabling_network_policy_enforcement
 */
export function calicoAddon(datapath: ClusterDatapath): { disabled: boolean } | undefined {
  if (datapath.provider === "ADVANCED_DATAPATH") return { disabled: true };
  return datapath.calicoNetworkPolicy ? { disabled: false } : undefined;
}
