import { CiliumVersion } from "../../../lib/cilium";
import { Dataplane } from "../../../lib/dataplane";
import type { EnvironmentDefinition } from "../../../lib/environment";
import { Monitoring } from "../../../lib/monitoring";
import type { PullRequest } from "./pull-request";

type Definition = EnvironmentDefinition;

const cluster =
  (options: NonNullable<Definition["cluster"]>) =>
  (d: Definition): Definition => ({ ...d, cluster: { ...d.cluster, ...options } });
const network =
  (options: Partial<Definition["network"]>) =>
  (d: Definition): Definition => ({ ...d, network: { ...d.network, ...options } });
const pools =
  (change: (pools: NonNullable<Definition["nodePools"]>) => NonNullable<Definition["nodePools"]>) =>
  (d: Definition): Definition => ({ ...d, nodePools: change(d.nodePools ?? []) });
const general = (options: Partial<NonNullable<Definition["nodePools"]>[number]>) =>
  pools((all) => all.map((pool) => (pool.name === "general" ? { ...pool, ...options } : pool)));
/** An environment under which more is made in code: what a platform repository adds beside the constructs. */
type Blocks = Record<string, Record<string, Record<string, unknown>>>;
const add =
  (blocks: Blocks) =>
  (template: Record<string, unknown>): void => {
    const resource = (template["resource"] ?? {}) as Blocks;
    template["resource"] = resource;
    for (const [type, named] of Object.entries(blocks)) resource[type] = { ...resource[type], ...named };
  };
const free = (options: Parameters<typeof Dataplane.kubeProxyFree>[0]) => (d: Definition) => ({
  ...d,
  dataplane: Dataplane.kubeProxyFree(options),
});
const chained = (options: Parameters<typeof Dataplane.cniChaining>[0]) => (d: Definition) => ({
  ...d,
  dataplane: Dataplane.cniChaining(options),
});
const HUBBLE = { hubble: { relay: true, ui: true } };

/** A change of the definition. */
function P(
  what: string,
  environment: PullRequest["environment"],
  edit: NonNullable<PullRequest["edit"]>,
  more: Partial<PullRequest> = {},
): PullRequest {
  return { what, environment, edit, ...more };
}

/** A change of what is made besides. */
function R(what: string, environment: PullRequest["environment"], more: Partial<PullRequest>): PullRequest {
  return { what, environment, ...more };
}

const WITH_RANGE =
  (range: string, pool: string | undefined) =>
  (d: Definition): Definition => ({
    ...d,
    network: { ...d.network, extraPodRanges: range === "" ? {} : { "pods-2": range } },
    nodePools: [{ ...d.nodePools![0]!, podRange: pool }],
  });
/** Who a policy lets in. A rule with an empty list is another thing to the API server, which leaves the list out. */
const WEB = [{ podSelector: { matchLabels: { app: "web" } } }];
const POLICY = (ingress: unknown, selector: unknown = { matchLabels: { app: "api" } }) => ({
  kubernetes_manifest: {
    api: {
      manifest: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "api", namespace: "default" },
        spec: { podSelector: selector, policyTypes: ["Ingress"], ingress },
      },
    },
  },
});
const KUBECTL = (port: string) => ({
  kubectl_manifest: {
    api: {
      yaml_body: `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: api\n  namespace: shop\nspec:\n  endpointSelector: {}\n  ingress:\n  - toPorts:\n    - ports: [{port: "${port}"}]\n`,
    },
  },
});
const DB = {
  google_sql_database_instance: {
    shop: {
      name: "shop",
      database_version: "POSTGRES_16",
      region: "asia-northeast1",
      deletion_protection: true,
      settings: { tier: "db-f1-micro" },
    },
  },
};

