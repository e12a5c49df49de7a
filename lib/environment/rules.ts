import {
  clusterConnectionProblems,
  type GkeClusterOptions,
  gkeClusterProblems,
  gkeNetworkProblems,
  gkeNodePoolProblems,
  podRangeProblems,
  resourceLabelProblems,
} from "../gke";
import type { MonitoringFacts } from "../monitoring";
import { describeProblem, nestProblems, type Problem } from "../validation";
import { betweenEnvironments } from "./between-environments";
import { clusterName } from "./cluster-name";
import type { EnvironmentDefinition } from "./definition";

/** `<name>-networking` and the names of networks and accounts derived from it must stay within Google Cloud's limits. */
const MAX_NAME_LENGTH = 20;
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** A project id, with the domain of its organization in front in old ones. */
const PROJECT = /^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/;

/** Every problem of every environment and between them, each in one line that begins with the environment's name. */
export function environmentsProblems(definitions: readonly EnvironmentDefinition[]): string[] {
  return [
    ...definitions.flatMap((definition) =>
      environmentProblems(definition).map((problem) => describeProblem(definition.name, problem)),
    ),
    ...betweenEnvironments(definitions),
  ];
}

/** What the cluster is made with: the definition's options, and what the monitoring decides where they say nothing. */
export function effectiveClusterOptions(definition: EnvironmentDefinition): GkeClusterOptions {
  const { cluster, monitoring } = definition;
  // Two pipelines that collect the same metrics cost twice and agree never.
  return { ...cluster, managedPrometheus: cluster?.managedPrometheus ?? monitoring?.needs.managedPrometheus };
}

/** What monitoring is told of an environment. */
export function monitoringFacts(definition: EnvironmentDefinition): MonitoringFacts {
  return {
    environment: definition.name,
    project: definition.project,
    location: definition.location,
    clusterName: clusterName(definition),
    telemetry: definition.dataplane.telemetry,
    autopilot: definition.cluster?.autopilot,
  };
}

function environmentProblems(definition: EnvironmentDefinition): Problem[] {
  const { name, project, location, network, dataplane, monitoring, backend } = definition;
  const cluster = effectiveClusterOptions(definition);
  const nodePools = definition.nodePools ?? [];
  const poolContext = {
    location,
    releaseChannel: cluster.releaseChannel,
    startupTaints: dataplane.startupTaint && [dataplane.startupTaint],
    podRangeNames: Object.keys(network.extraPodRanges ?? {}),
  };
  return [
    ...identityProblems(name, project),
    ...nestProblems("network", gkeNetworkProblems({ ...network, privateNodes: cluster.privateNodes })),
    ...clusterProblems(gkeClusterProblems({ ...cluster, location, network }, dataplane.clusterDatapath)),
    ...nodePools.flatMap((pool, index) =>
      nestProblems(`nodePools[${index}]`, gkeNodePoolProblems({ ...pool, ...poolContext })),
    ),
    ...nodePoolListProblems(definition),
    ...podRangeProblems({ network, cluster, nodePools, location }),
    ...dataplane.problems(definition),
    ...nestProblems("connection", clusterConnectionProblems(definition.connection ?? {}, cluster)),
    ...nestProblems("monitoring", monitoring?.problems(monitoringFacts(definition)) ?? []),
    ...monitoringNeedsProblems(definition),
    ...(backend?.problems() ?? []),
    ...resourceLabelProblems("labels", definition.labels),
  ];
}

function identityProblems(name: string, project: string): Problem[] {
  const problems: Problem[] = [];
  if (!NAME.test(name) || name.length > MAX_NAME_LENGTH)
    problems.push({
      property: "name",
      value: name,
      rule: `is not 1 to ${MAX_NAME_LENGTH} lower case letters, digits and dashes that begin with a letter`,
      remedy: "use a short name such as staging",
    });
  if (!PROJECT.test(project))
    problems.push({
      property: "project",
      value: project,
      rule: "is not the id of a project",
      remedy: "use its id (not its name or number): 6 to 30 lower case letters, digits and dashes",
    });
  return problems;
}

/** The location and the network are properties of the environment, everything else of its cluster. */
function clusterProblems(problems: readonly Problem[]): Problem[] {
  return problems.flatMap((problem) =>
    /^(location$|network\.)/.test(problem.property) ? [problem] : nestProblems("cluster", [problem]),
  );
}

function nodePoolListProblems({ nodePools = [], cluster }: EnvironmentDefinition): Problem[] {
  const problems: Problem[] = [];
  if (cluster?.autopilot && nodePools.length > 0)
    problems.push({
      property: "nodePools",
      value: nodePools.map((pool) => pool.name),
      rule: "cannot be given with Autopilot, which makes its own nodes",
      remedy: "leave nodePools out, or cluster.autopilot",
    });
  if (!cluster?.autopilot && nodePools.length === 0)
    problems.push({
      property: "nodePools",
      rule: "is empty, so that no pod could run",
      remedy: "give one, e.g. { name: 'general', minNodes: 3, maxNodes: 9 }",
    });
  nodePools.forEach((pool, index) => {
    const first = nodePools.findIndex((other) => other.name === pool.name);
    if (first !== index)
      problems.push({
        property: `nodePools[${index}].name`,
        value: pool.name,
        rule: `is the name of nodePools[${first}] too`,
        remedy: "give each pool a name of its own",
      });
  });
  return problems;
}

function monitoringNeedsProblems({ cluster, monitoring }: EnvironmentDefinition): Problem[] {
  if (!monitoring?.needs.managedPrometheus || cluster?.managedPrometheus !== false) return [];
  return [
    {
      property: "cluster.managedPrometheus",
      value: false,
      rule: `keeps monitoring of kind ${monitoring.kind} from collecting anything`,
      remedy: "leave it out, or use Monitoring.prometheus()",
    },
  ];
}
