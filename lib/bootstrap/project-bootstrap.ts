import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { Construct } from "constructs";
import { assertNoProblems } from "../validation";
import {
  DEPLOYER_ROLES,
  GRANTING_CONDITION,
  GRANTING_ROLE,
  PREVIEWER_PERMISSIONS,
  PREVIEWER_ROLE_ID,
  SERVICES,
} from "./deployer-roles";
import { GitHubFederation } from "./github-federation";
import { type ProjectBootstrapProps, projectBootstrapProblems } from "./options";

/** Old versions of a state that are kept: a way back from many bad days. */
const KEPT_STATE_VERSIONS = 50;
/** Plans hold the state in the clear, and one that is older than this should be made anew. */
const PLAN_RETENTION_DAYS = 14;

/**
 * What a project needs before its first environment: the APIs, a bucket for the state, and two service accounts, a
 * deployer that may do what the environments need and a previewer that only reads.
 *
 * Whoever applies it is owner of the project, once. Everything later is done as the deployer.
 */
export class ProjectBootstrap extends Construct {
  /** The enabled APIs, by name. They stay enabled when this is destroyed. */
  public readonly services: ReadonlyMap<string, ProjectService>;
  public readonly stateBucket: StorageBucket;
  public readonly planBucket?: StorageBucket;
  /** Address of the account that may make and change environments, and grant no role but those that nodes have. */
  public readonly deployer: string;
  /** Address of the account that may read what a plan reads, and store plans. */
  public readonly previewer: string;
  /** The two accounts, where this project is their home. */
  public readonly accounts?: { readonly deployer: ServiceAccount; readonly previewer: ServiceAccount };
  /** Who may be these accounts from GitHub. */
  public github?: GitHubFederation;

  /** @throws ConfigurationError with every problem of the props. */
  public constructor(scope: Construct, id: string, props: ProjectBootstrapProps) {
    super(scope, id);
    assertNoProblems(this.node.path, projectBootstrapProblems(props));
    const { project } = props;
    this.services = new Map(
      SERVICES.map((service) => [
        service,
        new ProjectService(this, service.replace(/\..*/, ""), { project, service, disableOnDestroy: false }),
      ]),
    );
    this.stateBucket = this.bucket("state", props.stateBucket, props, {
      versioning: { enabled: true },
      lifecycleRule: [{ action: { type: "Delete" }, condition: { numNewerVersions: KEPT_STATE_VERSIONS } }],
      lifecycle: { preventDestroy: true },
    });
    if (props.planBucket !== undefined)
      this.planBucket = this.bucket("plans", props.planBucket, props, {
        lifecycleRule: [{ action: { type: "Delete" }, condition: { age: PLAN_RETENTION_DAYS } }],
        softDeletePolicy: { retentionDurationSeconds: 0 },
      });
    if (props.home === undefined || props.home === project)
      this.accounts = {
        deployer: this.account("deployer", "Deploys environments", project),
        previewer: this.account("previewer", "Plans environments, changes nothing", project),
      };
    this.deployer = this.accounts?.deployer.email ?? addressOf("deployer", props.home ?? project);
    this.previewer = this.accounts?.previewer.email ?? addressOf("previewer", props.home ?? project);
    const deployerRoles = [...new Set([...DEPLOYER_ROLES, ...Object.keys(props.extraDeployerRoles ?? {})])];
    this.grant("deployer", this.deployer, deployerRoles, project);
    this.grant("previewer", this.previewer, Object.keys(props.extraPreviewerRoles ?? {}), project);
    this.grantReading(project);
    this.grantObjects("deployer-state", this.stateBucket, this.deployer, "roles/storage.objectUser");
    this.grantObjects("previewer-state", this.stateBucket, this.previewer, "roles/storage.objectViewer");
    if (this.planBucket !== undefined) {
      this.grantObjects("deployer-plans", this.planBucket, this.deployer, "roles/storage.objectViewer");
      this.grantObjects("previewer-plans", this.planBucket, this.previewer, "roles/storage.objectCreator");
    }
    if (this.accounts !== undefined) this.openAccounts(this.accounts, props);
  }

  private openAccounts(
    { deployer, previewer }: { readonly deployer: ServiceAccount; readonly previewer: ServiceAccount },
    props: ProjectBootstrapProps,
  ): void {
    for (const member of props.deployers ?? [])
      this.impersonate(`deployer-${idOf(member)}`, deployer, member, "roles/iam.serviceAccountTokenCreator");
    if (props.github === undefined) return;
    this.github = new GitHubFederation(this, "github", {
      ...props.github,
      project: props.project,
      dependsOn: [this.enabled("iam")],
    });
    const { pullRequests, environments } = this.github;
    this.impersonate("github-preview", previewer, pullRequests, "roles/iam.workloadIdentityUser");
    for (const [name, members] of environments)
      this.impersonate(`github-apply-${idOf(name)}`, deployer, members, "roles/iam.workloadIdentityUser");
  }

  private bucket(
    id: string,
    name: string,
    { project, location }: ProjectBootstrapProps,
    config: Partial<ConstructorParameters<typeof StorageBucket>[2]>,
  ): StorageBucket {
    return new StorageBucket(this, `${id}-bucket`, {
      name,
      project,
      location,
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      dependsOn: [this.enabled("storage")],
      ...config,
    });
  }

  private account(id: string, displayName: string, project: string): ServiceAccount {
    const dependsOn = [this.enabled("iam")];
    return new ServiceAccount(this, id, { accountId: accountId(id), displayName, project, dependsOn });
  }

  private grant(id: string, account: string, roles: readonly string[], project: string): void {
    for (const role of roles)
      new ProjectIamMember(this, `${id}-${idOf(role.replace("roles/", ""))}`, {
        project,
        role,
        member: `serviceAccount:${account}`,
        dependsOn: [this.enabled("cloudresourcemanager")],
        condition: role === GRANTING_ROLE ? GRANTING_CONDITION : undefined,
      });
  }

  private grantReading(project: string): void {
    const role = new ProjectIamCustomRole(this, "previewer-role", {
      project,
      roleId: PREVIEWER_ROLE_ID,
      title: "Plans environments",
      description:
        "Reads what a plan of the environments reads, Helm's releases in Secrets among it, and changes nothing",
      permissions: [...PREVIEWER_PERMISSIONS],
      dependsOn: [this.enabled("iam")],
    });
    new ProjectIamMember(this, "previewer-reads", {
      project,
      role: role.name,
      member: `serviceAccount:${this.previewer}`,
      dependsOn: [this.enabled("cloudresourcemanager")],
    });
  }

  private grantObjects(id: string, bucket: StorageBucket, account: string, role: string): void {
    new StorageBucketIamMember(this, id, { bucket: bucket.name, role, member: `serviceAccount:${account}` });
  }

  private impersonate(id: string, account: ServiceAccount, member: string, role: string): void {
    new ServiceAccountIamMember(this, id, { serviceAccountId: account.name, role, member });
  }

  private enabled(name: string): ProjectService {
    const service = this.services.get(`${name}.googleapis.com`);
    if (service === undefined) throw new Error(`${name}.googleapis.com is not among the services`);
    return service;
  }
}

function accountId(id: string): string {
  return `gke-cilium-${id}`;
}

function addressOf(id: string, project: string): string {
  return `${accountId(id)}@${project.replace(/^(.*):(.*)$/, "$2.$1")}.iam.gserviceaccount.com`;
}

/** Ids are addresses in the state. */
function idOf(text: string): string {
  return text.replace(/[^A-Za-z0-9-]/g, "-");
}
