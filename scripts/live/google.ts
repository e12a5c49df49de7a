import type { GoogleClient } from "../../lib/doctor";
import { regionOf } from "../../lib/gke";

/** Lists of a project in which an environment leaves its traces, with what they are called. */
const COMPUTE_LISTS: readonly (readonly [kind: string, path: string])[] = [
  ["network", "global/networks"],
  ["firewall rule", "global/firewalls"],
  ["subnetwork", "regions/REGION/subnetworks"],
  ["router", "regions/REGION/routers"],
  ["address", "regions/REGION/addresses"],
];

interface Listed {
  readonly items?: readonly { readonly name: string }[];
}

/** Everything in the project that bears the name of a throw-away environment. */
export async function leftovers(
  google: GoogleClient,
  { name, project, location }: { readonly name: string; readonly project: string; readonly location: string },
): Promise<string[]> {
  const found: string[] = [];
  const { clusters = [] } = await google.get<{ clusters?: readonly { readonly name: string }[] }>(
    "CONTAINER",
    `v1/projects/${project}/locations/${location}/clusters`,
  );
  found.push(...clusters.filter((cluster) => cluster.name === name).map((cluster) => `cluster ${cluster.name}`));
  for (const [kind, path] of COMPUTE_LISTS) {
    const { items = [] } = await google.get<Listed>(
      "COMPUTE",
      `projects/${project}/${path.replace("REGION", regionOf(location))}`,
    );
    const ours = items.filter((item) => item.name === name || item.name.includes(`${name}-`));
    found.push(...ours.map((item) => `${kind} ${item.name}`));
  }
  return found;
}

/** What the control plane runs, e.g. `1.34.1-gke.1829001`. */
export async function controlPlaneVersion(
  google: GoogleClient,
  { name, project, location }: { readonly name: string; readonly project: string; readonly location: string },
): Promise<string> {
  const { currentMasterVersion } = await google.get<{ readonly currentMasterVersion: string }>(
    "CONTAINER",
    `v1/projects/${project}/locations/${location}/clusters/${name}`,
  );
  return currentMasterVersion;
}
