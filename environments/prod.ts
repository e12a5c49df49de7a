import { Dataplane } from "../lib/dataplane";
import { defineEnvironment, StateBackend } from "../lib/environment";
import { Monitoring } from "../lib/monitoring";

/** What customers use: regional, Google runs Cilium, changes come in the weekly window, nothing is reachable by IP. */
export const prod = defineEnvironment({
  name: "prod",
  project: "acme-prod",
  location: "asia-northeast1",
  network: { nodes: "10.32.0.0/20", pods: "10.36.0.0/14", services: "10.40.0.0/20" },
  dataplane: Dataplane.v2({
    flowMetrics: true,
    flowRelay: true,
    fqdnNetworkPolicy: true,
    clusterwideNetworkPolicy: true,
    policyLogging: { deny: { log: true } },
  }),
  nodePools: [{ name: "general", machineType: "n2-standard-4", minNodes: 3, maxNodes: 9 }],
  cluster: {
    ipEndpoint: "off",
    releaseChannel: "STABLE",
    // renovate: datasource=endoflife-date depName=google-kubernetes-engine versioning=loose
    minVersion: "1.34",
    maintenanceWindow: { startTime: "2026-01-03T16:00:00Z", hours: 6, recurrence: "FREQ=WEEKLY;BYDAY=SA,SU" },
    logging: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"],
    backupAgent: true,
  },
  monitoring: Monitoring.managedPrometheus(),
  backend: StateBackend.gcs({ bucket: "acme-prod-terraform-state" }),
});
