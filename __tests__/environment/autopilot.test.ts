import { autopilot } from "../../e2e/app/environments";
import { Dataplane } from "../../lib/dataplane";
import { describeEnvironment } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";
import { synthEnvironment } from "../../lib/testing";

type Block = Record<string, unknown>;

/** Namespaces that Autopilot keeps to itself: GKE Warden refuses whatever is written there. */
const MANAGED = /^(kube-|gke-managed-|gke-gmp-|gmp-)/;

describe("an Autopilot environment", () => {
  const stacks = synthEnvironment(autopilot);

  test("writes nothing into a managed namespace", () => {
    const namespaces: string[] = [];
    for (const [type, blocks] of Object.values(stacks).flatMap(({ resource }) => Object.entries(resource)))
      for (const block of Object.values(blocks) as Block[]) {
        if (type === "helm_release") namespaces.push(String(block["namespace"]));
        const metadata = block["metadata"] as { namespace?: string } | undefined;
        if (type.startsWith("kubernetes_") && metadata?.namespace !== undefined) namespaces.push(metadata.namespace);
      }
    expect(namespaces).toContain("gke-cilium");
    expect(namespaces.filter((namespace) => MANAGED.test(namespace))).toEqual([]);
  });

  test("is one cluster without node pools of ours", () => {
    const { resource } = stacks["auto-cluster"]!;
    expect(resource).not.toHaveProperty("google_container_node_pool");
    const [cluster] = Object.values(resource["google_container_cluster"] as Record<string, Block>);
    expect(cluster).toMatchObject({ enable_autopilot: true, datapath_provider: "ADVANCED_DATAPATH" });
  });

  test.each<[string, Partial<typeof autopilot>, string]>([
    [
      "Prometheus in the cluster turns Google's collection off",
      { monitoring: Monitoring.prometheus() },
      "auto: 'monitoring.kind' (prometheus) turns Google's managed collection off, so that nothing is collected and paid for twice, and Autopilot always has it on; set cluster.managedPrometheus to true, or use Monitoring.managedPrometheus()",
    ],
    [
      "the cluster's own metrics are scraped through kube-system",
      {
        monitoring: Monitoring.prometheus({ clusterMetrics: true }),
        cluster: { autopilot: true, managedPrometheus: true },
      },
      "auto: 'monitoring.clusterMetrics' (true) makes Services for kube-dns and the kubelets in kube-system, which Autopilot keeps to itself; leave it out: Google's own monitoring has these metrics",
    ],
    ["a Cilium of one's own needs privileges", { dataplane: Dataplane.kubeProxyFree() }, "'cluster.autopilot' (true)"],
  ])("%s", (_, changes, message) => {
    const { problems } = describeEnvironment({ ...autopilot, ...changes });
    expect(problems.join("\n")).toContain(message);
  });

  test("told once, by its cause", () => {
    expect(describeEnvironment({ ...autopilot, monitoring: Monitoring.prometheus() }).problems).toHaveLength(1);
  });

  test("both pipelines may run, where the author says so", () => {
    const cluster = { autopilot: true, managedPrometheus: true };
    expect(describeEnvironment({ ...autopilot, cluster, monitoring: Monitoring.prometheus() }).problems).toEqual([]);
  });
});
