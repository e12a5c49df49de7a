import {
  bucketName,
  type CheckTable,
  examine,
  listOf,
  nested,
  type Problem,
  projectId,
  recordOf,
  repositoryName,
  required,
  text,
} from "../validation";

/** The GitHub repository whose workflows preview and apply. */
export interface GitHubOptions {
  /** `owner/name`, as it is written in the address of the repository. No default. */
  readonly repository: string;

  /**
   * Number of the repository: `gh api repos/OWNER/NAME --jq .id`. Names can be given to somebody else, numbers never
   * are, so it has no default.
   */
  readonly repositoryId: string;

  /**
   * GitHub environments whose jobs may deploy into this project: apply.yml runs in one of the environment's name. No
   * default: GitHub makes an environment, without reviewers, for any name that a branch's workflow mentions.
   */
  readonly environments: readonly string[];

  /**
   * Id of the workload identity pool: 4 to 32 lower-case letters, digits and dashes. That of a deleted pool stays taken for 30
   * days.
   *
   * @default "github"
   */
  readonly poolId?: string;
}

/** What {@link ProjectBootstrap} takes. */
export interface ProjectBootstrapProps {
  /** Id of the project, which exists and has a billing account. No default: it is what everything else goes into. */
  readonly project: string;

  /** Region or multi-region of the buckets, e.g. `asia-northeast1` or `EU`. No default: a bucket cannot be moved. */
  readonly location: string;

  /** Name of the bucket for Terraform's state. No default: names are global, and changing it loses the state. */
  readonly stateBucket: string;

  /**
   * Name of the bucket in which reviewed plans wait for their apply. They are deleted after 14 days.
   *
   * @default - none: nothing is planned on pull requests, everything is predicted
   */
  readonly planBucket?: string;

  /**
   * Project whose deployer and previewer work in this one, too: where several projects are deployed by one repository,
   * one of them is its home. Its stack must be applied first.
   *
   * @default - this one: it gets accounts of its own
   */
  readonly home?: string;

  /**
   * Who may act as the deployer, in IAM's own form: `user:`, `group:` or `serviceAccount:` and an address.
   *
   * @default - nobody: whoever deploys needs the roles, too
   */
  readonly deployers?: readonly string[];

  /**
   * Lets the workflows of a repository act as the deployer and as the previewer, without any key.
   *
   * @default - none
   */
  readonly github?: GitHubOptions;

  /**
   * Roles of the deployer besides those that the environments of this package need, each with the reason why.
   *
   * @default - none
   */
  readonly extraDeployerRoles?: Readonly<Record<string, string>>;

  /**
   * Roles of the previewer besides the one that is made for it, each with the reason why: resources that are not of this
   * package are read by nobody without. `roles/viewer` reads everything but Secrets.
   *
   * @default - none
   */
  readonly extraPreviewerRoles?: Readonly<Record<string, string>>;
}

const MEMBER = text({
  matches: /^(user|group|serviceAccount):[^\s:@]+@[^\s:@]+$/,
  rule: "is not a member of a policy",
  remedy: "write it as user:ann@example.com, group:platform@example.com or serviceAccount:…",
});
const NUMBER = text({
  matches: /^\d+$/,
  rule: "is not the number of a repository",
  remedy: "take what `gh api repos/OWNER/NAME --jq .id` says",
});
const ENVIRONMENT = text({
  matches: /^[\w.-]+$/,
  rule: "is not the name of an environment",
  remedy: "name it as the environment's definition does, e.g. prod",
});
const POOL = text({
  matches: /^(?!gcp-)[a-z0-9-]{4,32}$/,
  rule: "is not the id of a workload identity pool",
  remedy: "write 4 to 32 lower-case letters, digits and dashes, not beginning with gcp-",
});
const REASON = text({ matches: /\S/, rule: "is no reason", remedy: "say what needs the role" });

const GITHUB: CheckTable<GitHubOptions> = {
  repository: required(repositoryName(), "write it as owner/name"),
  repositoryId: required(NUMBER, "take what `gh api repos/OWNER/NAME --jq .id` says"),
  environments: required(listOf(ENVIRONMENT, { least: 1 }), "name the environments of this project, e.g. ['prod']"),
  poolId: POOL,
};

const TABLE: CheckTable<ProjectBootstrapProps> = {
  project: required(projectId(), "give the id of the project"),
  location: required(text(), "give a region such as asia-northeast1"),
  stateBucket: required(bucketName(), "give a name that nobody else has, e.g. <project>-terraform-state"),
  planBucket: bucketName(),
  home: projectId(),
  deployers: listOf(MEMBER),
  github: nested(GITHUB),
  extraDeployerRoles: recordOf(REASON),
  extraPreviewerRoles: recordOf(REASON),
};

/** Everything that is wrong with the props. */
export function projectBootstrapProblems(props: unknown): Problem[] {
  const { problems, options } = examine<ProjectBootstrapProps>(props, TABLE);
  const found = [...problems];
  if (options.planBucket !== undefined && options.planBucket === options.stateBucket)
    found.push({
      property: "planBucket",
      value: options.planBucket,
      rule: "is the bucket of the state, whose objects must not be deleted after two weeks",
      remedy: "give plans a bucket of their own",
    });
  if (options.home !== undefined && options.home !== options.project)
    for (const property of ["planBucket", "deployers", "github"] as const)
      if (options[property] !== undefined)
        found.push({
          property,
          rule: `belongs to the accounts, which are in the project of 'home' (${options.home})`,
          remedy: "give it there",
        });
  return found;
}
