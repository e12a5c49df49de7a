import { all, anew, append, type Blocks, each, type Replacement, set, witness } from "./replacement";

const [ACCOUNT, CONFIG_MAP] = ["kubernetes_service_account_v1", "kubernetes_config_map_v1"];
const [DAEMON_SET, JOB] = ["kubernetes_daemon_set_v1", "kubernetes_job_v1"];
const [ROLE, BINDING] = ["kubernetes_cluster_role_v1", "kubernetes_cluster_role_binding_v1"];
const [PROGRAM, SCRIPTS] = [/^existing-pods/, /^kube-proxy-disabler/];
const FIRST = { create_before_destroy: true };
const KUBERNETES = /^kubernetes_/;

/** Changes of a networking stack: Cilium without kube-proxy, and a Job that restarts pods. */
export const NETWORKING_REPLACEMENTS: readonly Replacement[] = [
  { what: "accounts are called otherwise", change: append(ACCOUNT, "metadata.name", "-two"), stays: false },
  {
    what: "an account lives in another namespace",
    change: set(ACCOUNT, { "metadata.namespace": "default" }, PROGRAM),
    stays: false,
  },
  { what: "the role is called otherwise", change: append(ROLE, "metadata.name", "-two"), stays: false },
  { what: "the binding is called otherwise", change: append(BINDING, "metadata.name", "-two"), stays: false },
  { what: "the binding is to another role", change: set(BINDING, { "role_ref.name": "view" }), stays: false },
  {
    what: "an immutable program is another one",
    change: each(CONFIG_MAP, another, PROGRAM),
    stays: false,
  },
  {
    what: "an immutable program is called otherwise, and so is its Job",
    change: all(append(CONFIG_MAP, "metadata.name", "-two", PROGRAM), append(JOB, "metadata.name", "-two")),
    stays: false,
  },
  {
    what: "immutable scripts, made first, are others under the same name",
    change: each(CONFIG_MAP, another, SCRIPTS),
    stays: true,
  },
  {
    what: "immutable scripts, made first, may change from now on",
    change: set(CONFIG_MAP, { immutable: false }, SCRIPTS),
    stays: true,
  },
  {
    what: "immutable scripts, made first, are others under another name",
    change: all(each(CONFIG_MAP, another, SCRIPTS), append(CONFIG_MAP, "metadata.name", "-two", SCRIPTS)),
    stays: false,
  },
  {
    what: "the DaemonSet selects other pods, which nothing in a plan forbids",
    change: set(DAEMON_SET, {
      "spec.selector.match_labels.generation": "two",
      "spec.template.metadata.labels.generation": "two",
    }),
    stays: false,
    ends: "refused",
  },
  { what: "the DaemonSet is called otherwise", change: append(DAEMON_SET, "metadata.name", "-two"), stays: false },
  {
    what: "the DaemonSet lives in another namespace, with all it needs",
    change: all(
      ...[ACCOUNT, CONFIG_MAP, DAEMON_SET].map((type) => set(type, { "metadata.namespace": "default" }, SCRIPTS)),
    ),
    stays: false,
  },
  {
    what: "the Job has another program",
    change: set(JOB, { "spec.template.spec.restart_policy": "OnFailure" }),
    stays: false,
  },
  {
    what: "the Job lives in another namespace",
    change: all(
      set(CONFIG_MAP, { "metadata.namespace": "default" }, PROGRAM),
      set(JOB, { "metadata.namespace": "default" }),
    ),
    stays: false,
  },
  { what: "the release of Cilium is called otherwise", change: append("helm_release", "name", "-two"), stays: false },
  {
    what: "the release of Cilium lives in another namespace",
    change: set("helm_release", { namespace: "cilium", create_namespace: true }),
    stays: false,
  },
  {
    what: "what is in Kubernetes, made first, is made anew",
    setUp: witness,
    change: anew(KUBERNETES, FIRST),
    stays: true,
  },
  {
    what: "what is in Kubernetes is made anew, but for the scripts",
    change: anew(KUBERNETES, {}, /^(?!kube-proxy-disabler_scripts)/),
    stays: false,
  },
];

/** Changes of a monitoring stack: Managed Service for Prometheus, with Grafana and alerts. */
export const MONITORING_REPLACEMENTS: readonly Replacement[] = [
  { what: "dashboards are called otherwise", change: append(CONFIG_MAP, "metadata.name", "-two"), stays: false },
  {
    what: "dashboards live in another namespace",
    change: set(CONFIG_MAP, { "metadata.namespace": "default" }),
    stays: false,
  },
  {
    what: "dashboards that became immutable are others",
    setUp: set(CONFIG_MAP, { immutable: true }),
    change: each(CONFIG_MAP, another),
    stays: false,
  },
  {
    what: "network policies are called otherwise",
    change: append("kubernetes_network_policy_v1", "metadata.name", "-two"),
    stays: false,
  },
  {
    what: "network policies live in another namespace",
    change: set("kubernetes_network_policy_v1", { "metadata.namespace": "default" }),
    stays: false,
  },
  { what: "releases are called otherwise", change: append("helm_release", "name", "-two"), stays: false },
  { what: "the namespace is another, with all that is in it", change: elsewhere, stays: false },
  {
    what: "the permission is another",
    change: set("google_project_iam_member", { role: "roles/monitoring.editor" }),
    stays: false,
  },
  {
    what: "alerts, channels and dashboards of Cloud Monitoring are another project's",
    change: all(
      ...["alert_policy", "notification_channel", "dashboard"].map((type) =>
        set(`google_monitoring_${type}`, { project: "acme-dev-two" }),
      ),
    ),
    stays: false,
  },
  {
    what: "what is in Kubernetes, made first, is made anew",
    setUp: witness,
    change: anew(KUBERNETES, FIRST),
    stays: true,
  },
  {
    what: "a release, made first, is made anew, and goes with the old one",
    change: anew(/^helm_/, FIRST, /^scrape$/),
    stays: true,
    ends: "lost",
  },
  { what: "all that is in the cluster is made anew", change: anew(/^(kubernetes|helm)_/), stays: false },
];

/** Other texts under the same keys. */
function another(configMap: Record<string, unknown>): void {
  const data = configMap["data"] as Readonly<Record<string, string>>;
  configMap["data"] = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, `${text}\n`]));
}

function elsewhere(resource: Blocks): void {
  const moved = JSON.parse(JSON.stringify(resource).replaceAll("cilium-monitoring", "cilium-watching")) as Blocks;
  Object.assign(resource, moved);
}
