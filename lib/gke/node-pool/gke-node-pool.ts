import {
  ContainerNodePool,
  type ContainerNodePoolConfig,
  type ContainerNodePoolNodeConfig,
} from "@cdktf/provider-google/lib/container-node-pool";
import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { addWarnings, assertSound, examine, isJudged, isKnown } from "../../validation";
import { CLOUD_PLATFORM_SCOPE } from "../cluster/auto-provisioning";
import type { NodeTaint } from "../node-taint";
import { joined, withLabels } from "../tokens";
import { attachmentNetworkConfig, attachmentNodeConfig } from "./attachments";
import type { NodePoolContext } from "./context";
import { type EffectiveNodePool, effectiveNodePool } from "./effective";
import { poolName, type ReplacingInputs, replacingInputs } from "./name";
import type { GkeNodePoolOptions, GkeNodePoolProps } from "./options";
import { gkeNodePoolProblems, gkeNodePoolWarnings } from "./problems";
import { procurementNodeConfig, procurementPoolConfig } from "./procurement";
import { sizeConfig } from "./size";
import { systemConfig } from "./system";
import { GKE_NODE_POOL_PROPS } from "./table";
import { POOL_LABEL } from "./taints";
import { upgradeConfig } from "./upgrade";

/** Every node is drained and may take an hour for it, so an upgrade of a large pool takes hours. */
const TIMEOUTS = { create: "60m", update: "240m", delete: "120m" };

/**
 * A node pool: nodes of one kind, autoscaled, upgraded a few at a time.
 *
 * Changes that GKE cannot make in place replace it smoothly: the pool's name ends in a hash of what cannot be changed,
 * so a new pool stands before the old one is drained.
 */
export class GkeNodePool extends Construct {
  /** The resource itself, for what the options lack. Overrides that force replacement need `generation` besides. */
  public readonly nodePool: ContainerNodePool;

  /** Name in GKE: what the author calls it, a hyphen and six characters. */
  public readonly name: string;
  public readonly machineType: string;
  public readonly diskType: string;
  public readonly maxPodsPerNode: number;
  /** Taints of the nodes, those of the dataplane first. */
  public readonly taints: readonly NodeTaint[];
  /** Everything about it, defaults filled in. */
  public readonly effective: EffectiveNodePool;

  /** @throws ConfigurationError with every problem of the props. */
  public constructor(scope: Construct, id: string, props: GkeNodePoolProps) {
    super(scope, id);
    assertSound(this.node.path, props, () => propsProblems(props));
    const { cluster } = props;
    const facts = factsOf(props);
    if (!isJudged(props)) addWarnings(this, this.node.path, gkeNodePoolWarnings(facts));

    this.effective = effectiveNodePool(facts);
    this.machineType = this.effective.machineType;
    this.diskType = this.effective.diskType;
    this.maxPodsPerNode = this.effective.maxPodsPerNode;
    this.taints = this.effective.allTaints;

    const replaced = {
      maxPodsPerNode: this.maxPodsPerNode,
      networkConfig: {
        enablePrivateNodes: cluster.privateNodes,
        podRange: props.podRange,
        ...attachmentNetworkConfig(props),
      },
      ...procurementPoolConfig(props),
      nodeConfig: this.nodeConfig(props),
    };
    const ownName = poolName(
      props.name,
      this.withoutTokens(replacingInputs(replaced, props.generation, props.startupTaints)),
    );
    this.name = ownName === `${props.name}-${props.adoptedAs?.hash}` ? (props.adoptedAs?.name ?? ownName) : ownName;
    this.nodePool = new ContainerNodePool(this, "Default", { ...this.poolConfig(props), ...replaced, name: this.name });
  }

  private poolConfig(props: GkeNodePoolProps): Omit<ContainerNodePoolConfig, "nodeConfig" | "networkConfig"> {
    const { cluster } = props;
    return {
      cluster: cluster.clusterName,
      project: cluster.project,
      location: cluster.location,
      nodeLocations: props.zones && [...props.zones],
      ...sizeConfig(this.effective),
      upgradeSettings: upgradeConfig(props),
      management: { autoRepair: this.effective.autoRepair, autoUpgrade: this.effective.autoUpgrade },
      timeouts: TIMEOUTS,
      lifecycle: {
        createBeforeDestroy: true,
        // GKE writes every resize into it, the autoscaler's and a manual one, and a change would replace the pool.
        ignoreChanges: ["initial_node_count"],
      },
    };
  }

