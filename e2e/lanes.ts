import { freemem } from "node:os";
import type { RunArguments } from "./arguments";
import type { ScenarioResult } from "./harness/results";
import {
  ENVIRONMENTS,
  type EnvironmentName,
  MESH,
  placesOf,
  runsOn,
  type Scenario,
  scenariosOf,
} from "./harness/scenario";
import { PROOFS, type Proof } from "./proofs";
import { SCENARIOS, twoLanes } from "./scenarios";
import { DEPLOY_REAL } from "./scenarios/deploy";

/** Control plane, Terraform and providers of one lane at work. */
const MEMORY_PER_LANE = 2.5 * 1024 ** 3;

/** What runs beside others: an environment that is deployed, and what is shown on it, in its order. */
export interface Lane {
  /** Unique; the folder of its app, states and logs. */
  readonly name: string;
  readonly environment: EnvironmentName;
  /** Folder of the sandbox that it is in. Environments share one, but an environment can be in each only once. */
  readonly cloud: string;
  /** Whether its nodes have a real network. */
  readonly real?: true;
  readonly scenarios: readonly Scenario[];
}

/** Folder of the sandbox whose nodes are real. */
export const REAL_CLOUD = "cloud-real";

/** Would begin when another environment is done, and at the end keep the whole run waiting: where all are run, it has two lanes. */
const LAST: EnvironmentName = "prod";

/**
 * A lane an environment; two for one that is alone, as it leaves half of the machine idle, and for the last of many. What
 * needs real nodes is shown on a deployment of its own.
 */
export function lanesOf(options: RunArguments): Lane[] {
  const real = realLanes(options);
  const { environments: names, only, record } = options;
  const isAlone = names.length === 1;
  if (only || record) {
    const played = names.map((name) => laneOf(name, scenariosOf(name, SCENARIOS, only, isAlone)));
    // Where only scenarios with real nodes are named, nothing is to be shown on the others.
    const wanted = only ? played.filter(({ scenarios }) => scenarios.some(({ id }) => only.includes(id))) : played;
    return longestFirst([...wanted, ...real]);
  }
  const isSplit = (name: EnvironmentName) =>
    isAlone ? fitting() > 1 : name === LAST && names.length === ENVIRONMENTS.length;
  const played = names.flatMap((name) =>
    isSplit(name) ? besideEachOther(name, isAlone) : laneOf(name, scenariosOf(name, SCENARIOS, undefined, isAlone)),
  );
  return longestFirst([...played, ...real]);
}

function laneOf(environment: EnvironmentName, scenarios: readonly Scenario[]): Lane {
  return { name: environment, environment, cloud: "cloud", scenarios };
}

function besideEachOther(environment: EnvironmentName, isAlone: boolean): Lane[] {
  const [first = [], second = []] = twoLanes(environment, isAlone);
  return [
    laneOf(environment, first),
    { name: `${environment}-beside`, environment, cloud: "cloud-beside", scenarios: second },
  ];
}

/** What takes long begins first, or the whole run waits for it at its end. With packets a scenario takes about twice as long. */
function longestFirst(lanes: readonly Lane[]): Lane[] {
  const cost = ({ scenarios, real }: Lane) => scenarios.length * (real ? 2 : 1);
  return [...lanes].sort((a, b) => cost(b) - cost(a));
}

/** The proofs of a run: those that are named, or all. */
export function proofsOf({ proofs, only }: RunArguments): readonly Proof[] {
  if (only) return PROOFS.filter(({ id }) => only.includes(id));
  return proofs ? PROOFS : [];
}

function realLanes({ environments, only, record }: RunArguments): Lane[] {
  if (record) return [];
  return placesOf(environments).flatMap((environment): Lane[] => {
    const scenarios = SCENARIOS.filter(
      (scenario) =>
        scenario.real &&
        runsOn(scenario, environment) &&
        (only === undefined
          ? !(scenario.byName || (scenario.slow && environments.length === 1))
          : only.includes(scenario.id)),
    );
    if (scenarios.length === 0) return [];
    return [
      {
        name: `${environment}-real`,
        environment,
        cloud: REAL_CLOUD,
        real: true,
        // The clusters of a mesh are deployed together, by what is shown on them.
        scenarios: environment === MESH[0] ? scenarios : [DEPLOY_REAL, ...scenarios],
      },
    ];
  });
}

/**
 * How many nodes of each cluster are real, in the words of SANDBOX_NODES: two for what is shown of a single environment, which
 * is to take little time, else also one on which none of the tests' servers runs.
 */
export function realNodesOf({ environments, only }: RunArguments): string {
  return environments.length === 1 && only === undefined ? "real:2" : "real:3";
}

/** The results of a lane that cannot be run here. */
export function notRun({ environment, scenarios }: Lane, reason: string): ScenarioResult[] {
  return scenarios.map(({ id, title, shows, steps, proves }) => ({
    environment,
    id,
    title,
    shows,
    outcome: "not run" as const,
    seconds: 0,
    steps: steps.map((step) => ({ title: step.title, outcome: "not run" as const, seconds: 0, notes: [], reason })),
    ...(proves ? { proves } : {}),
  }));
}

/** More lanes than this get in each other's way on two cores: what waits for an answer gives up. */
const MOST_AT_ONCE = 3;

/** How many lanes run side by side: as many as memory allows, but one where its traffic is recorded. */
export function atOnce(lanes: number, { record, atOnce: most = MOST_AT_ONCE }: RunArguments): number {
  return record ? 1 : Math.max(1, Math.min(lanes, most, fitting()));
}

/** How many lanes fit into memory. */
function fitting(): number {
  return Math.floor(freemem() / MEMORY_PER_LANE);
}
