import type {
  ContainerClusterClusterAutoscaling,
  ContainerClusterConfig,
} from "@cdktf/provider-google/lib/container-cluster";
import { MACHINE_SERIES } from "../../facts/machines";
import {
  type CheckTable,
  decided,
  isKnown,
  listOf,
  nested,
  oneOf,
  type Problem,
  required,
  wholeNumber,
} from "../../validation";
import { acceleratorType } from "../checks";
import { zones } from "../location";
import type { EffectiveCluster } from "./effective";
import type { GkeClusterOptions } from "./options";

/** How much of an accelerator auto-provisioned nodes may have together. */
export interface AcceleratorLimit {
  /** Kind of accelerator: `nvidia-l4`. */
  readonly type: string;

  /** Most of them. */
  readonly max: number;
}

/** Node auto-provisioning: GKE makes and removes node pools as pods need them. */
export interface AutoProvisioning {
  /** Most vCPUs of the whole cluster, node pools of yours included. No default: it caps the bill. */
  readonly maxCpu: number;

  /** Most memory of the whole cluster in GB, node pools of yours included. No default: it caps the bill. */
  readonly maxMemoryGb: number;

  /**
   * Fewest vCPUs of the whole cluster.
   *
   * @default - none
   */
  readonly minCpu?: number;

  /**
   * Least memory of the whole cluster in GB.
   *
   * @default - none
   */
  readonly minMemoryGb?: number;

  /**
   * Accelerators that may be used.
   *
   * @default - none
   */
  readonly accelerators?: readonly AcceleratorLimit[];

  /**
   * Zones of the nodes. More than one, or a zone's outage takes them all.
   *
   * @default - those of the cluster
   */
  readonly zones?: readonly string[];

  /**
   * Kind of the nodes' boot disks.
   *
   * @default "pd-balanced"
   */
  readonly diskType?: "pd-standard" | "pd-balanced" | "pd-ssd";

  /**
   * Size of the nodes' boot disks in GB.
   *
   * @default 100
   */
  readonly diskSizeGb?: number;
}

/** How nodes come and go. */
export interface ScalingOptions {
  /**
   * Node auto-provisioning. Nodes made by it carry no startup taint, as the API has no field for one.
   *
   * @default - off
   */
  readonly autoProvisioning?: AutoProvisioning;

  /**
   * How eagerly the autoscaler removes nodes.
   *
   * @default "BALANCED"
   */
  readonly autoscalingProfile?: "BALANCED" | "OPTIMIZE_UTILIZATION";
}

const DEFAULT_DISK_TYPE = "pd-balanced";
const DEFAULT_DISK_GB = 100;
const MIN_DISK_GB = 10;
/** With a dedicated account its roles are the limit, and Google advises against limiting by scopes besides. */
export const CLOUD_PLATFORM_SCOPE = "https://www.googleapis.com/auth/cloud-platform";

const atLeast = (from: number) => wholeNumber({ from, remedy: "give a larger one" });

/** The checks of these options, each by itself. */
export const SCALING: CheckTable<ScalingOptions> = {
  autoProvisioning: decided(
    nested<AutoProvisioning>({
      maxCpu: required(atLeast(1), "give the most vCPUs of the whole cluster: it caps the bill"),
      maxMemoryGb: required(atLeast(1), "give the most memory of the whole cluster in GB: it caps the bill"),
      minCpu: atLeast(0),
      minMemoryGb: atLeast(0),
      accelerators: listOf(
        nested<AcceleratorLimit>({
          type: required(acceleratorType, "name it, such as nvidia-l4"),
          max: required(atLeast(1), "give the most of them"),
        }),
      ),
      zones,
      diskType: oneOf(["pd-standard", "pd-balanced", "pd-ssd"]),
      diskSizeGb: atLeast(MIN_DISK_GB),
    }),
  ),
  autoscalingProfile: oneOf(["BALANCED", "OPTIMIZE_UTILIZATION"]),
};

