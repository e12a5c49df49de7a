import { type AppSpec, cilium, cluster, dev, pool, type RuleCase } from "./spec";

const C = "google_container_cluster.cluster";
const N = "google_compute_network.dev";
const network = { name: "dev", auto_create_subnetworks: false };
const monitoring: AppSpec = {
  "dev-monitoring": {
    resources: { "google_monitoring_dashboard.cilium": { dashboard_json: '{"displayName":"Cilium"}' } },
  },
};
const data = (value: string) => ({ input: value });

export const STATE_CASES: readonly RuleCase[] = [
  {
    rule: "ST1",
    fires: { before: { ...dev({ [N]: network }), ...monitoring }, after: dev({ [N]: network }) },
    silent: {
      before: { ...dev({ [N]: network }), "dev-monitoring": { resources: {} } },
      after: dev({ [N]: network }),
    },
  },
  {
    rule: "ST2",
    fires: {
      before: dev({ [N]: network, [C]: cluster() }),
      after: { "develop-cluster": { resources: { [N]: network, [C]: cluster() } } },
    },
    silent: {
      before: dev({ [N]: network, [C]: cluster() }),
      after: { "prod-cluster": { resources: { [`${N}-2`]: { ...network, name: "prod" } } } },
    },
  },
  {
    rule: "ST3",
    fires: {
      before: { "dev-cluster": { resources: { [N]: network }, prefix: "dev/cluster" } },
      after: { "dev-cluster": { resources: { [N]: network }, prefix: "dev-cluster" } },
    },
    silent: {
      before: { "dev-cluster": { resources: { [N]: network }, prefix: "dev/cluster" } },
      after: {
        "dev-cluster": { resources: { [N]: { ...network, description: "Network of dev" } }, prefix: "dev/cluster" },
      },
    },
    noPlan: "the state is in a bucket",
  },
  {
    rule: "ST4",
    fires: {
      before: dev({ "google_container_cluster.gke_cluster_C5D95197": cluster() }),
      after: dev({ "google_container_cluster.gke2_cluster_500CBD13": cluster() }),
    },
    silent: {
      before: dev({ "google_container_cluster.gke_cluster_C5D95197": cluster() }),
      after: dev({ "google_container_cluster.gke2_cluster_500CBD13": cluster() }, undefined, {
        blocks: {
          moved: [
            {
              from: "google_container_cluster.gke_cluster_C5D95197",
              to: "google_container_cluster.gke2_cluster_500CBD13",
            },
          ],
        },
      }),
    },
  },
  {
    rule: "ST5",
    fires: {
      before: dev({ [N]: network }, undefined, { versions: { google: "6.49.0" } }),
      after: dev({ [N]: network }),
    },
    silent: { before: dev({ [N]: network }), after: dev({ [N]: { ...network, routing_mode: "GLOBAL" } }) },
    noPlan: "the base would need another provider",
  },
  {
    rule: "ST6",
    fires: {
      before: dev({ [C]: { ...cluster(), lifecycle: { prevent_destroy: true, ignore_changes: ["node_config"] } } }),
      after: dev({ [C]: { ...cluster(), lifecycle: { ignore_changes: ["initial_node_count"] } } }),
    },
    silent: {
      before: dev({ [C]: { ...cluster(), lifecycle: { prevent_destroy: true, ignore_changes: ["node_config"] } } }),
      after: dev({
        [C]: {
          ...cluster(),
          lifecycle: { prevent_destroy: true, ignore_changes: ["node_config", "initial_node_count"] },
        },
      }),
    },
  },
  {
    rule: "ST7",
    fires: {
      before: dev({ "terraform_data.note": data("a") }),
      after: dev({}, undefined, {
        blocks: { removed: [{ from: "terraform_data.note", lifecycle: { destroy: false } }] },
      }),
    },
    silent: { before: dev({ "terraform_data.note": data("a") }), after: dev({}) },
  },
  {
    rule: "ST8",
    fires: {
      before: dev({}),
      after: dev({ "terraform_data.note": { input: "a", triggers_replace: "now" } }, undefined, {
        blocks: { import: [{ to: "terraform_data.note", id: "11111111-1111-1111-1111-111111111111" }] },
      }),
    },
    silent: {
      before: dev({}),
      after: dev({ "terraform_data.note": {} }, undefined, {
        blocks: { import: [{ to: "terraform_data.note", id: "11111111-1111-1111-1111-111111111111" }] },
      }),
    },
  },
  {
    rule: "ST9",
    fires: {
      before: dev({ "terraform_data.note": data("a") }),
      after: dev({
        "terraform_data.note": data("b"),
        "terraform_data.broken": {
          input: "c",
          lifecycle: {
            precondition: [{ condition: '${terraform_data.note.input == "a"}', error_message: "The note must stay." }],
          },
        },
      }),
    },
    silent: { before: dev({ "terraform_data.note": data("a") }), after: dev({ "terraform_data.note": data("b") }) },
  },
  {
    rule: "ST10",
    fires: {
      before: dev({ [N]: network }, { "helm_release.cilium": cilium() }),
      after: dev(
        { [N]: { ...network, routing_mode: "GLOBAL" } },
        { "helm_release.cilium": cilium({ debug: { enabled: true } }) },
      ),
    },
    silent: {
      before: dev({ [N]: network }, { "helm_release.cilium": cilium() }),
      after: dev({ [N]: network }, { "helm_release.cilium": cilium({ debug: { enabled: true } }) }),
    },
  },
  {
    rule: "ST11",
    fires: {
      before: dev({ [C]: cluster(), "helm_release.cilium": cilium() }),
      after: dev({ [C]: cluster({ network: "other" }), "helm_release.cilium": cilium() }),
    },
    silent: {
      before: dev({ [C]: cluster(), "google_container_node_pool.general": pool() }),
      after: dev({ [C]: cluster({ network: "other" }), "google_container_node_pool.general": pool() }),
    },
  },
];
