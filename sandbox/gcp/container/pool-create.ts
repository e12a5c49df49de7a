import type { Cloud } from "../cloud";
import { computeName } from "../compute/links";
import { secondaryRange } from "../compute/subnetworks";
import { alreadyExists, badRequest } from "../http/errors";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import { at, type JsonObject, numberOf, objectOf, setAt, stringOf } from "../json";
import { type OperationError, OperationFailure, type OperationRecord } from "../operations/record";
import { checkQuotas } from "../quotas";
import { addRanges } from "./ip-allocation";
import { apiPath, nodePoolName } from "./names";
import { Nodes } from "./nodes";
import { refuseBusy, replyChange } from "./operations";
import { newPool } from "./pool-defaults";
import { demandOf, zonesOfPool } from "./pool-sizes";
import { type ClusterRecord, ClusterStore } from "./records";
import { refusePools } from "./rules";
import { shortLinks } from "./short-links";

/** Creates node pools. */
export class PoolCreation {
  private readonly records: ClusterStore;
  private readonly nodes: Nodes;

  public constructor(private readonly cloud: Cloud) {
    this.records = new ClusterStore(cloud);
    this.nodes = new Nodes(cloud);
    cloud.operations.define("container.createNodePool", {
      run: (operation) => this.run(operation),
      failed: (operation, error) => this.failed(operation, error),
    });
  }

  public create(request: ApiRequest): Promise<ApiResponse> {
    const [project, location, cluster] = [request.project!, request.param("location"), request.param("cluster")];
    const given = shortLinks(objectOf(request.body["nodePool"]));
    const [clusterName, record] = this.records.requireCluster(project, location, cluster);
    refusePools(record.api);
    const name = nodePoolName(project, location, cluster, stringOf(given["name"]) ?? "");
    if (this.records.pool(name)) throw alreadyExists(`Already exists: ${apiPath(name)}.`);
    refuseBusy(this.cloud, clusterName);
    const pool = newPool(this.cloud, clusterName, record, this.withPodRange(given, record), "PROVISIONING");
    checkQuotas(this.cloud, [demandOf(name, pool)]);
    this.records.put(name, pool);
    return replyChange(this.cloud, request, {
      type: "CREATE_NODE_POOL",
      target: name,
      action: "container.createNodePool",
      args: {},
    });
  }

  /** A pool can have a pod range of its own, which exists or is to be created. @throws ApiError 400 */
  private withPodRange(given: JsonObject, cluster: ClusterRecord): JsonObject {
    const network = objectOf(given["networkConfig"]);
    const range = stringOf(network["podRange"]);
    const { createPodRange, ...rest } = network;
    const changed: JsonObject = { ...given, networkConfig: rest };
    const subnetwork = stringOf(at(cluster.api, "networkConfig.subnetwork")) ?? "";
    if (createPodRange === true) {
      const rangeName = range ?? `gke-${at(cluster.api, "name")}-${given["name"]}-pods-${this.cloud.identity.hex(8)}`;
      if (secondaryRange(this.cloud.store.get(computeName(subnetwork)) ?? {}, rangeName)) {
        throw badRequest(
          `Pod secondary range "${rangeName}" already exists in subnet "${subnetwork.replace(/.*\//, "")}".`,
        );
      }
      const ipCidrRange = stringOf(network["podIpv4CidrBlock"]);
      if (!ipCidrRange) throw badRequest("A pod range that is to be created needs podIpv4CidrBlock.");
      try {
        addRanges(this.cloud, subnetwork, [{ rangeName, ipCidrRange }]);
      } catch (error) {
        if (error instanceof OperationFailure) throw badRequest(error.message);
        throw error;
      }
      setAt(changed, "networkConfig.podRange", rangeName);
    } else if (range) {
      const found = secondaryRange(this.cloud.store.get(computeName(subnetwork)) ?? {}, range);
      if (!found)
        throw badRequest(`Pod secondary range "${range}" not found in subnet "${subnetwork.replace(/.*\//, "")}".`);
      setAt(changed, "networkConfig.podIpv4CidrBlock", found);
    }
    return changed;
  }

  private async run(operation: OperationRecord): Promise<undefined> {
    const pool = this.records.pool(operation.target)!;
    const size = numberOf(pool.api["initialNodeCount"]) ?? 0;
    const sizes = new Map(zonesOfPool(pool).map((zone) => [zone, size]));
    await this.nodes.resize(operation.target, sizes, "created", operation.stockout);
    this.records.setStatus(operation.target, "RUNNING");
    return undefined;
  }

  private failed(operation: OperationRecord, error: OperationError): void {
    // What was created stays, and works: hashicorp/terraform-provider-google#10823.
    const some = (this.records.pool(operation.target)?.nodes.length ?? 0) > 0;
    this.records.setStatus(operation.target, some ? "RUNNING_WITH_ERROR" : "ERROR", error.message);
  }
}
