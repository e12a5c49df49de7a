import { createHash } from "node:crypto";
import { isKnown, type Problem } from "../validation";

/** What Google Cloud allows in a resource's name. */
export interface NameRule {
  /** Fewest characters. */
  readonly min: number;
  /** Most characters. */
  readonly max: number;
}

/** Networks, subnets, routers, firewall rules and secondary ranges (RFC 1035). */
export const COMPUTE_NAME: NameRule = { min: 1, max: 63 };

/** Clusters and node pools. GKE puts both into the names of instances, which is why they are short. */
export const CLUSTER_NAME: NameRule = { min: 1, max: 40 };

/** The part of a service account's address before the `@`. */
export const ACCOUNT_ID: NameRule = { min: 6, max: 30 };

const RFC1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const MAX_RESOURCE_LABELS = 64;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const KUBERNETES_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MAX_PREFIX = 253;
const MAX_KUBERNETES_NAME = 63;

/** What is wrong with a resource's name. */
export function nameProblems(property: string, value: string | undefined, { min, max }: NameRule): Problem[] {
  if (!isKnown(value)) return [];
  const problems: Problem[] = [];
  if (!RFC1035.test(value)) {
    problems.push({
      property,
      value,
      rule: "is not a lowercase letter followed by lowercase letters, digits and inner hyphens (RFC 1035)",
      remedy: "choose a name such as staging-1",
    });
  }
  if (value.length < min || value.length > max) {
    problems.push({
      property,
      value,
      rule: `has ${value.length} characters where Google Cloud takes ${min} to ${max}`,
      remedy: value.length > max ? "shorten it" : "lengthen it",
    });
  }
  return problems;
}

/**
 * What is wrong with labels of Google Cloud resources: lowercase keys and values of at most 63 characters, 64 labels.
 * The prefix `goog-` belongs to Google. Source: cloud.google.com/compute/docs/labeling-resources.
 */
export function resourceLabelProblems(
  property: string,
  labels: Readonly<Record<string, string>> | undefined,
): Problem[] {
  if (!isKnown(labels)) return [];
  const problems: Problem[] = [];
  const remedy = "use lowercase letters, digits, _ and -, at most 63 characters, keys beginning with a letter";
  const entries = Object.entries(labels);
  if (entries.length > MAX_RESOURCE_LABELS) {
    problems.push({
      property,
      value: `${entries.length} labels`,
      rule: `exceeds the ${MAX_RESOURCE_LABELS} labels a resource can carry`,
      remedy: "remove some",
    });
  }
  for (const [key, value] of entries) {
    if (!LABEL_KEY.test(key)) {
      problems.push({ property: `${property}[${JSON.stringify(key)}]`, rule: "is not a valid label key", remedy });
    } else if (key.startsWith("goog-")) {
      problems.push({
        property: `${property}.${key}`,
        rule: "begins with goog-, which Google reserves for labels of its own",
        remedy: "choose another key",
      });
    }
    if (isKnown(value) && !LABEL_VALUE.test(value)) {
      problems.push({ property: `${property}.${key}`, value, rule: "is not a valid label value", remedy });
    }
  }
  return problems;
}

/** What is wrong with the key of a Kubernetes label or taint, as the rest of a sentence; undefined where nothing is. */
export function kubernetesKeyFault(key: string): string | undefined {
  const parts = key.split("/");
  if (parts.length > 2) return "has more than one slash";
  const name = parts[parts.length - 1] as string;
  const prefix = parts.length === 2 ? (parts[0] as string) : undefined;
  if (prefix !== undefined && (prefix.length > MAX_PREFIX || !DNS_SUBDOMAIN.test(prefix))) {
    return "has a prefix that is not a DNS name";
  }
  if (name.length > MAX_KUBERNETES_NAME || !KUBERNETES_NAME.test(name)) {
    return "has a name that is not 1 to 63 letters, digits, -, _ and . between two letters or digits";
  }
  return undefined;
}

/** What is wrong with the value of a Kubernetes label or taint, which may be empty. */
export function kubernetesValueFault(value: string): string | undefined {
  if (value === "") return undefined;
  if (value.length > MAX_KUBERNETES_NAME || !KUBERNETES_NAME.test(value)) {
    return "is not at most 63 letters, digits, -, _ and . between two letters or digits";
  }
  return undefined;
}

/** The first `length` hexadecimal digits of a text's SHA-256: the same on every machine and in every run. */
export function shortHash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** `base` plus `suffix`, cut and made unique by a hash where it would be longer than `max`. */
export function fitName(base: string, suffix: string, max: number): string {
  const whole = `${base}${suffix}`;
  if (whole.length <= max) return whole;
  const hash = shortHash(whole, 6);
  const room = max - suffix.length - hash.length - 1;
  return `${base.slice(0, room).replace(/-+$/, "")}-${hash}${suffix}`;
}
