import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import {
  BootstrapStack,
  DEPLOYER_ROLES,
  PREVIEWER_PERMISSIONS,
  type ProjectBootstrapProps,
  SERVICES,
} from "../../lib/bootstrap";
import { synthStacks } from "../../lib/testing";

const PROPS: ProjectBootstrapProps = {
  project: "acme-prod",
  location: "asia-northeast1",
  stateBucket: "acme-prod-state",
};
const ALL: ProjectBootstrapProps = {
  ...PROPS,
  planBucket: "acme-prod-plans",
  deployers: ["group:platform@example.com"],
  github: { repository: "acme/platform", repositoryId: "123456", environments: ["prod"] },
  extraPreviewerRoles: { "roles/cloudsql.viewer": "reads the databases beside the environments" },
  extraDeployerRoles: { "roles/cloudkms.viewer": "reads the key of the nodes' disks" },
};

type Block = Readonly<Record<string, unknown>>;
function synth(props: ProjectBootstrapProps) {
  const stack = synthStacks((app) => new BootstrapStack(app, "bootstrap", props))["bootstrap"];
  if (stack === undefined) throw new Error("no stack was synthesized");
  const all = (type: string): Block[] => Object.values(stack.resource[type] ?? {});
  const named = (type: string, name: string) => all(type).find((block) => block["name"] === name);
  return { stack, all, named };
}

test("the state is versioned, private, and cannot be destroyed", () => {
  const [bucket, ...others] = synth(PROPS).all("google_storage_bucket");
  expect(others).toEqual([]);
  expect(bucket).toMatchObject({
    name: "acme-prod-state",
    versioning: { enabled: true },
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
    lifecycle: { prevent_destroy: true },
  });
  expect(bucket).not.toHaveProperty("force_destroy");
});

test("plans expire and leave nothing behind", () => {
  expect(synth(ALL).named("google_storage_bucket", "acme-prod-plans")).toMatchObject({
    name: "acme-prod-plans",
    lifecycle_rule: [{ action: { type: "Delete" }, condition: { age: 14 } }],
    soft_delete_policy: { retention_duration_seconds: 0 },
  });
});

test("every API that an environment uses is enabled, and stays so", () => {
  const services = synth(PROPS).all("google_project_service");
  expect(services.map(({ service }) => service)).toEqual(SERVICES);
  for (const service of services) expect(service).toMatchObject({ disable_on_destroy: false });
});

test("the deployer has the roles that environments need, and may grant those of nodes only", () => {
  const grants = synth(ALL).all("google_project_iam_member");
  const roles = grants.filter(({ member }) => String(member).includes("deployer")).map(({ role }) => role);
  expect(roles.sort()).toEqual([...DEPLOYER_ROLES, "roles/cloudkms.viewer"].sort());
  for (const { role, condition } of grants) {
    expect(String(role)).not.toMatch(/^roles\/(owner|editor)$/);
    if (role === "roles/resourcemanager.projectIamAdmin")
      expect((condition as Block)["expression"]).toContain(
        "modifiedGrantsByRole', []).hasOnly(['roles/container.default",
      );
    else expect(condition).toBeUndefined();
  }
});

test("the previewer reads the project and the state, and only adds plans", () => {
  const { all } = synth(ALL);
  const rolesOf = (type: string) =>
    all(type)
      .filter(({ member }) => String(member).includes("previewer"))
      .map(({ role }) => role);
  expect(rolesOf("google_project_iam_member")).toEqual([
    "roles/cloudsql.viewer",
    expect.stringMatching(/^\$\{google_project_iam_custom_role\.[^}]+\.name\}$/),
  ]);
  const [role] = all("google_project_iam_custom_role");
  expect(role).toMatchObject({ role_id: "gkeCiliumPreviewer", permissions: PREVIEWER_PERMISSIONS });
  expect(PREVIEWER_PERMISSIONS).toEqual(expect.arrayContaining(["container.secrets.list"]));
  for (const permission of PREVIEWER_PERMISSIONS) expect(permission).toMatch(/\.(?:get|getIamPolicy|list|connect)$/);
  expect(rolesOf("google_storage_bucket_iam_member")).toEqual([
    "roles/storage.objectCreator",
    "roles/storage.objectViewer",
  ]);
});

