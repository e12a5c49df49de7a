import { INTERNET_ADDRESS, METADATA_ADDRESS, NAT_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import { check, checkEqual, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PacketRig, type TestPod } from "../../rig/packets/packet-rig";
import type { Place } from "../../rig/packets/place";

/** Two servers of one Service on two nodes, and a client on the first. */
interface Pods {
  readonly first: string;
  readonly second: string;
  readonly a: TestPod;
  readonly b: TestPod;
  readonly client: TestPod;
}

async function start(bench: Bench, rig: PacketRig): Promise<Pods> {
  const [first = "", second = ""] = rig.nodes;
  const labels = { app: "web" };
  await Promise.all([
    rig.start("web-a", { node: first, labels }),
    rig.start("web-b", { node: second, labels }),
    rig.start("client", { node: first }),
  ]);
  const pods: Pods = {
    first,
    second,
    a: await rig.ready("web-a", first),
    b: await rig.ready("web-b", second),
    client: await rig.ready("client", first),
  };
  remember(bench, "packets", pods);
  return pods;
}

/** Asks until all of these servers have answered, and checks whom each saw. */
async function checkSources(
  from: Place,
  address: string,
  port: number,
  expected: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const seen = new Map<string, string>();
  await eventually(
    () =>
      `${Object.keys(expected).join(" and ")} answer ${from.name} at ${address}:${port}, not only '${[...seen.keys()]}'`,
    40,
    async () => {
      const answer = await from.ask(address, port);
      if (answer) {
        const wanted = expected[answer.name] ?? [];
        check(
          wanted.includes(answer.from),
          `${answer.name} sees ${answer.from} when ${from.name} asks ${address}:${port}, not ${wanted.join(" or ") || "anybody"}`,
        );
        seen.set(answer.name, answer.from);
      }
      return seen.size === Object.keys(expected).length ? true : undefined;
    },
  );
  return `${from.name}: ${[...seen].map(([server, source]) => `${server} sees ${source}`).join(", ")}`;
}

function step(title: string, run: (bench: Bench, rig: PacketRig, pods: Pods) => Promise<void>): Step {
  return {
    title,
    run: async (bench) => run(bench, await PacketRig.of(bench), recall<Pods>(bench, "packets")),
  };
}

/** What every dataplane that Cilium answers Services in has to do. */
export const PACKET_SERVICES: Scenario = {
  id: "packets-services",
  title: "Pods, Services and load balancers reach what they should, with the addresses that Kubernetes promises",
  shows: "packets",
  real: true,
  proves: [
    "docs/sandbox.md: Pods reach pods and ClusterIPs with their own address, a load balancer with `externalTrafficPolicy: Local` shows the client's, and the internet sees Cloud NAT's.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "pod to pod on one node and across nodes, with the pod's own address",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { a, b, client } = await start(bench, rig);
        for (const server of [a, b]) {
          const seen = await client.ask(server.address, 8080);
          checkEqual(seen?.from, client.address, `what ${server.name} sees of the client`);
        }
        bench.note(`${client.address} to ${a.address} and ${b.address}`);
      },
    },
    step(
      "a ClusterIP reaches both servers, from a pod with its own address and from a node",
      async (bench, rig, pods) => {
        const { clusterIp } = await rig.service("web", "web");
        const own = [pods.client.address];
        bench.note(await checkSources(pods.client, clusterIp, 80, { "web-a": own, "web-b": own }));
        const node = await nodeAddresses(rig, pods.first);
        bench.note(await checkSources(rig.onNode(pods.first), clusterIp, 80, { "web-a": node, "web-b": node }));
      },
    ),
    step("a NodePort is answered on every node, whether a server is there or not", async (bench, rig, pods) => {
      const { nodePort } = await rig.service("web-port", "web", { type: "NodePort" });
      const addresses = [rig.nodeAddress(pods.first), rig.nodeAddress(pods.second)];
      const client = rig.real.gateway;
      for (const [index, address] of addresses.entries()) {
        const isLocal = (server: number) => (server === index ? [client] : [address]);
        bench.note(await checkSources(rig.machine, address, nodePort, { "web-a": isLocal(0), "web-b": isLocal(1) }));
      }
    }),
    step("a load balancer with externalTrafficPolicy Local shows the client's own address", async (bench, rig) => {
      const { loadBalancer } = await rig.service("web-local", "web", {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
      });
      const own = [INTERNET_ADDRESS];
      bench.note(await checkSources(rig.internet, loadBalancer, 80, { "web-a": own, "web-b": own }));
    }),
    step(
      "a load balancer with externalTrafficPolicy Cluster reaches servers on other nodes",
      async (bench, rig, pods) => {
        const { loadBalancer } = await rig.service("web-cluster", "web", { type: "LoadBalancer" });
        const any = [INTERNET_ADDRESS, rig.nodeAddress(pods.first), rig.nodeAddress(pods.second), ...others(rig)];
        bench.note(await checkSources(rig.internet, loadBalancer, 80, { "web-a": any, "web-b": any }));
      },
    ),
    step("session affinity keeps a client at one server", async (_, rig, pods) => {
      const { clusterIp } = await rig.service("web-sticky", "web", { sessionAffinity: "ClientIP" });
      await eventually("a first answer", 20, () => pods.client.ask(clusterIp, 80));
      const servers = new Set<string>();
      for (let request = 0; request < 20; request += 1) {
        const answer = await pods.client.ask(clusterIp, 80);
        check(answer !== undefined, `request ${request + 1} was not answered`);
        servers.add(answer.name);
      }
      checkEqual(servers.size, 1, "servers that answered 20 requests");
    }),
    step("the internet sees Cloud NAT's address, of pods and of nodes", async (bench, rig, pods) => {
      const server = await rig.outside();
      try {
        for (const place of [pods.client, rig.onNode(pods.first)]) {
          const seen = await eventually(`${place.name} reaches the internet`, 20, () =>
            place.ask(INTERNET_ADDRESS, 8080),
          );
          checkEqual(seen.from, NAT_ADDRESS, `what the internet sees of ${place.name}`);
        }
      } finally {
        server.stop();
      }
      bench.note(`all of them are ${NAT_ADDRESS}`);
    }),
    step("the metadata server answers pods and nodes", async (bench, rig, pods) => {
      for (const place of [pods.client, rig.onNode(pods.first)]) {
        const answer = await place.get(METADATA_ADDRESS, 80, { headers: "Metadata-Flavor: Google\\r\\n" });
        checkEqual(answer?.status, 200, `what the metadata server answers ${place.name}`);
        bench.note(`it sees ${answer?.body.trim()} of ${place.name}`);
      }
    }),
    { title: "everything of it is taken away", run: async (bench) => (await PacketRig.of(bench)).cleanUp() },
  ],
};

/** Addresses that a node's own connections to its pods may have: its own, and that of Cilium's interface on it. */
async function nodeAddresses(rig: PacketRig, node: string): Promise<string[]> {
  const { stdout } = await rig.onNode(node).run(["ip", "-o", "-4", "address", "show"]);
  return [...stdout.matchAll(/inet ([\d.]+)\//g)].map(([, address]) => address ?? "");
}

function others(rig: PacketRig): string[] {
  return rig.nodes.slice(2).map((node) => rig.nodeAddress(node));
}
