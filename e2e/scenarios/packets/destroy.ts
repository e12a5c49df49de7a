import { setTimeout } from "node:timers/promises";
import { type KubernetesObject, unless } from "../../../sandbox/kubernetes/client";
import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { KUBE_SYSTEM } from "../../rig/kube";
import { attached } from "../../rig/packets/addresses";
import { PACKETS, PacketRig, type TestPod, type TestService } from "../../rig/packets/packet-rig";
import { proxyRulesGone } from "../../rig/packets/proxy-rules";
import { webUnderTraffic } from "../../rig/packets/traffic";
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
const NOTHING = /^$/;
/** Milliseconds after which a pod that has no network is taken for one that gets none. */
const WAITED = 10_000;

interface Before {
  readonly client: TestPod;
  readonly server: TestPod;
  readonly web: TestService;
}

/** What docs/destroy.md says that is left in the cluster: certificates, definitions and who leads, by kind. */
const LEFT_IN_CLUSTER: Readonly<Record<string, RegExp>> = {
  secrets: /^(cilium-ca|hubble-(server|relay-client|metrics-server|ui-client)-certs)$/,
  customresourcedefinitions: /\.cilium\.io$/,
  leases: /^cilium-/,
};

/** What is looked for on a node, and what of it docs/destroy.md names: a command that prints a line for each thing. */
const LOOKS: Readonly<Record<string, readonly [command: string, named: RegExp]>> = {
  links: ["ls /sys/class/net | grep -vE '^(lo|eth0)$'", /^(cilium_(net|host)|lxc[0-9a-f_]+)$/],
  "chains of iptables": ["iptables-save | grep -oE '^:[A-Z_-]*(CILIUM|KUBE)[A-Za-z_-]*' | sort -u", /^:CILIUM_/],
  "pinned programs and maps": [
    "find /sys/fs/bpf -mindepth 1 -maxdepth 2 2>/dev/null",
    /^\/sys\/fs\/bpf\/(cilium|tc)(\/|$)/,
  ],
  programs: ["ps -eo comm | grep -iE 'cilium|hubble|kube-proxy' | sort -u", NOTHING],
  // What was written since the node was made, whoever did it.
  files: [
    "cd /run/sandbox/disk && find */upper usr/local/upper ! -type d -size +0 | sed -E 's#/upper##' | sort -u",
    new RegExp(
      `^(${[
        "etc/cni/net\\.d/05-cilium\\.conf(list|\\.cilium_bak)",
        "home/kubernetes/bin/(cilium-cni|the-kubelet)",
        "tmp/cilium-bootstrap\\.d/.*",
        "etc/sysctl\\.d/99-zzz-override_cilium\\.conf",
        "var/lib/kube-proxy-disabler/kube-proxy\\.manifest",
      ].join("|")})$`,
    ),
  ],
  "files in memory": ["find /run -xdev -iname '*cilium*' -not -path '*/sandbox/*' -prune", /^\/run\/cilium$/],
};

/** What a node's own kernel, start-up scripts, kubelet and container runtime make. */
const OF_THE_NODE =
  /^(:KUBE-(FIREWALL|KUBELET-CANARY|MARK-DROP)|\/sys\/fs\/bpf\/(progs|maps)\.debug|etc\/(hosts|resolv\.conf|containerd\/config\.toml)|home\/kubernetes\/(cni\.template|bin\/(bridge|host-local|loopback|portmap|ptp|kubelet|kube-proxy))|usr\/local\/sbin\/systemctl|var\/lib\/(kube-proxy|kubelet|cni)\/.*|var\/log\/.*)$/;

async function leftInCluster(bench: Bench): Promise<Record<string, string[]>> {
  const rig = await PacketRig.of(bench);
  const left: Record<string, string[]> = {};
  for (const path of COLLECTIONS) {
    const kind = path.split("/").at(-1) ?? "";
    // Nobody has to have installed the Gateway API.
    const found = (await rig.client.list<KubernetesObject>(path).catch(unless(404))) ?? [];
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
  slow: true,
  proves: [
    "docs/destroy.md: In the cluster certificates, custom resource definitions and leases of Cilium stay; on the nodes its interfaces, rules, programs and maps, its CNI configuration and plugin, what node initialisation wrote (the kubelet's wrapper, its mark below /tmp, kernel parameters), and kube-proxy's manifest, where the remover put it. Pods of before go on with what they reach; a new pod gets no network.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "protection is switched off, and the networking stack destroyed",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { client, web } = await webUnderTraffic(rig);
        const server = await rig.ready("web-b", rig.nodes[1] ?? "");
        remember(bench, "before-destroy", { client, server, web } satisfies Before);
        await proxyRulesGone(rig);
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
      title: "on the nodes no program is left, and nothing but what docs name",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const unnamed: string[] = [];
        for (const node of rig.nodes)
          for (const [what, [command, named]] of Object.entries(LOOKS)) {
            const { stdout } = await rig.onNode(node).run(["bash", "--norc", "-c", command]);
            const found = stdout.split("\n").filter((line) => line !== "" && !OF_THE_NODE.test(line));
            bench.note(`${node}: ${what}: ${found.join(" ") || "none"}`);
            unnamed.push(...found.filter((line) => !named.test(line)).map((line) => `${node}: ${what}: ${line}`));
          }
        checkEqual(unnamed, [], "what is left on nodes and docs do not name");
      },
    },
    {
      title: "pods of before reach each other and their Service; a new pod gets no network",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const { client, web, server } = recall<Before>(bench, "before-destroy");
        const seen = await client.ask(server.address, 8080);
        checkEqual(seen?.from, client.address, "whom a pod of before sees");
        check((await client.ask(web.clusterIp, 80)) !== undefined, "the ClusterIP of before is not answered");
        const [first = ""] = rig.nodes;
        await rig.start("too-late", { node: first });
        await setTimeout(WAITED);
        const late = attached(rig, first).find(({ name }) => name === `${PACKETS}/too-late`);
        checkEqual(late, undefined, "the network of a pod that came too late");
      },
    },
  ],
};
