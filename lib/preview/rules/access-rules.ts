import { destroys, type ResourceChange } from "../model/changes";
import { isArray, isEqual, isObject, Opaque, own, type Value } from "../model/value";
import { after, before, differs, eachChange, type Rule, transition } from "./rule";
import type { Scene } from "./scene";

/** Roles without which nodes or pods stop doing what everybody takes for granted. */
const NODE_ROLES =
  /container\.(defaultNodeServiceAccount|nodeServiceAccount)|logging\.logWriter|monitoring\.(metricWriter|viewer)|stackdriver\.resourceMetadata|artifactregistry\.(reader|writer)|storage\.objectViewer|container\.hostServiceAgentUser|compute\.networkUser|cloudkms\.cryptoKeyEncrypterDecrypter/;

/** Names the Google account that pods with a Kubernetes account act as. */
const IDENTITY = "iam.gke.io/gcp-service-account";

const POOLS = ["google_container_node_pool", "google_container_cluster"];

/** Accounts of clouds, databases and services, and what programs log in to them with. */
const ACCOUNTS =
  /^(google_service_account(_key)?|google_iam_(workload|workforce)\w*_pool(_provider)?|google_(apikeys_key|iap_client|storage_hmac_key)|aws_iam_(role|user|access_key|instance_profile|openid_connect_provider)|azurerm_user_assigned_identity|azuread_(application|service_principal)(_password)?|postgresql_role|vault_\w+_auth_backend_role)$|_(sql|alloydb|database|db|mysql|postgres|postgresql|redis|mongo|kafka|rabbitmq)_user$/;

export const ACCESS_RULES: readonly Rule[] = [
  {
    id: "ID1",
    severity: "high",
    modes: ["plan", "offline"],
    title: "An account, or the way to log in as one, is deleted",
    consequence:
      "Whatever runs as it is refused within minutes: nodes pull no images and report nothing, and pods lose access to the cloud. A new account of the same name has none of the old one's permissions.",
    remedy: "Move its users to another account first. A deleted one can be restored for 30 days.",
    source: "https://cloud.google.com/iam/docs/service-accounts-delete-undelete",
    check: eachChange([], (change, scene) => {
      if (!ACCOUNTS.test(change.type) || !destroys(change)) return undefined;
      const verb = change.action === "delete" ? "deleted" : "replaced";
      const users = usersOf(change, scene);
      const detail = `${change.address} is ${verb}${users.length > 0 ? `, and nodes run as it (${users.join(", ")})` : ""}`;
      return users.length > 0 ? { detail, severity: "critical" } : detail;
    }),
  },
  {
    id: "ID2",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "A permission is taken away",
    consequence:
      "It takes effect within minutes. Nodes without theirs pull no images and write neither logs nor metrics; a workload without its own is refused by the cloud; a pipeline cannot apply what comes next.",
    remedy: "Check in the audit log who used it lately, and grant the narrower role before the wider one goes.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/service-accounts",
    check: eachChange([], permissionLost),
  },
  {
    id: "ID3",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Pods get another identity",
    consequence:
      "Without Workload Identity, or with another pool, pods are no longer who they were to Google Cloud: they are refused, or act with all that the node's own account may do.",
    remedy: "Keep the workload pool and GKE_METADATA; move workloads pool by pool where it has to change.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity",
    check: eachChange([...POOLS, "kubernetes_service_account_v1", "kubernetes_service_account"], (change) => {
      if (!change.before || !change.after) return undefined;
      if (change.type.startsWith("kubernetes_")) return identityLost(change);
      const pool = "workload_identity_config.workload_pool";
      const mode = "node_config.workload_metadata_config.mode";
      if (change.type === "google_container_cluster")
        return before(change, pool) && differs(change, pool)
          ? transition(pool, before(change, pool), after(change, pool))
          : undefined;
      return before(change, mode) === "GKE_METADATA" &&
        after(change, mode) !== "GKE_METADATA" &&
        !(after(change, mode) instanceof Opaque)
        ? transition(mode, before(change, mode), after(change, mode))
        : undefined;
    }),
  },
  {
    id: "ID4",
    severity: "high",
    modes: ["plan", "offline"],
    title: "An API of the project is disabled",
    consequence:
      "Every call to it from this project is refused, and what runs on it may be deleted: with container.googleapis.com no cluster can be managed.",
    remedy: "Set disable_on_destroy = false and apply that, then remove the resource: the API stays on.",
    source: "https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/google_project_service",
    check: eachChange(["google_project_service", "google_project_services"], (change) => {
      if (!destroys(change) || before(change, "disable_on_destroy") === false) return undefined;
      const service = before(change, "service");
      const core = /^(container|compute|iam|iamcredentials|cloudresourcemanager|serviceusage)\.googleapis\.com$/;
      const detail = `${typeof service === "string" ? service : change.address} is switched off`;
      return core.test(String(service)) ? { detail, severity: "critical" } : detail;
    }),
  },
];

