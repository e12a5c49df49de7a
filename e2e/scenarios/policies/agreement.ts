import { versionsOf } from "../../../lib/facts/policy";
import { type Fault, type Fields, fieldText, isFields } from "../../../lib/policy/check/fault";
import { judgeObject } from "../../../lib/policy/check/object";
import { ApiError } from "../../../sandbox/kubernetes/client";
import { check } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { SAMPLES } from "./samples";

const VERSION = { major: 1, minor: 20 };
/** Requests at a time. */
const AT_ONCE = 16;

/** Where objects of a kind are created. */
function collectionOf(object: Fields): string {
  const { apiVersion, kind } = object;
  const plural = `${String(kind).toLowerCase().replace(/y$/, "ie")}s`;
  const namespaced = versionsOf(String(kind), VERSION)?.get(String(apiVersion))?.namespaced ?? false;
  return `/apis/${String(apiVersion)}/${namespaced ? "namespaces/default/" : ""}${plural}`;
}

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

/** The object with one change at every place where it can be changed: a field gone, misspelt, of another type or form. */
function mutations(value: unknown, put: (changed: unknown) => unknown): unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      mutations(item, (changed) => put(value.map((each, at) => (at === index ? changed : each)))),
    );
  if (isFields(value)) {
    const without = (name: string) => Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
    return [
      put([value]),
      put("text"),
      ...Object.entries(value).flatMap(([name, each]) => [
        put(without(name)),
        put({ ...without(name), [`${name}x`]: each }),
        ...mutations(each, (changed) => put({ ...value, [name]: changed })),
      ]),
    ];
  }
  const others: unknown[] = [{ a: "b" }, ["a"], true];
  if (typeof value === "string") others.push(1, "", "not/a value!", "a".repeat(300), value.toLowerCase(), `${value}x`);
  else others.push("text", -1, 70_000, 1.5, String(value));
  return others.map(put);
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE)
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(work))));
  return results;
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
