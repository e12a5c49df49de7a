import { describeEnvironment } from "../../../lib/environment";
import type { Manifest } from "../../../lib/kubernetes";
import { describePolicies, type PolicyBaseline } from "../../../lib/policy";
import type { KubernetesObject } from "../../../sandbox/kubernetes/client";
import { INTERNET_ADDRESS, METADATA_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import { checkEqual, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { addOtherAddress, dnsCommand, lookUp, namesIn } from "../../rig/packets/names";
import { PACKETS, PacketRig, type TestPod } from "../../rig/packets/packet-rig";
import { Place, program } from "../../rig/packets/place";

/** Pods in kube-system with kube-dns's label: one that is reached over TCP at 53 and 8080, one that answers queries. */
const DNS_POD = "kube-dns-of-the-tests";
const NAMES_POD = "kube-dns-with-names";
/** Where the servers on the internet listen. */
const PORT = 8080;
const NAMES = namesIn("example.net");
const SYSTEM_PODS = "/api/v1/namespaces/kube-system/pods";
/** The label of pods that use Workload Identity, in these tests. */
const LABEL = { "workload-identity": "true" };

interface PodObject extends KubernetesObject {
  readonly status?: { readonly podIP?: string; readonly conditions?: readonly { type: string; status: string }[] };
}

type SystemPod = Place & { readonly address: string };

interface Pods {
  /** Without the label. */
  readonly web: TestPod;
  /** On the other node, with the label. */
  readonly api: TestPod;
  readonly dns: SystemPod;
  /** Knows names of the internet. */
  readonly names: SystemPod;
}

/** Where an object of a policy's kind is kept. */
function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const plural = `${kind.toLowerCase().replace(/y$/, "ies")}`;
  return `/apis/${apiVersion}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`;
}

/** Writes what a baseline comes to in the environment's dataplane, looks at what packets do, and takes it away. */
function withBaseline(
  title: string,
  baseline: Omit<PolicyBaseline, "namespaces">,
  look: (pods: Pods) => Promise<void>,
): Step {
  return {
    title,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const { dataplane } = describeEnvironment(bench.definition);
      const { manifests, problems } = describePolicies(
        { baselines: [{ namespaces: [PACKETS], ...baseline }] },
        dataplane === undefined ? {} : { enforcement: dataplane.enforcement },
      );
      checkEqual(problems, [], "problems of the baseline");
      bench.note(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", "));
      for (const manifest of manifests)
        await rig.client.apply(pathOf(manifest), manifest as unknown as KubernetesObject);
      try {
        await look(recall<Pods>(bench, "baseline-pods"));
      } finally {
        for (const manifest of manifests) await rig.client.delete(pathOf(manifest));
      }
    },
  };
}

/** What a policy does is there a moment after it was written. */
async function isKept(from: Place, address: string, port: number): Promise<void> {
  await eventually(`${from.name} is kept from port ${port} of ${address}`, 20, async () =>
    (await from.get(address, port, { seconds: 1 })) === undefined ? true : undefined,
  );
}

async function reaches(from: Place, address: string, port: number): Promise<void> {
  await eventually(`${from.name} reaches port ${port} of ${address}`, 20, () =>
    from.get(address, port, { seconds: 2 }),
  );
}

async function metadataOf(pod: Place): Promise<number | undefined> {
  const answer = await pod.get(METADATA_ADDRESS, 80, { headers: "Metadata-Flavor: Google\\r\\n", seconds: 2 });
  return answer?.status;
}

async function getsMetadata(pod: Place): Promise<void> {
  await eventually(`${pod.name} is answered by the metadata server`, 20, async () =>
    (await metadataOf(pod)) === 200 ? true : undefined,
  );
}

/** Starts what answers for kube-dns, where policies that allow DNS look for it. */
async function answerForKubeDns(
  rig: PacketRig,
  node: string,
  name: string,
  command: readonly string[],
): Promise<SystemPod> {
  await rig.client.create(SYSTEM_PODS, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 1,
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: "server", image: "sandbox.local/server", command }],
    },
  });
  const address = await eventually(`${name} ready`, 90, async () => {
    const { status } = await rig.client.get<PodObject>(`${SYSTEM_PODS}/${name}`);
    const ready = status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
    return ready ? status?.podIP : undefined;
  });
  const namespace = rig.real.kubelet(node).runner(`kube-system/${name}`)?.podNetwork?.namespace;
  if (!namespace) throw new Error(`pod ${name} has no network of its own`);
  return Object.assign(new Place(name, namespace, true), { address });
}

