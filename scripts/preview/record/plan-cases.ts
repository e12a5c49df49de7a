import { type Attributes, cilium, cluster, dev, platform, pool, type RuleCase } from "./spec";

const R = "helm_release.cilium";
const C = "google_container_cluster.cluster";
const P = "google_container_node_pool.general";
const N = "google_compute_network.dev";
const network: Attributes = { name: "dev", auto_create_subnetworks: false };
const B = "google_storage_bucket.plans";
const bucket = (location: string): Attributes => ({ name: "acme-plans", location });
const G = "google_storage_bucket_iam_member.deployer";
const grant = (of: string): Attributes => ({
  bucket: of,
  role: "roles/storage.objectUser",
  member: "serviceAccount:deployer@acme-dev.iam.gserviceaccount.com",
});
const K = "google_kms_crypto_key.secrets";
const key = (name: string, purpose: string): Attributes => ({
  name,
  key_ring: "projects/acme-dev/locations/asia-northeast1/keyRings/cluster",
  purpose,
});
const data = (value: string) => ({ input: value });

const provider = (google: Attributes) => ({ providers: { google } });
const check = (wanted: string) => ({
  check: {
    note: {
      assert: [{ condition: `\${terraform_data.note.input == "${wanted}"}`, error_message: "The note is another." }],
    },
  },
});

/** The DaemonSet that takes kube-proxy away, as small as can be. */
function disabler(command: string): Attributes {
  const labels = { app: "kube-proxy-disabler" };
  const container = {
    name: "d",
    image: "i",
    command: ["bash", "/opt/kube-proxy-disabler/kube-proxy-disabler.sh", command],
  };
  return {
    metadata: { name: "kube-proxy-disabler", namespace: "kube-system" },
    spec: { selector: { match_labels: labels }, template: { metadata: { labels }, spec: { container: [container] } } },
  };
}
const D = "kubernetes_daemon_set_v1.kube-proxy-disabler";
const ON = cilium({ kubeProxyReplacement: true, k8sServiceHost: "10.0.0.2" });

const release = (rule: string, before: Attributes, fires: Attributes | undefined, silent: Attributes): RuleCase => ({
  rule,
  fires: { before: platform({ [R]: before }), after: platform(fires ? { [R]: fires } : {}) },
  silent: { before: platform({ [R]: before }), after: platform({ [R]: silent }) },
});

