import { type Fault, type Fields, fieldText } from "../../../lib/policy/check/fault";
import { judgeObject } from "../../../lib/policy/check/object";
import { ApiError } from "../../../sandbox/kubernetes/client";
import { check } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { collectionOf, inTurns, mutations } from "./mutations";
import { SAMPLES } from "./samples";

const VERSION = { major: 1, minor: 20 };
/** What the API server says of an object that is not written: undefined where it takes it. */
async function refusal(bench: Bench, object: Fields): Promise<string | undefined> {
  try {
    await bench.kube().client.create(`${collectionOf(object)}?dryRun=All&fieldValidation=Strict`, object);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 422 || error.status === 400)) return error.message;
    throw error;
  }
}

const lines = (faults: readonly Fault[]) => faults.map(({ path, rule }) => `${fieldText(path)} ${rule}`).join("; ");

/** What is taken at synth is what the API server takes: objects of every kind, and each changed at every place. */
export const POLICY_DEFINITIONS: Scenario = {
  id: "policy-definitions",
  title: "What the check of policies takes, the API server takes with Cilium's own definitions",
  shows: "promises",
  environments: ["staging"],
  proves: [
    "docs/policies.md: Objects of every kind, and each of them changed at every place, were given to the real API server with the real definitions: it refuses nothing that the check takes.",
  ],
  steps: [
    {
      title: "an object of every kind is taken by both",
      async run(bench) {
        for (const sample of SAMPLES) {
          const said = await refusal(bench, sample);
          check(said === undefined, `the API server refuses a sound ${String(sample["kind"])}: ${said}`);
          const { faults } = judgeObject(sample, VERSION);
          check(faults.length === 0, `a sound ${String(sample["kind"])} is refused at synth: ${lines(faults)}`);
        }
        bench.note(`${SAMPLES.length} objects`);
      },
    },
    {
      title:
        "with one field of them gone, misspelt or of another form, what the API server refuses is refused at synth",
      async run(bench) {
        const changed = SAMPLES.flatMap((sample) =>
          mutations(sample["spec"], (spec) => ({ ...sample, spec })),
        ) as Fields[];
        const missed: string[] = [];
        let refused = 0;
        await inTurns(changed, async (object) => {
          const said = await refusal(bench, object);
          if (said === undefined) return;
          refused++;
          if (judgeObject(object, VERSION).faults.length === 0)
            missed.push(`${String(object["kind"])}: ${said.replace(/^.* is invalid: /, "")}`);
        });
        check(
          missed.length === 0,
          `${missed.length} are taken at synth and refused later:\n${missed.slice(0, 12).join("\n")}`,
        );
        bench.note(`${changed.length} objects, of which the API server refuses ${refused}`);
      },
    },
  ],
};
