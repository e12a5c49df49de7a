import { check, checkEqual, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";

interface Pods {
  readonly first: string;
  readonly a: TestPod;
  readonly b: TestPod;
  readonly client: TestPod;
}

const POLICIES = `/apis/networking.k8s.io/v1/namespaces/${PACKETS}/networkpolicies`;
const CILIUM_POLICIES = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;

function step(title: string, run: (bench: Bench, rig: PacketRig, pods: Pods) => Promise<void>): Step {
  return { title, run: async (bench) => run(bench, await PacketRig.of(bench), recall<Pods>(bench, "packets")) };
}

/** A NetworkPolicy for the servers that lets in the whole range of pods, as addresses. */
function ipBlockPolicy(cidr: string): object & { metadata: { name: string } } {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "pods-by-address", namespace: PACKETS } as { name: string },
    spec: { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from: [{ ipBlock: { cidr } }] }] },
  } as object & { metadata: { name: string } };
}

/** Cilium behind the node's own CNI. */
export const PACKET_CHAINING: Scenario = {
  id: "packets-chaining",
  title:
    "Chained behind the node's own CNI: addresses and Services stay GKE's, flows are seen, policies are enforced once",
  shows: "packets",
  real: true,
  proves: [
    "docs/sandbox.md: Addresses and Services stay with the node's own CNI and kube-proxy, flows are seen, and Cilium leaves NetworkPolicy to Calico.",
  ],
  environments: ["dev"],
  steps: [
    {
      title: "the agent writes the node's own plugins and itself; addresses come from the node's CNI",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        const written = await rig.onNode(first).run(["cat", "/etc/cni/net.d/05-cilium.conflist"]);
        const { plugins } = JSON.parse(written.stdout) as { plugins: readonly { type: string }[] };
        checkEqual(
          plugins.map(({ type }) => type),
          ["ptp", "portmap", "cilium-cni"],
          "plugins of 05-cilium.conflist",
        );
        const labels = { app: "web" };
        await Promise.all([
          rig.start("web-a", { node: first, labels }),
          rig.start("web-b", { node: second, labels }),
          rig.start("client", { node: first, labels: { app: "client" } }),
        ]);
        const pods: Pods = {
          first,
          a: await rig.ready("web-a", first),
          b: await rig.ready("web-b", second),
          client: await rig.ready("client", first),
        };
        remember(bench, "packets", pods);
        const { stdout } = await rig.onNode(first).run(["ls", "/var/lib/cni/networks/k8s-pod-network"]);
        check(stdout.includes(pods.client.address), `host-local did not give ${pods.client.address}, only:\n${stdout}`);
      },
    },
    step("pod to pod and ClusterIP, on one node and across, with the pod's own address", async (bench, rig, pods) => {
      for (const server of [pods.a, pods.b]) {
        const seen = await eventually(`${server.name} answers`, 20, () => pods.client.ask(server.address, 8080));
        checkEqual(seen.from, pods.client.address, `what ${server.name} sees of the client`);
      }
      const { clusterIp } = await rig.service("web", "web");
      const seen = await eventually("the ClusterIP answers", 30, () => pods.client.ask(clusterIp, 80));
      checkEqual(seen.from, pods.client.address, `what ${seen.name} sees through the ClusterIP`);
      bench.note(`${pods.client.address} to ${pods.a.address}, ${pods.b.address} and ${clusterIp}`);
    }),
    step("flows between them are seen, with the names of both pods", async (bench, rig, pods) => {
      bench.note(await rig.flow(pods.first, /packets\/client.*packets\/web-/, "--pod", `${PACKETS}/client`));
    }),
    step("a NetworkPolicy with an ipBlock means what it means without Cilium", async (bench, rig, pods) => {
      await rig.apply(POLICIES, ipBlockPolicy(bench.definition.network.pods as string));
      await settled();
      const seen = await pods.client.ask(pods.b.address, 8080);
      const config = (await bench.kube().configMap("cilium-config"))?.data?.["enable-k8s-networkpolicy"] ?? "true";
      bench.note(`enable-k8s-networkpolicy is ${config}; the pod in the range ${seen ? "passes" : "is denied"}`);
      await rig.client.delete(`${POLICIES}/pods-by-address`);
      check(seen !== undefined, "Cilium denies a pod whose address the policy's ipBlock holds");
    }),
    step("a CiliumNetworkPolicy is enforced, and the drop is seen", async (_, rig, pods) => {
      await rig.apply(CILIUM_POLICIES, {
        apiVersion: "cilium.io/v2",
        kind: "CiliumNetworkPolicy",
        metadata: { name: "friends-only", namespace: PACKETS },
        spec: {
          endpointSelector: { matchLabels: { app: "web" } },
          ingress: [{ fromEndpoints: [{ matchLabels: { app: "friend" } }] }],
        },
      } as Parameters<PacketRig["apply"]>[1]);
      await eventually("the client is denied", 30, async () =>
        (await pods.client.ask(pods.a.address, 8080, 1)) === undefined ? true : undefined,
      );
      await rig.flow(pods.first, /packets\/client.*packets\/web-a.*(DENIED|DROPPED)/i, "--verdict", "DROPPED");
      await rig.client.delete(`${CILIUM_POLICIES}/friends-only`);
    }),
    { title: "everything of it is taken away", run: async (bench) => (await PacketRig.of(bench)).cleanUp() },
  ],
};

/** A policy is in effect a moment after it is written; there is nothing to be seen when one changes nothing. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 4_000));
}
