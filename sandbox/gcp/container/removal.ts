import type { Cloud } from "../cloud";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import { at, stringOf } from "../json";
import type { OperationError, OperationRecord } from "../operations/record";
import { unregister } from "./fleet";
import { clusterView } from "./hook-views";
import { removeRanges } from "./ip-allocation";
import { Nodes } from "./nodes";
import { refuseBusy, replyChange } from "./operations";
import { OwnNetwork } from "./own-network";
import { ClusterStore } from "./records";
import { refusePools } from "./rules";

/** Deletes clusters and node pools. */
export class Removal {
  private readonly records: ClusterStore;
  private readonly nodes: Nodes;

  public constructor(private readonly cloud: Cloud) {
    this.records = new ClusterStore(cloud);
    this.nodes = new Nodes(cloud);
    const failed = (operation: OperationRecord, error: OperationError): void => this.failed(operation, error);
    cloud.operations.define("container.deleteCluster", {
      run: (operation) => this.runCluster(operation.target),
      failed,
    });
    cloud.operations.define("container.deleteNodePool", { run: (operation) => this.runPool(operation.target), failed });
  }

  public deleteCluster(request: ApiRequest): Promise<ApiResponse> {
    const { project, params } = request;
    const [name] = this.records.requireCluster(project!, params["location"]!, params["cluster"]!);
    return this.start(request, name, "DELETE_CLUSTER", "container.deleteCluster");
  }

  public deletePool(request: ApiRequest): Promise<ApiResponse> {
    const { project, params } = request;
    const [, cluster] = this.records.requireCluster(project!, params["location"]!, params["cluster"]!);
    refusePools(cluster.api);
    const [name] = this.records.requirePool(project!, params["location"]!, params["cluster"]!, params["pool"]!);
    return this.start(request, name, "DELETE_NODE_POOL", "container.deleteNodePool");
  }

  private start(request: ApiRequest, name: string, type: string, action: string): Promise<ApiResponse> {
    refuseBusy(this.cloud, name);
    this.records.setStatus(name, "STOPPING");
    return replyChange(this.cloud, request, { type, target: name, action, args: {} });
  }

  private async runCluster(name: string): Promise<undefined> {
    const { hooks, store } = this.cloud;
    const view = clusterView(this.cloud, name);
    await hooks.onClusterDeleting?.(view);
    const cluster = this.records.cluster(name)!;
    unregister(this.cloud, name);
    new OwnNetwork(this.cloud).remove(name, cluster);
    removeRanges(this.cloud, stringOf(at(cluster.api, "networkConfig.subnetwork")) ?? "", cluster.ownRanges ?? []);
    for (const below of store.names(`${name}/`)) store.delete(below);
    this.records.delete(name);
    await hooks.onClusterDeleted?.(view);
    return undefined;
  }

  private async runPool(name: string): Promise<undefined> {
    await this.nodes.removeAll(name);
    this.records.delete(name);
    return undefined;
  }

  private failed(operation: OperationRecord, error: OperationError): void {
    this.records.setStatus(operation.target, "ERROR", error.message);
  }
}
