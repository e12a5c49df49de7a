import { isZone } from "../locations";

const SERVICE = "//container.googleapis.com/";

/** Full resource name of a cluster. */
export function clusterName(project: string, location: string, cluster: string): string {
  return `${SERVICE}projects/${project}/locations/${location}/clusters/${cluster}`;
}

/** Full resource name of a node pool. */
export function nodePoolName(project: string, location: string, cluster: string, pool: string): string {
  return `${clusterName(project, location, cluster)}/nodePools/${pool}`;
}

/** Whether a full resource name is that of a cluster. */
export function isClusterName(name: string): boolean {
  return /\/clusters\/[^/]+$/.test(name);
}

/** The parts of a cluster's or node pool's full resource name. */
export function partsOf(name: string): { project: string; location: string; cluster: string; pool?: string } {
  const match = /projects\/([^/]+)\/locations\/([^/]+)\/clusters\/([^/]+)(?:\/nodePools\/([^/]+))?$/.exec(name);
  if (!match) throw new Error(`${name} is not the name of a cluster or node pool`);
  const [, project, location, cluster, pool] = match as unknown as [string, string, string, string, string?];
  return { project, location, cluster, ...(pool === undefined ? {} : { pool }) };
}

/** `projects/P/zones/Z/…` for a zonal location, `projects/P/locations/L/…` for a regional one: how the API writes paths. */
export function apiPath(name: string): string {
  const { project, location } = partsOf(name);
  const tail = name.slice(`${SERVICE}projects/${project}/locations/${location}`.length);
  return `projects/${project}/${isZone(location) ? "zones" : "locations"}/${location}${tail}`;
}
