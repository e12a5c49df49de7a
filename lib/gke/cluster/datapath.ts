import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import type { Problem } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";

/** What a dataplane asks of the cluster, as the cluster's attributes. */
export function datapathConfig(datapath: ClusterDatapath, autopilot: boolean): Partial<ContainerClusterConfig> {
  const isDataplaneV2 = datapath.provider === "ADVANCED_DATAPATH";
  return {
    datapathProvider: datapath.provider,
    // With Autopilot the provider refuses the block; otherwise "off" is said, so that Calico can be turned off again.
    networkPolicy: autopilot
      ? undefined
      : datapath.calicoNetworkPolicy
        ? { enabled: true, provider: "CALICO" }
        : { enabled: false },
    defaultSnatStatus: { disabled: datapath.disableDefaultSnat },
    enableFqdnNetworkPolicy: isDataplaneV2 ? (datapath.fqdnNetworkPolicy ?? false) : undefined,
    enableCiliumClusterwideNetworkPolicy: isDataplaneV2 ? (datapath.clusterwideNetworkPolicy ?? false) : undefined,
    // Said only when asked for: the API answers nothing for a cluster that never had it.
    inTransitEncryptionConfig:
      isDataplaneV2 && datapath.inTransitEncryption !== undefined
        ? `IN_TRANSIT_ENCRYPTION_${datapath.inTransitEncryption ? "INTER_NODE_TRANSPARENT" : "DISABLED"}`
        : undefined,
    enableMultiNetworking: isDataplaneV2 ? (datapath.multiNetworking ?? false) : undefined,
  };
}

/** What is wrong with a datapath. Dataplanes make none like that; a construct used by itself can be given one. */
export function datapathProblems(datapath: ClusterDatapath): Problem[] {
  const problems: Problem[] = [];
  if (datapath.provider === "ADVANCED_DATAPATH" && datapath.calicoNetworkPolicy) {
    problems.push({
      property: "datapath.calicoNetworkPolicy",
      value: true,
      rule: "cannot be combined with Dataplane V2, which enforces network policies itself",
      remedy: "switch it off",
    });
  }
  if (datapath.provider === "LEGACY_DATAPATH") {
    for (const property of [
      "flowMetrics",
      "flowRelay",
      "fqdnNetworkPolicy",
      "clusterwideNetworkPolicy",
      "inTransitEncryption",
      "multiNetworking",
    ] as const) {
      if (datapath[property] !== true) continue;
      problems.push({
        property: `datapath.${property}`,
        value: true,
        rule: "needs Dataplane V2",
        remedy: "leave it out, or choose ADVANCED_DATAPATH",
      });
    }
  }
  return problems;
}
