/**
 * The preview against the real thing: Terraform, the pinned providers, the workflows' own scripts, actionlint, the
 * sandbox's cloud.
 *
 *   npm run test:preview [plan|interruption|schema|workflows|replacements|sandbox|identities]…
 */
import { Checks } from "./harness";
import { checkIdentities } from "./identities";
import { checkInterruption } from "./interruption";
import { checkPlanAndApply } from "./plan-apply";
import { checkProviderSchema } from "./provider-schema";
import { checkReplacements } from "./replacements";
import { checkSandbox } from "./sandbox";
import { checkWorkflows } from "./workflows";

const PARTS: Readonly<Record<string, (checks: Checks) => Promise<void>>> = {
  plan: checkPlanAndApply,
  interruption: checkInterruption,
  schema: checkProviderSchema,
  workflows: checkWorkflows,
  replacements: checkReplacements,
  sandbox: checkSandbox,
  identities: checkIdentities,
};

async function main(wanted: readonly string[]): Promise<void> {
  const checks = new Checks();
  for (const [name, part] of Object.entries(PARTS))
    if (wanted.length === 0 || wanted.includes(name)) await part(checks);
  process.exitCode = checks.end();
}

main(process.argv.slice(2));
