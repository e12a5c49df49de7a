import { check, checkEqual } from "../../harness/check";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { AddressWatch, attachedAnywhere, namesOf } from "../../rig/packets/addresses";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";
import { expectUndisturbed, Traffic, webUnderTraffic } from "../../rig/packets/traffic";
import { carryOut } from "../day-two/change";

/** Pods that are made on each node after its agent is another one. */
const AFTER = 6;

/** Ends agents in some way while clients go on; nobody may notice, and no address is given twice. */
function unnoticed(title: string, end: (bench: Bench, rig: PacketRig) => Promise<void>): Step {
  return {
    title,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const nodes = rig.nodes.slice(0, 2);
      const { web, client } = await webUnderTraffic(rig);
      const before = addressesOfTests(rig);
      const watch = new AddressWatch(rig);
      const traffic = await Traffic.start(rig, web, client);
      const started = Date.now();
      await end(bench, rig);
      for (const node of rig.nodes) await rig.agentReady(node);
      bench.note(`all agents ready again after ${((Date.now() - started) / 1000).toFixed(0)} s`);
      const fared = await traffic.stop();
      const after = addressesOfTests(rig);
      checkEqual(after, before, "addresses of the pods that were there before");
      for (const node of nodes)
        for (const name of namesOf(`after-${nodes.indexOf(node)}`, AFTER)) await rig.serve(name, { node });
      const seen = watch.stop();
      checkEqual(seen.twice, [], "addresses that two pods had at one time");
      checkEqual(seen.foreign, [], "pods that somebody else than Cilium attached");
      expectUndisturbed(fared, bench);
      await rig.cleanUp();
    },
  };
}

function addressesOfTests(rig: PacketRig): string[] {
  return attachedAnywhere(rig)
    .filter(({ name }) => name.startsWith(`${PACKETS}/`))
    .map(({ name, address }) => `${name} ${address}`)
    .sort();
}

/**
 * What is established and what is new goes on while no agent runs: it is in the kernel. The changed value stays until another
 * scenario edits the same line, as the next one does: to take it back first would replace every agent once more.
 */
export const PACKET_AGENT_RESTART: Scenario = {
  id: "packets-agent-restart",
  title: "An agent that crashes, or is replaced for a changed value, breaks no connection and loses no pod's address",
  shows: "packets",
  real: true,
  slow: true,
  proves: [
    "docs/sandbox.md: An agent that crashes, or is replaced for a changed value, breaks no connection, loses no pod's address and gives none twice.",
  ],
  environments: ["staging"],
  steps: [
    unnoticed("the agents of two nodes are killed, and started again by the kubelet", async (_, rig) => {
      for (const node of rig.nodes.slice(0, 2)) {
        const agent = rig.agent(node);
        check(agent !== undefined, `no agent runs on ${node}`);
        agent.signal("SIGKILL");
        await agent.ended;
        await rig.agentReady(node);
      }
    }),
    unnoticed("a changed value is deployed: every agent is replaced", async (bench, rig) => {
      const before = rig.nodes.map((node) => rig.agent(node));
      await carryOut(bench, { edits: ["dataplane=more-flows"], layers: ["networking"] });
      for (const [index, node] of rig.nodes.entries())
        check(rig.agent(node) !== before[index], `the agent of ${node} is the one of before`);
    }),
  ],
};
