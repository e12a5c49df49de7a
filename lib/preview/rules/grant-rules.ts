import { destroys, type ResourceChange } from "../model/changes";
import { asBlocks, isArray, isEmpty, isEqual, isObject, Opaque, type Value } from "../model/value";
import { after, before, eachChange, type Rule, type Verdict } from "./rule";

/** Roles that may do everything, or make themselves those that may. */
const BROAD =
  /^roles\/(owner|editor|iam\.securityAdmin|resourcemanager\.(project|folder)IamAdmin|resourcemanager\.organizationAdmin)$|^(Owner|Contributor|User Access Administrator)$|\/AdministratorAccess$/;

/** Names that stand for whoever asks, in Google's IAM and its older access lists, and in a cluster. */
const EVERYBODY = /^(allUsers|allAuthenticatedUsers|system:(unauthenticated|anonymous|authenticated))$/;

/** The role of a cluster that may do everything. */
const CLUSTER_ADMIN = "cluster-admin";

export const GRANT_RULES: readonly Rule[] = [
  {
    id: "ID5",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A permission is given to everybody, or allows everything",
    consequence:
      "It takes effect within minutes. Whatever it opens to everybody is public to the internet; whoever gets an all-powerful role can take over project or cluster, whatever else they were allowed.",
    remedy: "Give the narrowest role to the one account that needs it, on the one thing that it needs.",
    source:
      "https://cloud.google.com/iam/docs/overview#all-users; https://cloud.google.com/iam/docs/roles-overview#basic; https://cloud.google.com/kubernetes-engine/docs/best-practices/rbac#default-roles-groups",
    check: eachChange([], granted),
  },
];

/** Who may do what. */
interface Grant {
  readonly who: string;
  readonly role: string;
}

function granted(change: ResourceChange): Verdict {
  if (!change.after || (destroys(change) && change.action !== "replace")) return undefined;
  const old = change.before ? grantsOf(change, before) : [];
  const fresh = grantsOf(change, after).filter((grant) => !old.some((other) => isEqual({ ...grant }, { ...other })));
  const open = fresh.filter(({ who }) => EVERYBODY.test(who));
  const broad = fresh.filter(({ role }) => BROAD.test(role) || role === CLUSTER_ADMIN);
  const detail = [...new Set([...open, ...broad])].map(({ who, role }) => `${who} gets ${role}`).join(", ");
  if (detail === "") return undefined;
  return open.length > 0
    ? { detail: `${change.address}: ${detail}`, severity: "critical" }
    : `${change.address}: ${detail}`;
}

type Side = typeof after;

/** What one side of a resource gives; a grant with a condition is as narrow as that says. */
function grantsOf(change: ResourceChange, side: Side): readonly Grant[] {
  const { type } = change;
  const read = (path: string) => text(side(change, path));
  if (/_iam_policy$/.test(type)) return ofPolicy(side(change, "policy_data"));
  if (/_iam_(member|binding)$/.test(type)) {
    if (!isEmpty(side(change, "condition"))) return [];
    const members = side(change, "members");
    const names = isArray(members) ? members.map(text) : [read("member")];
    return names.map((who) => ({ who, role: read("role") }));
  }
  if (/^google_storage_\w*access_control$/.test(type)) return [{ who: read("entity"), role: read("role") }];
  if (/^kubernetes_(cluster_)?role_binding(_v1)?$/.test(type))
    return asBlocks(side(change, "subject")).map((subject) => ({
      who: text(subject["name"]),
      role: read("role_ref.name"),
    }));
  if (type === "aws_s3_bucket_acl" && read("acl").startsWith("public-"))
    return [{ who: "allUsers", role: read("acl") }];
  if (/^aws_iam_\w*policy_attachment$/.test(type))
    return [{ who: read("role") || read("user") || read("group"), role: read("policy_arn") }];
  if (type === "azurerm_role_assignment") return [{ who: read("principal_id"), role: read("role_definition_name") }];
  return [];
}

/** The bindings of a whole policy, where it is known. */
function ofPolicy(data: Value | undefined): readonly Grant[] {
  const policy = parsed(text(data));
  if (!isObject(policy)) return [];
  return asBlocks(policy["bindings"]).flatMap((binding) => {
    const { role, members, condition } = binding;
    if (!isEmpty(condition) || !isArray(members)) return [];
    return members.map((who) => ({ who: text(who), role: text(role) }));
  });
}

function parsed(json: string): Value | undefined {
  try {
    return JSON.parse(json) as Value;
  } catch {
    return undefined;
  }
}

/** A text, or the words for one that only the apply knows. */
function text(value: Value | undefined): string {
  if (value instanceof Opaque) return value.text;
  return typeof value === "string" ? value : "";
}
