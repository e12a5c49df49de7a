import type { FaultEffect } from "../../../sandbox/gcp/faults/fault";
import { FAULT_PRESETS } from "../../../sandbox/gcp/faults/presets";
import { check, checkMatches } from "../../harness/check";
import type { EnvironmentName, Scenario } from "../../harness/scenario";
import { readPools } from "../../rig/google";
import { checkPools } from "./fault-case";

/** A pool whose creation ends badly. */
interface FailedPool {
  readonly id: string;
  readonly title: string;
  readonly environments: readonly EnvironmentName[];
  readonly fault: FaultEffect;
  /** What the run says of it. */
  readonly says: RegExp;
  /** What the pool itself has as the reason, which the provider does not tell. */
  readonly reason: RegExp;
}

const CASES: readonly FailedPool[] = [
  {
    id: "fault-operation",
    title: "A node pool's operation ends in an error",
    environments: ["staging"],
    fault: FAULT_PRESETS.operationError,
    says: /was created in the error state "ERROR"/,
    reason: /an internal error has occurred/,
  },
  {
    id: "fault-no-capacity",
    title: "A zone has no machines left for a node pool",
    environments: ["staging"],
    fault: FAULT_PRESETS.zoneStockout,
    says: /was created in the error state "RUNNING_WITH_ERROR"/,
    reason: /GCE_STOCKOUT/,
  },
  {
    id: "fault-pods-range",
    title: "The pods range has no block left for a node pool's nodes",
    environments: ["prod"],
    fault: FAULT_PRESETS.podsRangeExhausted,
    says: /was created in the error state "ERROR"/,
    reason: /IP_SPACE_EXHAUSTED/,
  },
];

/** An operation that ends badly leaves a pool that nothing but a new one can replace. */
function failedPool({ id, title, environments, fault, says, reason }: FailedPool): Scenario {
  return {
    id,
    title,
    shows: "faults",
    environments,
    beside: true,
    steps: [
      {
        title: "the run fails clearly, and the pool of before still stands",
        async run(bench) {
          const before = (await readPools(bench)).map(({ name }) => name);
          bench.toggle("max-pods=64");
          const queued = bench.cloud.addFault({ method: "POST", path: "/nodePools$", ...fault });
          const { code, output } = await bench.tryDeploy({ layers: ["cluster"] });
          check(queued.struck() > 0, "the fault never struck: no request matched");
          queued.remove();
          check(code !== 0, "the run claims to have succeeded");
          const words = output.replace(/\n\s*│\s*/g, " ");
          checkMatches(words, says, "what the run says");
          bench.note(`says: ${/Error: .*/.exec(words)?.[0].slice(0, 200) ?? ""}`);
          const pools = await readPools(bench);
          const now = pools.map(({ name }) => name);
          const made = pools.find(({ name }) => !before.includes(name));
          checkMatches(made?.statusMessage ?? "", reason, "the reason that the pool has");
          bench.note(`the pool says: ${made?.statusMessage?.trim().slice(0, 200)}`);
          check(
            before.every((name) => now.includes(name)),
            `of the pools ${before.join(", ")} only ${now.join(", ")} still stand`,
          );
        },
      },
      {
        title: "with another generation, a sound pool takes its place, and the failed one is removed",
        async run(bench) {
          bench.toggle("generation=second-try");
          await bench.deploy({ layers: ["cluster"] });
          await bench.expectEmptyPlans(["cluster"]);
          await checkPools(bench);
        },
      },
    ],
  };
}

/** Pools that Google could not make. */
export const FAILED_POOLS = CASES.map(failedPool);
