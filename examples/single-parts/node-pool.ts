import { DataGoogleContainerCluster } from "@cdktf/provider-google/lib/data-google-container-cluster";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformStack } from "cdktf";
import { GkeNodePool } from "cdktf-gke-cilium";
import type { Construct } from "constructs";
import { CLUSTER, LOCATION, PROJECT } from "./stack";

/** A pool of spot machines for a cluster that somebody else made. */
export class NodePoolOnly extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, "google", { project: PROJECT });
    const theirs = new DataGoogleContainerCluster(this, "theirs", {
      name: CLUSTER,
      location: LOCATION,
      project: PROJECT,
    });
    new GkeNodePool(this, "spot", {
      name: "spot",
      machineType: "n2-standard-8",
      maxNodes: 12,
      spot: true,
      cluster: {
        clusterName: theirs.name,
        project: PROJECT,
        location: LOCATION,
        autopilot: false,
        releaseChannel: "REGULAR",
        zoneCount: 3,
        privateNodes: true,
        nodeServiceAccount: "corp-gke-nodes@acme-theirs.iam.gserviceaccount.com",
        nodeTags: ["corp-gke"],
        maxPodsPerNode: 110,
      },
    });
  }
}
