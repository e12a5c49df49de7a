import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { readPools } from "../../rig/google";
import { poolOf } from "../../rig/kube";
import { fewestReady, NodeWatch } from "../../rig/node-watch";
import { checkCoverage, nodesAreOpen, SETTLE_SECONDS } from "../promises/common";
import { carryOut, change, IN_PLACE } from "./change";

/** The first pool of every environment. */
const POOL = "general";

/** A change that GKE cannot make in place rolls the pool over. */
export const REPLACE_POOL: Scenario = {
  id: "replace-pool",
  title: "A node pool is replaced: the new one first, and never without nodes",
  shows: "dayTwo",
  steps: [
    {
      title: "fewer pods a node: the new pool stands before the old one goes",
      async run(bench) {
        const [before] = await readPools(bench, POOL);
        const nodes = (await bench.kube().nodes()).length;
        const from = bench.cloud.position;
        const watch = new NodeWatch(bench.kube());
        await carryOut(bench, {
          edits: ["max-pods=64"],
          layers: ["cluster"],
          plan: /Plan: 1 to add, 0 to change, 1 to destroy\./,
        });
        const samples = await watch.stop();
        checkNewPoolFirst(bench, from);
        const [after, ...others] = await readPools(bench, POOL);
        checkEqual(others.length, 0, `pools left over beside ${after?.name}`);
        check(before?.name !== after?.name, `the pool still is ${before?.name}`);
        const fewest = fewestReady(samples);
        check(fewest >= nodes, `only ${fewest} of ${nodes} nodes were ready while the pool was replaced`);
        bench.note(
          `${before?.name} to ${after?.name}; never fewer than ${fewest} ready nodes in ${samples.length} looks`,
        );
      },
    },
    {
      title: "the new nodes are open, and the dataplane runs on each",
      run: (bench) =>
        eventuallyHolds(SETTLE_SECONDS, async () => {
          await nodesAreOpen(bench);
          await checkCoverage(bench.kube(), NODE_AGENTS[bench.environment]);
        }),
    },
  ],
};

/** What must run on every node of each environment. */
export const NODE_AGENTS = {
  dev: ["cilium", "calico-node"],
  staging: ["cilium", "kube-proxy-disabler"],
  tokyo: ["cilium", "kube-proxy-disabler"],
  osaka: ["cilium", "kube-proxy-disabler"],
  prod: ["anetd"],
  auto: ["anetd"],
} as const;

/** The order of the two writes in the log of the API. */
function checkNewPoolFirst(bench: Bench, after: number): void {
  const log = bench.cloud.requests({ project: bench.project, writes: true, path: "/nodePools", after });
  const created = log.findIndex(({ method }) => method === "POST");
  const deleted = log.findIndex(({ method }) => method === "DELETE");
  check(
    created >= 0 && deleted > created,
    `the new pool was not made before the old one went: ${log.map(({ method, path }) => `${method} ${path}`).join(", ")}`,
  );
}

/** More nodes, asked for in the environment's file and by the autoscaler. */
export const SCALE: Scenario = {
  id: "scale",
  title: "Nodes are added: a higher limit, then the autoscaler",
  shows: "dayTwo",
  steps: [
    change({ title: "a higher limit is set in place", edits: ["max-nodes=12"], layers: ["cluster"], plan: IN_PLACE }),
    {
      title: "the autoscaler adds a node a zone, and no plan shows it",
      run: (bench) => autoscaleBy(bench, POOL, 1),
    },
    { title: "it takes them away again", run: (bench) => autoscaleBy(bench, POOL, -1) },
  ],
};

/** A pool that costs nothing until it is needed. */
export const SCALE_FROM_ZERO: Scenario = {
  id: "scale-from-zero",
  title: "A pool at zero nodes scales up, is taken over by the dataplane, and goes back to zero",
  shows: "dayTwo",
  environments: ["staging"],
  steps: [
    {
      title: "the pool has no nodes",
      async run(bench) {
        const nodes = (await bench.kube().nodes()).filter((node) => poolOf(node).startsWith("batch"));
        checkEqual(nodes.length, 0, "nodes of the pool batch");
      },
    },
    { title: "the autoscaler adds nodes, and no plan shows it", run: (bench) => autoscaleBy(bench, "batch", 1) },
    { title: "it takes the last one away", run: (bench) => autoscaleBy(bench, "batch", -1) },
  ],
};

/** Changes the size of a pool as the cluster autoscaler does. @param nodes More (or fewer) nodes in each zone. */
async function autoscaleBy(bench: Bench, name: string, nodes: number): Promise<void> {
  const kube = bench.kube();
  const [pool] = await readPools(bench, name);
  check(pool !== undefined, `there is no pool ${name}`);
  const sizeOf = async () => (await kube.nodes()).filter((node) => poolOf(node) === pool.name).length;
  const before = await sizeOf();
  await bench.cloud.autoscale(bench.cluster, pool.name, nodes);
  await eventuallyHolds(SETTLE_SECONDS, async () => {
    const size = await sizeOf();
    check(nodes > 0 ? size > before : size < before, `pool ${pool.name} still has ${size} nodes`);
    await nodesAreOpen(bench);
    await checkCoverage(kube, NODE_AGENTS[bench.environment]);
  });
  bench.note(`${pool.name}: ${before} to ${await sizeOf()} nodes`);
  await bench.expectEmptyPlans(["cluster"]);
}
