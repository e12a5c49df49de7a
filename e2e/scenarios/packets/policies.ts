import { METADATA_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import { check, checkEqual, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";

interface Pods {
  readonly first: string;
  readonly server: TestPod;
  readonly friend: TestPod;
  readonly stranger: TestPod;
}

const K8S = `/apis/networking.k8s.io/v1/namespaces/${PACKETS}/networkpolicies`;
const CILIUM = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;

type Spec = Readonly<Record<string, unknown>>;

function policy(name: string, spec: Spec, kind: "NetworkPolicy" | "CiliumNetworkPolicy") {
  const apiVersion = kind === "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2";
  return { apiVersion, kind, metadata: { name, namespace: PACKETS }, spec } as Parameters<PacketRig["apply"]>[1];
}

/** Writes a policy, looks at what it does, and takes it away. */
function withPolicy(
  title: string,
  path: string,
  spec: Spec,
  look: (rig: PacketRig, pods: Pods, bench: Bench) => Promise<void>,
): Step {
  return {
    title,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      await rig.apply(path, policy("of-the-tests", spec, path === K8S ? "NetworkPolicy" : "CiliumNetworkPolicy"));
      try {
        await look(rig, recall<Pods>(bench, "policy-pods"), bench);
      } finally {
        await rig.client.delete(`${path}/of-the-tests`);
      }
    },
  };
}

/** What a policy does is there a moment after it was written. */
async function isDenied(from: TestPod, to: TestPod, port = 8080): Promise<void> {
  await eventually(`${from.name} is kept from port ${port} of ${to.name}`, 20, async () =>
    (await from.ask(to.address, port, 1)) === undefined ? true : undefined,
  );
}

async function isAllowed(from: TestPod, to: TestPod, port = 8080): Promise<void> {
  await eventually(`${from.name} reaches port ${port} of ${to.name}`, 20, () => from.ask(to.address, port, 2));
}

const SERVER = { matchLabels: { app: "server" } };
const FRIEND = { matchLabels: { app: "friend" } };

/** Policies of both kinds at layers 3 and 4, and who else is meant by them. */
export const PACKET_POLICIES: Scenario = {
  id: "packets-policies",
  title: "NetworkPolicy and CiliumNetworkPolicy allow and deny what they say, and drops are seen",
  shows: "packets",
  real: true,
  proves: [
    "docs/sandbox.md: Policies of both kinds allow and deny by label, port and node, and every drop is seen with both names.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "without a policy everybody reaches the server",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        await Promise.all([
          rig.start("server", { node: first, labels: { app: "server" }, ports: [8080, 8081] }),
          rig.start("friend", { node: second, labels: { app: "friend" } }),
          rig.start("stranger", { node: first, labels: { app: "stranger" } }),
        ]);
        const pods: Pods = {
          first,
          server: await rig.ready("server", first),
          friend: await rig.ready("friend", second),
          stranger: await rig.ready("stranger", first),
        };
        remember(bench, "policy-pods", pods);
        await isAllowed(pods.friend, pods.server);
        await isAllowed(pods.stranger, pods.server);
      },
    },
    withPolicy(
      "NetworkPolicy: a label and a port of it, across nodes; the other port and the other pod are denied",
      K8S,
      { podSelector: SERVER, ingress: [{ from: [{ podSelector: FRIEND }], ports: [{ port: 8080 }] }] },
      async (_, { server, friend, stranger }) => {
        await isDenied(stranger, server);
        await isDenied(friend, server, 8081);
        await isAllowed(friend, server);
      },
    ),
    withPolicy(
      "CiliumNetworkPolicy: the same by its own words, and the drop is seen with both names and its reason",
      CILIUM,
      {
        endpointSelector: SERVER,
        ingress: [{ fromEndpoints: [FRIEND], toPorts: [{ ports: [{ port: "8080", protocol: "TCP" }] }] }],
      },
      async (rig, { first, server, friend, stranger }, bench) => {
        await isDenied(stranger, server);
        await isDenied(friend, server, 8081);
        await isAllowed(friend, server);
        const drop = /packets\/stranger.*packets\/server.*Policy denied/i;
        bench.note(await rig.flow(first, drop, "--verdict", "DROPPED"));
      },
    ),
    withPolicy(
      "the node's own connections (probes) pass a policy for its pods; those of other nodes are remote-node",
      CILIUM,
      { endpointSelector: SERVER, ingress: [{ fromEndpoints: [FRIEND] }] },
      async (rig, { first, server, friend }) => {
        const [, second = ""] = rig.nodes;
        const other = rig.onNode(second);
        await eventually("another node is kept out", 20, async () =>
          (await other.ask(server.address, 8080, 1)) === undefined ? true : undefined,
        );
        check((await rig.onNode(first).ask(server.address, 8080)) !== undefined, "the pod's own node is kept out");
        await isAllowed(friend, server);
      },
    ),
    withPolicy(
      "default deny of what goes out: the server and the metadata server are out of reach",
      CILIUM,
      { endpointSelector: { matchLabels: { app: "stranger" } }, egress: [{}] },
      async (_, { stranger, server }) => {
        await eventually("the metadata server is out of reach", 20, async () =>
          (await stranger.get(METADATA_ADDRESS, 80, { seconds: 1 })) === undefined ? true : undefined,
        );
        await isDenied(stranger, server);
      },
    ),
    {
      title: "without policies everybody reaches the server again, and everything is taken away",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { stranger, server } = recall<Pods>(bench, "policy-pods");
        await isAllowed(stranger, server);
        const metadata = await stranger.get(METADATA_ADDRESS, 80, { headers: "Metadata-Flavor: Google\\r\\n" });
        checkEqual(metadata?.status, 200, "what the metadata server answers");
        await rig.cleanUp();
      },
    },
  ],
};
