import { check, checkEqual, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { addOtherAddress, dnsCommand, lookUp, namesIn } from "../../rig/packets/names";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";

const ZONE = "example.com";
const NAMES = namesIn(ZONE);
const { allowed, other, elsewhere } = NAMES;
const POLICIES = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;

interface Pods {
  readonly first: string;
  readonly client: TestPod;
  /** Like the client, on its node and on another one. */
  readonly neighbour: TestPod;
  readonly remote: TestPod;
  readonly dns: string;
}

/** Everything that goes out is denied, but questions about one zone and connections to one name of it. */
const POLICY = {
  endpointSelector: { matchLabels: { app: "client" } },
  egress: [
    {
      toEndpoints: [{ matchLabels: { app: "dns" } }],
      toPorts: [{ ports: [{ port: "53", protocol: "UDP" }], rules: { dns: [{ matchPattern: `*.${ZONE}` }] } }],
    },
    { toFQDNs: [{ matchName: allowed.name }], toPorts: [{ ports: [{ port: "8080", protocol: "TCP" }] }] },
  ],
};

function step(title: string, run: (rig: PacketRig, pods: Pods, bench: Bench) => Promise<void>): Step {
  return { title, run: async (bench) => run(await PacketRig.of(bench), recall<Pods>(bench, "dns-pods"), bench) };
}

/** Names in policies: the agent's own proxy reads what the DNS server answers. */
export const PACKET_DNS: Scenario = {
  id: "packets-dns",
  title:
    "Default deny with DNS allowed: names are looked up through the agent's proxy, and only the allowed one is reached",
  shows: "packets",
  real: true,
  proves: [
    "docs/sandbox.md: With default deny and DNS rules a pod looks up what it may, reaches the names it may by the addresses that it was told, and nothing else.",
    "docs/policies.md: What one pod is told of a name opens its addresses to every pod of the node whose policies name it, and to none of another node.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "a DNS server behind a ClusterIP on another node, and two servers on the internet: all is reached",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        await addOtherAddress(rig);
        await rig.start("dns", {
          node: second,
          labels: { app: "dns" },
          command: dnsCommand(NAMES),
          ports: [],
        });
        const labels = { app: "client" };
        await Promise.all([
          rig.start("client", { node: first, labels }),
          rig.start("neighbour", { node: first, labels }),
          rig.start("remote", { node: second, labels }),
        ]);
        await rig.ready("dns", second);
        const client = await rig.ready("client", first);
        const neighbour = await rig.ready("neighbour", first);
        const remote = await rig.ready("remote", second);
        const ports = [{ name: "dns", port: 53, targetPort: 53, protocol: "UDP" }];
        const { clusterIp } = await rig.service("dns", "dns", { ports });
        remember(bench, "dns-pods", { first, client, neighbour, remote, dns: clusterIp } satisfies Pods);
        remember(bench, "outside", await rig.outside());
        const told = await eventually("an answer about the allowed name", 20, async () => {
          const addresses = await lookUp(client, clusterIp, allowed.name);
          return addresses === allowed.address ? addresses : undefined;
        });
        for (const address of [told, other.address])
          check((await client.ask(address, 8080)) !== undefined, `${address} is not reached without a policy`);
      },
    },
    step(
      "with the policy nothing is reached, not even the allowed name's address, until it was looked up",
      async (rig, pods) => {
        await rig.apply(POLICIES, {
          apiVersion: "cilium.io/v2",
          kind: "CiliumNetworkPolicy",
          metadata: { name: "names", namespace: PACKETS },
          spec: POLICY,
        } as Parameters<PacketRig["apply"]>[1]);
        const { client, neighbour, remote } = pods;
        for (const address of [allowed.address, other.address])
          await Promise.all(
            [client, neighbour, remote].map((pod) =>
              eventually(`${address} is out of reach for ${pod.name}`, 20, async () =>
                (await pod.ask(address, 8080, 1)) === undefined ? true : undefined,
              ),
            ),
          );
      },
    ),
    step("the allowed name is looked up and reached; the flow names it", async (rig, pods, bench) => {
      checkEqual(await lookUp(pods.client, pods.dns, allowed.name), allowed.address, `addresses of ${allowed.name}`);
      check((await pods.client.ask(allowed.address, 8080)) !== undefined, `${allowed.name} is not reached`);
      const words = ["--pod", `${PACKETS}/client`, "--protocol", "DNS"];
      await rig.flow(pods.first, new RegExp(`DNS Query ${allowed.name}`), ...words);
      bench.note(await rig.flow(pods.first, new RegExp(`DNS Answer "${allowed.address}"`), ...words));
    }),
    step(
      "its address is open to the pods of the client's node that the policy selects, asked or not, and to none of another node",
      async (_, { neighbour, remote }) => {
        check(
          (await neighbour.ask(allowed.address, 8080)) !== undefined,
          `the neighbour does not reach ${allowed.name}`,
        );
        checkEqual(await remote.ask(allowed.address, 8080, 1), undefined, "what the pod of another node is answered");
      },
    ),
    step("another name of the zone is looked up and not reached", async (_, { client, dns }) => {
      checkEqual(await lookUp(client, dns, other.name), other.address, `addresses of ${other.name}`);
      checkEqual(await client.ask(other.address, 8080, 1), undefined, `what ${other.name} answers`);
    }),
    step("a name that the rule does not allow is refused by the proxy", async (_, { client, dns }) => {
      checkEqual(
        await lookUp(client, dns, elsewhere.name),
        "EREFUSED",
        `what a question about ${elsewhere.name} is answered`,
      );
    }),
    step("while the agent is away, the allowed name's address is reached as before", async (rig, { client, first }) => {
      const agent = rig.agent(first);
      agent?.signal("SIGKILL");
      await agent?.ended;
      check(
        (await client.ask(allowed.address, 8080)) !== undefined,
        `${allowed.name} is not reached without the agent`,
      );
      await rig.agentReady(first);
      check(
        (await client.ask(allowed.address, 8080)) !== undefined,
        `${allowed.name} is not reached after its restart`,
      );
      checkEqual(await client.ask(other.address, 8080, 1), undefined, `what ${other.name} answers after its restart`);
    }),
    {
      title: "everything of it is taken away",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        recall<{ stop(): void }>(bench, "outside").stop();
        await rig.client.delete(`${POLICIES}/names`);
        await rig.cleanUp();
      },
    },
  ],
};
