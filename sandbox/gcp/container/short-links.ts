import { isObject, type Json, type JsonObject } from "../json";

const COMPUTE_LINK = /^https:\/\/(?:www|compute)\.googleapis\.com\/compute\/(?:v1|beta)\/(projects\/.+)$/;

/** A message with links to Compute Engine as GKE shows them: from `projects/` on. */
export function shortLinks<T extends Json | undefined>(value: T): T {
  if (typeof value === "string") return value.replace(COMPUTE_LINK, "$1") as T;
  if (Array.isArray(value)) return value.map((item) => shortLinks(item)) as T;
  if (!isObject(value)) return value;
  const short: JsonObject = {};
  for (const [key, field] of Object.entries(value)) short[key] = shortLinks(field);
  return short as T;
}
