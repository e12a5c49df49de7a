import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { TerraformStack } from "cdktf";
import { CiliumRelease, hubbleValues, nativeRoutingValues } from "cdktf-gke-cilium";
import type { Construct } from "constructs";

/** Cilium alone, on a cluster that somebody else made. */
export class CiliumOnly extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new HelmProvider(this, "helm", { kubernetes: { configPath: "~/.kube/config" } });
    new CiliumRelease(this, "cilium", {
      baseValues: { ...nativeRoutingValues({ podsRange: "10.68.0.0/14" }), ...hubbleValues({ ui: true }) },
      values: { bandwidthManager: { enabled: true } },
    });
  }
}
