import { isKnown } from "../../validation";
import { blocksOf, ciliumRules } from "../check/cilium-rules";
import { type Fault, type FieldPath, fieldOf, itemsOf } from "../check/fault";
import { exampleFor, type Meaning, type PolicySet } from "../meaning/policy-set";
import type { SoundPolicy } from "../source";
import type { Findings } from "./findings";
import { isAskedFor } from "./queries";

/** A policy's rule that looks at DNS queries, which is where names come from. */
const watched = new WeakMap<PolicySet, Meaning[]>();

/** Names that nobody would ever learn the addresses of. */
export function nameFindings(policy: SoundPolicy, set: PolicySet): Findings {
  if (policy.kind !== "CiliumNetworkPolicy" && policy.kind !== "CiliumClusterwideNetworkPolicy") return {};
  const warnings: Fault[] = [];
  for (const { rule, path } of ciliumRules(policy.object))
    for (const { block, path: at } of blocksOf(rule, path)) {
      const names = itemsOf(block["toFQDNs"]);
      if (names.length === 0) continue;
      const asking = watchersOf(policy, path, set);
      if (asking.length === 0)
        warnings.push({
          path: [...at, "toFQDNs"],
          rule: "has no rule for DNS beside it: Cilium learns the addresses of names from queries that pass one, so that nothing is allowed unless a policy that is not among these has one",
          remedy:
            'allow kube-dns in a rule of its own with toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*" }] } }]',
        });
      names.forEach((name, index) => {
        const exact = fieldOf(name, "matchName");
        if (typeof exact === "string" && isKnown(exact) && asking.length > 0 && !isAskedFor(exact, asking))
          warnings.push({
            path: [...at, "toFQDNs", index, "matchName"],
            value: exact,
            rule: "is a name that no rule for DNS lets these pods ask for, so that its addresses are never known",
            remedy: "add it to the rule's names",
          });
        if (fieldOf(name, "matchPattern") === "*")
          warnings.push({
            path: [...at, "toFQDNs", index, "matchPattern"],
            value: "*",
            rule: "is every name, and so the whole internet for whoever asks for a name first",
            remedy: "name the domains, or allow the entity world",
          });
      });
    }
  return { warnings };
}

/** Rules for DNS that queries of the pods that a rule is about pass, in this policy or in another. */
function watchersOf(policy: SoundPolicy, path: FieldPath, set: PolicySet): Meaning[] {
  const own = set.meanings.find((each) => each.policy === policy && String(each.path) === String(path));
  if (own === undefined) return [];
  const pod = exampleFor(own, "any-other-namespace");
  return watching(set).filter((each) => each === own || each.selects(pod) !== false);
}

function watching(set: PolicySet): Meaning[] {
  const known = watched.get(set);
  if (known !== undefined) return known;
  const found = set.meanings.filter(({ policy, path }) =>
    ciliumRules(policy.object)
      .filter((each) => String(each.path) === String(path))
      .some(({ rule }) =>
        itemsOf(rule["egress"]).some((block) =>
          itemsOf(fieldOf(block, "toPorts")).some((item) => fieldOf(fieldOf(item, "rules"), "dns") !== undefined),
        ),
      ),
  );
  watched.set(set, found);
  return found;
}
