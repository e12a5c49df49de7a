import { finding, type Planned, planned, predicted, resources, said } from "./crafted";

type Attributes = Readonly<Record<string, unknown>>;
const only = (hits: readonly string[]) => hits.filter((hit) => hit.startsWith("ID6 "));
const plan = (type: string, actions: string, before: Attributes | null, after: Attributes | null) =>
  only(said(planned([[`${type}.x`, actions, before, after] as Planned])));

const BOOLEAN = "google_org_policy_policy";
const PERIMETER = "google_access_context_manager_service_perimeter";
const enforced = (enforce: string) => ({ name: "p", spec: [{ rules: [{ enforce }] }] });

test.each([
  [BOOLEAN, enforced("TRUE")],
  ["google_project_organization_policy", { constraint: "compute.requireOsLogin" }],
  ["google_org_policy_custom_constraint", { name: "custom.noRoutes" }],
  ["google_iam_deny_policy", { name: "no-keys" }],
  [PERIMETER, { name: "data" }],
  ["google_access_context_manager_service_perimeter_resource", { resource: "projects/1" }],
  ["google_access_context_manager_service_perimeter_ingress_policy", { title: "ci" }],
  ["google_binary_authorization_policy", { project: "p" }],
  ["google_resource_manager_lien", { parent: "projects/1" }],
  ["aws_organizations_policy_attachment", { policy_id: "p" }],
  ["aws_s3_account_public_access_block", { block_public_acls: true }],
  ["azurerm_management_lock", { lock_level: "CanNotDelete" }],
])("%s goes", (type, before) => {
  expect(plan(type, "delete", before, null)).toEqual(["ID6 high"]);
  expect(plan(type, "delete,create", before, before)).toEqual(["ID6 high"]);
  expect(only(said(predicted(resources({ [`${type}.x`]: before }), resources({}))))).toEqual(["ID6 high"]);
  expect(plan(type, "create,delete", before, before)).toEqual(["ID6 medium"]);
  expect(plan(type, "create", null, before)).toEqual(["ID6 medium"]);
});

test("what a guardrail enforces changes", () => {
  expect(plan(BOOLEAN, "update", enforced("TRUE"), enforced("FALSE"))).toEqual(["ID6 medium"]);
  const services = (...names: string[]) => ({ title: "data", status: [{ restricted_services: names }] });
  expect(plan(PERIMETER, "update", services("a", "b"), services("a"))).toEqual(["ID6 medium"]);
});

test.each<[what: string, type: string, before: Attributes, after: Attributes]>([
  ["words", PERIMETER, { title: "data", status: [] }, { title: "all data", status: [] }],
  ["a dry run", BOOLEAN, enforced("TRUE"), { ...enforced("TRUE"), dry_run_spec: [{ rules: [{ enforce: "FALSE" }] }] }],
  ["a perimeter's dry run", PERIMETER, { spec: [] }, { spec: [{ restricted_services: ["a"] }] }],
  ["another resource", "google_compute_network", { name: "a" }, { name: "b" }],
])("%s is refused by nobody", (_, type, before, after) => {
  expect(plan(type, "update", before, after)).toEqual([]);
});

test("what is tried only may go", () => {
  expect(plan("google_access_context_manager_service_perimeter_dry_run_resource", "delete", { a: "b" }, null)).toEqual(
    [],
  );
});

test("an exception that goes refuses somebody, a refusal that goes lets somebody in", () => {
  const words = (type: string) => finding("ID6", planned([[`${type}.x`, "delete", { name: "x" }, null]]))!.consequence;
  expect(words("google_access_context_manager_service_perimeter_egress_policy")).toMatch(/is refused within minutes/);
  expect(words("google_access_context_manager_access_level")).toMatch(/is refused within minutes/);
  expect(words("google_access_context_manager_access_levels")).toMatch(/is refused within minutes/);
  expect(words(BOOLEAN)).toMatch(/holds instead/);
  expect(words(PERIMETER)).toMatch(/is allowed from now on/);
  expect(words("google_iam_deny_policy")).toMatch(/is allowed from now on/);
});
