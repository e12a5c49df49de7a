import { checkEqual, eventually } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PacketRig } from "../../rig/packets/packet-rig";

/** Probes come every second here: long enough for three of them. */
const SECONDS = 20;

/** Whether Google's load balancing takes each real node for healthy on an address, and the last answer of each. */
async function verdicts(rig: PacketRig, address: string): Promise<Record<string, boolean>> {
  await eventually("every node was asked", SECONDS, () =>
    rig.nodes.every((node) => rig.real.loadBalancing.healthOf(address, node)) ? true : undefined,
  );
  return Object.fromEntries(
    rig.nodes.map((node) => [node, rig.real.loadBalancing.healthOf(address, node)?.healthy === true]),
  );
}

async function allHealthy(rig: PacketRig, address: string): Promise<void> {
  await eventually("every node healthy", SECONDS, async () =>
    Object.values(await verdicts(rig, address)).every(Boolean) ? true : undefined,
  );
}

/** Google's load balancers ask nodes on the load balancer's own address. */
export const PACKET_HEALTH: Scenario = {
  id: "packets-health",
  title: "Load balancers find every node healthy on their own address, once the guest agent has given it to the node",
  shows: "packets",
  real: true,
  proves: [
    "docs/sandbox.md: Health checks of load balancers are answered on the load balancer's address as soon as Google's guest agent has given it to the node, and not before.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "a load balancer whose address no node has yet: what nodes answer then is told",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const [first = ""] = rig.nodes;
        rig.real.loadBalancing.guestAgent = "off";
        try {
          await rig.serve("web-a", { node: first, labels: { app: "web" } });
          const { loadBalancer } = await rig.service("web-late", "web", { type: "LoadBalancer" });
          await new Promise((resolve) => setTimeout(resolve, 6_000));
          const healthy = Object.values(await verdicts(rig, loadBalancer)).filter(Boolean).length;
          const config = (await bench.kube().configMap("cilium-config"))?.data?.["default-lb-service-ipam"];
          bench.note(
            `default-lb-service-ipam is ${config ?? "not set"}: ${healthy} of ${rig.nodes.length} nodes answer before the route is there`,
          );
        } finally {
          rig.real.loadBalancing.guestAgent = "on";
        }
      },
    },
    {
      title: "the guest agent adds the local route: every node becomes healthy, without a restart of anything",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const { loadBalancer } = await rig.service("web-late", "web", { type: "LoadBalancer" });
        const started = Date.now();
        await allHealthy(rig, loadBalancer);
        bench.note(`after ${((Date.now() - started) / 1000).toFixed(1)} s`);
      },
    },
    {
      title: "a second load balancer, with the route from the start: every node is healthy",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const { loadBalancer } = await rig.service("web-soon", "web", { type: "LoadBalancer" });
        await allHealthy(rig, loadBalancer);
        const seen = await eventually("the internet is answered", SECONDS, () => rig.internet.ask(loadBalancer, 80));
        checkEqual(seen.name, "web-a", "who answers");
        await rig.cleanUp();
      },
    },
  ],
};
