import { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { GitHubOptions } from "./options";

const DEFAULT_POOL_ID = "github";
const ISSUER = "https://token.actions.githubusercontent.com";

export interface GitHubFederationProps extends GitHubOptions {
  /** Id of the project that holds the pool. */
  readonly project: string;

  /**
   * What must be there before the pool, e.g. IAM's API.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Trust in the workflows of one GitHub repository, and of no other: they show the token that GitHub signs for each job,
 * and no key exists that could be lost.
 */
export class GitHubFederation extends Construct {
  public readonly pool: IamWorkloadIdentityPool;
  /** What the workflows name as `workload-identity-provider`. */
  public readonly provider: IamWorkloadIdentityPoolProvider;
  /** Jobs that a pull request started. */
  public readonly pullRequests: string;
  /** Jobs in each of the environments, whose reviewers and branches GitHub enforces. */
  public readonly environments: ReadonlyMap<string, string>;

  public constructor(scope: Construct, id: string, props: GitHubFederationProps) {
    super(scope, id);
    const { project, repositoryId, environments, poolId = DEFAULT_POOL_ID, dependsOn } = props;
    this.pool = new IamWorkloadIdentityPool(this, "pool", {
      project,
      workloadIdentityPoolId: poolId,
      displayName: "GitHub Actions",
      dependsOn: dependsOn && [...dependsOn],
    });
    this.provider = new IamWorkloadIdentityPoolProvider(this, "provider", {
      project,
      workloadIdentityPoolId: this.pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: "platform",
      displayName: "Platform repository",
      attributeMapping: {
        "google.subject": "assertion.sub",
        "attribute.event_name": "assertion.event_name",
        // The claim is absent in jobs without an environment, and no name of a branch can hold a colon.
        "attribute.environment": "assertion.sub.contains(':environment:') ? assertion.environment : 'none'",
      },
      attributeCondition: `assertion.repository_id == "${repositoryId}"`,
      oidc: { issuerUri: ISSUER },
    });
    const members = `principalSet://iam.googleapis.com/${this.pool.name}`;
    this.pullRequests = `${members}/attribute.event_name/pull_request`;
    this.environments = new Map(environments.map((name) => [name, `${members}/attribute.environment/${name}`]));
  }
}
