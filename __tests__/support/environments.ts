import { CiliumVersion } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import { defineEnvironment, StateBackend } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";

/**
 * One environment a dataplane, as they shipped when these tests were written. Not imported from `environments/`: those are
 * their owner's to change, and what the library is tested with must not change with them.
 */
/** Small, cheap and short-lived: one zone, spot nodes, and Cilium chained behind Calico for Hubble's view. */
export const dev = defineEnvironment({
  name: "dev",
  project: "acme-dev",
  location: "asia-northeast1-a",
  network: { nodes: "10.0.0.0/22", pods: "10.4.0.0/16", services: "10.8.0.0/20" },
  dataplane: Dataplane.cniChaining({
    version: CiliumVersion.of("1.20.2"),
    hubble: { relay: true, ui: true },
  }),
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 2, maxNodes: 4, spot: true }],
  cluster: { deletionProtection: false },
  monitoring: Monitoring.prometheus({ chartVersion: "88.5.3" }),
});

/** Where new features of Cilium are tried: regional, Cilium the only CNI, kube-proxy removed. */
export const staging = defineEnvironment({
  name: "staging",
  project: "acme-staging",
  location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  dataplane: Dataplane.kubeProxyFree({
    version: CiliumVersion.of("1.20.2"),
    hubble: { relay: true, ui: true },
  }),
  nodePools: [
    { name: "general", machineType: "e2-standard-4", minNodes: 3, maxNodes: 9 },
    { name: "batch", machineType: "e2-standard-8", minNodes: 0, maxNodes: 5, spot: true },
  ],
  monitoring: Monitoring.prometheus({ chartVersion: "88.5.3" }),
});

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
    maintenanceWindow: { startTime: "2026-01-03T16:00:00Z", hours: 6, recurrence: "FREQ=WEEKLY;BYDAY=SA,SU" },
    logging: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"],
    backupAgent: true,
  },
  monitoring: Monitoring.managedPrometheus(),
  backend: StateBackend.gcs({ bucket: "acme-prod-terraform-state" }),
});
