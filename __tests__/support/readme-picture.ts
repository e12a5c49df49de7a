import type { SynthesizedStacks } from "../../lib/testing";

/** What resources are called in the picture, in the order in which they stand there; those without a word are no news. */
const WORDS: Readonly<Record<string, string | undefined>> = {
  google_compute_network: "VPC",
  google_compute_subnetwork: "subnet",
  google_compute_router: undefined,
  google_compute_router_nat: "NAT",
  google_compute_firewall: "firewall rule",
  google_container_cluster: "GKE cluster",
  google_container_node_pool: "node pool",
  google_service_account: "service account of the nodes",
  google_project_iam_member: "role of it",
  helm_release: "",
  kubernetes_daemon_set_v1: "kube-proxy remover, a DaemonSet",
  kubernetes_config_map_v1: "",
  kubernetes_service_account_v1: undefined,
  kubernetes_namespace_v1: "namespace",
  kubernetes_network_policy_v1: "network policy",
  terraform_data: undefined,
};

/** Helm releases, by the construct that makes them. */
const RELEASES: Readonly<Record<string, string>> = {
  cilium: "Cilium, a Helm release",
  stack: "Prometheus, Alertmanager, Grafana",
  scrape: "what is scraped",
  alerts: "alerts, each with a runbook",
};

/** The three stacks of an environment as Mermaid draws them, read from what was synthesized. */
export function renderPicture(stacks: SynthesizedStacks, name: string): string {
  const boxes = ["cluster", "networking", "monitoring"].map((layer) => {
    const words = wordsOf(stacks[`${name}-${layer}`]?.resource ?? {});
    return `  ${layer}["<b>${name}-${layer}</b><br>${words.join("<br>")}"]`;
  });
  return [
    "flowchart LR",
    `  definition["<b>environments/${name}.ts</b><br>some twenty lines"]`,
    '  judged{{"judged at synth: options, ranges, versions,<br>chart values, policies, each against the others"}}',
    '  preview{{"previewed in words:<br>what it does to the network"}}',
    ...boxes,
    "  definition --> judged --> preview --> cluster",
    "  cluster -. found by name .-> networking -.-> monitoring",
  ].join("\n");
}

/** @throws Error where a resource is made that the picture has no place for. */
function wordsOf(resources: SynthesizedStacks[string]["resource"]): string[] {
  const unknown = Object.keys(resources).filter((type) => !(type in WORDS));
  if (unknown.length > 0) throw new Error(`the picture has no word for ${unknown.join(", ")}`);
  return Object.entries(WORDS).flatMap(([type, word]) => {
    const ids = Object.keys(resources[type] ?? {});
    if (type === "helm_release") return ids.sort(byPlace).map((id) => RELEASES[id] ?? id);
    if (type === "kubernetes_config_map_v1")
      return counted(
        ids.filter((id) => id.startsWith("dashboard")),
        "dashboard",
      );
    return word === undefined ? [] : counted(ids, word);
  });
}

function counted(ids: readonly string[], word: string): string[] {
  if (ids.length === 0) return [];
  return [
    ids.length === 1
      ? word
      : `${ids.length} ${word.endsWith("y") ? `${word.slice(0, -1)}ies` : word.replace(/^\w+(?= of)|\w+$/, "$&s")}`,
  ];
}

function byPlace(a: string, b: string): number {
  const places = Object.keys(RELEASES);
  return places.indexOf(a) - places.indexOf(b);
}
