import { INTERNET_ADDRESS, NAT_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { poolOf } from "../../rig/kube";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";
import { carryOut } from "../day-two/change";

const POLICIES = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;
const FIRST_RANGE = /^10\.2[0-3]\./;
const SECOND_RANGE = /^10\.28\./;

interface Side {
  readonly server: TestPod;
  readonly friend: TestPod;
  readonly stranger: TestPod;
}

interface Sides {
  readonly old: Side;
  readonly more: Side;
}

async function sideOn(rig: PacketRig, node: string, name: string): Promise<Side> {
  const labels = { range: name };
  await rig.start(`server-${name}`, { node, labels: { ...labels, app: "server" } });
  await rig.start(`friend-${name}`, { node, labels: { ...labels, app: "friend" } });
  await rig.start(`stranger-${name}`, { node, labels: { ...labels, app: "stranger" } });
  return {
    server: await rig.ready(`server-${name}`, node),
    friend: await rig.ready(`friend-${name}`, node),
    stranger: await rig.ready(`stranger-${name}`, node),
  };
}

/** The same in both directions. */
function bothWays(title: string, look: (from: Side, to: Side, rig: PacketRig, bench: Bench) => Promise<void>): Step {
  return {
    title,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const { old, more } = recall<Sides>(bench, "sides");
      await look(old, more, rig, bench);
      await look(more, old, rig, bench);
    },
  };
}

/** Pods of two ranges know each other by their labels. */
export const PACKET_POD_RANGES: Scenario = {
  id: "packets-pod-ranges",
  title: "Pods of a second range keep their addresses and their identity, in both directions",
  shows: "packets",
  real: true,
  slow: true,
  proves: [
    "docs/sandbox.md: Pods of several ranges see each other's own addresses, and policies know them by their labels, in both directions.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "a second range and a pool of it are deployed",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        rig.real.allow(1);
        await carryOut(bench, { edits: ["more-pods=yes"], layers: ["cluster", "networking"] });
        rig.real.allow(0);
        const nodes = (await bench.kube().nodes()).filter((node) => poolOf(node).startsWith("more"));
        const [name] = nodes.map(({ metadata }) => metadata.name);
        check(name !== undefined && rig.nodes.includes(name), `${name ?? "no node"} of the new pool is real`);
        for (const node of rig.nodes) await rig.agentReady(node);
        const [first = ""] = rig.nodes;
        const [old, more] = await Promise.all([sideOn(rig, first, "old"), sideOn(rig, name, "more")]);
        checkMatches(old.server.address, FIRST_RANGE, "an address of the first range");
        checkMatches(more.server.address, SECOND_RANGE, "an address of the second range");
        remember(bench, "sides", { old, more } satisfies Sides);
        bench.note(`${old.server.address} and ${more.server.address}`);
      },
    },
    bothWays("a pod sees the other's own address, by its own and through a ClusterIP", async (from, to, rig) => {
      const seen = await eventually(`${to.server.name} answers`, 20, () => from.friend.ask(to.server.address, 8080));
      checkEqual(seen.from, from.friend.address, `whom ${to.server.name} sees`);
      const { clusterIp } = await rig.service(to.server.name, "server", {
        selector: { name: to.server.name },
      });
      const through = await eventually("the ClusterIP answers", 20, () => from.friend.ask(clusterIp, 80));
      checkEqual([through.name, through.from], [to.server.name, from.friend.address], "who answers, and whom it sees");
    }),
    {
      title: "a policy lets in pods of one label only",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await rig.apply(POLICIES, {
          apiVersion: "cilium.io/v2",
          kind: "CiliumNetworkPolicy",
          metadata: { name: "friends", namespace: PACKETS },
          spec: {
            endpointSelector: { matchLabels: { app: "server" } },
            ingress: [{ fromEndpoints: [{ matchLabels: { app: "friend" } }] }],
          },
        } as Parameters<PacketRig["apply"]>[1]);
      },
    },
    bothWays("the friend of the other range passes, the stranger does not", async (from, to, rig, bench) => {
      await eventually(`${from.stranger.name} is kept out`, 20, async () =>
        (await from.stranger.ask(to.server.address, 8080, 1)) === undefined ? true : undefined,
      );
      const seen = await eventually(`${from.friend.name} passes`, 20, () => from.friend.ask(to.server.address, 8080));
      checkEqual(seen.from, from.friend.address, `whom ${to.server.name} sees`);
      const drop = new RegExp(`packets/${from.stranger.name}.*packets/${to.server.name}`);
      bench.note(await rig.flow(to.server.node, drop, "--verdict", "DROPPED"));
    }),
    bothWays("the internet sees Cloud NAT's address of both", async (from, _, rig) => {
      const server = await rig.outside();
      try {
        const seen = await eventually(`${from.friend.name} reaches the internet`, 20, () =>
          from.friend.ask(INTERNET_ADDRESS, 8080),
        );
        checkEqual(seen.from, NAT_ADDRESS, `what the internet sees of ${from.friend.name}`);
      } finally {
        server.stop();
      }
    }),
    {
      title: "everything of the tests is taken away; range and pool stay",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await rig.client.delete(`${POLICIES}/friends`);
        await rig.cleanUp();
      },
    },
  ],
};
