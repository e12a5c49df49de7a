import type { RunArguments } from "./arguments";
import { ENVIRONMENTS, type EnvironmentName, placesOf, runsOn, type Scenario } from "./harness/scenario";
import { proofsOf } from "./lanes";
import { PROOFS } from "./proofs";
import { SCENARIOS } from "./scenarios";

const NEEDS =
  "Terraform or OpenTofu; the providers, from the registry or a mirror; the sandbox's toolchain, from Go modules";
const NEEDS_REAL = `${NEEDS}; root on Linux with BPF and cgroup v2, clang, iptables; Cilium's programs`;

const COLUMN = 22;

/** What can be proven, what it needs, and what runs only where its name is given: lines for a terminal. */
export function listing(options: RunArguments): string[] {
  const lines: string[] = [];
  for (const environment of placesOf(options.environments)) {
    for (const real of [false, true]) {
      const scenarios = SCENARIOS.filter(
        (scenario) =>
          (scenario.real ?? false) === real && runsOn(scenario, environment) && isWanted(scenario, options.only),
      );
      if (scenarios.length === 0) continue;
      lines.push(real ? `${environment}, with real nodes` : environment, `  needs: ${real ? NEEDS_REAL : NEEDS}`);
      for (const scenario of scenarios) lines.push(...told(scenario));
    }
  }
  const everything = options.environments.length === ENVIRONMENTS.length && options.only === undefined;
  const proofs = everything ? PROOFS : proofsOf(options);
  if (proofs.length > 0) lines.push("proofs");
  for (const { id, title, needs } of proofs) lines.push(entry(id, title), below(`needs: ${needs}`));
  return lines;
}

/**
 * What is wrong with the names that `--only` was given, by name.
 *
 * @param environments Those of the run.
 */
export function unknownNames({ environments, only = [] }: Pick<RunArguments, "environments" | "only">): string[] {
  return only.flatMap((id) => {
    if (PROOFS.some((proof) => proof.id === id)) return [];
    const scenario = SCENARIOS.find((one) => one.id === id);
    if (!scenario) return [`--only: there is no scenario or proof '${id}'; --list shows all of them`];
    if (placesOf(environments).some((name) => runsOn(scenario, name))) return [];
    const places = ENVIRONMENTS.filter((name) => runsOn(scenario, name));
    const instead = places.length > 0 ? `on ${listOf(places)}` : "where no environment is named";
    return [`--only: '${id}' does not run on ${listOf(environments)}, but ${instead}`];
  });
}

function listOf(names: readonly EnvironmentName[]): string {
  return names.join(", ") || "no environment";
}

function isWanted({ id }: Scenario, only: readonly string[] | undefined): boolean {
  return only === undefined || only.includes(id);
}

function entry(id: string, title: string): string {
  return `  ${id.padEnd(COLUMN)} ${title}`;
}

function below(text: string): string {
  return `  ${"".padEnd(COLUMN)} ${text}`;
}

/** A scenario, what it needs besides, and when it runs where that is not always. */
function told({ id, title, needs, byName, slow }: Scenario): string[] {
  return [
    entry(id, title),
    ...(needs ? [below(`needs besides: ${needs}`)] : []),
    ...(byName ? [below(`by name only: --only ${id}, about ${byName.minutes} min on two cores`)] : []),
    ...(slow ? [below(`in a run of all environments, or by name: --only ${id}`)] : []),
  ];
}
