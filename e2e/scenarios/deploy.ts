import { check } from "../harness/check";
import { remember } from "../harness/memory";
import { ENVIRONMENTS, type Scenario, type Step } from "../harness/scenario";
import { PacketRig } from "../rig/packets/packet-rig";

const DEPLOYED: Step = {
  title: "cdktf deploy of all three stacks",
  async run(bench) {
    remember(bench, "before", bench.cloud.resources(bench.project));
    const { output } = await bench.deploy();
    const completed = output.match(/Apply complete! Resources: \d+ added/g) ?? [];
    check(completed.length > 0, `no stack says 'Apply complete!':\n${output}`);
    bench.note(completed.map((line) => line.replace("Apply complete! Resources: ", "")).join(", "));
  },
};

/** From nothing to everything, and then nothing is left to do. */
export const DEPLOY: Scenario = {
  id: "deploy",
  title: "All stacks deploy from nothing, and a second plan is empty",
  shows: "deploy",
  environments: ENVIRONMENTS,
  always: true,
  steps: [
    DEPLOYED,
    { title: "the second plan of every stack is empty", run: (bench) => bench.expectEmptyPlans() },
    {
      title: "terraform apply -refresh-only leaves nothing to write, and plans after it are empty",
      async run(bench) {
        await bench.refresh();
        await bench.expectEmptyPlans();
      },
    },
  ],
};

/** What scenarios with real nodes begin with: monitoring would be played only, and is left out. */
export const DEPLOY_REAL: Scenario = {
  id: "deploy-real",
  title: "Deployed once more, with nodes that have a real network",
  shows: "packets",
  steps: [
    {
      title: "cdktf deploy of cluster and networking, until the real agents are ready",
      async run(bench) {
        await bench.deploy({ layers: ["cluster", "networking"] });
        const rig = await PacketRig.of(bench);
        for (const node of rig.nodes) await rig.agentReady(node);
        bench.note(`${rig.nodes.length} real nodes`);
      },
    },
  ],
};

/** What the scenarios of the second lane begin with. */
export const DEPLOY_BESIDE: Scenario = {
  id: "deploy-beside",
  title: "Deployed a second time, beside the first, to be switched and broken",
  shows: "deploy",
  environments: ENVIRONMENTS,
  steps: [DEPLOYED],
};
