/**
 * Plans and applies the pull requests of the corpus with the real providers, in the sandbox, and compares what was
 * predicted with what was planned and with what happened.
 *
 *   npm run test:corpus                         every pull request, most of an hour
 *   npm run test:corpus -- --sample             one of each kind, a few minutes
 *   npm run test:corpus -- zone "pool less"     those whose name has one of these
 *   npm run test:corpus -- --update …           writes down what happened
 *   npm run test:corpus -- --bases=DIR …        keeps the deployed bases in DIR, for the next run
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Checks } from "../check/harness";
import { checkCorpus } from "./check";

async function main(args: readonly string[]): Promise<void> {
  const checks = new Checks();
  const bases = args.find((arg) => arg.startsWith("--bases="))?.slice("--bases=".length);
  await checkCorpus(checks, {
    words: args.filter((arg) => !arg.startsWith("--")),
    sample: args.includes("--sample"),
    update: args.includes("--update"),
    ...(bases === undefined ? {} : { bases: resolve(bases) }),
    scratch: mkdtempSync(join(tmpdir(), "corpus-")),
  });
  process.exitCode = checks.end();
}

main(process.argv.slice(2));
