import type { Problem } from "../../validation";
import { type Fault, fieldOf } from "../check/fault";
import type { PolicyContext } from "../describe";
import type { PolicyEnforcement, PolicyKind, PolicyRefusal } from "../enforcement";
import { PolicySet } from "../meaning/policy-set";
import { cutOffWarnings } from "../meaning/vital";
import { type SoundPolicy, toldOf } from "../source";
import { emptyWarnings } from "./empty";
import { featureFaults } from "./features";
import { nameFindings } from "./names";
import { probeWarnings } from "./probes";
import { rangeFindings } from "./ranges";

const LOGGING = "policy.network.gke.io/enable-logging";

/** What is wrong and what deserves a sentence, of one policy. */
export interface Findings {
  readonly faults?: readonly Fault[];
  readonly warnings?: readonly Fault[];
}

/** What a dataplane makes of policies that are sound by themselves. */
export function dataplaneFindings(
  policies: readonly SoundPolicy[],
  context: PolicyContext,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const { enforcement } = context;
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const set = new PolicySet(policies);
  for (const policy of policies) {
    const refused = enforcement === undefined ? undefined : refusalOf(policy, enforcement);
    if (refused !== undefined) {
      problems.push(...toldOf(policy, [refused]));
      continue;
    }
    const found: Findings[] = [
      { warnings: [...emptyWarnings(policy), ...probeWarnings(policy)] },
      nameFindings(policy, set),
      rangeFindings(policy, context),
      ...(enforcement === undefined
        ? []
        : [{ faults: featureFaults(policy, enforcement), warnings: annotationWarnings(policy, enforcement) }]),
    ];
    problems.push(
      ...toldOf(
        policy,
        found.flatMap(({ faults = [] }) => faults),
      ),
    );
    warnings.push(
      ...toldOf(
        policy,
        found.flatMap((each) => each.warnings ?? []),
      ),
    );
  }
  warnings.push(...cutOffWarnings(set, enforcement), ...earlyWarnings(policies, enforcement));
  return { problems, warnings };
}

/** Policies of Cilium's that could come before their definitions. */
function earlyWarnings(policies: readonly SoundPolicy[], enforcement: PolicyEnforcement | undefined): Problem[] {
  const first = policies.find(({ kind }) => kind.startsWith("Cilium"));
  if (first === undefined || enforcement === undefined || enforcement.definitionsAreWaitedFor) return [];
  return [
    {
      property: first.nameOf(["kind"]),
      value: first.kind,
      rule: "is a kind that Cilium's operator registers, and this version's release is not waited for: the first deployment can come before it and fail",
      remedy: "run it again, or use Cilium 1.19 or later",
    },
  ];
}

/** Why nothing would come of a policy as a whole. */
function refusalOf({ kind, namespace }: SoundPolicy, enforcement: PolicyEnforcement): Fault | undefined {
  const known = kind as PolicyKind;
  if ((enforcement.by[known] ?? []).length === 0) {
    const because: PolicyRefusal = enforcement.refused[known] ?? {
      rule: "is read by nobody in this cluster",
      remedy: "leave the policy out",
    };
    return { path: ["kind"], value: kind, ...because };
  }
  const closed = enforcement.closedNamespaces.some((name) =>
    name.endsWith("-") ? namespace?.startsWith(name) : namespace === name,
  );
  if (!closed) return undefined;
  return {
    path: ["metadata", "namespace"],
    value: namespace,
    rule: "is Google's alone in this cluster, so that nothing can be written there",
    remedy: "leave the policy out",
  };
}

/** GKE's annotation where nobody reads it. */
function annotationWarnings({ kind, object }: SoundPolicy, { loggingAnnotation }: PolicyEnforcement): Fault[] {
  const value = fieldOf(fieldOf(object["metadata"], "annotations"), LOGGING);
  if (value === undefined) return [];
  const path = ["metadata", "annotations", LOGGING];
  if (kind !== "NetworkPolicy")
    return [{ path, value, rule: `is read on a NetworkPolicy, and not on a ${kind}`, remedy: "leave it out" }];
  if (value !== "true" && value !== "false")
    return [{ path, value, rule: "is neither true nor false", remedy: 'write "true"' }];
  return value === "true" && loggingAnnotation !== true ? [{ path, value, ...loggingAnnotation }] : [];
}
