import type { Cloud } from "../cloud";
import { computeName, selfLink, tailOf } from "../compute/links";
import { alreadyExists, badRequest, notFound } from "../http/errors";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import { rememberWorkloadPool } from "../iam/members";
import { at, type JsonObject, numberOf, objectOf, objectsOf, setAt, stringOf, stringsOf } from "../json";
import { isZone, regionOf, zonesOf } from "../locations";
import { type OperationError, OperationFailure, type OperationRecord } from "../operations/record";
import { checkQuotas } from "../quotas";
import { completeCluster } from "./cluster-defaults";
import { checkCluster, checkDependencies } from "./cluster-rules";
import { NO_CONTROL_PLANE } from "./endpoints";
import { register } from "./fleet";
import { clusterView } from "./hook-views";
import { type Allocation, addRanges, allocateRanges } from "./ip-allocation";
import { apiPath, clusterName, nodePoolName } from "./names";
import { Nodes } from "./nodes";
import { replyChange } from "./operations";
import { OwnNetwork } from "./own-network";
import { rangesAround } from "./pod-addresses";
import { newPool } from "./pool-defaults";
import { demandOf } from "./pool-sizes";
import { type ClusterRecord, ClusterStore, type PoolRecord } from "./records";
import { checkReferences } from "./references";
import {
  checkAutopilot,
  checkAutoprovisioning,
  checkControlPlaneRange,
  checkEndpoints,
  checkFeatures,
  checkMaintenance,
  checkMaxPods,
  checkNodeCount,
  checkParts,
  checkResourceLabels,
  checkServices,
} from "./rules";
import { shortLinks } from "./short-links";
import { DEFAULT_CHANNEL, offerFor, resolveVersion } from "./versions";

const NAME = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;

/** Number of zones that a regional cluster gets where the request does not say. */
const DEFAULT_ZONES = 3;

/** Creates clusters. */
export class ClusterCreation {
  private readonly records: ClusterStore;
  private readonly nodes: Nodes;

  public constructor(private readonly cloud: Cloud) {
    this.records = new ClusterStore(cloud);
    this.nodes = new Nodes(cloud);
    cloud.operations.define("container.createCluster", {
      run: (operation) => this.run(operation),
      failed: (operation, error) => this.failed(operation, error),
    });
  }

  public create(request: ApiRequest): Promise<ApiResponse> {
    const given = shortLinks(objectOf(request.body["cluster"]));
    const project = request.project!;
    const location = request.param("location");
    const cluster = stringOf(given["name"]) ?? "";
    if (!regionOf(location)) throw badRequest(`Location "${location}" does not exist.`);
    if (!NAME.test(cluster)) throw badRequest(`Invalid value for field "cluster.name": "${cluster}".`);
    const name = clusterName(project, location, cluster);
    if (this.records.cluster(name)) throw alreadyExists(`Already exists: ${apiPath(name)}.`);
    checkRequest(given, location);
    const { record, pools } = this.compose(name, given, project, location);
    this.records.put(name, record);
    for (const pool of pools) {
      this.records.put(nodePoolName(project, location, cluster, stringOf(pool.api["name"])!), pool);
    }
    return replyChange(this.cloud, request, {
      type: "CREATE_CLUSTER",
      target: name,
      action: "container.createCluster",
      args: {},
    });
  }