  private nodeConfig(props: GkeNodePoolProps): ContainerNodePoolNodeConfig {
    const { cluster } = props;
    const { effective } = this;
    return {
      machineType: this.machineType,
      minCpuPlatform: props.minCpuPlatform,
      imageType: effective.imageType,
      diskType: this.diskType,
      diskSizeGb: effective.diskSizeGb,
      bootDiskKmsKey: props.bootDiskKmsKey ?? cluster.bootDiskKmsKey,
      ephemeralStorageLocalSsdConfig:
        props.localSsdCount === undefined ? undefined : { localSsdCount: props.localSsdCount },
      spot: effective.spot,
      serviceAccount: props.serviceAccount ?? cluster.nodeServiceAccount,
      oauthScopes: [CLOUD_PLATFORM_SCOPE],
      labels: withLabels({ [POOL_LABEL]: props.name, ...props.ownLabels }, props.labels),
      taint: this.taints.length > 0 ? this.taints.map(({ key, value, effect }) => ({ key, value, effect })) : undefined,
      tags: joined(cluster.nodeTags, props.networkTags),
      resourceLabels: props.resourceLabels,
      metadata: { "disable-legacy-endpoints": "true" },
      shieldedInstanceConfig: {
        enableSecureBoot: effective.secureBoot,
        enableIntegrityMonitoring: effective.integrityMonitoring,
      },
      // Pods get the account of their own by Workload Identity, never the node's.
      workloadMetadataConfig: { mode: "GKE_METADATA" },
      ...systemConfig(props),
      ...procurementNodeConfig(props),
      ...attachmentNodeConfig(props),
      confidentialNodes: props.confidentialNodes && {
        enabled: true,
        confidentialInstanceType: props.confidentialNodes,
      },
      gcfsConfig: props.imageStreaming === undefined ? undefined : { enabled: props.imageStreaming },
      guestAccelerator: props.accelerators?.map((accelerator) => ({
        type: accelerator.type,
        count: accelerator.count,
        gpuPartitionSize: accelerator.partitionSize,
        gpuDriverInstallationConfig: { gpuDriverVersion: accelerator.driverVersion ?? "DEFAULT" },
        gpuSharingConfig:
          accelerator.sharing === undefined || accelerator.maxClients === undefined
            ? undefined
            : { gpuSharingStrategy: accelerator.sharing, maxSharedClientsPerGpu: accelerator.maxClients },
      })),
    };
  }

  /**
   * References as Terraform reads them. The numbers inside cdktf's tokens depend on what was made before, so a hash of
   * them would be another one whenever anything is added to the stack.
   */
  private withoutTokens(inputs: ReplacingInputs): ReplacingInputs {
    return Tokenization.resolve(inputs, {
      scope: this,
      resolver: new DefaultTokenResolver(new StringConcat()),
      preparing: false,
    }) as ReplacingInputs;
  }
}

/** Options with what the cluster adds to them. */
function factsOf({ cluster, ownLabels: _, ...props }: GkeNodePoolProps): GkeNodePoolOptions & NodePoolContext {
  return {
    ...props,
    location: cluster.location,
    zoneCount: cluster.zoneCount,
    autopilot: cluster.autopilot,
    releaseChannel: cluster.releaseChannel,
    podRangeNames: cluster.podRangeNames,
    clusterMaxPodsPerNode: cluster.maxPodsPerNode,
    clusterConfidentialNodes: cluster.effective?.confidentialNodes,
    multiNetworking: cluster.multiNetworking,
  };
}

/** What is wrong with the props; of their surroundings only where there is a cluster. */
function propsProblems(props: GkeNodePoolProps) {
  const { problems, options } = examine<GkeNodePoolProps>(props, GKE_NODE_POOL_PROPS);
  // What was wrong by itself is unknown in `options`, so nothing is told twice.
  return isKnown(options.cluster) ? [...problems, ...gkeNodePoolProblems(factsOf(options))] : problems;
}