/** The baselines, as the library writes them for an own Cilium. */
export const PACKET_BASELINES: Scenario = {
  id: "packets-baselines",
  title:
    "Baselines of policies do what they say: default deny with DNS, isolation, the metadata server by label, names",
  shows: "packets",
  real: true,
  proves: [
    "docs/policies.md: pods of a namespace with default deny reach DNS and nothing else; an isolated one reaches itself and is reached by nobody else; the metadata server answers pods with the label only, with default deny and without; names on the internet are reached where they are listed, by the addresses that DNS told.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "without policies everybody reaches everybody",
      async run(bench: Bench) {
        const rig = await PacketRig.of(bench);
        const [first = "", second = ""] = rig.nodes;
        await Promise.all([
          rig.start("web", { node: first, labels: { app: "web" } }),
          rig.start("api", { node: second, labels: { app: "api", ...LABEL } }),
        ]);
        const server = [process.execPath, program("server"), DNS_POD, "53", "8080"];
        const dns = await answerForKubeDns(rig, second, DNS_POD, server);
        const names = await answerForKubeDns(rig, second, NAMES_POD, dnsCommand(NAMES));
        await addOtherAddress(rig);
        const pods: Pods = { web: await rig.ready("web", first), api: await rig.ready("api", second), dns, names };
        remember(bench, "baseline-pods", pods);
        remember(bench, "baseline-outside", await rig.outside());
        await reaches(pods.web, pods.api.address, 8080);
        await reaches(pods.web, dns.address, 53);
        await reaches(dns, pods.api.address, 8080);
        for (const { address } of Object.values(NAMES)) await reaches(pods.web, address, PORT);
        await getsMetadata(pods.web);
      },
    },
    withBaseline("default deny: DNS is reached, and nothing else", {}, async ({ web, api, dns }) => {
      await isKept(web, api.address, 8080);
      await reaches(web, dns.address, 53);
      await isKept(web, dns.address, 8080);
      await isKept(web, INTERNET_ADDRESS, PORT);
      await isKept(web, METADATA_ADDRESS, 80);
      await isKept(dns, api.address, 8080);
    }),
    withBaseline("isolation: the namespace's own pods, and nobody else", { isolation: true }, async (pods) => {
      const { web, api, dns } = pods;
      await isKept(dns, api.address, 8080);
      await reaches(web, api.address, 8080);
      await isKept(web, INTERNET_ADDRESS, PORT);
    }),
    withBaseline("the metadata server is for pods with the label", { metadataServer: LABEL }, async ({ web, api }) => {
      await isKept(web, METADATA_ADDRESS, 80);
      await getsMetadata(api);
      await isKept(api, INTERNET_ADDRESS, PORT);
    }),
    withBaseline(
      "the same without default deny: everything else goes on",
      { defaultDeny: false, metadataServer: LABEL },
      async ({ web, api, dns }) => {
        await isKept(web, METADATA_ADDRESS, 80);
        await getsMetadata(api);
        await reaches(web, INTERNET_ADDRESS, PORT);
        await reaches(web, api.address, 8080);
        await reaches(dns, api.address, 8080);
      },
    ),
    withBaseline(
      "the internet by name: names that are listed, by the addresses that DNS tells, and no other",
      { internet: [NAMES.allowed.name], internetPorts: [PORT] },
      async ({ web, api, names }) => {
        await isKept(web, NAMES.other.address, PORT);
        await eventually(`${NAMES.allowed.name} is looked up`, 20, async () => {
          const told = await lookUp(web, names.address, NAMES.allowed.name);
          return told === NAMES.allowed.address ? told : undefined;
        });
        await reaches(web, NAMES.allowed.address, PORT);
        checkEqual(
          await lookUp(web, names.address, NAMES.other.name),
          NAMES.other.address,
          "what DNS says of the other",
        );
        await isKept(web, NAMES.other.address, PORT);
        await isKept(web, api.address, PORT);
      },
    ),
    {
      title: "without policies everybody reaches everybody again, and everything is taken away",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { web, api } = recall<Pods>(bench, "baseline-pods");
        await reaches(web, api.address, 8080);
        await getsMetadata(web);
        recall<{ stop(): void }>(bench, "baseline-outside").stop();
        for (const name of [DNS_POD, NAMES_POD]) await rig.client.delete(`${SYSTEM_PODS}/${name}`);
        await rig.cleanUp();
      },
    },
  ],
};
