import { Dataplane, defineEnvironment, StateBackend } from "cdktf-gke-cilium";

/** A whole environment: three stacks. */
export const payments = defineEnvironment({
  name: "payments",
  project: "acme-payments",
  location: "europe-west1",
  network: { nodes: "10.64.0.0/20", pods: "10.68.0.0/14", services: "10.72.0.0/20" },
  dataplane: Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true } }),
  nodePools: [{ name: "general", machineType: "n2-standard-4", minNodes: 3, maxNodes: 9 }],
  backend: StateBackend.gcs({ bucket: "acme-payments-terraform-state" }),
});
