import { isKnown, type Problem } from "../../validation";
import { kubernetesKeyFault, kubernetesValueFault } from "../naming";
import type { NodeTaint } from "../node-taint";

/** The label that every pool has: what its author calls it. It stays when the pool is replaced. */
export const POOL_LABEL = "cdktf-gke-cilium/pool";

/** Keys of taints that only a Cilium operator lifts: Cilium's default, and those made after its pattern. */
const CILIUM_STARTUP = /(^|\/)(cilium-(chained-)?)?agent-not-ready$/;

/** Domains whose labels belong to Kubernetes and to Google. */
const RESERVED_DOMAIN = /(^|\.)(kubernetes\.io|k8s\.io|cloud\.google\.com)$/;
/** Labels among them that Google documents for authors of pools. */
const DOCUMENTED = ["cloud.google.com/compute-class", "cloud.google.com/gke-smt-disabled"];

/** What is wrong with the key of a taint by itself. */
export function taintKeyProblems(value: string, property: string): Problem[] {
  const rule = kubernetesKeyFault(value);
  return rule === undefined ? [] : [{ property, value, rule, remedy: "give a key such as example.com/dedicated" }];
}

/** What is wrong with the value of a taint. */
export function taintValueProblems(value: string, property: string): Problem[] {
  const rule = kubernetesValueFault(value);
  return rule === undefined ? [] : [{ property, value, rule, remedy: "give a value such as batch" }];
}

/** What is wrong with the taints of a pool beside each other and beside those of the dataplane. */
export function taintProblems(
  taints: readonly NodeTaint[] | undefined,
  startupTaints: readonly NodeTaint[] = [],
): Problem[] {
  if (!isKnown(taints)) return [];
  const problems: Problem[] = [];
  taints.forEach(({ key, effect }, index) => {
    if (!isKnown(key)) return;
    const at = `taints[${index}]`;
    const problem = (rule: string, remedy: string) =>
      problems.push({ property: `${at}.key`, value: key, rule, remedy });
    if (startupTaints.some((startup) => startup.key === key))
      problem("is the startup taint, which the dataplane puts there and lifts", "remove it");
    else if (startupTaints.length > 0 && CILIUM_STARTUP.test(key))
      problem(
        `is a startup taint that nothing lifts: the Cilium of this cluster lifts ${startupTaints.map((startup) => startup.key).join(", ")} only, so that no pod would ever run on these nodes`,
        "remove it; the pool has the right one already",
      );
    if (taints.findIndex((other) => other.key === key && other.effect === effect) !== index)
      problem(`is there twice with effect ${isKnown(effect) ? effect : "of the same token"}`, "remove one of the two");
  });
  return problems;
}

/** What is doubtful: a startup taint where no Cilium of ours is there to lift it. */
export function taintWarnings(taints: readonly NodeTaint[], startupTaints: readonly NodeTaint[] = []): Problem[] {
  if (!isKnown(taints) || startupTaints.length > 0) return [];
  return taints.flatMap(({ key }, index) =>
    isKnown(key) && CILIUM_STARTUP.test(key)
      ? [
          {
            property: `taints[${index}].key`,
            value: key,
            rule: "is a startup taint of Cilium's, which nothing that this library installs lifts here",
            remedy: "remove it, unless something else of yours lifts it",
          },
        ]
      : [],
  );
}

/** What is wrong with Kubernetes labels of nodes. */
export function nodeLabelProblems(labels: Readonly<Record<string, string>> | undefined): Problem[] {
  if (!isKnown(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]) => {
    const property = `labels[${JSON.stringify(key)}]`;
    const keyFault = kubernetesKeyFault(key);
    const reserved = keyFault === undefined ? reservedBy(key) : undefined;
    const valueFault = isKnown(value) ? kubernetesValueFault(value) : undefined;
    return [
      ...(keyFault === undefined ? [] : [{ property, rule: keyFault, remedy: "give a key such as example.com/team" }]),
      ...(reserved === undefined
        ? []
        : [
            {
              property,
              rule: `is a label of ${reserved}`,
              remedy: "choose a prefix of your own, such as example.com/",
            },
          ]),
      ...(valueFault === undefined
        ? []
        : [{ property, value, rule: valueFault, remedy: "give a value such as payments" }]),
    ];
  });
}

/** Whose a label is, where it is not its author's to set. https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/container_cluster#labels */
function reservedBy(key: string): string | undefined {
  if (key === POOL_LABEL) return "this library's own, which every pool has";
  const prefix = key.includes("/") ? (key.split("/")[0] as string) : "";
  if (!RESERVED_DOMAIN.test(prefix) || DOCUMENTED.includes(key)) return undefined;
  return prefix.endsWith("google.com")
    ? "GKE's, which sets it itself and refuses it here"
    : "Kubernetes', whose prefixes GKE refuses";
}
