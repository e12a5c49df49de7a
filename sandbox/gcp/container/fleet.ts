import type { Cloud } from "../cloud";
import { membershipName } from "../gkehub/names";
import { at, setAt, stringOf } from "../json";
import { regionOf } from "../locations";
import { apiPath, partsOf } from "./names";
import { type ClusterRecord, ClusterStore } from "./records";

/** Registers a cluster with the fleet that it names: the membership appears in GKE Hub, and its name in the cluster. */
export function register(cloud: Cloud, name: string): void {
  const records = new ClusterStore(cloud);
  const cluster = records.cluster(name);
  const project = stringOf(at(cluster?.api, "fleet.project"));
  if (!cluster || !project || at(cluster.api, "fleet.membership")) return;
  const { location, cluster: id } = partsOf(name);
  const membership = membershipName(cloud.projects.find(project) ?? project, regionOf(location)!, id);
  const now = new Date().toISOString();
  cloud.store.put(membership, {
    name: membership.replace("//gkehub.googleapis.com/", ""),
    endpoint: { gkeCluster: { resourceLink: `//container.googleapis.com/${apiPath(name)}` }, googleManaged: true },
    state: { code: "READY" },
    createTime: now,
    updateTime: now,
    uniqueId: cloud.identity.uuid(),
    externalId: stringOf(cluster.api["id"]),
  });
  records.change<ClusterRecord>(name, (record) => setAt(record.api, "fleet.membership", membership));
}

/** Takes a cluster out of its fleet. */
export function unregister(cloud: Cloud, name: string): void {
  const records = new ClusterStore(cloud);
  const membership = stringOf(at(records.cluster(name)?.api, "fleet.membership"));
  if (membership) cloud.store.delete(membership);
  records.change<ClusterRecord>(name, (record) => {
    delete record.api["fleet"];
  });
}
