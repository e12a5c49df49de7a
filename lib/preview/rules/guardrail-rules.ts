import { destroys, type ResourceChange } from "../model/changes";
import { eachChange, type Rule, transition, type Verdict } from "./rule";

/** What is set above a project, or about all of it, and refuses what permissions would allow. */
const GUARDRAIL =
  /^(google_org_policy_(policy|custom_constraint)|google_(project_|folder_|)organization_policy|google_iam_deny_policy|google_iam_principal_access_boundary_policy|google_iam_\w+_policy_binding|google_access_context_manager_(access_policy|(service_perimeter|access_level)\w*|egress_policy|ingress_policy|gcp_user_access_binding|authorized_orgs_desc)|google_binary_authorization_policy|google_resource_manager_lien|aws_organizations_policy(_attachment)?|aws_s3_(bucket|account)_public_access_block|azurerm_\w*policy_(assignment|definition|exemption)|azurerm_management_lock)$/;

/** Those that come with rules in favour of somebody: taking one away refuses what it let through. */
const EXCEPTION = /_(in|e)gress_policy$|_access_levels?(_condition)?$|_authorized_orgs_desc$|_policy_exemption$/;

/** Those that say it for one place, in favour of somebody or against, in the stead of what is set above. */
const INHERITED = /_org_policy_policy$|_organization_policy$/;

export const GUARDRAIL_RULES: readonly Rule[] = [
  {
    id: "ID6",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "What is refused to the whole project changes",
    consequence:
      "It holds for everybody within minutes, the pipeline that applies this included: what the new words refuse fails from then on, in this apply and in the next, and what they no longer refuse is open.",
    remedy: "Try it in its dry run first, where it has one, and read what would have been refused.",
    source:
      "https://cloud.google.com/resource-manager/docs/organization-policy/overview; https://cloud.google.com/vpc-service-controls/docs/overview",
    check: eachChange([], guardrail),
  },
];

function guardrail(change: ResourceChange): Verdict {
  if (!GUARDRAIL.test(change.type) || /_dry_run_/.test(change.type)) return undefined;
  if (change.action === "delete") return { detail: `${change.address} is deleted`, severity: "high", ...loss(change) };
  if (destroys(change))
    return change.order === "create-first"
      ? `${change.address} is replaced, the new one first`
      : {
          detail: `${change.address} is replaced`,
          severity: "high",
          consequence: "Between the two nothing of it holds; if the new one cannot be made, it stays like that.",
        };
  if (change.action === "create") return `${change.address} is new`;
  if (change.action !== "update") return undefined;
  const changed = change.fields.filter(
    ({ path, before, after }) => isEnforced(change.type, /^\w*/.exec(path)![0]) && !(isZero(before) && isZero(after)),
  );
  if (changed.length === 0) return undefined;
  return `${change.address}: ${changed.map(({ path, before, after }) => transition(path, before, after)).join("; ")}`;
}

/** What follows where it goes. */
function loss({ type }: ResourceChange): Pick<Rule, "consequence" | "remedy"> {
  if (EXCEPTION.test(type))
    return {
      consequence: "Whoever came in or out by it is refused within minutes: nodes, pods and pipelines alike.",
      remedy: "Look in the audit log for who used it lately.",
    };
  if (INHERITED.test(type))
    return {
      consequence:
        "What folder or organization say holds instead, or Google's default: what this one refused may be allowed from now on, and what it allowed refused.",
      remedy: "Read what is set above it, and keep it where that says something else.",
    };
  return {
    consequence: "Nothing breaks, and nobody notices: what it refused is allowed from now on.",
    remedy: "Keep it, or write down who decided otherwise and why.",
  };
}

/** Providers write zero where nothing was, and the other way round. */
function isZero(text: string | undefined): boolean {
  return text === undefined || text === "false" || text === "0" || text === "";
}

/** Whether somebody may be refused by an attribute; a perimeter's `spec` is its dry run, `status` what holds. */
function isEnforced(type: string, attribute: string): boolean {
  return !WORDS.test(attribute) && !(attribute === "spec" && type.includes("perimeter"));
}

/** What people read, the API counts, or is only tried. */
const WORDS =
  /^(description|display_name|title|etag|update_time|create_time|labels|terraform_labels|effective_labels|dry_run_spec|use_explicit_dry_run_spec)$/;
