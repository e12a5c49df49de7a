import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NODE_ACCOUNT_REQUIREMENT, REQUIREMENTS, type Requirement } from "../facts/google/requirements";
import { lookUp } from "../facts/look-up";

/** A synthesized stack, as far as it is read here. */
interface Stack {
  readonly terraform?: {
    readonly required_version?: string;
    readonly backend?: { readonly gcs?: { readonly bucket?: string } };
  };
  readonly provider?: Readonly<Record<string, readonly Block[]>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}
type Block = Readonly<Record<string, unknown>>;

/** Nodes of one pool, as the quotas count them. */
export interface PoolNeeds {
  readonly region: string;
  readonly machineType: string;
  readonly spot: boolean;
  readonly diskType: string;
  readonly diskSizeGb: number;
  /** Nodes at the beginning, and at the most. */
  readonly first: number;
  readonly most: number;
}

/** What the stacks of one project need. */
export interface ProjectNeeds {
  readonly project: string;
  readonly services: readonly string[];
  /** Requirements by role. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly stateBuckets: readonly string[];
  readonly pools: readonly PoolNeeds[];
}

/** What all stacks need. */
export interface Needs {
  readonly stacks: readonly string[];
  readonly projects: readonly ProjectNeeds[];
  /** Whether a provider logs in to a cluster through gke-gcloud-auth-plugin. */
  readonly authPlugin: boolean;
}

/** Always asked for: without it no other question is answered. */
const BASE: Requirement = {
  service: "cloudresourcemanager.googleapis.com",
  role: "roles/browser",
  permissions: ["resourcemanager.projects.get"],
  reads: ["resourcemanager.projects.get"],
};

/**
 * Reads what was synthesized.
 *
 * @param output The directory that cdktf writes to: `cdktf.out`.
 * @param environments Names of environments; all where there are none.
 * @throws Error where nothing was synthesized, or no stack belongs to an environment asked for.
 */
export function readNeeds(output: string, environments: readonly string[]): Needs {
  const directory = join(output, "stacks");
  const names = existsSync(directory) ? readdirSync(directory).sort() : [];
  const chosen = names.filter(
    (name) => environments.length === 0 || environments.some((environment) => name.startsWith(`${environment}-`)),
  );
  if (names.length === 0) throw new Error(`there are no stacks in ${output}; run npm run synth first`);
  if (chosen.length === 0)
    throw new Error(`no stack belongs to ${environments.join(" or ")}; there are ${names.join(", ")}`);
  const stacks = chosen.map((name) => JSON.parse(readFileSync(join(directory, name, "cdk.tf.json"), "utf8")) as Stack);
  return needsOf(chosen, stacks);
}

/** What these stacks need. */
export function needsOf(names: readonly string[], stacks: readonly Stack[]): Needs {
  const byProject = new Map<string, Stack[]>();
  for (const stack of stacks) {
    const project = stack.provider?.["google"]?.[0]?.["project"];
    if (typeof project === "string") byProject.set(project, [...(byProject.get(project) ?? []), stack]);
  }
  return {
    stacks: names,
    projects: [...byProject].map(([project, members]) => projectNeeds(project, members)),
    authPlugin: stacks.some(({ provider }) => JSON.stringify(provider ?? {}).includes("gke-gcloud-auth-plugin")),
  };
}

function projectNeeds(project: string, stacks: readonly Stack[]): ProjectNeeds {
  const types = new Set(
    stacks.flatMap(({ resource = {}, data = {} }) => [
      ...Object.keys(resource),
      ...Object.keys(data).map((type) => `data.${type}`),
    ]),
  );
  const requirements = [
    BASE,
    ...(types.has("google_container_node_pool") ? [NODE_ACCOUNT_REQUIREMENT] : []),
    ...[...types].flatMap((type) => lookUp(REQUIREMENTS, type) ?? []),
  ];
  const roles = new Map<string, string[]>();
  for (const { role, permissions } of requirements)
    roles.set(role, [...new Set([...(roles.get(role) ?? []), ...permissions])]);
  return {
    project,
    services: [...new Set(requirements.map(({ service }) => service))].sort(),
    roles,
    stateBuckets: [...new Set(stacks.flatMap(({ terraform }) => terraform?.backend?.gcs?.bucket ?? []))],
    pools: stacks.flatMap(poolsOf),
  };
}

function poolsOf({ resource = {} }: Stack): PoolNeeds[] {
  const clusters = Object.values(resource["google_container_cluster"] ?? {});
  const location = String(clusters[0]?.["location"] ?? "");
  return Object.values(resource["google_container_node_pool"] ?? {}).map((pool) => {
    const node = blockOf(pool["node_config"]);
    const scaling = blockOf(pool["autoscaling"]);
    const zones = Array.isArray(pool["node_locations"]) ? pool["node_locations"].length : 1;
    const fixed = numberOf(pool["node_count"], 0) * zones;
    return {
      region: location.replace(/(\d)-[a-z][a-z0-9]*$/, "$1"),
      machineType: String(node["machine_type"] ?? "e2-medium"),
      spot: node["spot"] === true || node["preemptible"] === true,
      diskType: String(node["disk_type"] ?? "pd-balanced"),
      diskSizeGb: numberOf(node["disk_size_gb"], 100),
      first: numberOf(scaling["total_min_node_count"], numberOf(scaling["min_node_count"], 0) * zones || fixed),
      most: numberOf(scaling["total_max_node_count"], numberOf(scaling["max_node_count"], 0) * zones || fixed),
    };
  });
}

function blockOf(value: unknown): Block {
  const block = Array.isArray(value) ? value[0] : value;
  return typeof block === "object" && block !== null ? (block as Block) : {};
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
