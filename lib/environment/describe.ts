import { commonDisks, DataplaneBase, type EffectiveDataplane, type EffectiveMesh, podTolerations } from "../dataplane";
import {
  CLUSTER_CONNECTION_OPTIONS,
  type ClusterConnectionOptions,
  clusterConnectionProblems,
  GKE_CLUSTER_OPTIONS,
  GKE_NETWORK_OPTIONS,
  GKE_NODE_POOL_OPTIONS,
  type GkeClusterOptions,
  type GkeNetworkProps,
  gkeClusterProblems,
  gkeNetworkProblems,
  gkeNodePoolProblems,
  locationCheck,
  NO_DATAPATH,
  podRangeProblems,
  projectIdCheck,
  regionOf,
  resourceLabelsCheck,
} from "../gke";
import { Monitoring, type MonitoringFacts } from "../monitoring";
import { type ClusterRanges, describePolicies, POLICIES_OPTIONS } from "../policy";
import {
  type CheckTable,
  ConfigurationError,
  decisive,
  describeProblem,
  examine,
  isKnown,
  listOf,
  madeBy,
  merged,
  nested,
  nestProblems,
  type Problem,
  required,
  text,
  withOtherNames,
} from "../validation";
import { betweenEnvironments } from "./between-environments";
import { clusterName } from "./cluster-name";
import type { EnvironmentDefinition, EnvironmentNodePool } from "./definition";
import type { EffectiveEnvironment, SoundEnvironment } from "./effective";
import { inContext } from "./pool-context";
import { PROVIDER_VERSIONS_TABLE } from "./provider-versions";
import { environmentRules } from "./rules";
import { StateBackend } from "./state-backend";

/** `<name>-networking` and the names of networks and accounts derived from it must stay within Google Cloud's limits. */
const MAX_NAME_LENGTH = 20;
/** A NAT has at least two characters. */
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])$/;

const DATAPLANES = "Dataplane.cniChaining(), Dataplane.kubeProxyFree() or Dataplane.v2()";
const NODE_POOL: CheckTable<EnvironmentNodePool> = {
  ...GKE_NODE_POOL_OPTIONS,
  dataplane: madeBy(isDataplane, DATAPLANES),
};

/** What a definition must look like, part by part. What is wrong in one is unknown to the rules that follow. */
const PARTS: CheckTable<EnvironmentDefinition> = {
  name: required(
    decisive(
      text({
        matches: (name) => NAME.test(name) && name.length <= MAX_NAME_LENGTH,
        rule: `is not 2 to ${MAX_NAME_LENGTH} lower case letters, digits and dashes that begin with a letter`,
        remedy: "use a short name such as staging",
      }),
      "stacks are named after it",
    ),
    "give a short name such as staging",
  ),
  project: required(
    projectIdCheck,
    "give the id of the project; where it comes from a variable of the environment, that variable is not set",
  ),
  location: required(locationCheck, "give a region such as asia-northeast1, or a zone"),
  network: required(nested(GKE_NETWORK_OPTIONS), "give nodes, pods and services, each a range of your address plan"),
  dataplane: required(madeBy(isDataplane, DATAPLANES), `choose ${DATAPLANES}`),
  nodePools: listOf(nested(NODE_POOL)),
  cluster: nested(GKE_CLUSTER_OPTIONS),
  connection: nested(CLUSTER_CONNECTION_OPTIONS),
  monitoring: madeBy(isMonitoring, "Monitoring.prometheus() or Monitoring.managedPrometheus()"),
  policies: nested(POLICIES_OPTIONS),
  backend: madeBy(
    (value) => value instanceof StateBackend,
    "StateBackend.local(), StateBackend.gcs() or StateBackend.custom()",
  ),
  providers: nested(PROVIDER_VERSIONS_TABLE),
  labels: merged(resourceLabelsCheck),
};

export const DEFINITION = withOtherNames(PARTS, {
  region: "use location",
  zone: "use location, which may be a zone",
  ...Object.fromEntries(["releaseChannel", "minVersion", "autopilot"].map((name) => [name, "write it in cluster"])),
});

