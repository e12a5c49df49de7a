import type { Cloud } from "../cloud";
import { badRequest, failedPrecondition, notSimulated } from "../http/errors";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import { rememberWorkloadPool } from "../iam/members";
import { at, copy, type Json, type JsonObject, objectOf, stringOf, stringsOf } from "../json";
import { regionOf, zonesOf } from "../locations";
import type { OperationError, OperationRecord } from "../operations/record";
import { checkCluster, checkDependencies } from "./cluster-rules";
import { register, unregister } from "./fleet";
import { clusterView } from "./hook-views";
import { nodePoolName } from "./names";
import { Nodes } from "./nodes";
import { refuseBusy, replyChange } from "./operations";
import { PoolChanges } from "./pool-changes";
import { type ClusterRecord, ClusterStore } from "./records";
import { checkReferences } from "./references";
import {
  checkAuthorizedNetworks,
  checkAutoprovisioning,
  checkDecided,
  checkEndpoints,
  checkFeatures,
  checkMaintenance,
  checkResourceLabels,
  checkServices,
  refusePools,
} from "./rules";
import { shortLinks } from "./short-links";
import { FIELD_UPDATES } from "./update-fields";
import { compareVersions, minorOf, offerFor, resolveVersion } from "./versions";

/** Fields that say which pool another field is about, or guard the request, and change nothing by themselves. */
const MODIFIERS = new Set(["desiredNodePoolId", "etag"]);

/** Fields that are about the cluster's pools. */
const OF_POOLS = new Set(["desiredNodePoolAutoscaling", "desiredNodeVersion", "desiredImageType"]);

/** Fields that GKE takes together in one request; otherwise a request changes one thing. */
const TOGETHER = [
  ["desiredLoggingService", "desiredMonitoringService"],
  ["additionalPodRangesConfig", "removedAdditionalPodRangesConfig"],
];

/** Refuses values of an update for what they say themselves. @throws ApiError 400 */
function checkChanges(changes: { readonly [field: string]: Json }, before: JsonObject): void {
  for (const [field, value] of Object.entries(changes)) {
    if (field === "maintenancePolicy") checkMaintenance(objectOf(value));
    if (field === "desiredLoggingService") checkServices({ loggingService: value });
    if (field === "desiredMonitoringService") checkServices({ monitoringService: value });
    if (field === "resourceLabels") checkResourceLabels(objectOf(value));
    if (field === "desiredClusterAutoscaling" && at(before, "autopilot.enabled") !== true) {
      checkAutoprovisioning(objectOf(value));
    }
    if (field === "desiredControlPlaneEndpointsConfig") checkEndpoints({ controlPlaneEndpointsConfig: value });
    if (field === "desiredMasterAuthorizedNetworksConfig") {
      const isPublic = at(before, "controlPlaneEndpointsConfig.ipEndpointsConfig.enablePublicEndpoint") === true;
      checkAuthorizedNetworks(objectOf(value), !isPublic);
    }
    const [host, wanted] = [stringOf(at(before, "fleet.project")), stringOf(at(value, "project"))];
    if (field === "desiredFleet" && host && wanted && host !== wanted) {
      throw badRequest("changing existing fleet host project is not supported");
    }
  }
}

/** Changes clusters: the update method, and the methods that set one thing. */
export class ClusterUpdates {
  private readonly records: ClusterStore;
  private readonly nodes: Nodes;
  private readonly pools: PoolChanges;

  public constructor(private readonly cloud: Cloud) {
    this.records = new ClusterStore(cloud);
    this.nodes = new Nodes(cloud);
    this.pools = new PoolChanges(cloud);
    cloud.operations.define("container.updateCluster", {
      run: (operation) => this.run(operation),
      failed: (operation, error) => this.failed(operation, error),
    });
  }

  /** `PUT …/clusters/C` */
  public update(request: ApiRequest): Promise<ApiResponse> {
    const [name, record] = this.require(request);
    const update = shortLinks(objectOf(request.body["update"]));
    const fields = Object.keys(update).filter((field) => update[field] !== null && !MODIFIERS.has(field));
    if (fields.length === 0) throw badRequest("Must specify a field to update.");
    if (fields.length > 1 && !TOGETHER.some((group) => fields.every((field) => group.includes(field)))) {
      throw badRequest(`Only one update can be applied to a cluster with each request, got: ${fields.join(", ")}.`);
    }
    if (update["etag"] && update["etag"] !== record.api["etag"]) {
      throw failedPrecondition("The cluster's etag does not match the one given.");
    }
    refuseBusy(this.cloud, name);
    const [field] = fields as [string];
    if (OF_POOLS.has(field)) refusePools(record.api);
    const pool = stringOf(update["desiredNodePoolId"]);
    if (field === "desiredNodePoolAutoscaling") {
      return this.pools.autoscaling(request, this.poolName(request, pool), update[field]!);
    }
    if (field === "desiredNodeVersion") {
      return this.pools.version(request, this.poolName(request, pool), stringOf(update[field]));
    }
    if (field === "desiredImageType") {
      return this.pools.image(request, this.poolName(request, pool), update[field]!);
    }
    const changes = Object.fromEntries(fields.map((each) => [each, update[each]!]));
    return this.start(
      request,
      name,
      record,
      changes,
      field === "desiredMasterVersion" ? "UPGRADE_MASTER" : "UPDATE_CLUSTER",
    );
  }

