import { ApiError, errorInfo } from "../http/errors";
import { stringOf } from "../json";
import type { Identity } from "../state/identity";
import type { Store } from "../state/store";

/** Full resource name of a project. */
export function projectName(project: string): string {
  return `//cloudresourcemanager.googleapis.com/projects/${project}`;
}

/** Full resource name of a service in a project; it exists where the service is enabled. */
export function enabledServiceName(project: string, service: string): string {
  return `//serviceusage.googleapis.com/projects/${project}/services/${service}`;
}

/** Services that the simulator answers for; a new project has them enabled unless told otherwise. */
export const SIMULATED_SERVICES: readonly string[] = [
  "artifactregistry.googleapis.com",
  "binaryauthorization.googleapis.com",
  "cloudbilling.googleapis.com",
  "cloudkms.googleapis.com",
  "cloudresourcemanager.googleapis.com",
  "compute.googleapis.com",
  "container.googleapis.com",
  "gkebackup.googleapis.com",
  "gkehub.googleapis.com",
  "iam.googleapis.com",
  "monitoring.googleapis.com",
  "pubsub.googleapis.com",
  "secretmanager.googleapis.com",
  "serviceusage.googleapis.com",
  "storage.googleapis.com",
];

/** Services that work in a project whatever is enabled there. */
const ALWAYS_ON = new Set([
  "cloudresourcemanager.googleapis.com",
  "serviceusage.googleapis.com",
  "storage.googleapis.com",
]);

/** A project to begin with. */
export interface ProjectOptions {
  /** Project id, e.g. `acme-staging`. */
  readonly id: string;
  /** Project number, 12 digits. @default made up */
  readonly number?: string;
  /** Services that are enabled. @default all that are simulated */
  readonly services?: readonly string[];
}

/** The projects that exist. */
export class Projects {
  public constructor(
    private readonly store: Store,
    private readonly identity: Identity,
  ) {}

  /** Creates a project; does nothing where it exists. */
  public create(options: ProjectOptions): void {
    const name = projectName(options.id);
    if (this.store.has(name)) return;
    this.store.put(name, {
      projectId: options.id,
      projectNumber: options.number ?? this.identity.id().slice(0, 12),
      name: options.id,
      lifecycleState: "ACTIVE",
      createTime: new Date().toISOString(),
    });
    for (const service of options.services ?? SIMULATED_SERVICES) this.enable(options.id, service);
  }

  public list(): string[] {
    return this.store.children(projectName("")).map(([, project]) => stringOf(project["projectId"]) ?? "");
  }

  /** The id of a project given by id or number; `undefined` where there is none. */
  public find(idOrNumber: string): string | undefined {
    if (this.store.has(projectName(idOrNumber))) return idOrNumber;
    if (!/^\d+$/.test(idOrNumber)) return undefined;
    return this.list().find((id) => this.number(id) === idOrNumber);
  }

  public number(project: string): string {
    return stringOf(this.store.get(projectName(project))?.["projectNumber"]) ?? "0";
  }

  public enable(project: string, service: string): void {
    this.store.put(enabledServiceName(project, service), { state: "ENABLED" });
  }

  public disable(project: string, service: string): void {
    this.store.delete(enabledServiceName(project, service));
  }

  public isEnabled(project: string, service: string): boolean {
    return this.store.has(enabledServiceName(project, service));
  }

  public enabledServices(project: string): string[] {
    const prefix = enabledServiceName(project, "");
    return this.store
      .names(prefix)
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  /**
   * The id of the project that a request to a service is about.
   *
   * @throws ApiError 403 where the project does not exist (Google does not tell "unknown" from "not yours") or the
   * service is not enabled there.
   */
  public require(idOrNumber: string, service: string): string {
    const project = this.find(idOrNumber);
    if (project === undefined) {
      throw new ApiError(403, `Permission denied on resource project ${idOrNumber}.`, {
        details: [errorInfo("CONSUMER_INVALID", "googleapis.com", { service, consumer: `projects/${idOrNumber}` })],
      });
    }
    if (!ALWAYS_ON.has(service) && !this.isEnabled(project, service)) {
      const number = this.number(project);
      throw new ApiError(
        403,
        `${service} has not been used in project ${number} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${service}/overview?project=${number} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
        {
          reason: "accessNotConfigured",
          details: [errorInfo("SERVICE_DISABLED", "googleapis.com", { service, consumer: `projects/${number}` })],
        },
      );
    }
    return project;
  }
}
