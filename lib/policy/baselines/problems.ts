import { isKnown, type Problem } from "../../validation";
import type { PolicyEnforcement } from "../enforcement";
import { knownOf } from "./objects";
import type { PolicyBaseline } from "./options";

/** What is wrong with baselines beside each other and for the dataplane. @param property Name of their list. */
export function baselineProblems(
  baselines: readonly PolicyBaseline[],
  enforcement: PolicyEnforcement | undefined,
  property: string,
): Problem[] {
  const first = new Map<string, number>();
  return baselines.flatMap((baseline, index) => {
    const at = `${property}[${index}]`;
    const problems: Problem[] = [];
    if (isKnown(baseline.namespaces))
      baseline.namespaces.forEach((namespace, number) => {
        const before = first.get(namespace);
        if (before === undefined) first.set(namespace, index);
        else if (before !== index)
          problems.push({
            property: `${at}.namespaces[${number}]`,
            value: namespace,
            rule: `has a baseline already, ${property}[${before}]`,
            remedy: "merge the two",
          });
      });
    if (baseline.internet !== undefined && baseline.defaultDeny === false)
      problems.push({
        property: `${at}.internet`,
        rule: "allows names where nothing is denied",
        remedy: "leave defaultDeny out, or internet",
      });
    else if (baseline.internet !== undefined && knownOf(enforcement).names === undefined)
      problems.push({ property: `${at}.internet`, ...withoutNames(enforcement) });
    if (baseline.internetPorts !== undefined && baseline.internet === undefined)
      problems.push({
        property: `${at}.internetPorts`,
        rule: "has no effect without internet",
        remedy: "leave it out",
      });
    if (baseline.from !== undefined && baseline.isolation !== true)
      problems.push({
        property: `${at}.from`,
        rule: "has no effect without isolation",
        remedy: "set isolation to true",
      });
    return problems;
  });
}

function withoutNames(enforcement: PolicyEnforcement | undefined): { readonly rule: string; readonly remedy: string } {
  if (enforcement === undefined)
    return {
      rule: "needs to know who enforces names",
      remedy: "give enforcement, as a dataplane's description has it",
    };
  const { FQDNNetworkPolicy: gke } = enforcement.refused;
  const because = enforcement.by.CiliumNetworkPolicy === undefined ? gke : enforcement.features.dns;
  return {
    rule: `needs a dataplane that knows names: what would be written ${because === true || because === undefined ? "is enforced by nobody" : because.rule}`,
    remedy: because === true || because === undefined ? "use Dataplane.kubeProxyFree()" : because.remedy,
  };
}
