import { blocksOf, ciliumRules } from "../check/cilium-rules";
import { fieldOf, itemsOf } from "../check/fault";
import type { Meaning } from "../meaning/policy-set";

/** A rule for DNS queries, as the agent takes it. */
interface NameRule {
  readonly matchName?: unknown;
  readonly matchPattern?: unknown;
}

/**
 * Whether a query for a name passes one of the rules for DNS that watch a pod.
 *
 * @param watching The meanings that have such rules and select the pod, or may.
 */
export function isAskedFor(name: string, watching: readonly Meaning[]): boolean {
  return watching.some(({ policy, path }) =>
    ciliumRules(policy.object)
      .filter((each) => String(each.path) === String(path))
      .flatMap(({ rule, path: at }) => blocksOf(rule, at))
      .flatMap(({ block }) => itemsOf(block["toPorts"]))
      .flatMap((item) => itemsOf(fieldOf(fieldOf(item, "rules"), "dns")))
      .some((rule) => matches(rule as NameRule, name)),
  );
}

function matches({ matchName, matchPattern }: NameRule, name: string): boolean {
  if (typeof matchName === "string") return plain(matchName) === plain(name);
  if (typeof matchPattern !== "string") return true;
  return expressionOf(matchPattern).test(plain(name));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** `*` is within a part of a name, `**.` any number of parts, and asterisks alone every name (pkg/fqdn/matchpattern). */
function expressionOf(pattern: string): RegExp {
  const name = plain(pattern);
  if (/^\*+$/.test(name)) return /^/;
  const [, anyParts = "", rest = ""] = /^(\*{2,}\.)?(.*)$/s.exec(name) ?? [];
  const parts = rest.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll(/\*+/g, "[-a-z0-9_]*");
  return new RegExp(`^${anyParts === "" ? "" : "([-a-z0-9_]+\\.)+"}${parts}$`);
}
