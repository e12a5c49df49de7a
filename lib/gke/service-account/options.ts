import { isKnown, type Problem } from "../../validation";
import { ACCOUNT_ID, nameProblems } from "../naming";

/** Roles that make the account as dangerous as the one it replaces. */
const TOO_WIDE = ["roles/owner", "roles/editor", "roles/viewer"];

/** What an environment's author says about the service account of the nodes. */
export interface NodeServiceAccountOptions {
  /**
   * Projects, besides the cluster's, whose Artifact Registry the nodes pull images from.
   *
   * @default - none
   */
  readonly imageProjects?: readonly string[];

  /**
   * Further roles in the cluster's project. Pods do not need them: they have accounts of their own through Workload
   * Identity.
   *
   * @default - none
   */
  readonly extraNodeRoles?: readonly string[];
}

/** What {@link NodeServiceAccount} takes. */
export interface NodeServiceAccountProps extends NodeServiceAccountOptions {
  /** Id of the project that owns the account. */
  readonly project: string;

  /** Part of its address before the `@`: 6 to 30 characters. No default: changing it replaces the account. */
  readonly accountId: string;

  /**
   * Name shown in the console.
   *
   * @default "GKE nodes"
   */
  readonly displayName?: string;
}

/** Everything that is wrong with the options of a node service account. */
export function nodeServiceAccountProblems(
  options: NodeServiceAccountOptions & Partial<Pick<NodeServiceAccountProps, "accountId">>,
): Problem[] {
  const problems = nameProblems("accountId", options.accountId, ACCOUNT_ID);
  (options.extraNodeRoles ?? []).forEach((role, index) => {
    if (!isKnown(role)) return;
    const property = `extraNodeRoles[${index}]`;
    if (TOO_WIDE.includes(role)) {
      problems.push({
        property,
        value: role,
        rule: "gives every pod that reaches the node's credentials the whole project",
        remedy: "grant single permissions, best to the workload's own account",
      });
    } else if (!/^(roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[\w.]+$/.test(role)) {
      problems.push({
        property,
        value: role,
        rule: "is not a role",
        remedy: "give a role such as roles/storage.objectViewer",
      });
    }
  });
  return problems;
}
