import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { KUBE_SYSTEM } from "../../rig/kube";
import { PacketRig } from "../../rig/packets/packet-rig";
import { SETTLE_SECONDS } from "../promises/common";

/** Kinds of which the release has objects, by their collections. */
const COLLECTIONS = [
  ...["configmaps", "secrets", "serviceaccounts", "services", "pods"].map(
    (kind) => `/api/v1/namespaces/${KUBE_SYSTEM}/${kind}`,
  ),
  ...["daemonsets", "deployments"].map((kind) => `/apis/apps/v1/namespaces/${KUBE_SYSTEM}/${kind}`),
  ...["jobs", "cronjobs"].map((kind) => `/apis/batch/v1/namespaces/${KUBE_SYSTEM}/${kind}`),
  `/apis/coordination.k8s.io/v1/namespaces/${KUBE_SYSTEM}/leases`,
  ...["roles", "rolebindings"].map((kind) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${KUBE_SYSTEM}/${kind}`),
  ...["clusterroles", "clusterrolebindings"].map((kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}`),
  "/api/v1/namespaces",
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  "/apis/gateway.networking.k8s.io/v1/gatewayclasses",
];
const OURS = /cilium|hubble|kube-proxy-disabler/;

/** What docs/destroy.md says that is left in the cluster: certificates, definitions and who leads, by kind. */
const LEFT_IN_CLUSTER: Readonly<Record<string, RegExp>> = {
  secrets: /^(cilium-ca|hubble-(server|relay-client|metrics-server|ui-client)-certs)$/,
  customresourcedefinitions: /\.cilium\.io$/,
  leases: /^cilium-/,
};

/** What is looked for on a node: a name, and a command that prints a line for each thing that is left. */
const LOOKS: Readonly<Record<string, string>> = {
  links: "ip -o link | grep -oE 'cilium_[a-z]+|lxc[0-9a-f_]+' | sort -u",
  "CNI configuration": "ls /etc/cni/net.d | grep -i cilium",
  plugin: "ls /home/kubernetes/bin | grep -i cilium",
  "chains of iptables": "iptables-save | grep -oE '^:(OLD_)?CILIUM_[A-Za-z_]+' | sort -u",
  "pinned maps": "find /sys/fs/bpf -mindepth 1 -maxdepth 3 2>/dev/null | head -5",
  programs: "ps -eo comm | grep -E 'cilium|hubble' | sort -u",
  "kube-proxy's manifest": "ls /etc/kubernetes/manifests | grep kube-proxy",
};

async function leftInCluster(bench: Bench): Promise<Record<string, string[]>> {
  const rig = await PacketRig.of(bench);
  const left: Record<string, string[]> = {};
  for (const path of COLLECTIONS) {
    const kind = path.split("/").at(-1) ?? "";
    const found = await rig.client
      .list<{ apiVersion: string; kind: string; metadata: { name: string } }>(path)
      .catch(() => []);
    const names = found.map(({ metadata }) => metadata.name).filter((name) => OURS.test(name));
    if (names.length > 0) left[kind] = names.sort();
  }
  return left;
}

/** The release goes, and the nodes stay. */
export const PACKET_DESTROY: Scenario = {
  id: "packets-destroy",
  title: "The networking stack alone is destroyed: what is left of Cilium is what docs name",
  shows: "packets",
  real: true,
  onlyNamed: true,
  proves: [
    "docs/destroy.md: In the cluster certificates, custom resource definitions and leases of Cilium stay; on the nodes its interfaces, its rules and maps, its CNI configuration and its plugin.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "protection is switched off, and the networking stack destroyed",
      async run(bench) {
        bench.keep("unprotected");
        await bench.deploy({ layers: ["cluster", "networking"] });
        await bench.destroy({ layers: ["networking"] });
      },
    },
    {
      title: "in the cluster nothing else is left",
      async run(bench) {
        await eventuallyHolds(SETTLE_SECONDS, async () => {
          const left = await leftInCluster(bench);
          bench.notes = Object.entries(left).map(([kind, names]) => `${kind}: ${names.join(", ")}`);
          const others = Object.entries(left).flatMap(([kind, names]) =>
            names.filter((name) => !LEFT_IN_CLUSTER[kind]?.test(name)).map((name) => `${kind}/${name}`),
          );
          checkEqual(others, [], "objects that are left and that docs do not name");
        });
      },
    },
    {
      title: "on the nodes no program is left, and the rest is what docs name",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        for (const node of rig.nodes)
          for (const [what, command] of Object.entries(LOOKS)) {
            const lines = (await rig.onNode(node).run(["bash", "--norc", "-c", command])).stdout.trim().split("\n");
            const found = lines.filter(Boolean);
            bench.note(`${node}: ${what}: ${found.slice(0, 8).join(" ") || "none"}`);
            if (what === "programs") checkEqual(found, [], `programs of Cilium on ${node}`);
            if (what === "links") check(found.includes("cilium_host"), `cilium_host of ${node} is gone`);
          }
      },
    },
  ],
};
