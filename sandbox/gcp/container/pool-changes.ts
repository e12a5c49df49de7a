import type { Cloud } from "../cloud";
import { computeName } from "../compute/links";
import { secondaryRange } from "../compute/subnetworks";
import { badRequest, failedPrecondition, notSimulated } from "../http/errors";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import {
  at,
  copy,
  type Json,
  type JsonObject,
  numberOf,
  objectOf,
  stringOf,
  stringsOf,
  withAbsent,
  withDefaults,
} from "../json";
import { regionOf, zonesOf } from "../locations";
import type { OperationError, OperationRecord } from "../operations/record";
import { checkQuotas } from "../quotas";
import { checkManagement } from "./cluster-rules";
import { partsOf } from "./names";
import { Nodes } from "./nodes";
import { refuseBusy, replyChange } from "./operations";
import { checkMetadataServer, completeUpgradeSettings, poolVersion } from "./pool-defaults";
import { demandOf, sizesOf, zonesOfPool } from "./pool-sizes";
import { type ClusterRecord, ClusterStore, type PoolRecord } from "./records";
import { checkAutoscaling, checkNodeConfig, checkNodeCount, checkUpgradeSettings, refusePools } from "./rules";

/** Fields of an update that only say what it is about. */
const MODIFIERS = new Set(["name", "nodePoolId", "clusterId", "projectId", "zone", "etag"]);

/** Fields of the nodes' configuration that change without new machines. */
const IN_PLACE = new Set(["labels", "taints", "tags", "resourceLabels", "consolidationDelay"]);

/** Fields of the pool itself that change without new machines. */
const OF_THE_POOL = new Set(["queuedProvisioning", "nodeDrainConfig", "maintenancePolicy"]);

/** Fields of the nodes' configuration that need new machines. */
const REPLACING = new Set([
  ...["accelerators", "bootDisk", "confidentialNodes", "containerdConfig", "diskSizeGb", "diskType", "fastSocket"],
  ...[
    "flexStart",
    "gcfsConfig",
    "gvnic",
    "imageType",
    "kubeletConfig",
    "linuxNodeConfig",
    "loggingConfig",
    "machineType",
  ],
  ...["maxRunDuration", "resourceManagerTags", "storagePools", "taintConfig", "windowsNodeConfig"],
  "workloadMetadataConfig",
]);

/** What happens to the machines when the operation runs. */
type Consequence = "none" | "refresh" | "replace" | "resize" | "move";

/** Changes node pools: the update method, and the methods that set one thing. */
export class PoolChanges {
  private readonly records: ClusterStore;
  private readonly nodes: Nodes;

  public constructor(private readonly cloud: Cloud) {
    this.records = new ClusterStore(cloud);
    this.nodes = new Nodes(cloud);
    cloud.operations.define("container.changeNodePool", {
      run: (operation) => this.run(operation),
      failed: (operation, error) => this.failed(operation, error),
    });
  }

  /** The pool that a request is about. @throws ApiError 404 */
  public require(request: ApiRequest): [name: string, record: PoolRecord] {
    const { project, params } = request;
    const [, cluster] = this.records.requireCluster(project!, params["location"]!, params["cluster"]!);
    refusePools(cluster.api);
    return this.records.requirePool(project!, params["location"]!, params["cluster"]!, params["pool"]!);
  }

