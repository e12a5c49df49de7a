import { check, checkMatches, eventually } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";

interface RelayService {
  readonly spec: { readonly clusterIP: string; readonly ports: readonly { readonly port: number }[] };
}

/** Address of the relay, as pods and people with a port forward reach it. */
async function relay(rig: PacketRig): Promise<string> {
  const { spec } = await rig.client.get<RelayService>("/api/v1/namespaces/kube-system/services/hubble-relay");
  return `${spec.clusterIP}:${spec.ports[0]?.port}`;
}

/** Flows of the whole cluster through the relay, which logs in to every agent with the certificates of the release. */
export const PACKET_HUBBLE: Scenario = {
  id: "packets-hubble",
  title: "Hubble's relay shows the flows of every node, over certificates that the release made",
  shows: "packets",
  real: true,
  proves: [
    "docs/sandbox.md: The relay reaches every agent by the certificates of the release and shows the flows of all nodes.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "the relay is connected to every agent",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const [first = ""] = rig.nodes;
        const server = await relay(rig);
        let last = "";
        await eventually(
          () => `the relay connected to ${rig.nodes.length} nodes: ${last}`,
          60,
          async () => {
            last = await rig.inAgent(first, "hubble", "--server", server, "list", "nodes");
            return rig.nodes.every((node) => new RegExp(`${node}\\s+Connected`).test(last)) ? true : undefined;
          },
        );
        check(!/TLS\s+Disabled/i.test(last), `the relay speaks to agents without TLS:\n${last}`);
        bench.note(last.split("\n").slice(0, 2).join(" | "));
      },
    },
    {
      title: "hubble observe, at the relay, shows a flow between pods on two nodes with both names",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        const [server, client] = await Promise.all([
          rig.serve("seen", { node: second, labels: { app: "seen" } }),
          rig.serve("looker", { node: first }),
        ]);
        const address = await relay(rig);
        const flow = /packets\/looker.*packets\/seen:8080/;
        const flows = await eventually("the flow at the relay", 30, async () => {
          await client.ask(server.address, 8080);
          const words = ["observe", "--namespace", PACKETS, "--last", "100", "--output", "compact"];
          const text = await rig.inAgent(first, "hubble", "--server", address, ...words);
          return flow.test(text) ? text : undefined;
        });
        checkMatches(flows, flow, "flows");
        bench.note(flows.split("\n").find((line) => flow.test(line)) ?? "");
      },
    },
    {
      title: "the agents count the flows that dashboards and alerts read",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const [first = ""] = rig.nodes;
        const config = (await bench.kube().configMap("cilium-config"))?.data ?? {};
        const port = Number(config["hubble-metrics-server"]?.split(":").at(-1) ?? 9965);
        const metrics = await eventually("metrics of Hubble", 20, () =>
          rig.onNode(first).get(rig.nodeAddress(first), port, { path: "/metrics", seconds: 5 }),
        );
        checkMatches(metrics.body, /^hubble_flows_processed_total\{.*\} [1-9]/m, "what Hubble counts");
        await rig.cleanUp();
      },
    },
  ],
};
