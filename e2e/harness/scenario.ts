import type { Bench } from "../rig/bench";

/** The environments that ship. */
export const SHIPPED = ["dev", "staging", "prod"] as const;
/** What the scenarios run on: those that ship, and an Autopilot cluster. */
export const ENVIRONMENTS = [...SHIPPED, "auto"] as const;
/** Two environments of one mesh. A scenario of the first deploys both; a run that names no environment has it. */
export const MESH = ["tokyo", "osaka"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number] | (typeof MESH)[number];

/** What the whole run has to show; the numbers of the report's sections. */
export const PROMISES = {
  deploy: "Deploys from nothing, and a second plan is empty",
  promises: "The cluster has what the dataplane promises",
  packets: "What packets do, through real agents on nodes with a real network",
  dayTwo: "Day-two changes, each followed by an empty plan",
  switch: "Switching the dataplane",
  faults: "Faults are ridden out or fail clearly, and running again converges",
  destroy: "Destroy leaves nothing",
  isolation: "Nothing is written elsewhere, and nothing leaves this machine",
  programs: "What real programs make of what is written: rendered, checked, scraped, shown",
} as const;
export type Promised = keyof typeof PROMISES;

/** Something to show about an environment that is deployed, or being deployed. */
export interface Scenario {
  /** Unique; what `--only` takes. */
  readonly id: string;
  /** What is shown, as a sentence without a full stop. */
  readonly title: string;
  readonly shows: Promised;
  /** Where it is shown. @default the environments that ship */
  readonly environments?: readonly EnvironmentName[];
  /** Also runs where `--only` names others, because those build on it. */
  readonly always?: true;
  /** A run of a single environment shows it on a second deployment, beside the first and at the same time. */
  readonly beside?: true;
  /** Takes minutes, so it is left out of a run of a single environment that does not name it. */
  readonly slow?: true;
  /** Would make the whole run too long: it is left out wherever `--only` does not name it. */
  readonly byName?: {
    /** What it takes on two cores, with the deployment that it needs: measured. */
    readonly minutes: number;
  };
  /** Needs real nodes, and is shown on a deployment of its own that has them. */
  readonly real?: true;
  /** What it needs beside what its environment needs, where a machine may lack that: then it is not run. */
  readonly needs?: string;
  /** The sentences of docs that it proves, as they stand there: `docs/sandbox.md: ...`. */
  readonly proves?: readonly string[];
  /** Carried out in this order; the first that throws ends the environment's run. */
  readonly steps: readonly Step[];
}

/** One step of a scenario. */
export interface Step {
  readonly title: string;
  /** @throws NotRun where something that it needs is not there; any other error is a failure. */
  run(bench: Bench): Promise<void>;
}

/** What a scenario needs is not on this machine. It is reported as not run, with the remedy. */
export class NotRun extends Error {
  public constructor(reason: string) {
    super(reason);
    this.name = "NotRun";
  }
}

/** The environments that are in a mesh with another. */
export function meshedWith(environment: EnvironmentName): EnvironmentName[] {
  const mesh: readonly EnvironmentName[] = MESH;
  return mesh.includes(environment) ? mesh.filter((name) => name !== environment) : [];
}

/** Where scenarios may run where these environments are asked for: all of them are the mesh, too. */
export function placesOf(environments: readonly EnvironmentName[]): EnvironmentName[] {
  return environments.length === ENVIRONMENTS.length ? [...environments, MESH[0]] : [...environments];
}

/** Whether a scenario is shown on an environment. */
export function runsOn({ environments = SHIPPED }: Scenario, environment: EnvironmentName): boolean {
  return environments.includes(environment);
}

/**
 * The scenarios of one environment, in their order.
 *
 * @param only Ids of those that are wanted, where not all are.
 * @param isAlone Whether this is the only environment of the run.
 */
export function scenariosOf(
  environment: EnvironmentName,
  scenarios: readonly Scenario[],
  only: readonly string[] | undefined,
  isAlone: boolean,
): Scenario[] {
  return scenarios.filter(
    (scenario) =>
      !scenario.real &&
      runsOn(scenario, environment) &&
      (only === undefined
        ? !(scenario.byName || (scenario.slow && isAlone))
        : scenario.always === true || only.includes(scenario.id)),
  );
}
