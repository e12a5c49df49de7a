import { CiliumVersion } from "../../../lib/cilium";
import type { Dataplane } from "../../../lib/dataplane";
import type { EnvironmentDefinition } from "../../../lib/environment";
import { policiesVariation } from "../policies";
import { editMonitoring } from "./monitoring";

/** An edit that somebody makes to an environment's file; `value` is what stands behind `=` in its name. */
export type Variation = (definition: EnvironmentDefinition, value: string) => EnvironmentDefinition;

/** Edits by name. */
export type Variations = Readonly<Record<string, Variation>>;

/**
 * Edits of the line `dataplane` in an environment's file, by their values; only one of them can be in effect.
 *
 * @param ciliumOf Makes the environment's dataplane with another version of Cilium: `dataplane=cilium-1.19.6`.
 */
export function dataplaneVariation(
  ciliumOf: ((version: string) => Dataplane) | undefined,
  dataplanes: Readonly<Record<string, () => Dataplane>>,
): Variation {
  return (definition, value) => {
    const version = /^cilium-(.+)$/.exec(value)?.[1];
    const make = version !== undefined && ciliumOf ? () => ciliumOf(version) : dataplanes[value];
    if (!make) throw new Error(`'${definition.name}' has no edit 'dataplane=${value}'`);
    return { ...definition, dataplane: make() };
  };
}

/** Another version of Cilium. To go below the minor that a cluster began with takes to say so. */
export function ciliumVersion(text: string): {
  readonly version: CiliumVersion;
  readonly upgradeCompatibility: string;
} {
  const version = CiliumVersion.of(text);
  return { version, upgradeCompatibility: version.minorVersion };
}

/** Edits that fit every environment. */
export const COMMON_VARIATIONS: Variations = {
  /** A label of all cloud resources. */
  label: (definition, value) => ({ ...definition, labels: { ...definition.labels, team: value } }),
  /** Deletion protection taken away, as before a destroy. */
  unprotected: (definition) => ({ ...definition, cluster: { ...definition.cluster, deletionProtection: false } }),
  /** Deletion protection switched on. */
  protected: (definition) => ({ ...definition, cluster: { ...definition.cluster, deletionProtection: true } }),
  /** Another monitoring, or none. */
  monitoring: editMonitoring,
  /** Google's managed Prometheus stays on, whatever the monitoring needs. */
  "managed-prometheus": (definition) => ({
    ...definition,
    cluster: { ...definition.cluster, managedPrometheus: true, monitoring: ["SYSTEM_COMPONENTS", "DAEMONSET"] },
  }),
  /** Policies of the network. */
  policies: policiesVariation,
  /** Lowest Kubernetes version of the control plane. */
  "min-version": (definition, value) => ({ ...definition, cluster: { ...definition.cluster, minVersion: value } }),
  /** Another machine type in the first pool: GKE changes it in place, node by node. */
  "machine-type": (definition, value) => editFirstPool(definition, { machineType: value }),
  /** Most pods a node in the first pool: cannot be changed in place. */
  "max-pods": (definition, value) => editFirstPool(definition, { maxPodsPerNode: Number(value) }),
  /** New nodes for the first pool, whatever else stays. */
  generation: (definition, value) => editFirstPool(definition, { generation: value }),
  /** Largest size of the first pool. */
  "max-nodes": (definition, value) => editFirstPool(definition, { maxNodes: Number(value) }),
  /** Share of the subnet's flows that are logged. */
  "flow-logs": (definition, value) => ({
    ...definition,
    network: { ...definition.network, flowLogSampling: Number(value) },
  }),
  /** One more role of the nodes' account. */
  "node-role": (definition, value) => ({ ...definition, cluster: { ...definition.cluster, extraNodeRoles: [value] } }),
  /** A Kubernetes label of the first pool's nodes. */
  "node-label": (definition, value) => editFirstPool(definition, { labels: { team: value } }),
};

function editFirstPool(
  definition: EnvironmentDefinition,
  edit: Partial<NonNullable<EnvironmentDefinition["nodePools"]>[number]>,
): EnvironmentDefinition {
  const [first, ...others] = definition.nodePools ?? [];
  if (!first) throw new Error(`'${definition.name}' has no node pool to edit`);
  return { ...definition, nodePools: [{ ...first, ...edit }, ...others] };
}
