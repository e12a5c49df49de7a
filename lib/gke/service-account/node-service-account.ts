import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { assertSound, examine } from "../../validation";
import { NODE_SERVICE_ACCOUNT_PROPS, type NodeServiceAccountProps } from "./options";

/**
 * All a node needs: logs, metrics, autoscaling metrics.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa
 */
const NODE_ROLE = "roles/container.defaultNodeServiceAccount";
/** Pulling images from Artifact Registry, which the role above leaves out. */
const IMAGE_ROLE = "roles/artifactregistry.reader";

/**
 * A service account that can do what a node must and nothing else, in place of the Compute Engine default account, which
 * often is an editor of the whole project.
 */
export class NodeServiceAccount extends Construct {
  public readonly serviceAccount: ServiceAccount;
  /** Its grants, by role and project. */
  public readonly members: readonly ProjectIamMember[];
  /** Its address. */
  public readonly email: string;
  /** What must exist before a node can log, measure and pull images. */
  public readonly ready: readonly ITerraformDependable[];

  /** @throws ConfigurationError with every problem of the props. */
  public constructor(scope: Construct, id: string, props: NodeServiceAccountProps) {
    super(scope, id);
    assertSound(this.node.path, props, () => examine(props, NODE_SERVICE_ACCOUNT_PROPS).problems);

    this.serviceAccount = new ServiceAccount(this, "Default", {
      accountId: props.accountId,
      project: props.project,
      displayName: props.displayName ?? "GKE nodes",
    });
    this.email = this.serviceAccount.email;
    const grants = [
      [NODE_ROLE, props.project],
      ...[props.project, ...(props.imageProjects ?? [])].map((project) => [IMAGE_ROLE, project]),
      ...(props.extraNodeRoles ?? []).map((role) => [role, props.project]),
    ] as [string, string][];
    this.members = unique(grants).map(
      ([role, project]) =>
        new ProjectIamMember(this, memberId(role, project === props.project ? undefined : project), {
          project,
          role,
          member: this.serviceAccount.member,
        }),
    );
    this.ready = this.members;
  }
}

function unique(grants: readonly [string, string][]): [string, string][] {
  return [...new Map(grants.map((grant) => [grant.join(" "), grant])).values()];
}

/** Ids are addresses in the state: they name the grant, so that adding one never moves another. */
function memberId(role: string, project: string | undefined): string {
  return [role.replace(/^roles\//, ""), project]
    .filter(Boolean)
    .join("-")
    .replace(/[^A-Za-z0-9_-]/g, "-");
}
