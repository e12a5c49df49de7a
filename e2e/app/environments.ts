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

/** What is deployed end to end: the shipped environments, and what they leave out. */
export const E2E_ENVIRONMENTS: readonly EnvironmentDefinition[] = [...environments, autopilot];