export const PULL_REQUESTS: readonly PullRequest[] = [
  P("nothing at all", "dev", (d) => d),
  P("another label everywhere", "dev", (d) => ({ ...d, labels: { team: "net" } })),
  P("another zone", "dev", (d) => ({ ...d, location: "asia-northeast1-b" })),
  P("another region", "prod", (d) => ({ ...d, location: "us-central1" })),
  P("another project", "staging", (d) => ({ ...d, project: "acme-other" })),
  P("another name", "staging", (d) => ({ ...d, name: "stage" })),
  P("Dataplane V2 in place of a chained Cilium", "dev", (d) => ({
    ...d,
    dataplane: Dataplane.v2(),
    monitoring: Monitoring.managedPrometheus(),
  })),
  P("kube-proxy-free in place of chaining", "dev", free(HUBBLE)),
  P("other pods", "staging", network({ pods: "10.28.0.0/14" })),
  P("more addresses for nodes", "staging", network({ nodes: "10.16.0.0/19" })),
  P("fewer addresses for nodes", "staging", network({ nodes: "10.16.0.0/21" })),
  P("addresses of its own for NAT", "staging", network({ natAddresses: 2 })),
  P("no flow logs", "staging", network({ flowLogs: false })),
  P("no NAT", "dev", network({ nat: false })),
  P("a range under a pool is edited", "prod", WITH_RANGE("10.60.0.0/16", "pods-2"), {
    from: WITH_RANGE("10.56.0.0/16", "pods-2"),
  }),
  P("a range goes with the pool's use of it", "prod", WITH_RANGE("", undefined), {
    from: WITH_RANGE("10.56.0.0/16", "pods-2"),
  }),
  P("a range is added", "prod", WITH_RANGE("10.56.0.0/16", undefined), { from: WITH_RANGE("", undefined) }),
  P(
    "a pool less",
    "staging",
    pools((all) => all.filter(({ name }) => name !== "batch")),
  ),
  P(
    "the only pool renamed",
    "dev",
    pools((all) => all.map((pool) => ({ ...pool, name: "main" }))),
  ),
  P(
    "a pool more",
    "staging",
    pools((all) => [...all, { name: "extra", machineType: "e2-standard-4", minNodes: 1, maxNodes: 3 }]),
  ),
  P(
    "a pool renamed beside another",
    "staging",
    pools((all) => all.map((p) => (p.name === "batch" ? { ...p, name: "jobs" } : p))),
  ),
  P("larger machines", "staging", general({ machineType: "e2-standard-8" })),
  P("other disks", "staging", general({ diskType: "pd-ssd" })),
  P("spot nodes", "staging", general({ spot: true })),
  P("fewer nodes at most", "staging", general({ maxNodes: 3 })),
  P("more nodes at most", "staging", general({ maxNodes: 20 })),
  P("another node image", "prod", general({ imageType: "UBUNTU_CONTAINERD" })),
  P("a label on nodes", "staging", general({ labels: { tier: "web" } })),
  P(
    "a taint on running nodes",
    "staging",
    general({ taints: [{ key: "dedicated", value: "x", effect: "NO_EXECUTE" }] }),
  ),
  P("fewer pods a node", "staging", general({ maxPodsPerNode: 64 })),
  P(
    "a key for boot disks",
    "prod",
    general({ bootDiskKmsKey: "projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/k" }),
  ),
  P("deletion protection off", "staging", cluster({ deletionProtection: false })),
  P("another release channel", "staging", cluster({ releaseChannel: "RAPID" })),
  P("a minimum version for the first time", "staging", cluster({ minVersion: "1.34" })),
  P("no CSI drivers", "staging", cluster({ csiDrivers: [] })),
  P("no Ingress", "staging", cluster({ httpLoadBalancing: false })),
  P("no Gateway API", "prod", cluster({ gatewayApi: false })),
  P("no backup", "prod", cluster({ backupAgent: false })),
  P("no NodeLocal DNSCache", "dev", cluster({ nodeLocalDns: false })),
  P("less logging", "prod", cluster({ logging: ["SYSTEM_COMPONENTS"] })),
  P(
    "a key for Secrets",
    "prod",
    cluster({ secretsEncryptionKey: "projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/k" }),
  ),
  P(
    "another maintenance window",
    "prod",
    cluster({
      maintenanceWindow: { startTime: "2026-01-03T18:00:00Z", hours: 6, recurrence: "FREQ=WEEKLY;BYDAY=SA,SU" },
    }),
  ),
  P(
    "the control plane gets an address",
    "prod",
    cluster({ ipEndpoint: "public", authorizedNetworks: [{ cidr: "198.51.100.0/24", name: "office" }] } as never),
  ),
  P("no flow relay", "prod", (d) => ({
    ...d,
    dataplane: Dataplane.v2({
      flowMetrics: true,
      fqdnNetworkPolicy: true,
      clusterwideNetworkPolicy: true,
      policyLogging: { deny: { log: true } },
    }),
  })),
  P("no clusterwide policies", "prod", (d) => ({
    ...d,
    dataplane: Dataplane.v2({
      flowMetrics: true,
      flowRelay: true,
      fqdnNetworkPolicy: true,
      policyLogging: { deny: { log: true } },
    }),
  })),
  P("no FQDN policies", "prod", (d) => ({
    ...d,
    dataplane: Dataplane.v2({
      flowMetrics: true,
      flowRelay: true,
      clusterwideNetworkPolicy: true,
      policyLogging: { deny: { log: true } },
    }),
  })),
  P("no logging of denied traffic", "prod", (d) => ({
    ...d,
    dataplane: Dataplane.v2({
      flowMetrics: true,
      flowRelay: true,
      fqdnNetworkPolicy: true,
      clusterwideNetworkPolicy: true,
    }),
  })),
  P("no Hubble UI", "staging", free({ hubble: { relay: true, ui: false } })),
  P("a value of the agents", "staging", free({ ...HUBBLE, values: { debug: { enabled: true } } })),
  P("one operator", "staging", free({ ...HUBBLE, operatorReplicas: 1 })),
  P("kube-proxy comes back the right way", "staging", free({ ...HUBBLE, kubeProxy: "restore" })),
  P("kube-proxy is back, its remover goes", "staging", free({ ...HUBBLE, kubeProxy: "coexist" }), {
    from: free({ ...HUBBLE, kubeProxy: "restore" }),
  }),
  P("kube-proxy is not brought back", "staging", free({ ...HUBBLE, kubeProxy: "coexist" })),
  P("chaining again, in one step", "staging", chained(HUBBLE)),
  P("one minor up", "staging", free({ ...HUBBLE }), { from: free({ ...HUBBLE, version: CiliumVersion.of("1.19.6") }) }),
  P("one minor down", "staging", free({ ...HUBBLE, version: CiliumVersion.of("1.19.6") })),
  P("two minors up", "dev", chained({ ...HUBBLE }), {
    from: chained({ ...HUBBLE, version: CiliumVersion.of("1.18.6") }),
  }),
  P("a patch", "dev", chained({ ...HUBBLE }), { from: chained({ ...HUBBLE, version: CiliumVersion.of("1.20.1") }) }),
  P("WireGuard", "staging", free({ ...HUBBLE, values: { encryption: { enabled: true, type: "wireguard" } } })),
  P("policies only audited", "staging", free({ ...HUBBLE, values: { policyAuditMode: true } })),
  P("no monitoring", "staging", (d) => ({ ...d, monitoring: undefined })),
  P("Google's monitoring in place of Prometheus", "staging", (d) => ({
    ...d,
    monitoring: Monitoring.managedPrometheus(),
  })),
  R("allow everything becomes deny everything", "dev", {
    patchBoth: { networking: add(POLICY([{}])) },
    patch: { networking: add(POLICY([])) },
  }),
  R("a policy selects every pod", "dev", {
    patchBoth: { networking: add(POLICY([{ from: WEB }])) },
    patch: { networking: add(POLICY([{ from: WEB }], {})) },
  }),
  R("a policy in YAML is edited", "dev", {
    unplayable: "the provider of kubectl_manifest is not in the mirror",
    patchBoth: { networking: add(KUBECTL("80")) },
    patch: { networking: add(KUBECTL("443")) },
  }),
  R("a policy in YAML goes", "dev", {
    unplayable: "the provider of kubectl_manifest is not in the mirror",
    patchBoth: { networking: add(KUBECTL("80")) },
    patch: {
      networking: (t) => {
        delete (t["resource"] as Blocks)["kubectl_manifest"];
      },
    },
  }),
  R("a database goes", "prod", {
    unplayable: "the simulated cloud has no Cloud SQL",
    patchBoth: { cluster: add(DB) },
    patch: {
      cluster: (t) => {
        delete (t["resource"] as Blocks)["google_sql_database_instance"];
      },
    },
  }),
  R("another identity", "prod", {
    unplayable: "the simulated cloud hands out no tokens to impersonate with",
    patch: {
      cluster: (t) => {
        (t["provider"] as Record<string, unknown>)["google"] = [
          {
            project: "acme-prod",
            default_labels: { environment: "prod" },
            impersonate_service_account: "x@acme-prod.iam.gserviceaccount.com",
          },
        ];
      },
    },
  }),
  R("an output", "dev", {
    patch: {
      cluster: (t) => {
        t["output"] = { name: { value: "${google_container_cluster.cluster.name}" } };
      },
    },
  }),
  R("a provisioner", "dev", {
    patch: {
      cluster: (t) => {
        ((t["resource"] as Blocks)["google_compute_network"]!["network"] as Record<string, unknown>)["provisioner"] = [
          { "local-exec": { command: "true" } },
        ];
      },
    },
  }),
  R("values that are no YAML", "dev", {
    patch: {
      networking: (t) => {
        ((t["resource"] as Blocks)["helm_release"]!["cilium"]!["values"] as string[]).push("- a\n- b\n");
      },
    },
  }),
  R("another host for the agents", "staging", {
    patch: {
      networking: (t) => {
        const release = (t["resource"] as Blocks)["helm_release"]!["cilium"]!;
        const values = release["values"] as string[];
        values[1] = values[1]!.replace("k8sServiceHost", "k8sServiceHosts");
      },
    },
  }),
];
