import { badRequest } from "../../http/errors";
import { type JsonObject, stringOf } from "../../json";

/** What a Kubernetes label or taint is called: an optional DNS name, a slash, a name. */
const QUALIFIED = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;

/** Prefixes of Kubernetes that a kubelet may set all the same. */
const OF_KUBELETS = /^(node|kubelet)\.kubernetes\.io\//;

const MAX_RESOURCE_LABELS = 64;

/**
 * Labels of nodes: what Kubernetes and GKE use themselves cannot be set.
 *
 * @see https://github.com/hashicorp/terraform-provider-google/issues/6003
 * @see https://github.com/hashicorp/terraform-provider-google/pull/19677
 * @throws ApiError 400
 */
export function checkNodeLabels(labels: JsonObject): void {
  for (const [key, value] of Object.entries(labels)) {
    if (/^([^/]+\.)?(kubernetes|k8s)\.io\//.test(key) && !OF_KUBELETS.test(key)) {
      throw badRequest(`Applying kubernetes label is not allowed: ${key}.`);
    }
    if (key.startsWith("cloud.google.com/")) {
      throw badRequest(
        `Node labels with key "${key}" are managed by GKE or Kubernetes and must not be manually specified.`,
      );
    }
    if (!QUALIFIED.test(key)) throw badRequest(`Invalid label key "${key}".`);
    if (!VALUE.test(stringOf(value) ?? "")) throw badRequest(`Invalid label value "${value}" of key "${key}".`);
  }
}

/** @throws ApiError 400 where a taint is none, or given twice */
export function checkTaints(taints: readonly JsonObject[]): void {
  const seen = new Set<string>();
  for (const taint of taints) {
    const [key, value, effect] = ["key", "value", "effect"].map((field) => stringOf(taint[field]) ?? "") as [
      string,
      string,
      string,
    ];
    if (!QUALIFIED.test(key)) throw badRequest(`Invalid taint key "${key}".`);
    if (!VALUE.test(value)) throw badRequest(`Invalid taint value "${value}" of key "${key}".`);
    if (effect === "" || effect === "EFFECT_UNSPECIFIED") throw badRequest(`Taint "${key}" must have an effect.`);
    const both = `${key}:${effect}`;
    if (seen.has(both)) throw badRequest(`Taints must be unique by key and effect pair, found duplicate: ${both}.`);
    seen.add(both);
  }
}

/** Labels of Google Cloud resources. @throws ApiError 400 */
export function checkResourceLabels(labels: JsonObject): void {
  if (Object.keys(labels).length > MAX_RESOURCE_LABELS) {
    throw badRequest(`A resource can have at most ${MAX_RESOURCE_LABELS} labels.`);
  }
  for (const [key, value] of Object.entries(labels)) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      throw badRequest(
        `Invalid field 'resource_labels': "${key}". Label keys must be lower-case letters, digits, _ and -, and begin with a letter.`,
      );
    }
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(stringOf(value) ?? "")) {
      throw badRequest(
        `Invalid field 'resource_labels': "${value}". Label values must be lower-case letters, digits, _ and -.`,
      );
    }
  }
}
