import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformStack } from "cdktf";
import { Dataplane, GkeCluster, GkeNetwork, GkeNodePool } from "cdktf-gke-cilium";
import type { Construct } from "constructs";
import { LOCATION, PROJECT } from "./stack";

/** A cluster in a subnet of a Shared VPC that the network team owns. */
export class ClusterOnly extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, "google", { project: PROJECT });
    const network = new GkeNetwork(this, "network", {
      name: "mine",
      project: PROJECT,
      region: LOCATION,
      hostProject: "acme-network",
      existingNetwork: "corp-vpc",
      existingSubnetwork: "corp-gke",
      nodes: "10.80.0.0/20",
      pods: "10.84.0.0/16",
      services: "10.88.0.0/20",
      podsRangeName: "gke-pods",
      servicesRangeName: "gke-services",
    });
    const cluster = new GkeCluster(this, "cluster", {
      name: "mine",
      project: PROJECT,
      location: LOCATION,
      network,
      datapath: Dataplane.v2().clusterDatapath,
    });
    new GkeNodePool(this, "general", { name: "general", cluster, minNodes: 3, maxNodes: 9 });
  }
}
