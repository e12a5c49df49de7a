import type { SynthesizedStack, TerraformBlock } from "../../lib/testing";

/** What rules look at: the resources of one `<env>-cluster` stack. */
export interface ClusterParts {
  readonly cluster: TerraformBlock;
  readonly pools: readonly TerraformBlock[];
  /** Absent where the network is somebody else's. */
  readonly subnetwork?: TerraformBlock;
  readonly providerLabels: TerraformBlock;
}

/** @throws Error where the stack has no cluster. */
export function clusterParts(stack: SynthesizedStack): ClusterParts {
  const all = (type: string) => Object.values(stack.resource[type] ?? {});
  const [cluster] = all("google_container_cluster");
  if (cluster === undefined) throw new Error("the stack has no cluster");
  return {
    cluster,
    pools: all("google_container_node_pool"),
    subnetwork: all("google_compute_subnetwork")[0],
    providerLabels: (stack.provider["google"]?.[0]?.["default_labels"] ?? {}) as TerraformBlock,
  };
}

/** The value at a path such as `private_cluster_config.enable_private_nodes`; a list's first item counts. */
export function at(block: unknown, path: string): unknown {
  let here = block;
  for (const step of path.split(".")) {
    if (Array.isArray(here)) here = here[0];
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as TerraformBlock)[step];
  }
  return here;
}

/** Whether every pool has one of these values at a path; vacuously with Autopilot, whose nodes are Google's. */
export function everyPool({ pools }: ClusterParts, path: string, ...values: readonly unknown[]): boolean {
  return pools.every((pool) => values.includes(at(pool, path)));
}
