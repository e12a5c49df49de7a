import { INTERNET_ADDRESS, NAT_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";
import { carryOut, IN_PLACE } from "../day-two/change";

interface Pods {
  readonly partner: TestPod;
  readonly other: TestPod;
  readonly web: TestPod;
  readonly gateway: string;
}

const POLICIES = "/apis/cilium.io/v2/ciliumegressgatewaypolicies";
const REDIRECTS = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumlocalredirectpolicies`;
const GATEWAY = { "egress-gateway": "true" };
/** A port of the machine in the VPC that partners' packets are sent to. */
const PARTNER_PORT = 8080;

type Object_ = Parameters<PacketRig["apply"]>[1];

function step(title: string, run: (bench: Bench, rig: PacketRig, pods: Pods) => Promise<void>): Step {
  return { title, run: async (bench) => run(bench, await PacketRig.of(bench), recall<Pods>(bench, "egress")) };
}

/** What the VPC sees leave the nodes for the internet, before Cloud NAT: the address of the node that it came by. */
async function leaves(rig: PacketRig, pod: TestPod): Promise<string> {
  const listening = rig.machine.run(
    [
      "timeout",
      "6",
      "tcpdump",
      "-l",
      "-n",
      "-i",
      "any",
      "-c",
      "1",
      `inbound and tcp dst port ${PARTNER_PORT} and dst ${INTERNET_ADDRESS}`,
    ],
    12_000,
  );
  let isOver = false;
  void listening.then(() => {
    isOver = true;
  });
  while (!isOver) await pod.ask(INTERNET_ADDRESS, PARTNER_PORT, 1);
  return (await listening).stdout.match(/IP (\d+\.\d+\.\d+\.\d+)\.\d+ > /)?.[1] ?? "nothing";
}

/** Egress gateway, masquerading by ranges and local redirects: what needs BPF masquerading, in one deployment. */
export const PACKET_EGRESS: Scenario = {
  id: "packets-egress",
  title: "Egress gateway, ip-masq-agent and local redirects do with packets what they say",
  shows: "packets",
  real: true,
  slow: true,
  proves: [
    "docs/datapath.md: Measured: pods that a policy selects leave by the gateway's address, all others by their own node's, and with the policy gone all do.",
    "docs/datapath.md: Measured by `packets-egress`: with Maglev every connection of a client goes to a pod that answers, and a redirected Service is answered by the pod on the client's own node alone.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "egress gateway, ip-masq-agent, Maglev and local redirects are switched on in place",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await carryOut(bench, { edits: ["dataplane=datapath"], layers: ["networking"], plan: IN_PLACE });
        for (const node of rig.nodes) await rig.agentReady(node);
        const [first = "", second = "", third = ""] = rig.nodes;
        const status = await rig.inAgent(first, "cilium-dbg", "status", "--verbose");
        checkMatches(status, /Masquerading:\s+BPF.*ip-masq-agent/i, "what the agent says of masquerading");
        checkMatches(status, /Maglev/i, "what the agent says of load balancing");
        const gateway = third || second;
        await rig.client.patch(`/api/v1/nodes/${gateway}`, { metadata: { labels: GATEWAY } });
        const labels = { app: "web" };
        await Promise.all([
          rig.start("partner", { node: first, labels: { app: "partner" } }),
          rig.start("other", { node: first }),
          rig.start("web-a", { node: first, labels }),
          rig.start("web-b", { node: second, labels }),
        ]);
        await rig.ready("web-b", second);
        remember(bench, "egress", {
          partner: await rig.ready("partner", first),
          other: await rig.ready("other", first),
          web: await rig.ready("web-a", first),
          gateway,
        });
        bench.note(status.split("\n").find((line) => line.includes("Masquerading")) ?? "");
      },
    },
    step("without a policy every pod leaves through its own node", async (_, rig, { partner, other }) => {
      const server = await rig.outside();
      try {
        for (const pod of [partner, other]) checkEqual(await leaves(rig, pod), rig.nodeAddress(pod.node), pod.name);
        const seen = await partner.ask(INTERNET_ADDRESS, PARTNER_PORT);
        checkEqual(seen?.from, NAT_ADDRESS, "what the internet sees of the pod");
      } finally {
        server.stop();
      }
    }),
    step("with a policy the selected pods leave by the gateway, all others as before", async (bench, rig, pods) => {
      const { partner, other, gateway } = pods;
      check(gateway !== partner.node, "the gateway is the pod's own node, so that nothing can be told apart");
      await rig.apply(POLICIES, {
        apiVersion: "cilium.io/v2",
        kind: "CiliumEgressGatewayPolicy",
        metadata: { name: "partner" },
        spec: {
          selectors: [{ podSelector: { matchLabels: { app: "partner" } } }],
          destinationCIDRs: [`${INTERNET_ADDRESS}/32`],
          egressGateway: { nodeSelector: { matchLabels: GATEWAY } },
        },
      } as Object_);
      const server = await rig.outside();
      try {
        await eventually("the policy is in force", 60, async () =>
          (await leaves(rig, partner)) === rig.nodeAddress(gateway) ? true : undefined,
        );
        checkEqual(await leaves(rig, other), rig.nodeAddress(other.node), "where the other pod leaves");
        const seen = await eventually("the internet answers", 20, () => partner.ask(INTERNET_ADDRESS, PARTNER_PORT));
        checkEqual(seen.from, NAT_ADDRESS, "what the internet sees of the pod");
        bench.note(`${partner.name} by ${rig.nodeAddress(gateway)}, ${other.name} by ${rig.nodeAddress(other.node)}`);
      } finally {
        server.stop();
      }
      await rig.client.delete(`${POLICIES}/partner`);
      await eventually("without the policy it leaves through its own node again", 60, async () =>
        (await leaves(rig, partner)) === rig.nodeAddress(partner.node) ? true : undefined,
      );
    }),
    step("ip-masq-agent: what its ranges hold is not masqueraded, and all else is", async (bench, rig, pods) => {
      const { stdout } = { stdout: await rig.inAgent(pods.other.node, "cilium-dbg", "bpf", "ipmasq", "list") };
      checkMatches(stdout, /10\.0\.0\.0\/8/, "ranges that are not masqueraded");
      checkEqual(await leaves(rig, pods.other), rig.nodeAddress(pods.other.node), "an address outside of the ranges");
      bench.note(stdout.replace(/\s+/g, " ").trim());
    }),
    step(
      "Maglev: a Service answers every connection, and both pods have their share",
      async (bench, rig, { other }) => {
        const { clusterIp } = await rig.service("web", "web");
        await eventually("a first answer", 30, () => other.ask(clusterIp, 80));
        const servers = new Map<string, number>();
        for (let request = 0; request < 40; request += 1) {
          const answer = await other.ask(clusterIp, 80);
          check(answer !== undefined, `request ${request + 1} was not answered`);
          servers.set(answer.name, (servers.get(answer.name) ?? 0) + 1);
        }
        checkEqual(servers.size, 2, "servers that answered 40 connections");
        bench.note([...servers].map(([name, count]) => `${name} ${count}`).join(", "));
      },
    ),
    step("a redirected Service is answered on the client's own node alone", async (bench, rig, { other }) => {
      const { clusterIp } = await rig.service("local", "web");
      await rig.apply(REDIRECTS, {
        apiVersion: "cilium.io/v2",
        kind: "CiliumLocalRedirectPolicy",
        metadata: { name: "local", namespace: PACKETS },
        spec: {
          redirectFrontend: { serviceMatcher: { serviceName: "local", namespace: PACKETS } },
          redirectBackend: {
            localEndpointSelector: { matchLabels: { app: "web" } },
            toPorts: [{ port: "8080", protocol: "TCP" }],
          },
        },
      } as Object_);
      const answers = new Set<string>();
      await eventually("20 answers in a row from the pod of this node", 60, async () => {
        answers.clear();
        for (let request = 0; request < 20; request += 1)
          answers.add((await other.ask(clusterIp, 80))?.name ?? "nobody");
        return answers.size === 1 && answers.has("web-a") ? true : undefined;
      });
      bench.note(`${clusterIp}: ${[...answers]}`);
      await rig.client.delete(`${REDIRECTS}/local`);
    }),
    step("taken back in place, and everything is gone", async (bench, rig, { gateway, other }) => {
      await carryOut(bench, { takeBack: ["dataplane"], layers: ["networking"], plan: IN_PLACE });
      for (const node of rig.nodes) await rig.agentReady(node);
      const { clusterIp } = await rig.service("web", "web");
      await eventually("Services answer", 60, () => other.ask(clusterIp, 80));
      await rig.client.patch(`/api/v1/nodes/${gateway}`, { metadata: { labels: { "egress-gateway": null } } });
      await rig.cleanUp();
    }),
  ],
};
