import type { ResourceChange } from "../model/changes";
import { getPath, type ValueObject } from "../model/value";
import { oldName, outcomeOf } from "./outcome";
import type { Hit } from "./rule";
import type { Scene } from "./scene";

const CLUSTER = "google_container_cluster";

/** What has what it is part of not in the name of its type: that of a bucket's grants begins with the bucket's. */
const PART_OF: Readonly<Record<string, string>> = {
  google_container_node_pool: CLUSTER,
  google_sql_database: "google_sql_database_instance",
  google_sql_user: "google_sql_database_instance",
  google_sql_ssl_cert: "google_sql_database_instance",
  google_dns_record_set: "google_dns_managed_zone",
  google_bigquery_table: "google_bigquery_dataset",
  google_bigquery_routine: "google_bigquery_dataset",
  google_spanner_database: "google_spanner_instance",
  google_logging_log_view: "google_logging_project_bucket_config",
};

const PLACES = ["project", "location", "region", "zone"];

/** Attributes that are never what something is part of, whatever they hold. */
const OWN = new Set(["name", "role", "member", "id", "etag", "description", ...PLACES]);

/** Begins with the name of a network's type and only lies in one. What a deletion of the network does to it was not tried. */
const NO_PART = /^google_compute_network_(endpoint_group|attachment|firewall_policy\w*)$/;

const NAMESPACE = /^kubernetes_namespace(_v\d+)?$/;

/** What a rule says of parts: of a cluster's, which are its pools, or of all others'. */
export function partsLost(scene: Scene, of: "clusters" | "others"): readonly Hit[] {
  return [...goneWith(scene)]
    .filter(([whole]) => (whole.type === CLUSTER) === (of === "clusters"))
    .map(([whole, parts]) => ({
      change: whole,
      detail: `${parts.join(", ")} of ${oldName(whole)}`,
    }));
}

/** Objects that are replaced, each with the addresses of its parts that are not. */
export function goneWith(scene: Scene): ReadonlyMap<ResourceChange, readonly string[]> {
  const wholes = replaced(scene);
  const gone = new Map<ResourceChange, string[]>();
  if (wholes.size === 0) return gone;
  for (const { environment, resources } of scene.stacks)
    for (const part of resources) {
      const whole = stays(part) ? wholeOf(part, environment, wholes) : undefined;
      if (whole) gone.set(whole, [...(gone.get(whole) ?? []), part.address]);
    }
  return gone;
}

type Wholes = ReadonlyMap<string, readonly ResourceChange[]>;

/** What is replaced, by environment, type and name. */
function replaced(scene: Scene): Wholes {
  const wholes = new Map<string, ResourceChange[]>();
  for (const change of scene.changes) {
    // Where the old object stays, so do its parts.
    if (change.kind !== "managed" || change.action !== "replace" || outcomeOf(change) !== "gone") continue;
    const name = oldName(change);
    if (name === undefined) continue;
    const place = key(scene.stack(change.stack)?.environment, change.type, name);
    wholes.set(place, [...(wholes.get(place) ?? []), change]);
  }
  return wholes;
}

/** For Terraform, that is. */
function stays({ kind, action, before }: ResourceChange): boolean {
  return kind === "managed" && before !== null && (action === "no-op" || action === "move" || action === "update");
}

function wholeOf(part: ResourceChange, environment: string, wholes: Wholes): ResourceChange | undefined {
  const names = named(part);
  for (const type of typesOfWholes(part.type))
    for (const name of names) {
      const whole = wholes.get(key(environment, type, name))?.find((one) => isBeside(part, one));
      if (whole) return whole;
    }
  return undefined;
}

/** Whether nothing says that one is in another place than the other. */
function isBeside(part: ResourceChange, whole: ResourceChange): boolean {
  return PLACES.every((place) => {
    const [here, there] = [part.before?.[place], whole.before?.[place]];
    return typeof here !== "string" || typeof there !== "string" || here === there;
  });
}

/** Types of what a resource of a type can be part of: `google_storage_bucket` for `google_storage_bucket_iam_member`. */
function typesOfWholes(type: string): readonly string[] {
  if (/^(kubernetes|helm)_/.test(type))
    return NAMESPACE.test(type) ? [] : ["kubernetes_namespace_v1", "kubernetes_namespace"];
  const words = type.split("_");
  const shorter = words
    .slice(2)
    .map((_, index) => words.slice(0, index + 2).join("_"))
    .filter((whole) => whole !== "google_compute_network" || !NO_PART.test(type));
  return type in PART_OF ? [...shorter, PART_OF[type]!] : shorter;
}

/** Names that a resource has of others: `acme` for `acme`, `projects/p/topics/acme` and `acme@p.iam.gserviceaccount.com`. */
function named({ type, before }: ResourceChange): readonly string[] {
  if (/^(kubernetes|helm)_/.test(type))
    return ["namespace", "metadata.namespace", "manifest.metadata.namespace"].flatMap(
      (path) => lastName(getPath(before ?? undefined, path)) ?? [],
    );
  return Object.entries(before as ValueObject).flatMap(([attribute, value]) =>
    OWN.has(attribute) ? [] : (lastName(value) ?? []),
  );
}

function lastName(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.split("/").pop()!.split("@")[0] : undefined;
}

function key(environment: string | undefined, type: string, name: string): string {
  return `${environment}\n${type}\n${name}`;
}
