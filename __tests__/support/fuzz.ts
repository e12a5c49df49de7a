import { CiliumVersion } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import { type EnvironmentDefinition, StateBackend } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";
import fc from "./fast-check";

/** A definition as a tree of plain values, in which anything can be put in the place of anything. */
export type Tree = Readonly<Record<string, unknown>>;

const LABELS = { team: "network" };

/** Definitions that say as much as their kind can, and that have no problem. */
export const TREES: Readonly<Record<string, Tree>> = {
  "cni-chaining": {
    name: "dev",
    project: "acme-dev",
    location: "asia-northeast1-a",
    network: {
      nodes: "10.0.0.0/22",
      pods: "10.4.0.0/16",
      services: "10.8.0.0/20",
      natAddresses: 1,
      webhookPorts: [9443],
    },
    dataplane: {
      kind: "cniChaining",
      options: {
        conflist: "static",
        mtu: 1460,
        calicoKubeconfig: "/etc/cni/net.d/calico-kubeconfig",
        version: CiliumVersion.V1_19,
        operatorReplicas: 2,
        startupTaintEffect: "NO_SCHEDULE",
        hubble: { relay: true, ui: true, metrics: [{ handler: "dns", flags: ["query"] }, { handler: "drop" }] },
        debug: ["flow"],
        apiRateLimits: { "endpoint-create": ["rate-limit:10/s"] },
        priorityClasses: { relay: "system-cluster-critical" },
        existingPods: { run: "first", image: "docker.io/library/node:22-alpine" },
        values: { rollOutCiliumPods: true },
      },
    },
    nodePools: [
      { name: "general", machineType: "e2-standard-4", minNodes: 2, maxNodes: 4, spot: true, labels: LABELS },
    ],
    cluster: { deletionProtection: false, logging: ["SYSTEM_COMPONENTS"], nodeTags: ["gke"], labels: LABELS },
    connection: { endpoint: "dns", authentication: "access-token" },
    monitoring: {
      kind: "prometheus",
      options: {
        retentionDays: 3,
        storage: { sizeGiB: 20, storageClass: "standard-rwo" },
        alerts: { rules: { CiliumConfigDrift: false, CiliumMapPressureHigh: { threshold: 0.7 } }, labels: LABELS },
        grafana: { storageGiB: 5 },
        values: { grafana: { replicas: 1 } },
      },
    },
    backend: { kind: "gcs", options: { bucket: "acme-dev-state", prefix: "dev" } },
    labels: LABELS,
  },
  "kube-proxy-free": {
    name: "staging",
    project: "acme-staging",
    location: "asia-northeast1",
    network: {
      nodes: "10.16.0.0/20",
      pods: "10.20.0.0/15",
      services: "10.24.0.0/20",
      extraPodRanges: { "pods-2": "10.22.0.0/16" },
    },
    dataplane: {
      kind: "kubeProxyFree",
      options: {
        kubeProxy: "remove",
        kubeProxyDisabler: { intervalSeconds: 60, labels: LABELS, memoryLimit: "256Mi" },
        bpfMasquerade: true,
        clusterMesh: {
          id: 1,
          address: "10.16.15.200",
          peers: [{ name: "west", address: "10.100.0.5", ranges: ["10.100.0.0/20", "10.104.0.0/14"] }],
        },
        ipv4NativeRoutingCIDR: "10.0.0.0/8",
        chartSource: { repository: "https://helm.cilium.io/" },
        imageRegistry: "europe-docker.pkg.dev/acme/cilium",
        timeoutSeconds: 900,
        upgradeCompatibility: "1.20",
        hubble: { certificates: { validityDays: 200 }, metrics: [{ handler: "flow", sourceContext: ["pod"] }] },
        values: { prometheus: { port: 19962 }, tolerations: [{ operator: "Exists" }] },
      },
    },
    nodePools: [
      { name: "general", machineType: "n2-standard-4", minNodes: 3, maxNodes: 9, podRange: "pods-2" },
      {
        name: "batch",
        nodeCountPerZone: 1,
        taints: [{ key: "acme.example/batch", value: "true", effect: "NO_SCHEDULE" }],
        accelerators: [{ type: "nvidia-tesla-t4", count: 1 }],
        machineType: "n1-standard-4",
        maxPodsPerNode: 32,
        blueGreen: { batchNodes: 1 },
      },
    ],
    cluster: {
      ipEndpoint: "public",
      authorizedNetworks: [{ cidr: "203.0.113.0/24", name: "office" }],
      maintenanceExclusions: [{ name: "x", startTime: "2026-12-20T00:00:00Z", endTime: "2026-12-27T00:00:00Z" }],
      csiDrivers: ["gce-pd"],
    },
    monitoring: {
      kind: "managedPrometheus",
      options: { scrapeIntervalSeconds: 30, keepMetrics: ["cilium_fqdn_.*"], alerts: { emails: ["a@b.example"] } },
    },
  },
  "every-option": {
    name: "tests",
    project: "acme-tests",
    location: "asia-northeast1",
    network: { nodes: "10.48.0.0/20", pods: "10.52.0.0/14", services: "10.56.0.0/20", mtu: 1460 },
    dataplane: {
      kind: "kubeProxyFree",
      options: {
        encryption: { type: "wireguard", nodeToNode: true, strict: { cidr: "10.52.0.0/14" } },
        egressGateway: { nodePool: "egress" },
        ipMasqAgent: { nonMasqueradeCidrs: ["10.0.0.0/8"] },
        bpfHostLegacyRouting: true,
        bandwidthManager: { bbr: true, bbrHostNamespaceOnly: true },
        loadBalancing: { algorithm: "maglev", maglevTableSize: 1021 },
        socketLoadBalancing: { hostNamespaceOnly: true },
        localRedirectPolicies: true,
        nodeLocalDns: {},
        policyAuditMode: true,
        mtu: 1400,
        debug: ["flow", "policy"],
        apiRateLimits: { "endpoint-create": ["rate-limit:10/s", "rate-burst:20"] },
        apiServerRate: { qps: 30, burst: 60 },
        resources: { agent: { requests: { memory: "1Gi" } } },
        existingPods: { dryRun: true, excludedNamespaces: ["batch"], patienceSeconds: 60 },
        gatewayApi: {},
        ingressController: { loadBalancerMode: "shared" },
        hubble: {
          export: { only: ['{"verdict":["DROPPED"]}'] },
          redact: {},
          relayTls: true,
          dynamicMetrics: true,
          metrics: [{ handler: "drop" }],
        },
      },
    },
    nodePools: [
      { name: "general", minNodes: 3, maxNodes: 9 },
      {
        name: "egress",
        minNodes: 2,
        maxNodes: 3,
        taints: [{ key: "egress-gateway", value: "true", effect: "NO_SCHEDULE" }],
      },
    ],
    policies: {
      namespace: "shop",
      createNamespaces: true,
      baselines: [{ namespaces: ["shop"], isolation: true, internet: ["api.example.com"] }],
      objects: [
        {
          apiVersion: "cilium.io/v2",
          kind: "CiliumNetworkPolicy",
          metadata: { name: "web", namespace: "shop", labels: LABELS },
          spec: {
            endpointSelector: { matchLabels: { app: "web" } },
            ingress: [
              {
                fromEndpoints: [{ matchLabels: { app: "client" } }],
                toPorts: [{ ports: [{ port: "8080", protocol: "TCP" }], rules: { http: [{ method: "GET" }] } }],
              },
            ],
          },
        },
      ],
    },
    providers: { google: "6.50.0", helm: "3.1.1", kubernetes: "2.38.0" },
  },
  "dataplane-v2": {
    name: "prod",
    project: "acme-prod",
    location: "asia-northeast1",
    network: { nodes: "10.32.0.0/20", pods: "10.36.0.0/14", services: "10.40.0.0/20" },
    dataplane: {
      kind: "v2",
      options: { flowMetrics: true, flowRelay: true, policyLogging: { deny: { log: true, delegate: true } } },
    },
    cluster: { autopilot: true, releaseChannel: "STABLE" },
    monitoring: { kind: "managedPrometheus", options: {} },
    backend: { kind: "local" },
  },
};

