/** What it takes to manage one type of Terraform resource: the API to be enabled, and what the deployer may do. */
export interface Requirement {
  /** API of the project, e.g. `container.googleapis.com`. */
  readonly service: string;
  /** Predefined role that suffices, the narrowest there is. */
  readonly role: string;
  /** Permissions of that role which the resource cannot do without: what `testIamPermissions` is asked for. */
  readonly permissions: readonly string[];
  /** Permissions with which a plan reads it: what a refresh asks for, and nothing else. */
  readonly reads: readonly string[];
}

const COMPUTE = "compute.googleapis.com";
const CONTAINER = "container.googleapis.com";
const IAM = "iam.googleapis.com";
const MONITORING = "monitoring.googleapis.com";
const PROJECTS = "cloudresourcemanager.googleapis.com";

const compute = (noun: string, role = "roles/compute.networkAdmin"): Requirement => ({
  service: COMPUTE,
  role,
  permissions: ["create", "delete", "get"].map((verb) => `compute.${noun}.${verb}`),
  reads: [`compute.${noun}.get`],
});
const monitoring = (noun: string, role: string): Requirement => ({
  service: MONITORING,
  role,
  permissions: ["create", "delete", "update"].map((verb) => `monitoring.${noun}.${verb}`),
  reads: [`monitoring.${noun}.get`],
});
/** Objects within the cluster: GKE asks IAM about them, too, and roles/container.admin holds every one of them. */
const inCluster = (permissions: readonly string[], reads: readonly string[]): Requirement => ({
  service: CONTAINER,
  role: "roles/container.admin",
  permissions: permissions.map((permission) => `container.${permission}`),
  reads: ["clusters.connect", "clusters.get", ...reads].map((permission) => `container.${permission}`),
});
/** An object of one kind, which a plan reads by its name. */
const object = (noun: string, ...verbs: readonly string[]): Requirement =>
  inCluster(
    verbs.map((verb) => `${noun}.${verb}`),
    [`${noun}.get`],
  );

/**
 * By type of resource or data source. Sources: the role and permission reference of each product
 * (https://cloud.google.com/iam/docs/understanding-roles), and the requests that the providers send to the sandbox.
 */
export const REQUIREMENTS: Readonly<Record<string, Requirement>> = {
  google_compute_address: compute("addresses"),
  google_compute_firewall: compute("firewalls", "roles/compute.securityAdmin"),
  google_compute_network: compute("networks"),
  google_compute_router: compute("routers"),
  google_compute_router_nat: {
    service: COMPUTE,
    role: "roles/compute.networkAdmin",
    permissions: ["compute.routers.update"],
    reads: ["compute.routers.get"],
  },
  google_compute_subnetwork: compute("subnetworks"),
  google_container_cluster: {
    ...inCluster(["clusters.create", "clusters.delete", "clusters.get", "clusters.update", "operations.get"], []),
    reads: ["container.clusters.get"],
  },
  google_container_node_pool: {
    ...inCluster(["clusters.get", "clusters.update", "operations.get"], []),
    reads: ["compute.instanceGroupManagers.get", "container.clusters.get"],
  },
  google_monitoring_alert_policy: monitoring("alertPolicies", "roles/monitoring.alertPolicyEditor"),
  google_monitoring_dashboard: monitoring("dashboards", "roles/monitoring.dashboardEditor"),
  google_monitoring_notification_channel: monitoring(
    "notificationChannels",
    "roles/monitoring.notificationChannelEditor",
  ),
  google_project_iam_member: {
    service: PROJECTS,
    role: "roles/resourcemanager.projectIamAdmin",
    permissions: ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"],
    reads: ["resourcemanager.projects.getIamPolicy"],
  },
  google_service_account: {
    service: IAM,
    role: "roles/iam.serviceAccountAdmin",
    permissions: ["iam.serviceAccounts.create", "iam.serviceAccounts.delete", "iam.serviceAccounts.get"],
    reads: ["iam.serviceAccounts.get"],
  },
  // Helm keeps a release in Secrets, one a revision, and finds the newest by listing them.
  helm_release: inCluster(
    ["clusterRoles.create", "customResourceDefinitions.create", "daemonSets.create", "secrets.create"],
    ["secrets.list"],
  ),
  kubernetes_cluster_role_binding_v1: object("clusterRoleBindings", "create", "delete"),
  kubernetes_cluster_role_v1: object("clusterRoles", "bind", "create", "delete"),
  kubernetes_config_map_v1: object("configMaps", "create", "delete"),
  kubernetes_daemon_set_v1: object("daemonSets", "create", "delete", "update"),
  kubernetes_job_v1: object("jobs", "create", "delete"),
  kubernetes_namespace_v1: object("namespaces", "create", "delete"),
  kubernetes_network_policy_v1: object("networkPolicies", "create", "delete"),
  kubernetes_service_account_v1: object("serviceAccounts", "create", "delete"),
  "data.google_container_cluster": {
    ...inCluster(["clusters.get"], []),
    reads: ["container.clusters.get"],
  },
  "data.google_project": {
    service: PROJECTS,
    role: "roles/browser",
    permissions: ["resourcemanager.projects.get"],
    reads: ["resourcemanager.projects.get"],
  },
};

/** To run nodes as an account of one's own is a permission of its own, on that account or on the project. */
export const NODE_ACCOUNT_REQUIREMENT: Requirement = {
  service: IAM,
  role: "roles/iam.serviceAccountUser",
  permissions: ["iam.serviceAccounts.actAs"],
  reads: [],
};

/** Grants that the stacks make: a deployer needs to hand out no other role. */
export const GRANTED_ROLES = [
  "roles/container.defaultNodeServiceAccount",
  "roles/artifactregistry.reader",
  "roles/monitoring.viewer",
] as const;
