/** An app to record from, small enough to be read: stacks of resources, written as in `cdk.tf.json`. */
export type AppSpec = Readonly<Record<string, StackSpec>>;

export interface StackSpec {
  /** `type.id` to attributes, meta-arguments among them. */
  readonly resources: Readonly<Record<string, Attributes>>;
  readonly dependsOn?: readonly string[];
  /** GCS prefix; local without. */
  readonly prefix?: string;
  /** Provider name to version, in place of the pinned one. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Provider name to arguments besides those that let it plan here. */
  readonly providers?: Readonly<Record<string, Attributes>>;
  /** Further top-level blocks: moved, import, removed, check, output, variable. */
  readonly blocks?: Attributes;
}

export type Attributes = Readonly<Record<string, unknown>>;

/** One rule's proof: a change on which it fires and one, as near as can be, on which it must not. */
export interface RuleCase {
  readonly rule: string;
  readonly fires: Change;
  readonly silent: Change;
  /** Left out where a real plan cannot be had without a cloud, with the reason. */
  readonly noPlan?: string;
}

export interface Change {
  readonly before: AppSpec;
  /** Attributes by address in which the state differs from what an apply of `before` leaves behind. */
  readonly state?: Readonly<Record<string, Attributes>>;
  readonly after: AppSpec;
  /** Planned against no state at all, as from a wrong directory. */
  readonly empty?: true;
}

export const PINNED: Readonly<Record<string, string>> = { google: "6.50.0", helm: "3.1.1", kubernetes: "2.38.0" };

export function cluster(attributes: Attributes = {}): Attributes {
  return {
    name: "dev",
    location: "asia-northeast1",
    network: "dev",
    subnetwork: "nodes",
    datapath_provider: "LEGACY_DATAPATH",
    deletion_protection: false,
    initial_node_count: 1,
    remove_default_node_pool: true,
    ip_allocation_policy: { cluster_secondary_range_name: "pods", services_secondary_range_name: "services" },
    ...attributes,
  };
}

export const STARTUP_TAINT = { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" };

export function pool(attributes: Attributes = {}): Attributes {
  return { name: "general", cluster: "dev", location: "asia-northeast1", initial_node_count: 1, ...attributes };
}

export function node(attributes: Attributes = {}): Attributes {
  return { machine_type: "e2-standard-4", image_type: "COS_CONTAINERD", ...attributes };
}

export function subnet(attributes: Attributes = {}): Attributes {
  return {
    name: "nodes",
    network: "dev",
    region: "asia-northeast1",
    ip_cidr_range: "10.16.0.0/20",
    secondary_ip_range: [
      { range_name: "pods", ip_cidr_range: "10.20.0.0/14" },
      { range_name: "services", ip_cidr_range: "10.24.0.0/20" },
    ],
    ...attributes,
  };
}

/** A Cilium release; `values` become one JSON entry, as this project writes them. */
export function cilium(values: Attributes = {}, attributes: Attributes = {}): Attributes {
  return {
    name: "cilium",
    namespace: "kube-system",
    repository: "https://helm.cilium.io/",
    chart: "cilium",
    version: "1.19.6",
    values: [JSON.stringify({ upgradeCompatibility: "1.19", ...values })],
    ...attributes,
  };
}

/** An environment called dev: its cluster stack, and its networking stack where there is something in it. */
export function dev(
  clusterStack: StackSpec["resources"],
  networking?: StackSpec["resources"],
  more: Partial<StackSpec> = {},
): AppSpec {
  const stacks = { "dev-cluster": { resources: clusterStack, ...more } };
  return networking ? { ...stacks, "dev-networking": { resources: networking, dependsOn: ["dev-cluster"] } } : stacks;
}

/** Only a networking stack. */
export function platform(networking: StackSpec["resources"]): AppSpec {
  return { "dev-networking": { resources: networking } };
}
