import type { GoogleClient, Product } from "../../lib/doctor";
import { regionOf } from "../../lib/gke";

/** An environment in a project, as far as Google's API is asked about it. */
export interface Place {
  readonly name: string;
  readonly project: string;
  readonly location: string;
}

/** Lists of a project in which an environment leaves its traces, with what they are called. */
const COMPUTE_LISTS: readonly (readonly [kind: string, path: string])[] = [
  ["network", "global/networks"],
  ["firewall rule", "global/firewalls"],
  ["subnetwork", "regions/REGION/subnetworks"],
  ["router", "regions/REGION/routers"],
  ["address", "regions/REGION/addresses"],
];

/** Disks of volumes have names that nobody chose; GKE labels them with their cluster. */
const CLUSTER_LABEL = "goog-k8s-cluster-name";

interface Named {
  readonly name: string;
}
interface Disk extends Named {
  readonly labels?: Readonly<Record<string, string>>;
}
interface Policy {
  readonly bindings?: readonly { readonly role: string; readonly members?: readonly string[] }[];
}

/** Everything in the project that bears the name of a throw-away environment, or belonged to its cluster. */
export async function leftovers(google: GoogleClient, { name, project, location }: Place): Promise<string[]> {
  const isOurs = (text: string) => text === name || text.includes(`${name}-`);
  const { clusters = [] } = await google.get<{ clusters?: readonly Named[] }>(
    "CONTAINER",
    `v1/projects/${project}/locations/${location}/clusters`,
  );
  const found = clusters.filter((cluster) => isOurs(cluster.name)).map((cluster) => `cluster ${cluster.name}`);
  for (const [kind, path] of COMPUTE_LISTS) {
    const list = `projects/${project}/${path.replace("REGION", regionOf(location))}`;
    for (const { items = [] } of await pages<{ items?: readonly Named[] }>(google, "COMPUTE", list))
      found.push(...items.filter((item) => isOurs(item.name)).map((item) => `${kind} ${item.name}`));
  }
  const disks = `projects/${project}/aggregated/disks`;
  for (const { items = {} } of await pages<{ items?: Record<string, { disks?: readonly Disk[] }> }>(
    google,
    "COMPUTE",
    disks,
  ))
    for (const disk of Object.values(items).flatMap(({ disks: inZone = [] }) => inZone))
      if (isOurs(disk.name) || disk.labels?.[CLUSTER_LABEL] === name) found.push(`disk ${disk.name}`);
  const list = `projects/${project}/serviceAccounts`;
  for (const { accounts = [] } of await pages<{ accounts?: readonly { readonly email: string }[] }>(
    google,
    "IAM",
    list,
  ))
    found.push(...accounts.filter(({ email }) => isOurs(email)).map(({ email }) => `service account ${email}`));
  const { bindings = [] } = await google.post<Policy>("RESOURCE_MANAGER", `projects/${project}:getIamPolicy`, {});
  for (const { role, members = [] } of bindings)
    found.push(...members.filter(isOurs).map((member) => `role ${role} of ${member}`));
  return found;
}

/** A list of Google's, all its pages. */
async function pages<T extends object>(google: GoogleClient, product: Product, path: string): Promise<T[]> {
  const read: T[] = [];
  let token: string | undefined;
  do {
    const query = token === undefined ? "" : `?pageToken=${encodeURIComponent(token)}`;
    const page = await google.get<T & { readonly nextPageToken?: string }>(product, `${path}${query}`);
    read.push(page);
    token = page.nextPageToken;
  } while (token);
  return read;
}

/** A cluster as far as the promises of a dataplane are about it. */
export interface LiveCluster {
  readonly currentMasterVersion: string;
  readonly networkPolicy?: { readonly enabled?: boolean };
  readonly networkConfig?: {
    readonly datapathProvider?: string;
    readonly defaultSnatStatus?: { readonly disabled?: boolean };
  };
  readonly nodePools?: readonly {
    readonly name: string;
    readonly config?: { readonly taints?: readonly { readonly key: string }[] };
  }[];
}

/** The cluster, as Google has it. */
export function readCluster(google: GoogleClient, { name, project, location }: Place): Promise<LiveCluster> {
  return google.get("CONTAINER", `v1/projects/${project}/locations/${location}/clusters/${name}`);
}
