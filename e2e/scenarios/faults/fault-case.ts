import type { Fault } from "../../../sandbox/gcp/faults/fault";
import { check, checkMatches } from "../../harness/check";
import type { EnvironmentName, Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { readPools } from "../../rig/google";
import type { Layer } from "../../rig/stacks";

/** A change that is made while Google's API misbehaves. */
export interface FaultCase {
  readonly id: string;
  readonly title: string;
  readonly environments: readonly EnvironmentName[];
  /** The edit whose requests are struck; it is taken back where it is in effect, which makes the same requests. */
  readonly edit: string;
  readonly layers?: readonly Layer[];
  /** See {@link Scenario.slow}. */
  readonly slow?: true;
  readonly fault: Fault;
  /** The run succeeds nevertheless, or fails with words that match this. */
  readonly outcome: "ridden out" | RegExp;
}

/** Makes the change under the fault, makes it again without, and looks for what is there twice or left over. */
export function faultScenario(fault: FaultCase): Scenario {
  return {
    id: fault.id,
    title: fault.title,
    shows: "faults",
    environments: fault.environments,
    beside: true,
    ...(fault.slow ? { slow: true } : {}),
    steps: [
      {
        title: fault.outcome === "ridden out" ? "the run rides it out" : "the run fails clearly",
        run: (bench) => strike(bench, fault),
      },
      {
        title: "running again leaves nothing to do, nothing twice and nothing behind",
        async run(bench) {
          const { layers = DEFAULT_LAYERS } = fault;
          if (fault.outcome !== "ridden out") await bench.deploy({ layers });
          await bench.expectEmptyPlans(layers);
          await checkPools(bench);
        },
      },
    ],
  };
}

const DEFAULT_LAYERS: readonly Layer[] = ["cluster"];

async function strike(bench: Bench, fault: FaultCase): Promise<void> {
  bench.toggle(fault.edit);
  const queued = bench.cloud.addFault(fault.fault);
  try {
    const result = await bench.tryDeploy({ layers: fault.layers ?? DEFAULT_LAYERS });
    check(queued.struck() > 0, "the fault never struck: no request matched");
    bench.note(
      `struck ${queued.struck()} of ${queued.seen()} matching requests; ended with ${result.code} after ${result.seconds.toFixed(0)} s`,
    );
    if (fault.outcome === "ridden out") {
      check(result.code === 0, `the run did not ride it out:\n${result.output}`);
    } else {
      check(result.code !== 0, "the run claims to have succeeded");
      checkMatches(joinLines(result.output), fault.outcome, "what the run says");
      bench.note(`says: ${/Error: .*/.exec(joinLines(result.output))?.[0].slice(0, 200) ?? ""}`);
    }
  } finally {
    queued.remove();
  }
}

/** Terraform wraps its messages in a box. */
function joinLines(output: string): string {
  return output.replace(/\n\s*│\s*/g, " ");
}

/** Each pool of the environment's file exists once, and no other. @throws CheckFailed */
export async function checkPools(bench: Bench): Promise<void> {
  const wanted = (bench.definition.nodePools ?? []).map(({ name }) => name).sort();
  const pools = await readPools(bench);
  const found = pools.map(({ name }) => name.replace(/-[0-9a-f]{6}$/, "")).sort();
  check(
    found.join() === wanted.join() && pools.every(({ status }) => status === "RUNNING"),
    `node pools are ${pools.map(({ name, status }) => `${name} (${status})`).join(", ")}, wanted ${wanted.join(", ")}`,
  );
}
