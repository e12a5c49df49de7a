import type { Json } from "../json";

/** What all canonical links to compute resources begin with. */
const CANONICAL = "https://www.googleapis.com/compute/v1/";

/** Full resource names of compute begin with this. */
const SERVICE = "//compute.googleapis.com/";

/** `projects/P/global/networks/N` as a full resource name. */
export function computeName(tail: string): string {
  return SERVICE + tail;
}

/** The part of a full resource name, or of a canonical link, that begins with `projects/`. */
export function tailOfName(name: string): string {
  return name.replace(SERVICE, "").replace(CANONICAL, "");
}

/** `projects/P/global/networks/N` as the link that the API shows. */
export function selfLink(tail: string): string {
  return CANONICAL + tail;
}

/**
 * The part from `projects/` on of any way to write a reference: a link at whatever host, `projects/…`, or relative to a
 * project (`global/networks/N`, `regions/R/…`, `zones/Z/…`). `undefined` where it is none of these.
 */
export function tailOf(reference: Json | undefined, project: string): string | undefined {
  if (typeof reference !== "string") return undefined;
  const absolute = /(?:^|\/)(projects\/.+)$/.exec(reference);
  if (absolute) return absolute[1]!.replace(/\/global\/regions\//, "/regions/");
  return /^(global|regions|zones)\//.test(reference) ? `projects/${project}/${reference}` : undefined;
}

/** The last segment of a path or link. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