  private compose(
    name: string,
    given: JsonObject,
    project: string,
    location: string,
  ): { record: ClusterRecord; pools: PoolRecord[] } {
    const { identity } = this.cloud;
    const channel = given["releaseChannel"] ? stringOf(at(given, "releaseChannel.channel")) : DEFAULT_CHANNEL;
    const offer = offerFor(this.cloud.versions, channel);
    const version = resolveVersion(offer, stringOf(given["initialClusterVersion"]), "Master");
    const api = completeCluster(given, project, version);
    if (at(given, "masterAuth.clientCertificateConfig.issueClientCertificate") === true) {
      throw badRequest("Client certificates can no longer be issued.");
    }
    const hash = identity.hex(8);
    const subnetworkTail = this.placeInNetwork(api, given, project, regionOf(location)!);
    api["locations"] = this.zones(given, location);
    Object.assign(api, {
      id: identity.hex(32) + identity.hex(32),
      etag: identity.uuid(),
      createTime: new Date().toISOString(),
      initialClusterVersion: version,
      currentMasterVersion: version,
      labelFingerprint: identity.hex(8),
      status: "PROVISIONING",
    });
    setAt(api, "maintenancePolicy.resourceVersion", identity.hex(8));
    const created = this.allocate(api, given, subnetworkTail, hash);
    checkControlPlaneRange(
      stringOf(at(given, "privateClusterConfig.masterIpv4CidrBlock")) ?? "",
      rangesAround(this.cloud, subnetworkTail, stringOf(api["servicesIpv4Cidr"]) ?? ""),
    );
    checkCluster(api);
    checkFeatures(api);
    checkDependencies(this.cloud, project, api);
    checkReferences(this.cloud, api, name, subnetworkTail);
    const ownRanges = created.map((range) => range.rangeName);
    const record: ClusterRecord = { api, hash, ...(ownRanges.length > 0 ? { ownRanges } : {}) };
    const pools = poolsOf(given).map((pool) => newPool(this.cloud, name, record, pool, "PROVISIONING"));
    checkQuotas(
      this.cloud,
      pools.map((pool) => demandOf(`${name}/nodePools/${pool.api["name"]}`, pool)),
    );
    try {
      addRanges(this.cloud, subnetworkTail, created);
    } catch (error) {
      if (error instanceof OperationFailure) throw badRequest(error.message);
      throw error;
    }
    return { record, pools };
  }

