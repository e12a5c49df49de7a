import { environments } from "../../environments";
import { Dataplane } from "../../lib/dataplane";
import { defineEnvironment, type EnvironmentDefinition } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";

/**
 * Autopilot, which none of the shipped environments is: Google runs the nodes and keeps the managed namespaces to itself,
 * so nothing of ours may be written there.
 */
export const autopilot = defineEnvironment({
  name: "auto",
  project: "acme-auto",
  location: "asia-northeast1",
  network: { nodes: "10.48.0.0/20", pods: "10.52.0.0/14", services: "10.56.0.0/20" },
  dataplane: Dataplane.v2({ policyLogging: { deny: { log: true } } }),
  cluster: { autopilot: true, deletionProtection: false },
  monitoring: Monitoring.managedPrometheus({ grafana: {}, alerts: { evaluation: "cluster" } }),
});

const tokyo = { name: "tokyo", address: "10.64.0.10", ranges: ["10.64.0.0/20", "10.68.0.0/14"] };
const osaka = { name: "osaka", address: "10.96.0.10", ranges: ["10.96.0.0/20", "10.100.0.0/14"] };

/** As `docs/examples/cluster-mesh.md` has them, smaller. */
export const MESH_ENVIRONMENTS: readonly EnvironmentDefinition[] = [
  defineEnvironment({
    name: "tokyo",
    project: "acme-mesh",
    location: "asia-northeast1",
    network: { nodes: "10.64.0.0/20", pods: "10.68.0.0/14", services: "10.72.0.0/20", existingNetwork: "mesh" },
    dataplane: Dataplane.kubeProxyFree({
      ipv4NativeRoutingCIDR: "10.0.0.0/8",
      clusterMesh: { id: 1, address: tokyo.address, peers: [osaka] },
    }),
    nodePools: [{ name: "general", machineType: "e2-standard-4", zones: ["asia-northeast1-a"], nodeCountPerZone: 2 }],
    cluster: { deletionProtection: false },
  }),
  defineEnvironment({
    name: "osaka",
    project: "acme-mesh",
    location: "asia-northeast2",
    network: { nodes: "10.96.0.0/20", pods: "10.100.0.0/14", services: "10.104.0.0/20", existingNetwork: "mesh" },
    dataplane: Dataplane.kubeProxyFree({
      ipv4NativeRoutingCIDR: "10.0.0.0/8",
      clusterMesh: { id: 2, address: osaka.address, peers: [tokyo] },
    }),
    nodePools: [{ name: "general", machineType: "e2-standard-4", zones: ["asia-northeast2-a"], nodeCountPerZone: 2 }],
    cluster: { deletionProtection: false },
  }),
];

/** What is deployed end to end: the shipped environments, and what they leave out. */
export const E2E_ENVIRONMENTS: readonly EnvironmentDefinition[] = [...environments, autopilot, ...MESH_ENVIRONMENTS];
