import { check, checkEqual, eventually, eventuallyHolds } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { readPools } from "../../rig/google";
import { poolOf } from "../../rig/kube";
import { AddressWatch, allAttached, attached, namesOf } from "../../rig/packets/addresses";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";
import { expectUndisturbed, Traffic, webUnderTraffic } from "../../rig/packets/traffic";
import { SETTLE_SECONDS } from "../promises/common";

const POOL = "batch";
/** Pods that wait for the node before there is one. */
const WAITING = 8;
const LABEL = "cloud.google.com/gke-nodepool";

/** A pod that the scheduler places, on nodes of one pool; it tolerates nothing, as most pods do. */
function waitingPod(name: string, pool: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: PACKETS },
    spec: {
      nodeSelector: { [LABEL]: pool },
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "sleep", image: "sandbox.local/sleep", command: ["sleep", "infinity"] }],
    },
  };
}

async function poolNodes(bench: Bench, pool: string): Promise<string[]> {
  return (await bench.kube().nodes()).filter((node) => poolOf(node) === pool).map(({ metadata }) => metadata.name);
}

/** A node that was not there before, of a pool that had none. */
export const PACKET_NEW_NODE: Scenario = {
  id: "packets-new-node",
  title:
    "The first node of a pool takes pods when its agent is ready, gives them Cilium's network, and disturbs nobody",
  shows: "packets",
  real: true,
  proves: [
    "docs/sandbox.md: Pods that wait for a new node get their network from Cilium alone, no two pods ever have one address, no connection is refused on any way to a Service, and those that stand go on.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: `a pool at zero nodes gets one, for which ${WAITING} pods wait, under traffic`,
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const [pool] = await readPools(bench, POOL);
        check(pool !== undefined, `there is no pool ${POOL}`);
        checkEqual(await poolNodes(bench, pool.name), [], `nodes of ${pool.name}`);
        const { web, client } = await webUnderTraffic(rig);
        for (const name of namesOf("waiting", WAITING))
          await rig.client.create(`/api/v1/namespaces/${PACKETS}/pods`, waitingPod(name, pool.name));
        const traffic = await Traffic.start(rig, web, client);
        const addresses = new AddressWatch(rig);
        const started = Date.now();
        rig.real.allow(1);
        await bench.cloud.autoscale(bench.cluster, pool.name, 1, 1);
        const node = await eventually("the new node", 60, async () => (await poolNodes(bench, pool.name))[0]);
        remember(bench, "new-node", node);
        await allAttached(rig, node, namesOf("waiting", WAITING), 180);
        bench.note(
          `${WAITING} pods attached ${((Date.now() - started) / 1000).toFixed(0)} s after the node was asked for`,
        );
        await rig.agentReady(node);
        const seen = addresses.stop();
        expectUndisturbed(await traffic.stop(), bench);
        checkEqual(seen.foreign, [], "pods that somebody else than Cilium attached");
        checkEqual(seen.twice, [], "addresses that two pods had at one time");
        bench.note(`${seen.looks} looks at all addresses`);
      },
    },
    {
      title: "pods on it are reached, and it answers for the load balancer",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const node = recall<string>(bench, "new-node");
        const server = await rig.serve("on-new-node", { node, labels: { app: "web" } });
        const { client, web } = await webUnderTraffic(rig);
        const seen = await eventually("the pod on the new node", 20, () => client.ask(server.address, 8080));
        checkEqual(seen.from, client.address, "whom it sees");
        await eventually("load balancing takes the node for healthy", 30, () =>
          rig.real.loadBalancing.healthOf(web.loadBalancer, node)?.healthy ? true : undefined,
        );
        await eventually("the new pod answers the internet", 30, async () =>
          (await rig.internet.ask(web.loadBalancer, 80))?.name === "on-new-node" ? true : undefined,
        );
      },
    },
    {
      title: "back to zero: nothing of it is left",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const node = recall<string>(bench, "new-node");
        const gone = attached(rig, node).map(({ address }) => address);
        const [pool] = await readPools(bench, POOL);
        await bench.cloud.autoscale(bench.cluster, pool?.name ?? "", -1, 1);
        rig.real.allow(0);
        await eventuallyHolds(SETTLE_SECONDS, async () => {
          checkEqual(await poolNodes(bench, pool?.name ?? ""), [], "nodes of the pool");
          check(!rig.nodes.includes(node), `${node} still runs`);
        });
        const [first = ""] = rig.nodes;
        await eventually("the other agents forget its pods", 60, async () => {
          const known = await rig.inAgent(first, "cilium-dbg", "bpf", "ipcache", "list");
          return gone.some((address) => known.includes(`${address}/32`)) ? undefined : true;
        });
        await rig.cleanUp();
      },
    },
  ],
};
