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

/** Id of the role that is made in the project for whoever plans. */
export const PREVIEWER_ROLE_ID = "gkeCiliumPreviewer";

/**
 * What whoever plans the environments of this package may do in the project, as permissions of a role of its own: no
 * predefined role reads the Secrets in which Helm keeps its releases without changing anything, and `roles/viewer` has
 * six thousand permissions more. It reads **every** Secret of the project's clusters.
 */
export const PREVIEWER_PERMISSIONS: readonly string[] = [
  ...new Set(Object.values(REQUIREMENTS).flatMap(({ reads }) => reads)),
].sort();