  /** `PUT …/nodePools/N` */
  public update(request: ApiRequest): Promise<ApiResponse> {
    const [name, pool] = this.require(request);
    refuseBusy(this.cloud, name);
    const etag = stringOf(request.body["etag"]);
    if (etag && etag !== pool.api["etag"]) {
      throw failedPrecondition("The node pool's etag does not match the one given.");
    }
    const changes = Object.entries(request.body).filter(([field, value]) => !MODIFIERS.has(field) && !isNothing(value));
    if (changes.length === 0) throw badRequest("Must specify a field to update.");
    let consequence: Consequence = "none";
    let type = "UPDATE_CLUSTER";
    return this.start(request, name, (api, cluster) => {
      for (const [field, value] of changes as [string, Json][]) {
        if (field === "nodeVersion") {
          api["version"] = poolVersion(this.cloud, cluster, stringOf(value));
          [consequence, type] = ["replace", "UPGRADE_NODES"];
        } else if (field === "locations") {
          api["locations"] = this.zones(name, value);
          consequence = "move";
        } else if (field === "upgradeSettings") {
          checkUpgradeSettings(objectOf(value));
          api["upgradeSettings"] = completeUpgradeSettings(objectOf(value));
        } else if (field === "nodeNetworkConfig") {
          this.checkPodRange(name, stringOf(at(value, "podRange")));
          api["networkConfig"] = withAbsent(objectOf(value), objectOf(api["networkConfig"]));
        } else if (OF_THE_POOL.has(field)) {
          api[field] = copy(value);
        } else {
          if (IN_PLACE.has(field)) {
            consequence = consequence === "none" ? "refresh" : consequence;
            // The nodes keep running, yet this is what Google calls it.
            if (field === "taints") type = "UPGRADE_NODES";
          } else if (REPLACING.has(field)) [consequence, type] = ["replace", "UPGRADE_NODES"];
          else throw notSimulated(`the field ${field} of an update of a node pool`);
          api["config"] = changedNodeConfig(objectOf(api["config"]), field, value);
        }
      }
      return { type, consequence };
    });
  }

  /** `…:setSize`: as many nodes in each zone. */
  public setSize(request: ApiRequest): Promise<ApiResponse> {
    const [name] = this.require(request);
    const size = numberOf(request.body["nodeCount"]) ?? 0;
    checkNodeCount("Node count", size);
    return this.start(request, name, (api, _, pool) => {
      const added = zonesOfPool(pool).length * size - pool.nodes.length;
      if (added > 0) checkQuotas(this.cloud, [{ ...demandOf(name, pool), nodes: added }]);
      // Google remembers the size as the initial one, which is why clients then see a pool that was made otherwise.
      api["initialNodeCount"] = size;
      return {
        type: "SET_NODE_POOL_SIZE",
        consequence: "resize",
        sizes: Object.fromEntries(zonesOfPool(pool).map((zone) => [zone, size])),
      };
    });
  }

  /** `…:setManagement` */
  public setManagement(request: ApiRequest): Promise<ApiResponse> {
    const [name] = this.require(request);
    const management = objectOf(request.body["management"]);
    return this.start(request, name, (api, cluster) => {
      checkManagement(cluster.api, management);
      api["management"] = copy(management);
      return { type: "SET_NODE_POOL_MANAGEMENT", consequence: "none" };
    });
  }

  /** `…:setAutoscaling`, and the update of a cluster that does the same. */
  public autoscaling(request: ApiRequest, name: string, value: Json): Promise<ApiResponse> {
    const given = objectOf(value);
    checkAutoscaling(given);
    return this.start(request, name, (api, _, pool) => {
      if (given["enabled"] === true) api["autoscaling"] = withDefaults(given, { locationPolicy: "BALANCED" });
      else delete api["autoscaling"];
      return { type: "UPDATE_CLUSTER", consequence: "resize", sizes: Object.fromEntries(sizesOf(pool)) };
    });
  }

  /** The update of a cluster that sets the version of a pool. */
  public version(request: ApiRequest, name: string, version: string | undefined): Promise<ApiResponse> {
    return this.start(request, name, (api, cluster) => {
      api["version"] = poolVersion(this.cloud, cluster, version);
      return { type: "UPGRADE_NODES", consequence: "replace" };
    });
  }

  /** The update of a cluster that sets the image of a pool's nodes, as the provider asks for it. */
  public image(request: ApiRequest, name: string, image: Json): Promise<ApiResponse> {
    return this.start(request, name, (api) => {
      api["config"] = { ...objectOf(api["config"]), imageType: image };
      return { type: "UPGRADE_NODES", consequence: "replace" };
    });
  }

  /** @throws ApiError 400 where the cluster's subnetwork has no such range */
  private checkPodRange(name: string, range: string | undefined): void {
    const cluster = this.records.cluster(name.replace(/\/nodePools\/.*/, ""))!;
    const tail = stringOf(at(cluster.api, "networkConfig.subnetwork")) ?? "";
    if (!range || secondaryRange(this.cloud.store.get(computeName(tail)) ?? {}, range)) return;
    throw badRequest(`Pod secondary range "${range}" not found in subnet "${tail.replace(/.*\//, "")}".`);
  }

