import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformStack } from "cdktf";
import { ClusterConnection } from "cdktf-gke-cilium";
import type { Construct } from "constructs";

export const PROJECT = "acme-theirs";
export const LOCATION = "europe-west1";
export const CLUSTER = "theirs";

/** A stack that is logged in to a cluster by its name. */
export class TheirCluster extends TerraformStack {
  public readonly connection: ClusterConnection;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, "google", { project: PROJECT });
    this.connection = new ClusterConnection(this, "connection", {
      project: PROJECT,
      location: LOCATION,
      clusterName: CLUSTER,
    });
  }
}
