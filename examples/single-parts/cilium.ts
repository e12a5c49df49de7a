import {
  CiliumRelease,
  CiliumVersion,
  chainingValues,
  hubbleValues,
  kubeProxyReplacementValues,
  mergeValues,
  nativeRoutingValues,
  startupTaintValues,
} from "cdktf-gke-cilium";
import type { Construct } from "constructs";
import { TheirCluster } from "./stack";

/** Cilium as the only CNI. The node pools must carry the taint whose key is given here, or pods start before Cilium does. */
export class CiliumOnly extends TheirCluster {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new CiliumRelease(this, "cilium", {
      version: CiliumVersion.V1_20,
      baseValues: mergeValues(
        nativeRoutingValues({ podsRange: "10.84.0.0/16" }),
        // Load balancers go on asking kube-proxy for a node's health, as long as it is there.
        kubeProxyReplacementValues({ k8sServiceHost: this.connection.agentHost, serveHealthCheck: false }),
        startupTaintValues("ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready"),
        hubbleValues({ ui: true }),
      ),
      values: { bandwidthManager: { enabled: true } },
      provider: this.connection.helmProvider,
    });
  }
}

/** Cilium chained behind the CNI and the Calico that the cluster has. */
export class CiliumChained extends TheirCluster {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new CiliumRelease(this, "cilium", {
      baseValues: mergeValues(chainingValues({}), hubbleValues({})),
      provider: this.connection.helmProvider,
    });
  }
}
