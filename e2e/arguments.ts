import { ENVIRONMENTS, type EnvironmentName } from "./harness/scenario";

/** What a run was asked for. */
export interface RunArguments {
  readonly environments: readonly EnvironmentName[];
  /** Whether everything is proven that needs no environment. */
  readonly proofs: boolean;
  /** Ids of scenarios and proofs, where not all are wanted. */
  readonly only?: readonly string[];
  /** Write the traffic of the providers where `npm test` replays it from. */
  readonly record: boolean;
  /** Leave the sandbox running when a scenario failed, until Ctrl-C. */
  readonly keep: boolean;
  /** Begin nothing after so many minutes. @default no limit */
  readonly minutes?: number;
  /** How many things run side by side at most. @default 3, or fewer where memory is short */
  readonly atOnce?: number;
  /** Print what can be proven and do nothing. */
  readonly list: boolean;
}

/** The word for everything that needs no environment. */
const PROOFS = "proofs";

/** What `--help` prints. */
export const USAGE = `npm run e2e -- [${ENVIRONMENTS.join("|")}|proofs]... [options]

  Deploys environments into a sandbox with the real Terraform and the real providers, changes, breaks, repairs and
  destroys them, and writes .sandbox/e2e-report.md and .json. All environments side by side where none is named. A single
  one is deployed twice, so that it can be broken beside its day-two changes, and what takes minutes is left out unless
  --only names it. 'proofs' is everything that needs none of these environments: charts are rendered, rulesets made, metrics
  scraped, pages shown, other repositories deployed.

  --only <ids>   only these scenarios and proofs, and what they build on; ids with commas between
  --minutes <n>  begin nothing after so many minutes, and stop proofs ten minutes later; the rest is not run
  --at-once <n>  so many things side by side at most (3); fewer are surer on a machine that is slow
  --list         print everything that can be proven, and what it needs
  --keep         after a failure, leave the sandbox running until Ctrl-C, to look around
  --record       write the providers' traffic to where npm test replays it from
`;

/** What was asked for is not understood: its message is all that there is to say. */
export class UsageError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** @throws UsageError naming what is not understood. */
export function parseArguments(words: readonly string[]): RunArguments {
  const environments: EnvironmentName[] = [];
  let only: string[] | undefined;
  let minutes: number | undefined;
  let atOnce: number | undefined;
  const switches = new Set<string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const name = ENVIRONMENTS.find((environment) => environment === word);
    if (name) environments.push(name);
    else if (word === "--only") {
      const ids = words[++index];
      if (!ids || ids.startsWith("--")) throw new UsageError("--only needs ids of scenarios, e.g. --only drift,scale");
      only = [...(only ?? []), ...ids.split(",")];
    } else if (word === "--minutes") minutes = numberAfter(word, words[++index], 40);
    else if (word === "--at-once") atOnce = Math.floor(numberAfter(word, words[++index], 2));
    else if (["--record", "--keep", "--list", PROOFS].includes(word)) switches.add(word);
    else
      throw new UsageError(
        `'${word}' is neither an environment (${ENVIRONMENTS.join(", ")}), nor proofs, nor an option`,
      );
  }
  return {
    environments:
      environments.length > 0 || switches.has(PROOFS)
        ? ENVIRONMENTS.filter((name) => environments.includes(name))
        : ENVIRONMENTS,
    proofs: switches.has(PROOFS),
    ...(only ? { only } : {}),
    ...(minutes === undefined ? {} : { minutes }),
    ...(atOnce === undefined ? {} : { atOnce }),
    record: switches.has("--record"),
    keep: switches.has("--keep"),
    list: switches.has("--list"),
  };
}

/** @throws UsageError unless a number of 1 or more follows. */
function numberAfter(option: string, word: string | undefined, example: number): number {
  const value = Number(word);
  if (word === undefined || !Number.isFinite(value) || value < 1)
    throw new UsageError(`${option} is '${word ?? ""}'; it needs a number from 1 on, e.g. ${option} ${example}`);
  return value;
}
