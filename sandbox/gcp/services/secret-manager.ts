import type { Cloud } from "../cloud";
import { addService } from "../declarative/crud";
import type { Router } from "../http/router";

/** `secretmanager.googleapis.com`: secrets without their versions. */
export function addSecretManager(router: Router, cloud: Cloud): void {
  addService(router, cloud, { host: "secretmanager.googleapis.com", prefix: "/secretmanager/v1", errors: "plain" }, [
    {
      template: "/projects/{project}/secrets",
      listField: "secrets",
      idParameter: "secretId",
      policies: true,
      immutable: ["replication"],
      complete: (secret, { project, name, before }) => ({
        ...secret,
        name: name.replace(`projects/${project}/`, `projects/${cloud.projects.number(project)}/`),
        createTime: before?.["createTime"] ?? new Date().toISOString(),
        etag: cloud.identity.fingerprint(),
      }),
      missing: (name) => `Secret [${name}] not found.`,
    },
  ]);
}
