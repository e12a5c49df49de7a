import { isKnown, type Problem } from "../../validation";
import { kubernetesKeyFault, kubernetesValueFault } from "../naming";
import type { NodeTaint } from "../node-taint";

const EFFECTS = ["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"];

/** What is wrong with the taints of a pool, by themselves and beside those of the dataplane. */
export function taintProblems(
  taints: readonly NodeTaint[] | undefined,
  startupTaints: readonly NodeTaint[] = [],
): Problem[] {
  if (!isKnown(taints)) return [];
  const problems: Problem[] = [];
  taints.forEach(({ key, value, effect }, index) => {
    const at = `taints[${index}]`;
    const keyFault = isKnown(key) ? kubernetesKeyFault(key) : undefined;
    if (keyFault) {
      problems.push({
        property: `${at}.key`,
        value: key,
        rule: keyFault,
        remedy: "give a key such as example.com/dedicated",
      });
    }
    const valueFault = isKnown(value) ? kubernetesValueFault(value) : undefined;
    if (valueFault) {
      problems.push({ property: `${at}.value`, value, rule: valueFault, remedy: "give a value such as batch" });
    }
    if (isKnown(effect) && !EFFECTS.includes(effect)) {
      problems.push({
        property: `${at}.effect`,
        value: effect,
        rule: "is not an effect",
        remedy: `choose ${EFFECTS.join(", ")}`,
      });
    }
    if (startupTaints.some((startup) => startup.key === key)) {
      problems.push({
        property: `${at}.key`,
        value: key,
        rule: "is the startup taint, which the dataplane puts there and lifts",
        remedy: "remove it",
      });
    }
    if (taints.findIndex((other) => other.key === key && other.effect === effect) !== index) {
      problems.push({
        property: `${at}.key`,
        value: key,
        rule: `is there twice with effect ${effect}`,
        remedy: "remove one of the two",
      });
    }
  });
  return problems;
}

/** What is wrong with Kubernetes labels of nodes. */
export function nodeLabelProblems(labels: Readonly<Record<string, string>> | undefined): Problem[] {
  if (!isKnown(labels)) return [];
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(labels)) {
    const property = `labels[${JSON.stringify(key)}]`;
    const keyFault = kubernetesKeyFault(key);
    if (keyFault) problems.push({ property, rule: keyFault, remedy: "give a key such as example.com/team" });
    const valueFault = isKnown(value) ? kubernetesValueFault(value) : undefined;
    if (valueFault) problems.push({ property, value, rule: valueFault, remedy: "give a value such as payments" });
  }
  return problems;
}
