import { CiliumVersion } from "../lib/cilium";
import { Dataplane } from "../lib/dataplane";
import { defineEnvironment } from "../lib/environment";
import { Monitoring } from "../lib/monitoring";

/** Where new features of Cilium are tried: regional, Cilium the only CNI, kube-proxy removed. */
export const staging = defineEnvironment({
  name: "staging",
  project: "acme-staging",
  location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  dataplane: Dataplane.kubeProxyFree({
    // renovate: datasource=helm depName=cilium registryUrl=https://helm.cilium.io
    version: CiliumVersion.of("1.20.2"),
    hubble: { relay: true, ui: true },
  }),
  nodePools: [
    { name: "general", machineType: "e2-standard-4", minNodes: 3, maxNodes: 9 },
    { name: "batch", machineType: "e2-standard-8", minNodes: 0, maxNodes: 5, spot: true },
  ],
  // renovate: datasource=endoflife-date depName=google-kubernetes-engine versioning=loose
  cluster: { minVersion: "1.34" },
  monitoring: Monitoring.prometheus({
    // renovate: datasource=helm depName=kube-prometheus-stack registryUrl=https://prometheus-community.github.io/helm-charts
    chartVersion: "88.5.3",
  }),
});
