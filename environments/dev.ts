import { CiliumVersion } from "../lib/cilium";
import { Dataplane } from "../lib/dataplane";
import { defineEnvironment } from "../lib/environment";
import { Monitoring } from "../lib/monitoring";

/** Small, cheap and short-lived: one zone, spot nodes, and Cilium chained behind Calico for Hubble's view. */
export const dev = defineEnvironment({
  name: "dev",
  project: "acme-dev",
  location: "asia-northeast1-a",
  network: { nodes: "10.0.0.0/22", pods: "10.4.0.0/16", services: "10.8.0.0/20" },
  dataplane: Dataplane.cniChaining({
    // renovate: datasource=helm depName=cilium registryUrl=https://helm.cilium.io
    version: CiliumVersion.of("1.20.2"),
    hubble: { relay: true, ui: true },
  }),
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 2, maxNodes: 4, spot: true }],
  // renovate: datasource=endoflife-date depName=google-kubernetes-engine versioning=loose
  cluster: { minVersion: "1.34", deletionProtection: false },
  monitoring: Monitoring.prometheus({
    // renovate: datasource=helm depName=kube-prometheus-stack registryUrl=https://prometheus-community.github.io/helm-charts
    chartVersion: "88.5.3",
  }),
});
