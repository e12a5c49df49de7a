import type {
  ContainerNodePoolConfig,
  ContainerNodePoolNetworkConfig,
  ContainerNodePoolNodeConfig,
} from "@cdktf/provider-google/lib/container-node-pool";
import { shortHash } from "../naming";
import type { NodeTaint } from "../node-taint";

/** Characters of a pool's name that say what it is made of. */
export const HASH_LENGTH = 6;

/**
 * What Terraform cannot change in place: attributes of google_container_node_pool that force replacement in provider
 * 6.50. `name`, `cluster`, `location` and `project` are left out, a pool elsewhere cannot clash; `initial_node_count`,
 * because changes of it are ignored. Machine type, image and disk are changed in place and are not here.
 */
export const REPLACING = {
  pool: ["maxPodsPerNode", "placementPolicy", "queuedProvisioning"],
  network: [
    "additionalNodeNetworkConfigs",
    "additionalPodNetworkConfigs",
    "createPodRange",
    "podCidrOverprovisionConfig",
    "podIpv4CidrBlock",
    "podRange",
  ],
  node: [
    "advancedMachineFeatures",
    "bootDiskKmsKey",
    "enableConfidentialStorage",
    "ephemeralStorageLocalSsdConfig",
    "flexStart",
    "guestAccelerator",
    "hostMaintenancePolicy",
    "localNvmeSsdBlockConfig",
    "localSsdCount",
    "localSsdEncryptionMode",
    "maxRunDuration",
    "metadata",
    "minCpuPlatform",
    "nodeGroup",
    "oauthScopes",
    "preemptible",
    "reservationAffinity",
    "secondaryBootDisks",
    "serviceAccount",
    "shieldedInstanceConfig",
    "soleTenantConfig",
    "spot",
  ],
  /** Of `confidential_nodes` only the kind. */
  confidential: ["confidentialInstanceType"],
} as const satisfies {
  readonly pool: readonly (keyof ContainerNodePoolConfig)[];
  readonly network: readonly (keyof ContainerNodePoolNetworkConfig)[];
  readonly node: readonly (keyof ContainerNodePoolNodeConfig)[];
  readonly confidential: readonly string[];
};

/** What a pool's name depends on: plain data without tokens. */
export interface ReplacingInputs {
  readonly pool: Readonly<Record<string, unknown>>;
  readonly network: Readonly<Record<string, unknown>>;
  readonly node: Readonly<Record<string, unknown>>;
  readonly confidential: Readonly<Record<string, unknown>>;
  readonly generation?: string;
  /**
   * Not because GKE could not change them: it would put them on nodes that live, and with NO_EXECUTE evict every pod there
   * at once, whatever disruption budgets say. And nodes of one dataplane must not go on under another.
   */
  readonly startupTaints?: readonly NodeTaint[];
}

/** The part of a pool's attributes that cannot be changed in place. */
export function replacingInputs(
  config: Pick<ContainerNodePoolConfig, "maxPodsPerNode" | "placementPolicy" | "queuedProvisioning"> & {
    readonly networkConfig: ContainerNodePoolNetworkConfig;
    readonly nodeConfig: ContainerNodePoolNodeConfig;
  },
  generation: string | undefined,
  startupTaints: readonly NodeTaint[] | undefined,
): ReplacingInputs {
  const { networkConfig, nodeConfig } = config;
  return {
    pool: pick(config, REPLACING.pool),
    network: pick(networkConfig, REPLACING.network),
    node: pick(nodeConfig, REPLACING.node),
    confidential: pick(nodeConfig.confidentialNodes ?? {}, REPLACING.confidential),
    generation,
    startupTaints: (startupTaints ?? []).length > 0 ? startupTaints : undefined,
  };
}

/**
 * The name of a pool: what its author calls it, and a hash of what cannot be changed in place.
 *
 * Such a change gives the pool another name, so that Terraform can make the new one before it drains the old one;
 * under one name the old one would have to go first.
 */
export function poolName(name: string, inputs: ReplacingInputs): string {
  return `${name}-${shortHash(canonical(inputs), HASH_LENGTH)}`;
}

function pick(from: object, keys: readonly string[]): Record<string, unknown> {
  const values = new Map(Object.entries(from));
  return Object.fromEntries(keys.map((key) => [key, values.get(key)]).filter(([, value]) => value !== undefined));
}

/** JSON that is the same whatever order the keys were written in. Attributes that are left out do not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