/** A Kubernetes account that acted as one of Google's and acts as none or another one now. */
function identityLost(change: ResourceChange): string | undefined {
  const [from, to] = [before, after].map((side) => {
    const annotations = side(change, "metadata.annotations");
    return isObject(annotations) ? own(annotations, IDENTITY) : undefined;
  });
  return from === undefined || isEqual(from, to) ? undefined : transition(IDENTITY, from, to);
}

/** Pools and clusters whose nodes run as a service account, by its address, its mail or its name. */
function usersOf(account: ResourceChange, scene: Scene): readonly string[] {
  const names = ["email", "account_id", "name"]
    .map((path) => before(account, path))
    .filter((name) => typeof name === "string");
  const is = (value: Value | undefined): boolean => {
    if (value instanceof Opaque) return value.text.includes(`${account.type}.${account.name}.`);
    return typeof value === "string" && names.some((name) => value === name || value.startsWith(`${name}@`));
  };
  return scene
    .neighbours(account, ...POOLS)
    .filter((pool) => is(before(pool, "node_config.service_account")))
    .map(({ address }) => address);
}

function permissionLost(change: ResourceChange) {
  const kind = /_iam_(member|binding|policy)$/.exec(change.type)?.[1];
  if (!kind)
    return /_(iam_role_policy_attachment|iam_policy_attachment|role_assignment|role_binding(_v1)?|cluster_role_binding(_v1)?)$/.test(
      change.type,
    ) && destroys(change)
      ? `${change.address} is ${change.action === "delete" ? "deleted" : "replaced"}`
      : undefined;
  const role = before(change, "role") ?? after(change, "role");
  const wide = kind === "policy" || (kind === "binding" && /_(project|organization|folder)_iam_/.test(change.type));
  if (wide && !change.before)
    return {
      detail: `${change.address} decides alone${typeof role === "string" ? ` about ${role}` : ""}`,
      severity: "high" as const,
      consequence:
        "It is authoritative: whoever has the role and is not in its list loses it, Google's own agents among them.",
      remedy: "Use the member variant, which only adds.",
    };
  const lost = kind === "member" ? memberLost(change) : membersLost(change);
  if (lost.length === 0) return undefined;
  const severe = NODE_ROLES.test(String(role)) || /workloadIdentityUser/.test(String(role)) || kind === "policy";
  return {
    detail: `${lost.join(", ")} loses ${typeof role === "string" ? role : "what the policy gave"}`,
    severity: severe ? ("high" as const) : undefined,
  };
}

function memberLost(change: ResourceChange): readonly string[] {
  if (!destroys(change)) return [];
  const same = ["role", "member", "project"].every((path) => isEqual(before(change, path), after(change, path)));
  return change.action === "replace" && same ? [] : [textOf(before(change, "member"), change)];
}

function membersLost(change: ResourceChange): readonly string[] {
  const [old, current] = [before(change, "members"), after(change, "members")];
  if (change.action === "delete" || !isArray(old))
    return change.action === "delete" || destroys(change) ? [change.address] : policyLost(change);
  const kept = isArray(current) ? current : [];
  return old.filter((member) => !kept.some((other) => isEqual(member, other))).map((member) => textOf(member, change));
}

function policyLost(change: ResourceChange): readonly string[] {
  return change.action === "update" && differs(change, "policy_data") ? [change.address] : [];
}

function textOf(value: Value | undefined, change: ResourceChange): string {
  if (value instanceof Opaque) return value.text;
  return typeof value === "string" ? value : change.address;
}
