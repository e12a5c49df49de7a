import { join } from "node:path";
import type { Fault } from "../../../sandbox/gcp/faults/fault";
import { packageRoot } from "../../../sandbox/paths";
import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import type { RunningCommand } from "../../rig/command";
import { readCluster } from "../../rig/google";
import { checkPools } from "./fault-case";

/** Creating a pool takes its time until somebody lets it go on. */
const STUCK_POOL = { method: "POST", path: "/nodePools$", operation: { stuck: true } } as const;

const STUCK_LABELS = { method: "POST", path: ":setResourceLabels$", operation: { stuck: true } } as const;

const GRACEFUL = join(packageRoot(), "lib", "terraform", "gke-cilium-terraform.sh");

async function stuckOperation(bench: Bench): Promise<string> {
  return eventually("an operation is stuck", 120, () => bench.cloud.stuckOperations(bench.project)[0]);
}

/** Sends SIGINT to a run that waits for an operation. @returns the operation, which is stuck still, and what was said. */
async function interrupt(bench: Bench, stuck: Fault, start: () => RunningCommand) {
  const fault = bench.cloud.addFault(stuck);
  const running = start();
  const operation = await stuckOperation(bench);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  running.signal("SIGINT");
  const { code, output } = await running.result;
  fault.remove();
  check(code !== 0, `the run was not interrupted:\n${output}`);
  return { operation, output };
}

/** An operation that takes long. */
export const STUCK_OPERATION: Scenario = {
  id: "fault-stuck",
  title: "An operation of Google's hangs for a while",
  shows: "faults",
  environments: ["dev"],
  beside: true,
  steps: [
    {
      title: "the run waits and ends well",
      async run(bench) {
        bench.toggle("max-pods=64");
        const fault = bench.cloud.addFault(STUCK_POOL);
        const deploy = bench.startDeploy({ layers: ["cluster"] });
        const operation = await stuckOperation(bench);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        await bench.cloud.release(operation);
        const { code, output } = await deploy.result;
        fault.remove();
        check(code === 0, `the run did not wait:\n${output}`);
        await bench.expectEmptyPlans(["cluster"]);
        await checkPools(bench);
      },
    },
  ],
};

/** What an interrupted run has left behind is taken up where it was left. */
const RESUMED: Step = {
  title: "running again resumes: one pool, nothing twice, nothing left to do",
  async run(bench) {
    await bench.deploy({ layers: ["cluster"] });
    await bench.expectEmptyPlans(["cluster"]);
    await checkPools(bench);
    checkEqual((await readCluster(bench)).status, "RUNNING", "status of the cluster");
  },
};

/** SIGINT in the middle of a node pool: what Ctrl-C and the cancelling of a job send to Terraform. */
export const INTERRUPTED: Scenario = {
  id: "fault-interrupted",
  title: "terraform apply is interrupted while a node pool is made",
  shows: "faults",
  environments: ["prod"],
  beside: true,
  steps: [
    {
      title: "it stops, and keeps in the state what it waited for",
      async run(bench) {
        bench.toggle("max-pods=64");
        await bench.synth();
        const { operation, output } = await interrupt(bench, STUCK_POOL, () =>
          bench.startTerraform("apply", "cluster", ["apply", "-auto-approve"]),
        );
        checkMatches(output, /Interrupt received/, "what Terraform says");
        await bench.cloud.release(operation);
      },
    },
    RESUMED,
  ],
};

/** Ctrl-C to cdktf, which does not pass it on: its Terraform is gone at once. */
export const KILLED: Scenario = {
  id: "fault-killed",
  title: "cdktf deploy is interrupted, and takes Terraform down with it",
  shows: "faults",
  environments: ["dev"],
  beside: true,
  steps: [
    {
      title: "killed while the cluster is changed",
      async run(bench) {
        bench.toggle("label=core");
        const { operation } = await interrupt(bench, STUCK_LABELS, () => bench.startDeploy({ layers: ["cluster"] }));
        await bench.cloud.release(operation);
      },
    },
    {
      title: "running again leaves nothing to do",
      async run(bench) {
        await bench.deploy({ layers: ["cluster"] });
        await bench.expectEmptyPlans(["cluster"]);
        await checkPools(bench);
      },
    },
  ],
};

/** Ctrl-C to cdktf again, with a Terraform in between that outlives its terminal. */
export const CTRL_C: Scenario = {
  id: "fault-ctrl-c",
  title: "cdktf deploy is interrupted while a node pool is made, with gke-cilium-terraform",
  shows: "faults",
  environments: ["prod"],
  beside: true,
  steps: [
    {
      title: "cdktf ends at once, Terraform when it has written down what it waited for",
      async run(bench) {
        bench.toggle("max-pods=64");
        const variables = { TERRAFORM_BINARY_NAME: GRACEFUL, GKE_CILIUM_TERRAFORM: bench.cloud.terraform };
        const { operation } = await interrupt(bench, STUCK_POOL, () =>
          bench.startDeploy({ layers: ["cluster"], variables }),
        );
        // The state stays locked as long as Terraform is at it.
        const { code: planned, output: plan } = await bench.terraform("plan", "cluster", [
          "plan",
          "-lock-timeout=60s",
          "-refresh=false",
        ]);
        check(planned === 0, `the state cannot be had:\n${plan}`);
        checkMatches(plan, /Plan: 0 to add, \d to change, 1 to destroy\./, "the plan of what is left to do");
        await bench.cloud.release(operation);
      },
    },
    RESUMED,
  ],
};
