import type { Cloud } from "../cloud";
import { addService } from "../declarative/crud";
import type { Router } from "../http/router";
import { withDefaults } from "../json";

/** `artifactregistry.googleapis.com`: repositories and who may read them. */
export function addArtifactRegistry(router: Router, cloud: Cloud): void {
  const profile = { host: "artifactregistry.googleapis.com", prefix: "/artifactregistry/v1", errors: "plain" } as const;
  addService(router, cloud, profile, [
    {
      template: "/projects/{project}/locations/{location}/repositories",
      listField: "repositories",
      idParameter: "repositoryId",
      operationType: "google.devtools.artifactregistry.v1.Repository",
      policies: true,
      immutable: ["format"],
      complete: (repository, { before }) => {
        const now = new Date().toISOString();
        return {
          ...withDefaults(repository, { mode: "STANDARD_REPOSITORY" }),
          createTime: before?.["createTime"] ?? now,
          updateTime: now,
        };
      },
    },
  ]);
}
