import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { isKnown, type Problem } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";

/** Drivers of volumes that GKE installs and upgrades. */
export type CsiDriver = "gce-pd" | "filestore" | "gcs-fuse" | "parallelstore" | "lustre";

/** What GKE installs into the cluster. */
export interface FeatureOptions {
  /**
   * GKE's Gateway API controller (`CHANNEL_STANDARD`). Off where Cilium is the controller: two would fight over the
   * same CRDs.
   *
   * @default - true with Dataplane V2, else false
   */
  readonly gatewayApi?: boolean;

  /**
   * The vertical pod autoscaler.
   *
   * @default true
   */
  readonly verticalPodAutoscaling?: boolean;

  /**
   * NodeLocal DNSCache: a DNS cache on every node. Where Cilium replaces kube-proxy it stays unused unless a
   * `CiliumLocalRedirectPolicy` sends DNS to it.
   *
   * @default true
   */
  readonly nodeLocalDns?: boolean;

  /**
   * Drivers of volumes. Autopilot installs its own.
   *
   * @default ["gce-pd"]
   */
  readonly csiDrivers?: readonly CsiDriver[];

  /**
   * GKE's HTTP(S) load-balancing controller, for Ingress, Gateway and container-native load balancing.
   *
   * @default true
   */
  readonly httpLoadBalancing?: boolean;

  /**
   * Container-native internal load balancers with backends on a part of the nodes only. Turning it off again replaces
   * the cluster.
   *
   * @default true
   */
  readonly ilbSubsetting?: boolean;

  /**
   * The agent of Backup for GKE. What is backed up and when says a backup plan (`google_gke_backup_backup_plan`).
   *
   * @default false
   */
  readonly backupAgent?: boolean;

  /**
   * Project of the fleet that the cluster joins.
   *
   * @default - no fleet
   */
  readonly fleetProject?: string;
}

const DEFAULT_CSI_DRIVERS: readonly CsiDriver[] = ["gce-pd"];

/** Options to the cluster's attributes. */
export function featureConfig(
  options: FeatureOptions,
  datapath: ClusterDatapath,
  autopilot: boolean,
): Partial<ContainerClusterConfig> {
  const drivers = options.csiDrivers ?? DEFAULT_CSI_DRIVERS;
  const isDataplaneV2 = datapath.provider === "ADVANCED_DATAPATH";
  return {
    addonsConfig: {
      httpLoadBalancing: { disabled: !(options.httpLoadBalancing ?? true) },
      horizontalPodAutoscaling: { disabled: false },
      gkeBackupAgentConfig: { enabled: options.backupAgent ?? false },
      // Autopilot brings the rest, and the provider refuses most of it beside enable_autopilot.
      ...(autopilot
        ? {}
        : {
            networkPolicyConfig: calicoAddon(datapath),
            dnsCacheConfig: { enabled: options.nodeLocalDns ?? true },
            gcePersistentDiskCsiDriverConfig: { enabled: drivers.includes("gce-pd") },
            gcpFilestoreCsiDriverConfig: { enabled: drivers.includes("filestore") },
            gcsFuseCsiDriverConfig: { enabled: drivers.includes("gcs-fuse") },
            // Named only on request: not every region knows them.
            parallelstoreCsiDriverConfig: drivers.includes("parallelstore") ? { enabled: true } : undefined,
            lustreCsiDriverConfig: drivers.includes("lustre") ? { enabled: true } : undefined,
          }),
    },
    gatewayApiConfig: {
      channel: (options.gatewayApi ?? isDataplaneV2) ? "CHANNEL_STANDARD" : "CHANNEL_DISABLED",
    },
    verticalPodAutoscaling: { enabled: options.verticalPodAutoscaling ?? true },
    enableL4IlbSubsetting: options.ilbSubsetting ?? true,
    fleet: options.fleetProject === undefined ? undefined : { project: options.fleetProject },
  };
}

/**
 * Calico's add-on. Off by GKE's own default, so where Calico was never asked for nothing has to be said. Where it was,
 * its enforcement must leave the nodes before the add-on may go, and the provider would switch off the add-on first; an
 * add-on without enforcement runs on no node.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#disabling_network_policy_enforcement
 */
function calicoAddon(datapath: ClusterDatapath): { disabled: boolean } | undefined {
  if (datapath.calicoNetworkPolicy) return { disabled: false };
  return datapath.provider === "ADVANCED_DATAPATH" ? { disabled: true } : undefined;
}

/** What is wrong with them. */
export function featureProblems(options: FeatureOptions): Problem[] {
  const problems: Problem[] = [];
  const { csiDrivers, gatewayApi, httpLoadBalancing } = options;
  if (isKnown(csiDrivers) && new Set(csiDrivers).size !== csiDrivers.length) {
    problems.push({
      property: "csiDrivers",
      value: csiDrivers,
      rule: "names a driver twice",
      remedy: "remove one of the two",
    });
  }
  if (gatewayApi === true && httpLoadBalancing === false) {
    problems.push({
      property: "gatewayApi",
      value: true,
      rule: "needs GKE's load-balancing controller",
      remedy: "leave httpLoadBalancing on",
    });
  }
  return problems;
}
