import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { type CheckTable, decided, flag, listOf, nested, oneOf, type Problem } from "../../validation";
import { projectReference } from "../checks";
import type { ClusterDatapath } from "../cluster-datapath";
import { either, negated } from "../tokens";
import { calicoAddon } from "./datapath";
import { CLUSTER_DNS, type ClusterDns, dnsConfig } from "./dns";
import type { EffectiveCluster } from "./effective";

/** Drivers of volumes that GKE installs and upgrades. */
export type CsiDriver = "gce-pd" | "filestore" | "gcs-fuse" | "parallelstore" | "lustre";

/** What GKE installs into the cluster. */
export interface FeatureOptions {
  /**
   * GKE's Gateway API controller (`CHANNEL_STANDARD`). Off where Cilium is the controller: two would fight over the
   * same CRDs.
   *
   * @default - what the dataplane is made for: true with Dataplane V2, else false
   */
  readonly gatewayApi?: boolean;

  /**
   * The vertical pod autoscaler.
   *
   * @default true
   */
  readonly verticalPodAutoscaling?: boolean;

  /**
   * NodeLocal DNSCache: a DNS cache on every node. Turning it on or off makes GKE replace the nodes, in the next
   * maintenance window.
   *
   * @default - where pods' queries reach it: with Dataplane V2 and behind Calico. Where Cilium replaces kube-proxy they
   * never do: it translates the address of the DNS Service before the cache's rules are reached, and a
   * `CiliumLocalRedirectPolicy` cannot select the cache, which runs in the host's network.
   * @see https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/
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
   * What answers DNS. Changed in place; nodes take it over when they are made anew.
   *
   * @default - GKE's own: kube-dns, and Cloud DNS with Autopilot
   */
  readonly dns?: ClusterDns;

  /**
   * Config Connector: resources of Google Cloud as objects in the cluster. Which account it acts as says a
   * `ConfigConnector` object.
   *
   * @default false
   */
  readonly configConnector?: boolean;

  /**
   * Project of the fleet that the cluster joins.
   *
   * @default - no fleet
   */
  readonly fleetProject?: string;
}

/** The checks of these options, each by itself. */
export const FEATURES: CheckTable<FeatureOptions> = {
  gatewayApi: flag(),
  verticalPodAutoscaling: flag(),
  nodeLocalDns: flag(),
  csiDrivers: decided(listOf(decided(oneOf(["gce-pd", "filestore", "gcs-fuse", "parallelstore", "lustre"])))),
  httpLoadBalancing: flag(),
  ilbSubsetting: flag(),
  backupAgent: flag(),
  dns: decided(nested(CLUSTER_DNS)),
  configConnector: flag(),
  fleetProject: projectReference,
};

/** Options to the cluster's attributes. */
export function featureConfig(options: EffectiveCluster, datapath: ClusterDatapath): Partial<ContainerClusterConfig> {
  const { csiDrivers: drivers, autopilot } = options;
  return {
    addonsConfig: {
      httpLoadBalancing: { disabled: negated(options.httpLoadBalancing) },
      horizontalPodAutoscaling: { disabled: false },
      gkeBackupAgentConfig: { enabled: options.backupAgent },
      // Named only on request, so that nothing changes for clusters that never had it.
      configConnectorConfig: options.configConnector === undefined ? undefined : { enabled: options.configConnector },
      // Autopilot brings the rest, and the provider refuses most of it beside enable_autopilot.
      ...(autopilot
        ? {}
        : {
            networkPolicyConfig: calicoAddon(datapath),
            dnsCacheConfig: { enabled: options.nodeLocalDns },
            gcePersistentDiskCsiDriverConfig: { enabled: drivers.includes("gce-pd") },
            gcpFilestoreCsiDriverConfig: { enabled: drivers.includes("filestore") },
            gcsFuseCsiDriverConfig: { enabled: drivers.includes("gcs-fuse") },
            // Named only on request: not every region knows them.
            parallelstoreCsiDriverConfig: drivers.includes("parallelstore") ? { enabled: true } : undefined,
            lustreCsiDriverConfig: drivers.includes("lustre") ? { enabled: true } : undefined,
          }),
    },
    ...dnsConfig(options),
    gatewayApiConfig: { channel: either(options.gatewayApi, "CHANNEL_STANDARD", "CHANNEL_DISABLED") },
    verticalPodAutoscaling: { enabled: options.verticalPodAutoscaling },
    enableL4IlbSubsetting: options.ilbSubsetting,
    fleet: options.fleetProject === undefined ? undefined : { project: options.fleetProject },
  };
}

/** What is wrong with them. */
export function featureProblems({ gatewayApi, httpLoadBalancing, autopilot }: EffectiveCluster): Problem[] {
  // Autopilot has its own rule of what cannot be switched off.
  if (gatewayApi !== true || httpLoadBalancing !== false || autopilot) return [];
  return [
    {
      property: "gatewayApi",
      value: true,
      rule: "needs GKE's load-balancing controller",
      remedy: "leave httpLoadBalancing on, or set gatewayApi to false",
    },
  ];
}

/** What works, but deserves a sentence. */
export function featureWarnings({ nodeLocalDns, autopilot }: EffectiveCluster, datapath: ClusterDatapath): Problem[] {
  if (nodeLocalDns !== true || autopilot || datapath.defaults.nodeLocalDns) return [];
  return [
    {
      property: "nodeLocalDns",
      value: true,
      rule: "is not reached by pods where Cilium answers Services: it takes memory on every node and caches nothing",
      remedy: "leave it out",
    },
  ];
}