function isDataplane(value: object): boolean {
  return value instanceof DataplaneBase || (typeof (value as DataplaneBase).describe === "function" && "kind" in value);
}

function isMonitoring(value: object): boolean {
  return value instanceof Monitoring || (typeof (value as Monitoring).install === "function" && "needs" in value);
}

/**
 * What a definition comes to, with everything that is wrong with it. Nothing is thrown and nothing is created; each rule
 * runs once.
 *
 * @param given A definition, or whatever somebody gave in its place.
 */
export function describeEnvironment(given: EnvironmentDefinition): EffectiveEnvironment {
  const { problems: wrong, options: definition } = examine(given, DEFINITION);
  const { name, project, location, network, monitoring, backend = StateBackend.local() } = definition;
  const needed = withMonitoringNeeds(definition);
  const facts = { ...definition, cluster: needed };
  const dataplane = isKnown(definition.dataplane) ? definition.dataplane.describe(facts) : undefined;
  const cluster = withDaemonSetCounts(needed, definition, dataplane);
  const watched =
    isKnown(monitoring) && dataplane !== undefined
      ? { kind: monitoring, facts: monitoringFacts(definition, cluster, dataplane) }
      : undefined;
  const policies =
    definition.policies === undefined || dataplane === undefined
      ? undefined
      : describePolicies(definition.policies, {
          enforcement: dataplane.enforcement,
          ranges: clusterRanges(definition),
        });
  const region = isKnown(location) ? regionOf(location) : location;
  const effective: EffectiveEnvironment = {
    definition: given,
    name,
    project,
    location,
    labels: definition.labels ?? {},
    backend,
    providers: definition.providers ?? {},
    network: {
      ...network,
      name,
      project,
      region,
      privateNodes: cluster.privateNodes,
      nodeProtocols: dataplane?.nodeProtocols ?? [],
      ...(dataplane?.mesh && meshNetwork(dataplane.mesh)),
    },
    cluster,
    nodePools: definition.nodePools ?? [],
    connection: { ...definition.connection, project, location, clusterName: clusterName(definition) },
    dataplane,
    monitoring: watched,
    policies,
    problems: [],
  };
  const problems = [
    ...wrong,
    ...partsProblems(effective),
    ...(dataplane?.problems ?? []),
    ...nestProblems("monitoring", watched?.kind.problems(watched.facts) ?? []),
    ...(policies?.problems ?? []),
    ...(backend instanceof StateBackend ? backend.problems() : []),
    ...environmentRules(effective),
  ];
  const subject = typeof name === "string" && isKnown(name) ? name : nameOf(given);
  return { ...effective, problems: problems.map((problem) => describeProblem(subject, problem)) };
}

/**
 * Every environment of an app.
 *
 * @returns The descriptions, and every problem of each and between them.
 */
export function describeEnvironments(definitions: readonly EnvironmentDefinition[]): {
  readonly environments: readonly EffectiveEnvironment[];
  readonly problems: readonly string[];
} {
  if (!Array.isArray(definitions))
    throw new ConfigurationError([
      describeProblem("environments", {
        property: "definitions",
        rule: definitions === undefined ? "is missing" : "is not a list",
        remedy: "give a list of what defineEnvironment() returns, even of one: [staging]",
      }),
    ]);
  const environments = definitions.map(describeEnvironment);
  const problems = [...environments.flatMap((each) => each.problems), ...betweenEnvironments(environments)];
  return { environments, problems };
}

/** Every problem of every environment and between them, each in one line that begins with the environment's name. */
export function environmentsProblems(definitions: readonly EnvironmentDefinition[]): readonly string[] {
  return describeEnvironments(definitions).problems;
}

/** @throws ConfigurationError with every problem. */
export function assertSoundEnvironment(environment: EffectiveEnvironment): asserts environment is SoundEnvironment {
  if (environment.problems.length > 0) throw new ConfigurationError(environment.problems);
}

/** Two pipelines that collect the same metrics cost twice and agree never. */
function withMonitoringNeeds({ cluster, monitoring }: EnvironmentDefinition): GkeClusterOptions {
  const needs = isKnown(monitoring) ? monitoring.needs.managedPrometheus : undefined;
  // Autopilot has it on for good; what cannot work beside it is told by the monitoring, which is the cause.
  const decided = cluster?.autopilot === true && needs === false ? undefined : needs;
  return { ...cluster, managedPrometheus: cluster?.managedPrometheus ?? decided };
}

