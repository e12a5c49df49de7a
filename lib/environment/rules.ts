import { isKnown, type Problem } from "../validation";
import type { EffectiveEnvironment } from "./effective";
import { waitingPoolProblems } from "./waiting-pools";

/** What only the environment can see: rules between its parts. */
export function environmentRules(environment: EffectiveEnvironment): Problem[] {
  return [
    ...nodePoolListProblems(environment),
    ...waitingPoolProblems(environment),
    ...monitoringNeedsProblems(environment),
  ];
}

function nodePoolListProblems({ nodePools, cluster }: EffectiveEnvironment): Problem[] {
  const problems: Problem[] = [];
  if (cluster.autopilot && nodePools.length > 0)
    problems.push({
      property: "nodePools",
      value: nodePools.map((pool) => pool.name),
      rule: "cannot be given with Autopilot, which makes its own nodes",
      remedy: "leave nodePools out, or cluster.autopilot",
    });
  if (!cluster.autopilot && nodePools.length === 0)
    problems.push({
      property: "nodePools",
      rule: "is empty, so that no pod could run",
      remedy: "give one, e.g. { name: 'general', minNodes: 3, maxNodes: 9 }",
    });
  nodePools.forEach((pool, index) => {
    const first = nodePools.findIndex((other) => other.name === pool.name);
    if (isKnown(pool.name) && first !== index)
      problems.push({
        property: `nodePools[${index}].name`,
        value: pool.name,
        rule: `is the name of nodePools[${first}] too`,
        remedy: "give each pool a name of its own",
      });
  });
  return problems;
}

function monitoringNeedsProblems({ cluster, monitoring }: EffectiveEnvironment): Problem[] {
  if (!monitoring?.kind.needs.managedPrometheus || cluster.managedPrometheus !== false) return [];
  return [
    {
      property: "cluster.managedPrometheus",
      value: false,
      rule: `keeps monitoring of kind ${monitoring.kind.kind} from collecting anything`,
      remedy: "leave it out, or use Monitoring.prometheus()",
    },
  ];
}
