import type { ClusterView } from "../gcp/hooks";
import type { MachineRoomContext, MachineRooms } from "../kubernetes/nodes/machines";
import { isDataplaneV2 } from "../kubernetes/nodes/node-object";
import { firstFreeAddress } from "../kubernetes/nodes/ranges";
import { RealCluster, type RealNodesOptions } from "./real-cluster";
import type { CloudResources } from "./vpc/cloud-network";
import { Networks } from "./vpc/networks";

/** Gives the first nodes of each cluster a real network. Those of Dataplane V2 stay played: its agent is Google's own. */
export class RealNodes implements MachineRooms {
  private readonly networks: Networks;

  public constructor(private readonly options: RealNodesOptions) {
    this.networks = new Networks(options.directory, options.ledger);
  }

  public controlPlaneAddress(cluster: ClusterView): string | undefined {
    if (isDataplaneV2(cluster) || !cluster.nodesCidr) return undefined;
    return firstFreeAddress(cluster.nodesCidr, []);
  }

  /** Names the cloud whose firewall rules and Cloud NAT are gone by. */
  public readCloud(resources: CloudResources): void {
    this.options.resources = resources;
  }

  public open(context: MachineRoomContext): Promise<RealCluster> {
    return RealCluster.open(context, this.options, this.networks);
  }
}
