import { GRANTED_ROLES, NODE_ACCOUNT_REQUIREMENT, REQUIREMENTS } from "../facts/google/requirements";

/** Hands out roles, and so needs a condition: without one it could make itself owner. */
export const GRANTING_ROLE = "roles/resourcemanager.projectIamAdmin";

/** What a condition says that lets nobody grant anything but the roles that the stacks grant. */
export const GRANTING_CONDITION = {
  title: "only-roles-of-nodes",
  description: "Grants and revokes no other roles than those that the environments give to their nodes and to Grafana",
  expression: `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${GRANTED_ROLES.map((role) => `'${role}'`).join(", ")}])`,
} as const;

/** The APIs that the environments of this package use, and the ones to look them up with. */
export const SERVICES: readonly string[] = [
  ...new Set([
    ...Object.values(REQUIREMENTS).map(({ service }) => service),
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com",
  ]),
].sort();

/** The roles of whoever deploys the environments of this package, in the project. */
export const DEPLOYER_ROLES: readonly string[] = [
  ...new Set([...Object.values(REQUIREMENTS), NODE_ACCOUNT_REQUIREMENT].map(({ role }) => role)),
].sort();

/** The roles of whoever plans: they read, and change nothing. */
export const PREVIEWER_ROLES: readonly string[] = ["roles/container.viewer", "roles/viewer"];
