import { type EffectiveRelease, effectiveValue, writtenAs } from "../cilium";
import { contains, isKnown, overlaps, type Problem, parseCidr } from "../validation";
import type { DataplaneFacts } from "./facts";

/** Sections of the chart that hold strict mode: today's, and that of 1.18. */
const SECTIONS = ["encryption.strictMode.egress", "encryption.strictMode"];

/**
 * What is wrong between the range in which clear text is dropped and the ranges of the network: pods that it leaves out go
 * on in clear text, and nodes that it holds cannot be reached from pods any more.
 *
 * @see https://docs.cilium.io/en/stable/security/network/encryption/#encryption-strict-mode
 */
export function strictEncryptionProblems({ network }: DataplaneFacts, release: EffectiveRelease): Problem[] {
  return SECTIONS.flatMap((section): Problem[] => {
    const value = effectiveValue(release, `${section}.cidr`);
    if (`${effectiveValue(release, `${section}.enabled`)}` !== "true" || typeof value !== "string" || !isKnown(value))
      return [];
    const range = parseCidr(value);
    if (typeof range === "string") return [];
    const property = writtenAs(release, `${section}.cidr`);
    const pods: [string, string][] = [
      ["network.pods", network.pods],
      ...Object.entries(network.extraPodRanges ?? {}).map(([name, text]): [string, string] => [
        `network.extraPodRanges.${name}`,
        text,
      ]),
    ];
    const problems: Problem[] = [];
    for (const [name, text] of pods) {
      const inner = isKnown(text) ? parseCidr(text) : "unknown";
      if (typeof inner === "string" || contains(range, inner)) continue;
      problems.push({
        property,
        value,
        rule: `does not hold '${name}' (${text}), whose pods would go on in clear text`,
        remedy: "widen it, or leave it out for the smallest range around all pods",
      });
    }
    const nodes = isKnown(network.nodes) ? parseCidr(network.nodes) : "unknown";
    const mayTalkToNodes = `${effectiveValue(release, `${section}.allowRemoteNodeIdentities`)}` === "true";
    if (typeof nodes !== "string" && overlaps(range, nodes) && !mayTalkToNodes)
      problems.push({
        property,
        value,
        rule: `overlaps 'network.nodes' (${network.nodes}): what pods and nodes send each other is not encrypted and would be dropped`,
        remedy: "leave it out for the smallest range around all pods",
      });
    return problems;
  });
}
