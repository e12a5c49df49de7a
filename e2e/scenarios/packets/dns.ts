import { INTERNET_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";
import { type Place, program } from "../../rig/packets/place";

/** A second address of the internet, for a second name. */
const OTHER_ADDRESS = "203.0.113.11";
const ALLOWED = "allowed.example.com";
const OTHER = "other.example.com";
const ELSEWHERE = "somewhere.else.org";
const POLICIES = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;

interface Pods {
  readonly first: string;
  readonly client: TestPod;
  readonly dns: string;
}

/** Everything that goes out is denied, but questions about `example.com` and connections to one name of it. */
const POLICY = {
  endpointSelector: { matchLabels: { app: "client" } },
  egress: [
    {
      toEndpoints: [{ matchLabels: { app: "dns" } }],
      toPorts: [{ ports: [{ port: "53", protocol: "UDP" }], rules: { dns: [{ matchPattern: "*.example.com" }] } }],
    },
    { toFQDNs: [{ matchName: ALLOWED }], toPorts: [{ ports: [{ port: "8080", protocol: "TCP" }] }] },
  ],
};

/** Asks a DNS server as a program would. @returns addresses, or the code of what went wrong. */
async function lookUp(from: Place, server: string, name: string): Promise<string> {
  return (await from.run([process.execPath, program("lookup"), server, name])).stdout.trim();
}

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
  onlyNamed: true,
  proves: [
    "docs/sandbox.md: With default deny and DNS rules a pod looks up what it may, reaches the names it may by the addresses that it was told, and nothing else.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "a DNS server behind a ClusterIP on another node, and two servers on the internet: all is reached",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        const records = [
          `${ALLOWED}=${INTERNET_ADDRESS}`,
          `${OTHER}=${OTHER_ADDRESS}`,
          `${ELSEWHERE}=${OTHER_ADDRESS}`,
        ];
        await rig.real.vpc.internet.only("net").run(["ip", "address", "add", `${OTHER_ADDRESS}/24`, "dev", "eth0"]);
        await rig.start("dns", {
          node: second,
          labels: { app: "dns" },
          command: [process.execPath, program("dns-server"), "53", ...records],
          ports: [],
        });
        await rig.start("client", { node: first, labels: { app: "client" } });
        await rig.ready("dns", second);
        const client = await rig.ready("client", first);
        const ports = [{ name: "dns", port: 53, targetPort: 53, protocol: "UDP" }];
        const { clusterIp } = await rig.service("dns", "dns", { ports });
        remember(bench, "dns-pods", { first, client, dns: clusterIp } satisfies Pods);
        remember(bench, "outside", await rig.outside());
        const told = await eventually("an answer about the allowed name", 20, async () => {
          const addresses = await lookUp(client, clusterIp, ALLOWED);
          return addresses === INTERNET_ADDRESS ? addresses : undefined;
        });
        for (const address of [told, OTHER_ADDRESS])
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
        for (const address of [INTERNET_ADDRESS, OTHER_ADDRESS])
          await eventually(`${address} is out of reach`, 20, async () =>
            (await pods.client.ask(address, 8080, 1)) === undefined ? true : undefined,
          );
      },
    ),
    step("the allowed name is looked up and reached; the flow names it", async (rig, pods, bench) => {
      checkEqual(await lookUp(pods.client, pods.dns, ALLOWED), INTERNET_ADDRESS, `addresses of ${ALLOWED}`);
      check((await pods.client.ask(INTERNET_ADDRESS, 8080)) !== undefined, `${ALLOWED} is not reached`);
      const words = ["hubble", "observe", "--pod", `${PACKETS}/client`, "--protocol", "DNS", "--last", "20"];
      const flows = await rig.inAgent(pods.first, ...words);
      checkMatches(flows, new RegExp(`DNS Query ${ALLOWED}`), "flows of the DNS proxy");
      bench.note(flows.split("\n").find((line) => line.includes(`DNS Answer "${INTERNET_ADDRESS}"`)) ?? "");
    }),
    step("another name of the zone is looked up and not reached", async (_, { client, dns }) => {
      checkEqual(await lookUp(client, dns, OTHER), OTHER_ADDRESS, `addresses of ${OTHER}`);
      checkEqual(await client.ask(OTHER_ADDRESS, 8080, 1), undefined, `what ${OTHER} answers`);
    }),
    step("a name that the rule does not allow is refused by the proxy", async (_, { client, dns }) => {
      checkEqual(await lookUp(client, dns, ELSEWHERE), "EREFUSED", `what a question about ${ELSEWHERE} is answered`);
    }),
    step("while the agent is away, the allowed name's address is reached as before", async (rig, { client, first }) => {
      const agent = rig.agent(first);
      agent?.signal("SIGKILL");
      await agent?.ended;
      check((await client.ask(INTERNET_ADDRESS, 8080)) !== undefined, `${ALLOWED} is not reached without the agent`);
      await rig.agentReady(first);
      check((await client.ask(INTERNET_ADDRESS, 8080)) !== undefined, `${ALLOWED} is not reached after its restart`);
      checkEqual(await client.ask(OTHER_ADDRESS, 8080, 1), undefined, `what ${OTHER} answers after its restart`);
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