  private zones(name: string, value: Json): string[] {
    const zones = stringsOf(value);
    const possible = zonesOf(regionOf(partsOf(name).location)!);
    const outside = zones.find((zone) => !possible.includes(zone));
    if (outside) throw badRequest(`Location "${outside}" is not a zone of the cluster's region.`);
    return zones;
  }

  private start(
    request: ApiRequest,
    name: string,
    change: (
      api: JsonObject,
      cluster: ClusterRecord,
      pool: PoolRecord,
    ) => { type: string; consequence: Consequence; sizes?: JsonObject },
  ): Promise<ApiResponse> {
    refuseBusy(this.cloud, name);
    const pool = this.records.pool(name)!;
    const cluster = this.records.cluster(name.replace(/\/nodePools\/.*/, ""))!;
    const api = copy(pool.api);
    const { type, consequence, sizes } = change(api, cluster, pool);
    const config = objectOf(api["config"]);
    checkMetadataServer(config, cluster);
    checkNodeConfig(config, config, { zones: zonesOfPool(pool), version: stringOf(api["version"]) ?? "" });
    this.records.put(name, { ...pool, api: { ...pool.api, status: "RECONCILING" } });
    const args = { after: api, consequence, ...(sizes ? { sizes } : {}) };
    return replyChange(this.cloud, request, { type, target: name, action: "container.changeNodePool", args });
  }

  private async run(operation: OperationRecord): Promise<undefined> {
    const { after, consequence, sizes } = operation.args;
    const name = operation.target;
    const zones = stringsOf(at(after, "locations"));
    this.records.change<PoolRecord>(name, (pool) => {
      const locations = consequence === "move" ? pool.api["locations"] : zones;
      pool.api = { ...objectOf(after), locations, status: "RECONCILING", etag: this.cloud.identity.uuid() };
      pool.ownLocations ||= consequence === "move";
    });
    if (consequence === "replace") await this.nodes.replaceAll(name);
    if (consequence === "refresh") await this.nodes.refresh(name, "updated");
    if (consequence === "move") await this.nodes.move(name, zones);
    if (consequence === "resize") {
      await this.nodes.resize(
        name,
        new Map(Object.entries(objectOf(sizes)).map(([z, n]) => [z, Number(n)])),
        "resized",
        operation.stockout,
      );
    }
    this.records.setStatus(name, "RUNNING");
    return undefined;
  }

  private failed(operation: OperationRecord, error: OperationError): void {
    this.records.setStatus(operation.target, "RUNNING");
    this.records.change<PoolRecord>(operation.target, (pool) => {
      pool.api["conditions"] = [{ code: "UNKNOWN", canonicalCode: error.code, message: error.message }];
    });
  }
}

/** The configuration of nodes with one field changed. Some lists come wrapped in a message; the disk is told twice. */
function changedNodeConfig(config: JsonObject, field: string, value: Json): JsonObject {
  const disk = objectOf(config["bootDisk"]);
  switch (field) {
    case "taints":
    case "tags":
      return { ...config, [field]: copy(at(value, field) ?? []) };
    case "labels":
    case "resourceLabels":
      return { ...config, [field]: copy(at(value, "labels") ?? {}) };
    case "kubeletConfig":
      return {
        ...config,
        kubeletConfig: withDefaults(objectOf(value), {
          insecureKubeletReadonlyPortEnabled: false,
          maxParallelImagePulls: 2,
        }),
      };
    case "diskSizeGb":
      // A string of digits here, a number in the configuration: the API prints 64-bit fields so, and this one is not.
      return { ...config, diskSizeGb: Number(value), bootDisk: { ...disk, sizeGb: String(value) } };
    case "diskType":
      return { ...config, diskType: value, bootDisk: { ...disk, diskType: value } };
    case "bootDisk": {
      const bootDisk = withDefaults(objectOf(value), disk);
      return { ...config, bootDisk, diskType: bootDisk["diskType"], diskSizeGb: Number(bootDisk["sizeGb"]) };
    }
    default:
      return { ...config, [field]: copy(value) };
  }
}

/** Whether a field of an update says nothing: absent, or the default of its type. */
function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "" || value === 0;
}
