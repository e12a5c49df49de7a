import { parseVersion } from "../../../lib/facts/semver";
import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import { NotRun, type Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { olderCiliumChart } from "../../rig/charts";
import { googleRequest, readCluster, readPools } from "../../rig/google";
import { checkCoverage, nodesAreOpen, SETTLE_SECONDS } from "../promises/common";
import { carryOut, change, IN_PLACE } from "./change";
import { NODE_AGENTS } from "./node-pools";

/** The control plane by Terraform, the nodes by GKE. */
export const GKE_MINOR: Scenario = {
  id: "gke-minor",
  title: "GKE goes to the next minor: the control plane first, the nodes after it",
  shows: "dayTwo",
  steps: [
    {
      title: "the control plane is upgraded in place",
      async run(bench) {
        const before = (await readCluster(bench)).currentMasterVersion;
        const next = nextMinor(before);
        bench.keep(`min-version=${next}`);
        await carryOut(bench, { layers: ["cluster"], plan: IN_PLACE });
        const after = (await readCluster(bench)).currentMasterVersion;
        check(after.startsWith(`${next}.`), `the control plane runs ${after}`);
        bench.note(`${before} to ${after}`);
      },
    },
    {
      title: "GKE upgrades the nodes by itself, and no plan shows it",
      async run(bench) {
        const { currentMasterVersion } = await readCluster(bench);
        for (const { name } of await readPools(bench)) {
          await googleRequest(bench, "PUT", `/container/v1/${bench.clusterPath}/nodePools/${name}`, {
            nodeVersion: currentMasterVersion,
          });
        }
        await eventuallyHolds(SETTLE_SECONDS, async () => {
          for (const { name, version, status } of await readPools(bench)) {
            checkEqual({ version, status }, { version: currentMasterVersion, status: "RUNNING" }, `pool ${name}`);
          }
          await nodesAreOpen(bench);
          await checkCoverage(bench.kube(), NODE_AGENTS[bench.environment]);
        });
        await bench.expectEmptyPlans(["cluster"]);
      },
    },
  ],
};

/** Cilium's own minor, with the chart that the run was given. */
export const CILIUM_MINOR: Scenario = {
  id: "cilium-minor",
  title: "Cilium goes back to the minor before and forward again",
  shows: "dayTwo",
  needs: "the chart of Cilium's minor before, in the directory that SANDBOX_CHARTS names",
  environments: ["dev", "staging"],
  steps: [
    {
      title: "to the minor before",
      async run(bench) {
        const older = olderCiliumChart(process.env);
        if (older === undefined)
          throw new NotRun("no chart of another Cilium minor; name a directory that holds one, see docs/sandbox.md");
        await carryOut(bench, {
          edits: [`dataplane=cilium-${older}`],
          layers: ["networking"],
          plan: IN_PLACE,
          verify: () => agentsRun(bench, older),
        });
      },
    },
    change({
      title: "and forward again",
      takeBack: ["dataplane"],
      layers: ["networking"],
      plan: IN_PLACE,
      verify: (bench) => agentsRun(bench, "1.20.2"),
    }),
  ],
};

/** `1.35` after 1.34.4-gke.1000. */
function nextMinor(version: string): string {
  const running = parseVersion(version);
  check(running !== undefined, `the control plane runs ${version}`);
  return `${running.major}.${running.minor + 1}`;
}

/** Every agent is of this version, and ready. */
async function agentsRun(bench: Bench, version: string): Promise<void> {
  await eventuallyHolds(SETTLE_SECONDS, async () => {
    const agents = await bench.kube().pods("k8s-app=cilium");
    check(agents.length > 0, "there are no agents");
    for (const { metadata, spec } of agents) {
      const image = spec?.containers?.find(({ name }) => name === "cilium-agent")?.image ?? "";
      check(image.includes(`:v${version}`), `agent ${metadata.name} runs ${image}`);
    }
    await checkCoverage(bench.kube(), ["cilium"]);
    await nodesAreOpen(bench);
  });
  bench.note(`all agents run ${version}`);
}