  /** A method such as `:setResourceLabels`, which sets one thing. */
  public set(request: ApiRequest, field: string, value: Json, type: string): Promise<ApiResponse> {
    const [name, record] = this.require(request);
    refuseBusy(this.cloud, name);
    return this.start(request, name, record, { [field]: value }, type);
  }

  /** The cluster that a request is about. @throws ApiError 404 */
  public require(request: ApiRequest): [name: string, record: ClusterRecord] {
    return this.records.requireCluster(request.project!, request.param("location"), request.param("cluster"));
  }

  private poolName(request: ApiRequest, pool: string | undefined): string {
    if (!pool) throw badRequest("Must specify a node pool to update.");
    const place = [request.project!, request.param("location"), request.param("cluster")] as const;
    this.records.requirePool(...place, pool);
    return nodePoolName(...place, pool);
  }

  /** Checks the change on a copy now, so that what is wrong is refused at once, and lets the operation make it. */
  private start(
    request: ApiRequest,
    name: string,
    record: ClusterRecord,
    changes: { [field: string]: Json },
    type: string,
  ): Promise<ApiResponse> {
    checkChanges(changes, record.api);
    const after = this.changed(record.api, changes, request);
    checkCluster(after);
    checkFeatures(after);
    if (at(after, "autopilot.enabled") === true) checkDecided(after);
    checkDependencies(this.cloud, request.project!, after);
    checkReferences(this.cloud, after, name, stringOf(at(after, "networkConfig.subnetwork")) ?? "");
    this.records.put(name, { ...record, api: { ...record.api, status: "RECONCILING" } });
    return replyChange(this.cloud, request, {
      type,
      target: name,
      action: "container.updateCluster",
      args: { fields: Object.keys(changes), after },
    });
  }

  private changed(before: JsonObject, changes: { [field: string]: Json }, request: ApiRequest): JsonObject {
    const after = copy(before);
    for (const [field, value] of Object.entries(changes)) {
      if (field === "desiredMasterVersion") after["currentMasterVersion"] = this.masterVersion(before, stringOf(value));
      else if (field === "desiredLocations") after["locations"] = this.zones(value, request.param("location"));
      else if (field === "desiredFleet") after["fleet"] = { ...objectOf(after["fleet"]), ...objectOf(value) };
      else if (FIELD_UPDATES[field]) FIELD_UPDATES[field](after, value);
      else throw notSimulated(`the field ${field} of an update of a cluster`);
    }
    if (changes["desiredFleet"] && !stringOf(at(changes["desiredFleet"], "project"))) delete after["fleet"];
    return after;
  }

  private masterVersion(cluster: JsonObject, requested: string | undefined): string {
    const now = stringOf(cluster["currentMasterVersion"])!;
    const offer = offerFor(this.cloud.versions, stringOf(at(cluster, "releaseChannel.channel")));
    const version = resolveVersion(offer, requested, "Master");
    if (compareVersions(version, now) < 0 && minorOf(version) < minorOf(now)) {
      throw badRequest(`Master cannot be downgraded from "${now}" to "${version}".`);
    }
    if (minorOf(version) > minorOf(now) + 1) {
      throw badRequest(
        `Master cannot be upgraded to "${version}": cannot upgrade the master more than a minor version at a time.`,
      );
    }
    return version;
  }

  private zones(value: Json, location: string): string[] {
    const zones = stringsOf(value);
    const possible = zonesOf(regionOf(location)!);
    const outside = zones.find((zone) => !possible.includes(zone));
    if (outside || zones.length === 0)
      throw badRequest(`Location "${outside ?? ""}" is not a zone of the cluster's region.`);
    return zones;
  }

  private async run(operation: OperationRecord): Promise<undefined> {
    const name = operation.target;
    const fields = stringsOf(operation.args["fields"]);
    if (fields.includes("desiredFleet") && !at(operation.args["after"], "fleet")) unregister(this.cloud, name);
    this.records.change<ClusterRecord>(name, (record) => {
      const { identity } = this.cloud;
      record.api = { ...objectOf(operation.args["after"]), status: "RUNNING", etag: identity.uuid() };
      if (fields.includes("resourceLabels")) record.api["labelFingerprint"] = identity.hex(8);
      if (fields.includes("maintenancePolicy"))
        objectOf(record.api["maintenancePolicy"])["resourceVersion"] = identity.hex(8);
    });
    if (fields.includes("desiredFleet")) register(this.cloud, name);
    if (at(operation.args["after"], "workloadIdentityConfig.workloadPool")) {
      rememberWorkloadPool(this.cloud, operation.project);
    }
    if (fields.includes("desiredLocations")) await this.moveToZones(name);
    await this.cloud.hooks.onClusterUpdated?.(clusterView(this.cloud, name), fields);
    return undefined;
  }

  /** Pools without zones of their own follow the cluster; each zone gets as many nodes as the fullest had. */
  private async moveToZones(name: string): Promise<void> {
    const zones = stringsOf(this.records.cluster(name)?.api["locations"]);
    for (const [poolName, pool] of this.records.pools(name)) {
      if (pool.ownLocations) continue;
      await this.nodes.move(poolName, zones);
    }
  }

  private failed(operation: OperationRecord, error: OperationError): void {
    this.records.change<ClusterRecord>(operation.target, (record) => {
      record.api["status"] = "RUNNING";
      record.api["conditions"] = [{ code: "UNKNOWN", canonicalCode: error.code, message: error.message }];
    });
  }
}
