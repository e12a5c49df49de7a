/** Verbs of Google's permissions by HTTP method: of one object, and of a collection. */
const OF_ONE: Readonly<Record<string, string>> = { GET: "get", PATCH: "update", PUT: "update", DELETE: "delete" };
const OF_MANY: Readonly<Record<string, string>> = { GET: "list", POST: "create" };

/**
 * Permission that Google asks for before it answers a request; `undefined` where it is not known here.
 *
 * @param path Under the simulator's address, without the query.
 * @see https://cloud.google.com/iam/docs/permissions-reference
 */
export function permissionOf(host: string, method: string, path: string): string | undefined {
  return READERS[host]?.(method, path.split("/").slice(1));
}

type Reader = (method: string, segments: readonly string[]) => string | undefined;

/** By host; the segments begin with the simulator's own prefix and the version. */
const READERS: Readonly<Record<string, Reader>> = {
  "compute.googleapis.com": (method, [, , , , scope, ...rest]) => compute(method, scope, rest),
  "container.googleapis.com": (method, segments) => container(method, segments.slice(6)),
  "iam.googleapis.com": (method, segments) => iam(method, segments.slice(4)),
  "monitoring.googleapis.com": (method, segments) => plain("monitoring", method, segments.slice(4)),
  "cloudkms.googleapis.com": (method, segments) => plain("cloudkms", method, segments.slice(-2)),
  "serviceusage.googleapis.com": (method, segments) => services(method, segments.slice(4)),
  "cloudresourcemanager.googleapis.com": (_, segments) => projects(segments[3] ?? ""),
  // `projects.getBillingInfo` asks for the same as reading the project.
  "cloudbilling.googleapis.com": (method, segments) =>
    method === "GET" && segments.at(-1) === "billingInfo" ? "resourcemanager.projects.get" : undefined,
  "storage.googleapis.com": storage,
};

/** `POST networks`, `GET networks/vpc`, `POST subnetworks/nodes/expandIpCidrRange`, below a region, a zone or `global`. */
function compute(method: string, scope: string | undefined, rest: readonly string[]): string | undefined {
  if (scope === undefined) return "compute.projects.get";
  const places: Readonly<Record<string, string>> = { regions: "region", zones: "zone", global: "global" };
  const placed = scope === "global" || scope === "aggregated" ? rest : rest.slice(1);
  const [noun, name, verb] = placed;
  if (noun === undefined) return `compute.${scope}.${rest.length === 0 ? "list" : "get"}`;
  if (noun === "operations") return `compute.${places[scope]}Operations.${name === undefined ? "list" : "get"}`;
  if (verb !== undefined) return `compute.${noun}.${/^list/.test(verb) ? "get" : verb}`;
  return withVerb(`compute.${noun}`, method, name);
}

/** Node pools are part of their cluster to IAM, and so is whatever is set of either. */
function container(method: string, [noun = "", name, part]: readonly string[]): string | undefined {
  if (noun === "operations") return `container.operations.${name === undefined ? "list" : "get"}`;
  if (noun === "serverConfig") return "container.clusters.list";
  if (part !== undefined || name?.includes(":")) return `container.clusters.${method === "GET" ? "get" : "update"}`;
  return withVerb("container.clusters", method, name);
}

/** `GET serviceAccounts/a@b`, `POST serviceAccounts/a@b:setIamPolicy`. */
function plain(
  service: string,
  method: string,
  [noun = "", name]: readonly (string | undefined)[],
): string | undefined {
  const custom = name?.split(":")[1];
  return custom === undefined ? withVerb(`${service}.${noun}`, method, name) : `${service}.${noun}.${custom}`;
}

/** `GET roles/r`, `POST locations/global/workloadIdentityPools/p/providers`; operations are read as what they change. */
function iam(method: string, segments: readonly string[]): string | undefined {
  if (segments[0] !== "locations") return plain("iam", method, segments);
  const [pools = "", pool, part, provider] = segments.slice(2);
  return part === "providers"
    ? plain("iam", method, ["workloadIdentityPoolProviders", provider])
    : plain("iam", method, [pools, pool]);
}

function services(method: string, [noun = "", name]: readonly string[]): string | undefined {
  if (noun === "operations" || method === "GET")
    return `serviceusage.services.${name === undefined && !noun.includes(":") ? "list" : "get"}`;
  return `serviceusage.services.${/disable/.test(name ?? "") ? "disable" : "enable"}`;
}

function projects(project: string): string | undefined {
  const custom = project.split(":")[1];
  return `resourcemanager.projects.${custom ?? "get"}`;
}

/** Buckets, their policies, and objects, which an upload creates. */
function storage(method: string, segments: readonly string[]): string | undefined {
  if (segments[0] === "upload") return "storage.objects.create";
  const at = segments.indexOf("b");
  if (segments[0] !== "storage") return method === "GET" ? "storage.objects.get" : "storage.objects.create";
  const [bucket, part, object] = segments.slice(at + 1);
  if (part === "iam") return `storage.buckets.${method === "GET" ? "get" : "set"}IamPolicy`;
  if (part === "o") return withVerb("storage.objects", method, object);
  return part === undefined ? withVerb("storage.buckets", method, bucket) : "storage.buckets.get";
}

function withVerb(noun: string, method: string, name: string | undefined): string | undefined {
  const verb = name === undefined ? OF_MANY[method] : OF_ONE[method];
  return verb === undefined ? undefined : `${noun}.${verb}`;
}
