import type { Dataplane, EffectiveDataplane } from "../dataplane";
import { type GkeNodePoolProps, WAITING_LABEL } from "../gke";
import { isKnown, type Problem } from "../validation";
import type { EnvironmentNodePool } from "./definition";
import type { EffectiveEnvironment } from "./effective";

/** Taint and label of a pool's nodes: those of the environment's dataplane, or of the one that they wait for. */
export function waitingPoolProps(
  toCome: Dataplane | undefined,
  present: EffectiveDataplane,
): Pick<GkeNodePoolProps, "startupTaints" | "ownLabels"> {
  const { startupTaint } = toCome ?? present;
  return {
    startupTaints: startupTaint && [startupTaint],
    ...(toCome !== undefined && { ownLabels: { [WAITING_LABEL]: toCome.kind } }),
  };
}

/** What keeps a pool from waiting for another dataplane. */
export function waitingPoolProblems(environment: EffectiveEnvironment): Problem[] {
  const { dataplane: present } = environment;
  if (present === undefined) return [];
  return environment.nodePools.flatMap(({ dataplane: toCome }, index) => {
    if (!isKnown(toCome)) return [];
    const problem = (rule: string, remedy: string): Problem[] => [
      { property: `nodePools[${index}].dataplane`, value: toCome.kind, rule, remedy },
    ];
    if (toCome.clusterDatapath.provider !== present.clusterDatapath.provider)
      return problem(
        `needs the datapath ${toCome.clusterDatapath.provider}, which this cluster cannot have beside its own`,
        "make another environment for it: docs/mode-switch.md has the steps",
      );
    if (toCome.startupTaint === undefined || toCome.startupTaint.key !== present.startupTaint?.key)
      return optionProblems(toCome, index, environment);
    return toCome.kind === present.kind
      ? problem("is the dataplane that the environment has", "leave it out")
      : problem(
          `waits with the startup taint that the present Cilium lifts (${toCome.startupTaint.key}), so that pods would start there before the switch`,
          "leave startupTaintKey out of one of the two, or give it another one",
        );
  });
}

/** What is wrong with the options of a dataplane to come: told now, and not in the middle of the switch. */
function optionProblems(toCome: Dataplane, index: number, environment: EffectiveEnvironment): Problem[] {
  return toCome
    .describe(environment)
    .problems.filter(({ property }) => property.startsWith("dataplane."))
    .map((problem) => ({ ...problem, property: `nodePools[${index}].${problem.property}` }));
}

/** That a pool stands idle, so that nobody forgets it. */
export function waitingPoolWarnings(
  { dataplane: toCome }: EnvironmentNodePool,
  environment: EffectiveEnvironment,
): Problem[] {
  if (!isKnown(toCome) || toCome.kind === environment.dataplane?.kind) return [];
  return [
    {
      property: "dataplane",
      value: toCome.kind,
      rule: "keeps the pool's nodes empty until the environment is switched to it",
      remedy: "go on with docs/mode-switch.md, or take the pool away again",
    },
  ];
}
