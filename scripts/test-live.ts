import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { GoogleClient } from "../lib/doctor";
import type { EnvironmentDefinition } from "../lib/environment";
import { realNodesWanted } from "../sandbox/real-nodes";
import { FREE } from "./deployment/environments";
import { type Proof, prove, ROOT } from "./deployment/in-sandbox";
import { inOrder, writeStacks } from "./deployment/synthesized";
import { Terraform } from "./deployment/terraform";
import { leftovers } from "./live/google";
import { parseLiveArguments } from "./live/options";
import { renderLiveReport } from "./live/report";
import { liveRun } from "./live/run";
import { throwAway } from "./live/throw-away";

/**
 * `npm run live`, in the sandbox in place of Google Cloud: the same code asks the doctor, deploys, plans, asks the cluster,
 * upgrades, destroys and looks for what is left. Where its nodes are played there are no packets to be tried; with
 * `SANDBOX_NODES=real` they are, too.
 *
 * Exit code 77: not run, because a program of the sandbox cannot be had.
 */
const ORIGINAL: EnvironmentDefinition = { ...FREE, cluster: { ...FREE.cluster, minVersion: "1.34" } };
const PACKETS = realNodesWanted(process.env) > 0;
const OPTIONS = parseLiveArguments([
  ...["free", "--project", "acme-live"],
  ...(PACKETS ? [] : ["--without", "connectivity"]),
]);

const thingIn = (scratch: string) => throwAway(ORIGINAL, OPTIONS, "t3st", join(scratch, "live"));

const proof: Proof = {
  name: "live",
  write: (scratch) => {
    mkdirSync(join(scratch, "live"));
    return [writeStacks(join(scratch, "live"), [thingIn(scratch).definition])];
  },
  async run({ sandbox, environments: [variables = {}] }, scratch) {
    const directory = join(scratch, "live");
    const thing = thingIn(scratch);
    const before = Object.keys(sandbox.google.resources(OPTIONS.project));
    const { report, failed, left } = await liveRun(thing, OPTIONS, {
      directory,
      // The states are where the run has them, as nobody's workspace is named on Google Cloud.
      variables: { ...variables, TF_WORKSPACE: undefined },
      cli: join(ROOT, "dist/lib/cli/cli.js"),
      cloud: "the sandbox",
      connectivity: ["--internet", "none", "--timeout", "600"],
      signal: new AbortController().signal,
      say: (text) => process.stdout.write(`${text}\n`),
    });
    const text = renderLiveReport(report);
    process.stdout.write(text);
    if (failed || left?.length !== 0) throw new Error("the run failed, or left something");
    const ran = report.steps.filter(({ outcome }) => outcome === "passed").length;
    if (ran !== report.steps.length - (PACKETS ? 0 : 1))
      throw new Error(`${ran} of ${report.steps.length} steps passed`);
    if (text.includes(OPTIONS.project) || text.includes(scratch)) throw new Error("the report names the project");
    const after = Object.keys(sandbox.google.resources(OPTIONS.project));
    if (after.join() !== before.join())
      throw new Error(`left: ${after.filter((name) => !before.includes(name)).join()}`);
    await mustSee(thing.definition, directory, { ...variables, TF_WORKSPACE: undefined });
    return `${ran} steps of npm run live pass in the sandbox, and nothing is left.`;
  },
};

/** What would be left is seen where it is. */
async function mustSee(definition: EnvironmentDefinition, directory: string, variables: NodeJS.ProcessEnv) {
  const terraform = new Terraform(directory, variables);
  const [cluster = ""] = inOrder(writeStacks(directory, [definition]));
  await terraform.apply(cluster);
  const google = new GoogleClient(variables["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "", variables);
  const seen = await leftovers(google, definition);
  await terraform.destroy(cluster);
  for (const kind of ["cluster", "network", "subnetwork", "router", "disk", "service account", "role"])
    if (!seen.some((each) => each.startsWith(`${kind} `)))
      throw new Error(`of what is there only ${seen.join(", ")} are seen, no ${kind}`);
}

prove(proof).then((code) => {
  process.exitCode = code;
});
