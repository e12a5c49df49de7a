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

const TOKYO = { name: "tokyo", address: "10.64.0.10", ranges: ["10.64.0.0/20", "10.68.0.0/14"] };
const OSAKA = { name: "osaka", address: "10.96.0.10", ranges: ["10.96.0.0/20", "10.100.0.0/14"] };

/** A cluster of the mesh. @param services Range of its Services. */
function inMesh(
  id: number,
  { name, address, ranges: [nodes = "", pods = ""] }: typeof TOKYO,
  peer: typeof TOKYO,
  { location, services }: { readonly location: string; readonly services: string },
): EnvironmentDefinition {
  return defineEnvironment({
    name,
    project: "acme-mesh",
    location,
    network: { nodes, pods, services, existingNetwork: "mesh" },
    dataplane: Dataplane.kubeProxyFree({
      ipv4NativeRoutingCIDR: "10.0.0.0/8",
      clusterMesh: { id, address, peers: [peer] },
    }),
    nodePools: [{ name: "general", machineType: "e2-standard-4", zones: [`${location}-a`], nodeCountPerZone: 2 }],
    cluster: { deletionProtection: false },
  });
}

/** As `docs/examples/cluster-mesh.md` has them, smaller. */
export const MESH_ENVIRONMENTS: readonly EnvironmentDefinition[] = [
  inMesh(1, TOKYO, OSAKA, { location: "asia-northeast1", services: "10.72.0.0/20" }),
  inMesh(2, OSAKA, TOKYO, { location: "asia-northeast2", services: "10.104.0.0/20" }),
];

/** What is deployed end to end: the shipped environments, and what they leave out. */
export const E2E_ENVIRONMENTS: readonly EnvironmentDefinition[] = [...environments, autopilot, ...MESH_ENVIRONMENTS];
