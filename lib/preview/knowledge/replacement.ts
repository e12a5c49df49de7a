import { parseCidr } from "../../validation/cidr";
import { isArray, isEmpty, isEqual, Opaque, type Value } from "../model/value";
import type { ProviderSchema } from "./provider-schema";

/** Whether a change of an attribute replaces the resource. `false` too where the type is not tabled: ask `knows`. */
export function replaces(schema: ProviderSchema, type: string, path: string, before?: Value, after?: Value): boolean {
  const condition = CONDITIONS[`${type}.${path}`];
  if (condition) return condition(before, after);
  return schema.attribute(type, path).forcesReplacement;
}

/**
 * What the provider decides in CustomizeDiff, not in its schema (google 6.50.0: resource_container_cluster.go,
 * resource_compute_subnetwork.go).
 */
const CONDITIONS: Readonly<Record<string, (before?: Value, after?: Value) => boolean>> = {
  "google_container_cluster.enable_l4_ilb_subsetting": switchedOff,
  "google_container_cluster.enable_fqdn_network_policy": switchedOff,
  "google_container_cluster.enable_k8s_beta_apis.enabled_apis": loses,
  "google_compute_subnetwork.ip_cidr_range": shrinks,
};

/** The same conditions as data, for the documentation and the check against the real provider. */
export const CONDITIONAL_PATHS: readonly string[] = Object.keys(CONDITIONS);

function switchedOff(before?: Value, after?: Value): boolean {
  return before === true && after !== true && !(after instanceof Opaque);
}

function loses(before?: Value, after?: Value): boolean {
  const kept = isArray(after) ? after : [];
  return isArray(before) && before.some((item) => !kept.some((other) => isEqual(item, other)));
}

/** Not a range around the old one (`IsShrinkageIpCidr`). */
export function shrinks(before?: Value, after?: Value): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  const [from, to] = [parseCidr(before), parseCidr(after)];
  if (typeof from === "string" || typeof to === "string") return false;
  return to.first > from.first || to.last < from.last;
}

/** Ranges that may be given as a size (`/14`), which the API turns into a range. */
const SIZE_OR_RANGE = new Set(
  ["cluster_ipv4_cidr_block", "services_ipv4_cidr_block"].map((name) => `ip_allocation_policy.${name}`),
);

const LINKS = new Set(["network", "subnetwork", "network_config.subnetwork", "node_config.service_account", "router"]);

/** Whether the provider takes both for the same (DiffSuppressFunc), so that no change is planned. */
export function isSuppressed(type: string, path: string, before?: Value, after?: Value): boolean {
  if (!type.startsWith("google_")) return false;
  if (path === "datapath_provider") return isUnspecified(before) && isUnspecified(after);
  if (typeof before !== "string" || typeof after !== "string") return false;
  if (SIZE_OR_RANGE.has(path)) return isSizeOf(before, after) || isSizeOf(after, before);
  return LINKS.has(path) && isSameLink(before, after);
}

function isUnspecified(value?: Value): boolean {
  return isEmpty(value) || value === "DATAPATH_PROVIDER_UNSPECIFIED";
}

function isSizeOf(size: string, range: string): boolean {
  return /^\/\d+$/.test(size) && range.endsWith(size);
}

/** A self link against its last part, `projects/p/global/networks/n` against `n`, or two forms of the same link. */
function isSameLink(a: string, b: string): boolean {
  const [x, y] = [a, b].map((link) => link.replace(/^https:\/\/[^/]+\/compute\/[^/]+\//, "")) as [string, string];
  if (x === y) return true;
  const [long, short] = x.includes("/") ? [x, y] : [y, x];
  return long.includes("/") && !short.includes("/") && long.split("/").pop() === short;
}
