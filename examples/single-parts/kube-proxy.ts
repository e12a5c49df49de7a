import { KubeProxyDisabler } from "cdktf-gke-cilium";
import type { Construct } from "constructs";
import { TheirCluster } from "./stack";

/** Takes kube-proxy off the nodes, beside a Cilium of yours that replaces it already (kubeProxyReplacement). */
export class KubeProxyOnly extends TheirCluster {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new KubeProxyDisabler(this, "kube-proxy-disabler", { provider: this.connection.kubernetesProvider });
  }
}