export const PLAN_CASES: readonly RuleCase[] = [
  {
    rule: "ST12",
    fires: {
      before: dev({ [N]: network }, undefined, provider({})),
      after: dev(
        { [N]: network },
        undefined,
        provider({ impersonate_service_account: "a@acme-dev.iam.gserviceaccount.com" }),
      ),
    },
    silent: {
      before: dev({ [N]: network }, undefined, provider({})),
      after: dev({ [N]: network }, undefined, provider({ default_labels: { team: "net" } })),
    },
    noPlan: "a provider that works as somebody else cannot plan without being somebody",
  },
  {
    rule: "ST13",
    fires: {
      before: dev({ [C]: { ...cluster(), lifecycle: { prevent_destroy: true } } }),
      after: dev({ [C]: { ...cluster({ location: "asia-northeast1-a" }), lifecycle: { prevent_destroy: true } } }),
    },
    silent: {
      before: dev({ [C]: { ...cluster(), lifecycle: { prevent_destroy: true } } }),
      after: dev({ [C]: { ...cluster({ resource_labels: { a: "b" } }), lifecycle: { prevent_destroy: true } } }),
    },
  },
  {
    rule: "ST14",
    fires: { before: dev({ [N]: network }), after: dev({ [N]: network }), empty: true },
    silent: { before: dev({}), after: dev({ [N]: network }), empty: true },
  },
  {
    rule: "ST15",
    fires: {
      before: dev({ "terraform_data.note": data("a") }),
      after: dev({ "terraform_data.note": data("a") }, undefined, { blocks: check("b") }),
    },
    silent: {
      before: dev({ "terraform_data.note": data("a") }),
      after: dev({ "terraform_data.note": data("a") }, undefined, { blocks: check("a") }),
    },
  },
  {
    rule: "ST16",
    fires: { before: dev({ [N]: network }), after: dev({ [N]: network }) },
    silent: { before: dev({ [N]: network }), after: dev({ [N]: network }) },
    noPlan: "Terraform has actions from 1.14 on; readers/plan.test.ts has a plan with one",
  },
  {
    rule: "ST17",
    fires: {
      before: dev({
        [C]: cluster(),
        [P]: { ...pool({ cluster: `\${${C}.name}` }), lifecycle: { create_before_destroy: true } },
      }),
      after: dev({
        [C]: cluster({ network: "other" }),
        [P]: { ...pool({ cluster: `\${${C}.name}` }), lifecycle: { create_before_destroy: true } },
      }),
    },
    silent: {
      before: dev({ [C]: cluster(), [P]: pool({ cluster: `\${${C}.name}` }) }),
      after: dev({ [C]: cluster({ network: "other" }), [P]: pool({ cluster: `\${${C}.name}` }) }),
    },
  },
  {
    rule: "ST18",
    fires: {
      before: dev({ [N]: network }, undefined, { blocks: { module: { vpc: { source: "./vpc" } } } }),
      after: dev({ [N]: network }),
    },
    silent: {
      before: dev({ [N]: network }, undefined, { blocks: { module: { vpc: { source: "./vpc" } } } }),
      after: dev({ [N]: network }, undefined, { blocks: { module: { vpc: { source: "./vpc", name: "a" } } } }),
    },
    noPlan: "the module would have to be installed",
  },
  {
    rule: "ST19",
    fires: {
      before: dev({ [B]: bucket("ASIA"), [G]: grant(`\${${B}.name}`) }),
      after: dev({ [B]: bucket("EU"), [G]: grant(`\${${B}.name}`) }),
    },
    // What only the new bucket has is not known before, so that the grant is made anew as well.
    silent: {
      before: dev({ [B]: bucket("ASIA"), [G]: grant(`\${${B}.id}`) }),
      after: dev({ [B]: bucket("EU"), [G]: grant(`\${${B}.id}`) }),
    },
  },
  {
    rule: "ST20",
    fires: {
      before: dev({ [K]: key("secrets", "ENCRYPT_DECRYPT") }),
      after: dev({ [K]: key("secrets", "MAC") }),
    },
    silent: {
      before: dev({ [K]: key("secrets", "ENCRYPT_DECRYPT") }),
      after: dev({ [K]: key("secrets-2", "MAC") }),
    },
  },
  release(
    "CI19",
    cilium({ rollOutCiliumPods: true }),
    cilium({ rollOutCiliumPods: true, debug: { enabled: true } }),
    cilium({ rollOutCiliumPods: true }, { timeout: 900 }),
  ),
  {
    rule: "CI20",
    fires: { before: platform({ [R]: ON, [D]: disabler("disable") }), after: platform({ [R]: ON }) },
    silent: { before: platform({ [R]: ON, [D]: disabler("restore") }), after: platform({ [R]: ON }) },
  },
  {
    ...release("HR5", cilium(), cilium({}, { values: ["- a\n- b\n"] }), cilium({}, { values: ["a: 1\nb: {}\n"] })),
    noPlan: "the provider refuses to plan such a release",
  },
  {
    rule: "HR6",
    fires: { before: platform({ "helm_release.ui": cilium({ agent: false }, { name: "ui" }) }), after: platform({}) },
    silent: {
      before: platform({ "helm_release.ui": cilium({ agent: false }, { name: "ui" }) }),
      after: platform({ "helm_release.ui": cilium({ agent: false }, { name: "ui", timeout: 900 }) }),
    },
  },
  {
    rule: "HR7",
    fires: {
      before: platform({ "helm_release.ui": cilium({ agent: false }, { name: "ui", version: "1.19.6" }) }),
      after: platform({ "helm_release.ui": cilium({ agent: false }, { name: "ui", version: "1.20.2" }) }),
    },
    silent: {
      before: platform({ "helm_release.ui": cilium({ agent: false }, { name: "ui", version: "1.19.6" }) }),
      after: platform({ "helm_release.ui": cilium({ agent: false }, { name: "ui", version: "1.19.6", timeout: 900 }) }),
    },
  },
];