/** GKE's counts of DaemonSets, where the monitoring has no other way to see one of the dataplane's. */
function withDaemonSetCounts(
  cluster: GkeClusterOptions,
  { monitoring }: EnvironmentDefinition,
  dataplane: EffectiveDataplane | undefined,
): GkeClusterOptions {
  const wanted = isKnown(monitoring) && monitoring.needs.daemonSetCounts === true;
  if (!wanted || cluster.monitoring !== undefined || (dataplane?.telemetry.daemonSets ?? []).length === 0)
    return cluster;
  return { ...cluster, monitoring: ["SYSTEM_COMPONENTS", "DAEMONSET"] };
}

function monitoringFacts(
  definition: EnvironmentDefinition,
  cluster: GkeClusterOptions,
  dataplane: EffectiveDataplane,
): MonitoringFacts {
  return {
    environment: definition.name,
    project: definition.project,
    location: definition.location,
    clusterName: clusterName(definition),
    telemetry: dataplane.telemetry,
    tolerations: podTolerations(definition),
    volumeDisks: commonDisks(definition),
    autopilot: definition.cluster?.autopilot,
    managedPrometheus: definition.cluster?.managedPrometheus,
    clusterMetrics: isKnown(cluster.monitoring) ? cluster.monitoring : undefined,
  };
}

/** Ranges of the cluster that policies may mean by mistake, as far as they are known. */
export function clusterRanges({ network }: EnvironmentDefinition): ClusterRanges {
  if (!isKnown(network)) return {};
  const { nodes, pods, services, extraPodRanges } = network;
  const extra = isKnown(extraPodRanges) ? Object.values(extraPodRanges) : [];
  return {
    ...(isKnown(nodes) && { nodes }),
    ...(isKnown(services) && { services }),
    pods: [pods, ...extra].filter(isKnown),
  };
}

/** What each part says of itself, under the names that the definition has. */
function partsProblems(environment: EffectiveEnvironment): Problem[] {
  const { network, cluster, nodePools, location, dataplane } = environment;
  return [
    // The name is the environment's, and told there.
    ...nestProblems("network", gkeNetworkProblems({ ...network, name: undefined })),
    ...clusterProblems(
      gkeClusterProblems({ ...cluster, location, network }, dataplane?.clusterDatapath ?? NO_DATAPATH),
    ),
    ...nodePools.flatMap((pool, index) =>
      nestProblems(`nodePools[${index}]`, gkeNodePoolProblems(inContext(pool, environment))),
    ),
    ...podRangeProblems({ network, cluster, nodePools, location }),
    ...nestProblems("connection", clusterConnectionProblems(connectionOptions(environment), cluster)),
  ];
}

/** The location and the network are properties of the environment, everything else of its cluster. */
function clusterProblems(problems: readonly Problem[]): Problem[] {
  return problems.flatMap((problem) =>
    /^(location$|network\.)/.test(problem.property) ? [problem] : nestProblems("cluster", [problem]),
  );
}

function connectionOptions({
  connection: { endpoint, authentication },
}: EffectiveEnvironment): ClusterConnectionOptions {
  return { ...(endpoint && { endpoint }), ...(authentication && { authentication }) };
}

/** What a definition without a proper name is called in messages: its name, as far as that is one word. */
function nameOf(given: unknown): string {
  const name: unknown = typeof given === "object" && given !== null ? (given as { name?: unknown }).name : undefined;
  return typeof name === "string" && isKnown(name) && /^[!-~]+$/.test(name)
    ? name.slice(0, 2 * MAX_NAME_LENGTH)
    : "environment";
}

/** What a mesh needs of the network. */
function meshNetwork({ address, peers }: EffectiveMesh): Pick<GkeNetworkProps, "meshAddress" | "peerRanges"> {
  return {
    meshAddress: address,
    peerRanges: [...new Set(peers.flatMap(({ ranges }) => (isKnown(ranges) ? ranges : [])))],
  };
}
