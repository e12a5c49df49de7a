import type { Cloud } from "../cloud";
import { badRequest, failedPrecondition } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { Router } from "../http/router";
import { objectOf, stringOf } from "../json";
import { regionOf } from "../locations";
import { ClusterCreation } from "./cluster-create";
import { ClusterUpdates } from "./cluster-update";
import { showCluster, showPool } from "./cluster-view";
import { isClusterName, nodePoolName } from "./names";
import { operationRoutes } from "./operations";
import { PoolChanges } from "./pool-changes";
import { PoolCreation } from "./pool-create";
import { ClusterStore } from "./records";
import { Removal } from "./removal";
import { refusePools } from "./rules";
import { serverConfig } from "./server-config";

/** `container.googleapis.com`: clusters, node pools, operations, versions. */
export function addContainer(router: Router, cloud: Cloud): void {
  const add = router.service({ host: "container.googleapis.com", prefix: "/container/v1", errors: "legacy" });
  const records = new ClusterStore(cloud);
  const creation = new ClusterCreation(cloud);
  const updates = new ClusterUpdates(cloud);
  const pools = new PoolChanges(cloud);
  const poolCreation = new PoolCreation(cloud);
  const removal = new Removal(cloud);
  const location = "/projects/{project}/locations/{location}";
  const clusters = `${location}/clusters`;
  const cluster = `${clusters}/{cluster}`;
  const pool = `${cluster}/nodePools/{pool}`;

  add("GET", `${location}/serverConfig`, (request) => {
    if (!regionOf(request.param("location")))
      throw badRequest(`Location "${request.param("location")}" does not exist.`);
    return ok(serverConfig(cloud.versions));
  });
  operationRoutes(add, cloud);

  add("GET", clusters, (request) => {
    const place = request.param("location");
    if (place !== "-" && !regionOf(place)) throw badRequest(`Location "${place}" does not exist.`);
    const below = `//container.googleapis.com/projects/${request.project}/locations/${place === "-" ? "" : `${place}/`}`;
    const names = cloud.store.names(below).filter(isClusterName);
    return ok({ clusters: names.map((name) => showCluster(cloud, name)) });
  });
  add("POST", clusters, (request) => creation.create(request));
  add("GET", cluster, (request) => ok(showCluster(cloud, updates.require(request)[0])));
  add("PUT", cluster, (request) => updates.update(request));
  add("DELETE", cluster, (request) => removal.deleteCluster(request));
  add("POST", `${cluster}:setResourceLabels`, (request) => {
    const [, record] = updates.require(request);
    const { resourceLabels, labelFingerprint } = request.body;
    if (labelFingerprint !== record.api["labelFingerprint"]) {
      throw failedPrecondition("Labels could not be set due to fingerprint mismatch.");
    }
    return updates.set(request, "resourceLabels", objectOf(resourceLabels), "UPDATE_CLUSTER");
  });
  add("POST", `${cluster}:setMaintenancePolicy`, (request) => {
    const [, record] = updates.require(request);
    const policy = objectOf(request.body["maintenancePolicy"]);
    const version = stringOf(policy["resourceVersion"]);
    if (version && version !== objectOf(record.api["maintenancePolicy"])["resourceVersion"]) {
      throw failedPrecondition("The maintenance policy's resource version does not match the one given.");
    }
    return updates.set(request, "maintenancePolicy", policy, "UPDATE_CLUSTER");
  });
  const setters = [
    ["setNetworkPolicy", "networkPolicy", (request: ApiRequest) => objectOf(request.body["networkPolicy"])],
    ["setLegacyAbac", "legacyAbac", (request: ApiRequest) => ({ enabled: request.body["enabled"] === true })],
    ["setAddons", "desiredAddonsConfig", (request: ApiRequest) => objectOf(request.body["addonsConfig"])],
    ["setLogging", "desiredLoggingService", (request: ApiRequest) => request.body["loggingService"] ?? ""],
    ["setMonitoring", "desiredMonitoringService", (request: ApiRequest) => request.body["monitoringService"] ?? ""],
    ["setLocations", "desiredLocations", (request: ApiRequest) => request.body["locations"] ?? []],
  ] as const;
  for (const [verb, field, value] of setters) {
    add("POST", `${cluster}:${verb}`, (request) => updates.set(request, field, value(request), "UPDATE_CLUSTER"));
  }

  add("GET", `${cluster}/nodePools`, (request) => {
    const [name, record] = updates.require(request);
    refusePools(record.api);
    return ok({ nodePools: records.pools(name).map(([poolName, pool]) => showPool(poolName, pool)) });
  });
  add("POST", `${cluster}/nodePools`, (request) => poolCreation.create(request));
  add("GET", pool, (request) => ok(showPool(...pools.require(request))));
  add("PUT", pool, (request) => pools.update(request));
  add("DELETE", pool, (request) => removal.deletePool(request));
  add("POST", `${pool}:setSize`, (request) => pools.setSize(request));
  add("POST", `${pool}:setManagement`, (request) => pools.setManagement(request));
  add("POST", `${pool}:setAutoscaling`, (request) => {
    pools.require(request);
    const name = nodePoolName(
      request.project!,
      request.param("location"),
      request.param("cluster"),
      request.param("pool"),
    );
    return pools.autoscaling(request, name, request.body["autoscaling"] ?? {});
  });
}
