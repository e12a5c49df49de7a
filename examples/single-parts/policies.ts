import { ManifestRelease, NetworkLogging } from "cdktf-gke-cilium";
import type { Construct } from "constructs";
import { TheirCluster } from "./stack";

/** Policies of Cilium's for a namespace, on whatever runs there. */
export class PoliciesOnly extends TheirCluster {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new ManifestRelease(this, "policies", {
      name: "shop-policies",
      namespace: "shop",
      createNamespace: true,
      manifests: [
        {
          apiVersion: "cilium.io/v2",
          kind: "CiliumNetworkPolicy",
          metadata: { name: "only-dns-and-own", namespace: "shop" },
          spec: {
            endpointSelector: {},
            ingress: [{ fromEndpoints: [{}] }],
            egress: [
              { toEndpoints: [{}] },
              {
                toEndpoints: [
                  { matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } },
                ],
                toPorts: [{ ports: [{ port: "53", protocol: "ANY" }] }],
              },
            ],
          },
        },
      ],
      provider: this.connection.helmProvider,
    });
  }
}

/** Where Google runs Cilium: what network policies deny goes to Cloud Logging. */
export class PolicyLogOnly extends TheirCluster {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new NetworkLogging(this, "log", { deny: { log: true }, provider: this.connection.helmProvider });
  }
}