const FACTORIES = {
  cniChaining: Dataplane.cniChaining,
  kubeProxyFree: Dataplane.kubeProxyFree,
  v2: Dataplane.v2,
  prometheus: Monitoring.prometheus,
  managedPrometheus: Monitoring.managedPrometheus,
  gcs: StateBackend.gcs,
  local: StateBackend.local,
} as Readonly<Record<string, (options?: unknown) => unknown>>;

/** The definition of a tree. Parts that are no longer what a factory takes stay as they are. */
export function definitionOf(tree: unknown): EnvironmentDefinition {
  if (typeof tree !== "object" || tree === null) return tree as EnvironmentDefinition;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]: [string, unknown]) => {
      if (!["dataplane", "monitoring", "backend"].includes(key) || typeof value !== "object" || value === null)
        return [key, value];
      const { kind, options } = value as { kind?: unknown; options?: unknown };
      const make = typeof kind === "string" && Object.hasOwn(FACTORIES, kind) ? FACTORIES[kind] : undefined;
      return [key, make === undefined ? value : make(options)];
    }),
  ) as unknown as EnvironmentDefinition;
}

/** Every path in a tree, its branches included. */
export function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  const isTree = typeof value === "object" && value !== null && !(value instanceof CiliumVersion);
  const below = isTree ? Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key])) : [];
  return path.length === 0 ? below : [[...path], ...below];
}

/** The value at a path. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((above, key) => (above as Record<string, unknown>)[key], value);
}

/**
 * A copy with another value at a path, made where it was not there; without the key where the value is {@link GONE}.
 */
export function withAt(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const found = value ?? (/^\d+$/.test(key) ? [] : {});
  const copy = (Array.isArray(found) ? [...(found as unknown[])] : { ...(found as object) }) as Record<string, unknown>;
  if (rest.length === 0 && put === GONE) delete copy[key];
  else copy[key] = withAt(copy[key], rest, put);
  return copy;
}

export const GONE = Symbol("gone");

const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;
let deep: unknown = 1;
for (let depth = 0; depth < 20_000; depth++) deep = { a: deep };

/** What somebody may write where something else belongs. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, maxDepth: 2 }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<unknown>(
      undefined,
      null,
      "",
      "undefined",
      "true",
      "10.0.0.0/33",
      "0.0.0.0/0",
      "europe-west1",
      0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      10n,
      [],
      [null],
      [undefined],
      {},
      { a: { b: [] } },
      true,
      false,
      "__proto__",
      "${var.x}",
      "x".repeat(5_000),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(cycle, [cycle], deep, Symbol("s"), () => 1, new Date(0), GONE) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(CiliumVersion.V1_18, Dataplane.v2(), Monitoring.prometheus()) },
);