/** Options to the cluster's attributes. */
export function scalingConfig(
  options: EffectiveCluster,
  nodes: {
    readonly serviceAccount: string;
    readonly bootDiskKmsKey?: string;
    readonly nodeTags: readonly string[];
  },
): Pick<ContainerClusterConfig, "clusterAutoscaling" | "nodePoolAutoConfig" | "nodePoolDefaults"> {
  const { autoProvisioning, autopilot } = options;
  const isAutomatic = autopilot || autoProvisioning !== undefined;
  return {
    clusterAutoscaling: autopilot
      ? {
          autoProvisioningDefaults: {
            serviceAccount: nodes.serviceAccount,
            oauthScopes: [CLOUD_PLATFORM_SCOPE],
            bootDiskKmsKey: nodes.bootDiskKmsKey,
          },
        }
      : {
          enabled: autoProvisioning !== undefined,
          autoscalingProfile: options.autoscalingProfile,
          ...(autoProvisioning && autoProvisioningConfig(autoProvisioning, nodes)),
        },
    // The API takes these two only where it makes nodes itself, and where it does not, respectively.
    nodePoolAutoConfig: isAutomatic
      ? {
          networkTags: { tags: [...nodes.nodeTags] },
          nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
        }
      : undefined,
    nodePoolDefaults: autopilot ? undefined : { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
  };
}

function autoProvisioningConfig(
  limits: AutoProvisioning,
  nodes: { readonly serviceAccount: string; readonly bootDiskKmsKey?: string },
): ContainerClusterClusterAutoscaling {
  return {
    resourceLimits: [
      { resourceType: "cpu", minimum: limits.minCpu, maximum: limits.maxCpu },
      { resourceType: "memory", minimum: limits.minMemoryGb, maximum: limits.maxMemoryGb },
      ...(limits.accelerators ?? []).map(({ type, max }) => ({ resourceType: type, maximum: max })),
    ],
    autoProvisioningLocations: limits.zones && [...limits.zones],
    autoProvisioningDefaults: {
      serviceAccount: nodes.serviceAccount,
      oauthScopes: [CLOUD_PLATFORM_SCOPE],
      imageType: "COS_CONTAINERD",
      diskType: limits.diskType ?? DEFAULT_DISK_TYPE,
      diskSize: limits.diskSizeGb ?? DEFAULT_DISK_GB,
      bootDiskKmsKey: nodes.bootDiskKmsKey,
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
    },
  };
}

/** What is wrong with the limits beside each other. */
export function scalingProblems({ autoProvisioning: limits, confidentialNodes }: EffectiveCluster): Problem[] {
  if (limits === undefined || !isKnown(limits)) return [];
  const problems: Problem[] = [];
  for (const [least, most] of [
    ["minCpu", "maxCpu"],
    ["minMemoryGb", "maxMemoryGb"],
  ] as const) {
    const low = limits[least];
    const high = limits[most];
    if (!isKnown(low) || !isKnown(high) || low <= high) continue;
    problems.push({
      property: `autoProvisioning.${least}`,
      value: low,
      rule: `exceeds '${most}' (${high})`,
      remedy: `lower it or raise ${most}`,
    });
  }
  return [...problems, ...diskProblems(limits.diskType, confidentialNodes)];
}

/** Auto-provisioned machines are of whatever series can be confidential: their boot disks must be on one that these have. */
function diskProblems(diskType: string | undefined, kind: GkeClusterOptions["confidentialNodes"]): Problem[] {
  if (!isKnown(diskType) || !isKnown(kind)) return [];
  const able = Object.entries(MACHINE_SERIES).filter(([, { confidential = [] }]) =>
    confidential.some((offer) => offer.kind === kind),
  );
  const disks = new Set(able.flatMap(([, { bootDisks }]) => bootDisks));
  if (disks.has(diskType)) return [];
  return [
    {
      property: "autoProvisioning.diskType",
      value: diskType,
      rule: `is no boot disk of any machine with confidentialNodes (${kind})`,
      remedy: `choose ${[...disks].filter((disk) => disk.startsWith("pd-")).join(" or ")}`,
    },
  ];
}
