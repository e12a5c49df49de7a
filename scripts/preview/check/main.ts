/**
 * The preview against the real thing: Terraform, the pinned providers, the workflows' own scripts, actionlint, the
 * sandbox's cloud.
 *
 *   npm run test:preview [plan|interruption|schema|workflows|replacements|other-replacements|sandbox|identities|corpus]…
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkCorpus } from "../corpus/check";
import { Checks } from "./harness";
import { checkIdentities } from "./identities";
import { checkInterruption } from "./interruption";
import { checkPlanAndApply } from "./plan-apply";
import { checkProviderSchema } from "./provider-schema";
import { checkOtherReplacements, checkReplacements } from "./replacements";
import { checkSandbox } from "./sandbox";
import { checkWorkflows } from "./workflows";

const PARTS: Readonly<Record<string, (checks: Checks) => Promise<void>>> = {
  plan: checkPlanAndApply,
  interruption: checkInterruption,
  schema: checkProviderSchema,
  workflows: checkWorkflows,
  replacements: checkReplacements,
  "other-replacements": checkOtherReplacements,
  sandbox: checkSandbox,
  identities: checkIdentities,
  corpus: checkSample,
};

/** A few pull requests of the corpus; `npm run test:corpus` has them all. */
function checkSample(checks: Checks): Promise<void> {
  return checkCorpus(checks, { sample: true, scratch: mkdtempSync(join(tmpdir(), "corpus-")) });
}

/** Only where they are asked for: each has a sandbox of its own, and takes many minutes. */
const NAMED_ONLY: ReadonlySet<string> = new Set(["identities", "other-replacements"]);

async function main(wanted: readonly string[]): Promise<void> {
  const checks = new Checks();
  for (const [name, part] of Object.entries(PARTS))
    if (wanted.includes(name) || (wanted.length === 0 && !NAMED_ONLY.has(name))) await part(checks);
  process.exitCode = checks.end();
}

main(process.argv.slice(2));
