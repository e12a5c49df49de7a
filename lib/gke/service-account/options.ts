import {
  type CheckTable,
  decided,
  examine,
  listOf,
  type Problem,
  required,
  text,
  textJudgedBy,
} from "../../validation";
import { name, projectId, projectReference } from "../checks";
import { ACCOUNT_ID } from "../naming";

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

const ROLE = /^(roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[\w.]+$/;

const role = textJudgedBy((value, property) => {
  if (TOO_WIDE.includes(value))
    return [
      {
        property,
        value,
        rule: "gives every pod that reaches the node's credentials the whole project",
        remedy: "grant single permissions, best to the workload's own account",
      },
    ];
  if (ROLE.test(value)) return [];
  return [{ property, value, rule: "is not a role", remedy: "give a role such as roles/storage.objectViewer" }];
}, "give a role such as roles/storage.objectViewer");

/** The checks of these options, each by itself. Each of them becomes a grant with a name in the state. */
export const NODE_SERVICE_ACCOUNT_OPTIONS: CheckTable<NodeServiceAccountOptions> = {
  imageProjects: decided(listOf(decided(projectReference))),
  extraNodeRoles: decided(listOf(decided(role))),
};

/** The checks of a node service account's props. */
export const NODE_SERVICE_ACCOUNT_PROPS: CheckTable<NodeServiceAccountProps> = {
  ...NODE_SERVICE_ACCOUNT_OPTIONS,
  project: required(projectId, "give the id of the project that owns the account"),
  accountId: required(name(ACCOUNT_ID), "give the part of its address before the @"),
  displayName: text(),
};

/** Everything that is wrong with the options of a node service account. */
export function nodeServiceAccountProblems(
  given: NodeServiceAccountOptions & Partial<Pick<NodeServiceAccountProps, "accountId">>,
): Problem[] {
  return [...examine(given, { ...NODE_SERVICE_ACCOUNT_OPTIONS, accountId: name(ACCOUNT_ID) }).problems];
}
