import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { environments } from "../../environments";
import { ROOT } from "../deployment/in-sandbox";
import { LIVE_HELP, type LiveOptions, parseLiveArguments } from "./options";
import { renderLiveReport } from "./report";
import { liveDirectory, liveRun } from "./run";
import { throwAway } from "./throw-away";

const NOT_BEGUN = 2;
const SOMETHING_LEFT = 3;

async function main(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words.includes("--help")) {
    process.stdout.write(LIVE_HELP);
    return words.length === 0 ? NOT_BEGUN : 0;
  }
  const options = parseLiveArguments(words);
  const original = environments.find(({ name }) => name === options.environment);
  if (original === undefined)
    throw new Error(
      `there is no environment '${options.environment}', only ${environments.map(({ name }) => name).join(", ")}`,
    );
  const suffix = randomBytes(2).toString("hex");
  const directory = liveDirectory(ROOT, suffix);
  const thing = throwAway(original, options, suffix, directory);
  const bound = checkCost(thing.hourly, options);
  const { name } = thing.definition;
  process.stdout.write(
    `'${name}', a copy of ${original.name}, is deployed into ${options.project} for at most ${options.hours} h and ${bound.toFixed(2)} USD, and destroyed.\n`,
  );
  if (!options.yes && !(await agreed())) throw new Error("not agreed to; nothing was done");

  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      process.stdout.write("\ninterrupted: the current step ends, then everything is destroyed\n");
      interruption.abort();
    });
  const { report, failed, left } = await liveRun(thing, options, {
    directory,
    variables: process.env,
    cli: resolve(ROOT, "dist/lib/cli/cli.js"),
    cloud: "Google Cloud",
    signal: interruption.signal,
    say: (text) => process.stdout.write(`${text}\n`),
  });
  writeFileSync(options.report, renderLiveReport(report));
  process.stdout.write(`The report: ${resolve(options.report)}\n`);
  if (left === undefined || left.length > 0) {
    process.stderr.write(
      `live: look after ${name} in ${options.project}: ${left?.join(", ") ?? "nobody could look"}; ${directory} has its states\n`,
    );
    return SOMETHING_LEFT;
  }
  rmSync(directory, { recursive: true, force: true });
  return failed ? 1 : 0;
}

/** @throws Error where the bound is not known, or above what may be spent. */
function checkCost(hourly: number | undefined, { hours, maxCost }: LiveOptions): number {
  if (hourly === undefined)
    throw new Error("what a machine of this environment costs is not known here; nothing was done");
  const bound = hourly * hours;
  if (bound > maxCost)
    throw new Error(
      `${hours} h of it cost at most ${bound.toFixed(2)} USD, which is above --max-cost ${maxCost}; shorten --hours, lower maxNodes, or raise it`,
    );
  return bound;
}

async function agreed(): Promise<boolean> {
  if (process.stdin.isTTY !== true) throw new Error("nobody can be asked here: give --yes");
  const line = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await line.question("Type 'yes' to begin: ");
  line.close();
  return answer.trim() === "yes";
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`live: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = NOT_BEGUN;
  },
);
