import { check, checkEqual, eventually } from "../../harness/check";
import type { Scenario, Step } from "../../harness/scenario";
import { PacketRig } from "../../rig/packets/packet-rig";
import { describe, isHealth, Traffic } from "../../rig/packets/traffic";

/** Ends agents in some way while clients go on; nobody may notice. */
function unnoticed(title: string, end: (rig: PacketRig, node: string) => Promise<void>): Step {
  return {
    title,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const [first = "", second = ""] = rig.nodes;
      const labels = { app: "web" };
      await Promise.all([
        rig.start("web-a", { node: first, labels }),
        rig.start("web-b", { node: second, labels }),
        rig.start("client", { node: first }),
      ]);
      await Promise.all([rig.ready("web-a", first), rig.ready("web-b", second)]);
      const client = await rig.ready("client", first);
      const web = await rig.service("web", "web", { type: "LoadBalancer" });
      await eventually("the load balancer answers", 60, () => rig.internet.ask(web.loadBalancer, 80));
      const traffic = await Traffic.start(rig, web, client);
      const started = Date.now();
      for (const node of [first, second]) {
        await end(rig, node);
        await rig.agentReady(node);
      }
      bench.note(`both agents ready again after ${((Date.now() - started) / 1000).toFixed(0)} s`);
      const fared = await traffic.stop();
      for (const one of fared) bench.note(describe(one));
      const before = [client.address];
      for (const one of fared.filter((way) => !isHealth(way))) {
        checkEqual(one.tally.failed.length, 0, `failed connections of ${describe(one)}`);
        checkEqual(one.tally.broken.length, 0, `standing connections that broke of ${describe(one)}`);
      }
      checkEqual([(await rig.ready("client", first)).address], before, "the address of a pod that was there before");
      const after = await rig.serve("after", { node: first });
      check(!before.includes(after.address), `${after.address} was given to a second pod`);
      await rig.cleanUp();
    },
  };
}

/** What is established and what is new goes on while no agent runs: it is in the kernel. */
export const PACKET_AGENT_RESTART: Scenario = {
  id: "packets-agent-restart",
  title: "An agent that crashes breaks no connection and loses no pod's address",
  shows: "packets",
  real: true,
  proves: ["docs/sandbox.md: An agent that crashes breaks no connection and loses no pod's address."],
  environments: ["staging"],
  steps: [
    unnoticed("the agent is killed, and started again by the kubelet", async (rig, node) => {
      const agent = rig.agent(node);
      check(agent !== undefined, `no agent runs on ${node}`);
      agent.signal("SIGKILL");
      await agent.ended;
    }),
  ],
};
