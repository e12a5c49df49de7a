import { text } from "node:stream/consumers";
import type { KubernetesObject } from "../../../sandbox/kubernetes/client";
import { OPERATOR_NODES } from "../../app/variations/staging";
import { check, checkEqual, checkMatches, eventually, eventuallyHolds } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import type { RunningCommand } from "../../rig/command";
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

/** Helm's records of a release that is being worked on: what `kubectl get secret --selector` finds. */
const PENDING =
  "/api/v1/namespaces/kube-system/secrets?labelSelector=owner%3Dhelm%2Cname%3Dcilium%2Cstatus%3Dpending-upgrade";

async function pendingRecords(bench: Bench): Promise<string[]> {
  return (await bench.kube().client.list<KubernetesObject>(PENDING)).map(({ metadata }) => metadata.name);
}

/** Starts a deployment and waits until Helm is at the point that `reached` tells. */
async function deployUntil(bench: Bench, what: string, reached: () => Promise<boolean>): Promise<RunningCommand> {
  const deploy = bench.startDeploy({ layers: ["networking"] });
  await Promise.race([
    eventually(what, 120, async () => ((await reached()) ? true : undefined)),
    deploy.result.then(({ output }) => check(false, `the run ended before anything could be broken:\n${output}`)),
  ]);
  return deploy;
}

/** Whether the new operator has no node to run on. */
async function operatorIsHeldUp(bench: Bench): Promise<boolean> {
  const pods = await bench.kube().pods("io.cilium/app=operator");
  return pods.some(({ status }) =>
    (status?.conditions ?? []).some((condition) => condition.type === "PodScheduled" && condition.status === "False"),
  );
}

/** Kinds that Helm patches last of a release of Cilium's, and nobody else does. */
const WRITTEN = ["services", "daemonsets", "deployments", "cronjobs"];
const WRITES = new RegExp(
  `^apiserver_request_total\\{.*resource="(?:${WRITTEN.join("|")})".*subresource="",verb="PATCH".*\\} (\\d+)$`,
  "gm",
);
/** Milliseconds without a write after which Helm has written everything. */
const QUIET = 5_000;

/** How often they were patched, as the API server counts. */
async function writes(bench: Bench): Promise<number> {
  const answer = await bench.kube().client.stream("/metrics", AbortSignal.timeout(30_000));
  const metrics = await text(answer);
  return [...metrics.matchAll(WRITES)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Waits until Helm only waits: how long it writes depends on the machine. */
async function helmHasWritten(bench: Bench): Promise<void> {
  let seen = await writes(bench);
  check(seen > 0, "the API server counts no writes of Helm's");
  for (let since = Date.now(); Date.now() - since < QUIET; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await writes(bench);
    if (now !== seen) since = Date.now();
    seen = now;
  }
}

/** Gives it some. */
async function markNodes(bench: Bench): Promise<void> {
  const { client } = bench.kube();
  for (const { metadata } of await bench.kube().nodes()) {
    await client.patch(`/api/v1/nodes/${metadata.name}`, { metadata: { labels: OPERATOR_NODES } });
  }
}

/** The API server restarts while Helm waits, as in an upgrade of a zonal control plane. */
export const API_SERVER_RESTARTS: Scenario = {
  id: "fault-api-restart",
  title: "The API server restarts while Helm waits for the agents",
  shows: "faults",
  environments: ["staging"],
  beside: true,
  steps: [
    {
      title: "the run rides it out, and leaves nothing to do",
      async run(bench) {
        bench.edit("dataplane=operator-on-marked-nodes");
        const deploy = await deployUntil(bench, "Helm waits for the operator", () => operatorIsHeldUp(bench));
        await helmHasWritten(bench);
        await bench.cloud.killApiServer(bench.cluster);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        await bench.cloud.restartApiServer(bench.cluster);
        await markNodes(bench);
        const { code, output } = await deploy.result;
        check(code === 0, `the run did not ride it out:\n${output}`);
        checkEqual(await pendingRecords(bench), [], "records of unfinished upgrades");
        await eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), NODE_AGENTS[bench.environment]));
        await bench.expectEmptyPlans(["networking"]);
      },
    },
  ],
};

/** The API server dies while Helm writes, and stays away. */
export const API_SERVER_GONE: Scenario = {
  id: "fault-api-server",
  title: "The API server dies in the middle of a Helm upgrade",
  shows: "faults",
  environments: ["staging"],
  beside: true,
  steps: [
    {
      title: "the run fails clearly",
      async run(bench) {
        bench.edit("dataplane=hubble-ui-off");
        const deploy = await deployUntil(bench, "Helm upgrades the release", async () => {
          return (await pendingRecords(bench)).length > 0;
        });
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
      title: "Helm could not write down that it failed: its lock stays, the plan shows it, and the next run says so",
      async run(bench) {
        await bench.cloud.restartApiServer(bench.cluster);
        const { changes } = await bench.plan("networking");
        // What rule HR4 of the preview looks at.
        const release = changes.find(({ type }) => type === "helm_release");
        checkEqual(release?.before?.["status"], "pending-upgrade", "status of the release in the plan");
        const { code, output } = await bench.tryDeploy({ layers: ["networking"] });
        check(code !== 0, "the run claims to have succeeded past Helm's lock");
        checkMatches(output, /another operation \(install\/upgrade\/rollback\) is in progress/, "what the run says");
      },
    },
    {
      title: "without the lock, which docs/rollback.md tells how to take away, running again leaves nothing to do",
      async run(bench) {
        const { client } = bench.kube();
        for (const name of await pendingRecords(bench)) {
          await client.delete(`/api/v1/namespaces/kube-system/secrets/${name}`);
        }
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
  beside: true,
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
