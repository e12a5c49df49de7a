import type { Cloud } from "../cloud";
import { addService } from "../declarative/crud";
import { badRequest } from "../http/errors";
import type { Router } from "../http/router";
import { stringOf, withDefaults } from "../json";

/** `gkebackup.googleapis.com`: backup plans of clusters. */
export function addGkeBackup(router: Router, cloud: Cloud): void {
  addService(router, cloud, { host: "gkebackup.googleapis.com", prefix: "/gkebackup/v1", errors: "plain" }, [
    {
      template: "/projects/{project}/locations/{location}/backupPlans",
      listField: "backupPlans",
      idParameter: "backupPlanId",
      operationType: "google.cloud.gkebackup.v1.BackupPlan",
      policies: true,
      immutable: ["cluster"],
      complete: (plan, { before }) => {
        const cluster = (stringOf(plan["cluster"]) ?? "").replace("/zones/", "/locations/");
        if (!before && !cloud.store.has(`//container.googleapis.com/${cluster}`)) {
          throw badRequest(`Cluster '${cluster}' was not found.`);
        }
        const now = new Date().toISOString();
        return {
          ...withDefaults(plan, { uid: cloud.identity.uuid(), state: "READY", protectedPodCount: 0 }),
          etag: cloud.identity.fingerprint(),
          createTime: before?.["createTime"] ?? now,
          updateTime: now,
        };
      },
    },
  ]);
}