  /** Finds network and subnetwork, and puts their names into the cluster. Returns the subnetwork's path. */
  private placeInNetwork(api: JsonObject, given: JsonObject, project: string, region: string): string {
    const network =
      tailOf(given["network"], project) ?? `projects/${project}/global/networks/${given["network"] || "default"}`;
    if (!this.cloud.store.has(computeName(network))) {
      throw badRequest(`Project "${project}" has no network named "${network.replace(/.*\//, "")}".`);
    }
    const subnetwork =
      tailOf(given["subnetwork"], project) ??
      `projects/${project}/regions/${region}/subnetworks/${given["subnetwork"] || network.replace(/.*\//, "")}`;
    const found = this.cloud.store.get(computeName(subnetwork));
    const short = subnetwork.replace(/.*\//, "");
    if (!found)
      throw notFound(
        `Not found: project "${project}" does not have a subnetwork named "${short}" in region "${region}".`,
      );
    if (found["network"] !== selfLink(network) || !subnetwork.includes(`/regions/${region}/`)) {
      throw badRequest(`Subnetwork "${subnetwork}" is not valid for Network "${network.replace(/.*\//, "")}".`);
    }
    setAt(api, "networkConfig.network", network);
    setAt(api, "networkConfig.subnetwork", subnetwork);
    return subnetwork;
  }

  private zones(given: JsonObject, location: string): string[] {
    const asked = stringsOf(given["locations"]);
    const possible = zonesOf(regionOf(location)!);
    const outside = asked.find((zone) => !possible.includes(zone));
    if (outside) throw badRequest(`Location "${outside}" is not a zone of the region of "${location}".`);
    if (isZone(location)) return asked.includes(location) ? asked : [location, ...asked];
    return asked.length > 0 ? asked : possible.slice(0, DEFAULT_ZONES);
  }

  /** Gives the cluster its ranges. Returns those that GKE adds to the subnetwork. */
  private allocate(api: JsonObject, given: JsonObject, subnetworkTail: string, hash: string): Allocation["created"] {
    const policy = objectOf(given["ipAllocationPolicy"]);
    if (policy["useRoutes"] === true) {
      const pods = stringOf(given["clusterIpv4Cidr"]) || "10.96.0.0/14";
      Object.assign(api, {
        ipAllocationPolicy: { stackType: "IPV4" },
        clusterIpv4Cidr: pods,
        servicesIpv4Cidr: "34.118.224.0/20",
        nodeIpv4CidrSize: 24,
      });
      return [];
    }
    const block = policy["clusterIpv4CidrBlock"] ?? given["clusterIpv4Cidr"];
    const allocation = allocateRanges(
      this.cloud,
      { ...policy, ...(block ? { clusterIpv4CidrBlock: block } : {}) },
      subnetworkTail,
      stringOf(given["name"])!,
      hash,
    );
    const maxPods = numberOf(at(given, "defaultMaxPodsConstraint.maxPodsPerNode")) ?? 110;
    Object.assign(api, {
      ipAllocationPolicy: allocation.policy,
      clusterIpv4Cidr: allocation.policy["clusterIpv4Cidr"],
      servicesIpv4Cidr: allocation.policy["servicesIpv4Cidr"],
      defaultMaxPodsConstraint: { maxPodsPerNode: String(maxPods) },
    });
    return allocation.created;
  }

  private async run(operation: OperationRecord): Promise<undefined> {
    const name = operation.target;
    const access = (await this.cloud.hooks.onClusterCreating?.(clusterView(this.cloud, name))) ?? NO_CONTROL_PLANE;
    this.records.setAccess(name, access);
    new OwnNetwork(this.cloud).make(name);
    for (const [poolName, pool] of this.records.pools(name)) {
      const size = numberOf(pool.api["initialNodeCount"]) ?? 0;
      const sizes = new Map(stringsOf(pool.api["locations"]).map((zone) => [zone, size]));
      await this.nodes.resize(poolName, sizes, "created", operation.stockout);
      this.records.setStatus(poolName, "RUNNING");
    }
    register(this.cloud, name);
    if (at(this.records.cluster(name)?.api, "workloadIdentityConfig.workloadPool")) {
      rememberWorkloadPool(this.cloud, operation.project);
    }
    this.records.setStatus(name, "RUNNING");
    await this.cloud.hooks.onClusterCreated?.(clusterView(this.cloud, name));
    return undefined;
  }

  private failed(operation: OperationRecord, error: OperationError): void {
    this.records.setStatus(operation.target, "ERROR", error.message);
    this.records.change<ClusterRecord>(operation.target, (record) => {
      record.api["conditions"] = [{ code: "UNKNOWN", canonicalCode: error.code, message: error.message }];
    });
    for (const [poolName] of this.records.pools(operation.target)) this.records.setStatus(poolName, "ERROR");
  }
}

/** Refuses a request for what it says itself, whatever exists. @throws ApiError 400 */
function checkRequest(given: JsonObject, location: string): void {
  const autopilot = at(given, "autopilot.enabled") === true;
  if (autopilot) checkAutopilot(given, location);
  else checkAutoprovisioning(objectOf(given["autoscaling"]));
  checkNodeCount("Cluster.initial_node_count", numberOf(given["initialNodeCount"]));
  checkMaxPods(numberOf(at(given, "defaultMaxPodsConstraint.maxPodsPerNode")));
  checkResourceLabels(objectOf(given["resourceLabels"]));
  checkParts(given, location);
  checkServices(given);
  checkEndpoints(given);
  checkMaintenance(objectOf(given["maintenancePolicy"]));
}

/** The pools that a request asks for: those it names, or the default pool. */
function poolsOf(given: JsonObject): JsonObject[] {
  const pools = objectsOf(given["nodePools"]);
  if (pools.length > 0) return pools;
  const autopilot = at(given, "autopilot.enabled") === true;
  const count = numberOf(given["initialNodeCount"]) ?? (autopilot ? 1 : 0);
  if (count < 1) throw badRequest("Cluster.initial_node_count must be greater than zero.");
  return [{ name: "default-pool", initialNodeCount: count, config: objectOf(given["nodeConfig"]) }];
}