test("GitHub: pull requests preview, the named environments deploy, and no other repository does either", () => {
  const { all, stack } = synth(ALL);
  expect(all("google_iam_workload_identity_pool_provider")[0]).toMatchObject({
    attribute_condition: 'assertion.repository_id == "123456"',
  });
  const bindings = all("google_service_account_iam_member").map(
    ({ service_account_id: account, member }) =>
      `${/deployer|previewer/.exec(String(account))?.[0]} ${String(member).replace(/.*\}\//, "")}`,
  );
  expect(bindings).toEqual([
    "deployer group:platform@example.com",
    "deployer attribute.environment/prod",
    "previewer attribute.event_name/pull_request",
  ]);
  expect(Object.keys(stack.output)).toContain("workload_identity_provider");
});

test("what needs IAM's API waits until it is enabled", () => {
  const { all } = synth(ALL);
  const types = ["google_service_account", "google_project_iam_custom_role", "google_iam_workload_identity_pool"];
  for (const block of types.flatMap(all))
    expect(block["depends_on"]).toEqual([expect.stringMatching(/^google_project_service\.\w*_iam_/)]);
});

test("a pool whose id is taken can have another", () => {
  const { all } = synth({ ...PROPS, github: { ...ALL.github!, poolId: "github-2" } });
  expect(all("google_iam_workload_identity_pool")).toMatchObject([{ workload_identity_pool_id: "github-2" }]);
  expect(synth(ALL).all("google_iam_workload_identity_pool")).toMatchObject([{ workload_identity_pool_id: "github" }]);
});

test("what was restored is imported by the addresses that the documentation tells", () => {
  const { stack } = synth(ALL);
  const page = readFileSync(join(__dirname, "..", "..", "docs", "first-deployment.md"), "utf8");
  const told = [...page.matchAll(/^terraform import (\w+)\.(\S+) /gm)].map(([, type, name]) => [type, name]);
  const federation = Object.entries(stack.resource)
    .filter(([type]) => type.startsWith("google_iam_workload_identity_pool"))
    .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => [type, name]));
  expect(told).toEqual(federation);
});

test("without GitHub there is no pool", () => {
  const { all, stack } = synth(PROPS);
  expect(all("google_iam_workload_identity_pool")).toEqual([]);
  expect(Object.keys(stack.output).sort()).toEqual(["deployer", "previewer", "state_bucket"]);
});

test.each([
  [{ stateBucket: "gs://a" }, "'stateBucket' (gs://a) is not a bucket name"],
  [{ planBucket: "acme-prod-state" }, "'planBucket' (acme-prod-state) is the bucket of the state"],
  [{ deployers: ["ann@example.com"] }, "'deployers[0]' (ann@example.com) is not a member"],
  [{ project: "Acme" }, "'project' (Acme) is not the id of a project"],
  [
    { github: { repository: "acme/platform", repositoryId: "acme", environments: ["x"] } },
    "'github.repositoryId' (acme)",
  ],
  [{ github: { repository: "acme/platform", repositoryId: "1", environments: [] } }, "'github.environments'"],
  [
    { github: { repository: "acme/platform", repositoryId: "1", environments: ["x"], poolId: "gcp-github" } },
    "'github.poolId' (gcp-github) is not the id of a workload identity pool",
  ],
  [{ stateBuket: "a" }, "'stateBuket' (a) is no option; did you mean stateBucket?"],
])("%j is refused", (wrong, message) => {
  const app = new App({ outdir: "cdktf.out-never", stackTraces: false });
  expect(() => new BootstrapStack(app, "bootstrap", { ...PROPS, ...wrong } as ProjectBootstrapProps)).toThrow(message);
});
