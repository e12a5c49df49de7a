import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import { NotRun, type Scenario } from "../../harness/scenario";
import { KUBE_SYSTEM } from "../../rig/kube";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";

/** Port of the agents at which the relay asks them. */
const PEER_PORT = 4244;
const READY_SECONDS = 90;

/** Where the relay is asked: its ClusterIP and port. */
async function relay(rig: PacketRig): Promise<string> {
  const { spec } = await rig.client.get<{ spec: { clusterIP: string; ports: readonly { port: number }[] } }>(
    `/api/v1/namespaces/${KUBE_SYSTEM}/services/hubble-relay`,
  );
  return `${spec.clusterIP}:${spec.ports[0]?.port}`;
}

/** Runs Hubble's command line on the first node against the relay. */
async function hubble(rig: PacketRig, ...words: readonly string[]): Promise<string> {
  return rig.inAgent(rig.nodes[0] ?? "", "hubble", ...words, "--server", await relay(rig));
}

/** Flows of all nodes in one place, over the release's own certificates. */
export const PACKET_HUBBLE: Scenario = {
  id: "packets-hubble",
  title: "hubble observe over the relay sees the flows of all nodes, with the certificates of the release",
  shows: "packets",
  needs: "hubble-relay",
  real: true,
  proves: [
    "docs/sandbox.md: `hubble observe` over the relay shows the flows of every node with the names of both pods; agents tell them only to who has a certificate of the release.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "the relay runs, has found the agents by DNS, and is connected to all of them",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const runners = () => rig.nodes.flatMap((node) => rig.real.kubelet(node).all);
        const runner = await eventually("a relay on a real node", READY_SECONDS, () =>
          runners().find(({ name }) => name.startsWith(`${KUBE_SYSTEM}/hubble-relay-`)),
        );
        if (!rig.real.hasProgram("hubble-relay")) throw new NotRun("hubble-relay was not found: see docs/sandbox.md");
        await eventually("the relay's program", READY_SECONDS, () => runner.container("hubble-relay"));
        let last = "";
        await eventually(
          () => `the relay connected to ${rig.nodes.length} agents:\n${last}`,
          READY_SECONDS,
          async () => {
            last = await hubble(rig, "list", "nodes");
            const connected = rig.nodes.filter((node) => new RegExp(`${node}\\s+Connected`).test(last));
            return connected.length === rig.nodes.length ? true : undefined;
          },
        );
        bench.note(last.trim().replaceAll("\n", "; "));
      },
    },
    {
      title: "flows across nodes are seen, with both names, from both nodes",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        await rig.start("server", { node: second });
        await rig.start("client", { node: first });
        const server = await rig.ready("server", second);
        const client: TestPod = await rig.ready("client", first);
        await eventually("the server answers", 20, () => client.ask(server.address, 8080));
        let text = "";
        const seenBy = (node: string) =>
          new RegExp(`"node_name":"[^"]*${node}"`).test(text) && /"pod_name":"client"/.test(text);
        await eventually(
          () => `flows of both nodes:\n${text.slice(0, 2_000)}`,
          30,
          async () => {
            text = await hubble(rig, "observe", "--pod", `${PACKETS}/server`, "--last", "50", "--output", "jsonpb");
            return seenBy(first) && seenBy(second) ? true : undefined;
          },
        );
        const compact = await hubble(rig, "observe", "--pod", `${PACKETS}/server`, "--last", "50");
        const line = compact.split("\n").find((flow) => /packets\/client.*packets\/server/.test(flow));
        checkMatches(line ?? compact, /packets\/client.*packets\/server.*FORWARDED/, "a flow between the two");
        bench.note(line ?? "");
      },
    },
    {
      title: "an agent tells nothing to who has no certificate",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        const agent = `${rig.nodeAddress(second)}:${PEER_PORT}`;
        const attempts: Record<string, readonly string[]> = {
          "without TLS": [],
          "without a certificate of its own": ["--tls", "--tls-allow-insecure"],
        };
        for (const [how, words] of Object.entries(attempts)) {
          const said = await rig.inAgent(first, "hubble", "status", "--server", agent, "--timeout", "60s", ...words);
          check(!/Healthcheck|Current\/Max Flows/.test(said), `an agent answers ${how}: ${said}`);
          bench.note(`${how}: ${said.trim().split("\n").at(-1)?.slice(0, 160)}`);
        }
        const own = await rig.inAgent(first, "hubble", "status");
        checkMatches(own, /Healthcheck \(via .*\): Ok/, "what the agent says by its own socket");
        await rig.cleanUp();
        checkEqual(await rig.exists("server"), false, "whether the server is still there");
      },
    },
  ],
};
