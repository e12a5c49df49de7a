import { Dataplane } from "../../lib/dataplane";
import { defineEnvironment, type EnvironmentDefinition } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";

/** All three providers at work: Cilium alone, without kube-proxy, and Prometheus in the cluster. */
export const FREE = defineEnvironment({
  name: "free",
  project: "acme-free",
  location: "asia-northeast1-a",
  network: { nodes: "10.0.0.0/22", pods: "10.4.0.0/16", services: "10.8.0.0/20" },
  dataplane: Dataplane.kubeProxyFree({ hubble: { relay: true } }),
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 2, maxNodes: 4 }],
  cluster: { deletionProtection: false },
  monitoring: Monitoring.prometheus(),
});

/** As much of the google provider as an environment uses. */
export const GOOGLE = defineEnvironment({
  name: "google",
  project: "acme-google",
  location: "asia-northeast1",
  network: { nodes: "10.32.0.0/20", pods: "10.36.0.0/14", services: "10.40.0.0/20", flowLogs: true },
  dataplane: Dataplane.v2({ flowMetrics: true, policyLogging: { deny: { log: true } } }),
  nodePools: [{ name: "general", machineType: "n2-standard-4", minNodes: 3, maxNodes: 9 }],
  cluster: { deletionProtection: false, backupAgent: true, ipEndpoint: "off" },
  monitoring: Monitoring.managedPrometheus(),
});

/** What is deployed to prove something of programs and versions, whatever stands in environments/. */
export const PROVEN: readonly EnvironmentDefinition[] = [FREE, GOOGLE];
