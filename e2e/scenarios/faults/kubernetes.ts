import { check, checkMatches, eventually, eventuallyHolds } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { NODE_AGENTS } from "../day-two/node-pools";
import { checkCoverage, SETTLE_SECONDS } from "../promises/common";

/** Makes the change again, now that nothing is in its way, and looks at the result. */
async function converge(bench: Bench): Promise<void> {
  await bench.deploy({ layers: ["networking"] });
  await eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), NODE_AGENTS[bench.environment]));
  await bench.expectEmptyPlans(["networking"]);
  const releases = (await bench.kube().helmReleases()).filter((name) => name === "cilium");
  check(releases.length === 1, "there is no single release cilium");
}

/** Revision of a Helm release whose installation is under way, or undefined. */
async function pendingRelease(bench: Bench, release: string): Promise<true | undefined> {
  const secrets = await bench
    .kube()
    .client.list<{ metadata: { labels?: Record<string, string> } }>(
      "/api/v1/namespaces/kube-system/secrets?labelSelector=owner%3Dhelm",
    );
  const isPending = secrets.some(
    ({ metadata }) => metadata.labels?.["name"] === release && metadata.labels["status"]?.startsWith("pending"),
  );
  return isPending || undefined;
}

/** The API server dies while Helm works. */
export const API_SERVER_GONE: Scenario = {
  id: "fault-api-server",
  title: "The API server dies in the middle of a Helm upgrade",
  shows: "faults",
  environments: ["staging"],
  steps: [
    {
      title: "the run fails clearly",
      async run(bench) {
        bench.edit("dataplane=hubble-ui-off");
        const deploy = bench.startDeploy({ layers: ["networking"] });
        await Promise.race([
          eventually("Helm upgrades the release", 120, () => pendingRelease(bench, "cilium")),
          deploy.result.then(({ output }) => check(false, `the run ended before anything could be broken:\n${output}`)),
        ]);
        await bench.cloud.killApiServer(bench.cluster);
        const { code, output } = await deploy.result;
        check(code !== 0, "the run claims to have succeeded without an API server");
        checkMatches(output, /Error: /, "what the run says");
        bench.note(`says: ${/Error: .*/.exec(output)?.[0].slice(0, 160) ?? ""}`);
      },
    },
    {
      title: "a plan without API server fails clearly, too",
      async run(bench) {
        const { plan, result } = await bench.tryPlan("networking");
        check(plan === undefined, "the plan claims to know what is there");
        checkMatches(result.output, /Error: /, "what the plan says");
      },
    },
    {
      title: "with the API server back, running again leaves nothing to do",
      async run(bench) {
        await bench.cloud.startApiServer(bench.cluster);
        await converge(bench);
        check((await bench.kube().deployment("hubble-ui")) === undefined, "hubble-ui is still there");
      },
    },
  ],
};

/** A release that never becomes ready. */
export const HELM_TIMEOUT: Scenario = {
  id: "fault-helm-timeout",
  title: "A first installation times out, and the next run adopts it",
  shows: "faults",
  environments: ["dev"],
  steps: [
    {
      title: "Cilium is taken away",
      async run(bench) {
        await bench.destroy({ layers: ["networking"] });
        check(!(await bench.kube().helmReleases()).includes("cilium"), "the release is still there");
      },
    },
    {
      title: "the installation times out, and says what is not ready",
      async run(bench) {
        bench.edit("dataplane=unready-operator");
        const { code, output, seconds } = await bench.tryDeploy({ layers: ["networking"] });
        check(code !== 0, "the run claims to have succeeded with pods that never start");
        checkMatches(output, /context deadline exceeded|timed out|not ready/i, "what the run says");
        bench.note(`ended with ${code} after ${seconds.toFixed(0)} s`);
      },
    },
    {
      title: "corrected, running again adopts the release: no name is taken, nothing is left to do",
      async run(bench) {
        bench.takeBack("dataplane");
        await converge(bench);
      },
    },
  ],
};
