import { Secrets } from "../../../lib/preview/diff/secrets";
import type { ResourceChange, StackChanges } from "../../../lib/preview/model/changes";
import { readOffline } from "../../../lib/preview/readers/offline";
import { readPlan } from "../../../lib/preview/readers/plan";
import { readTemplate } from "../../../lib/preview/readers/template";
import { renderMarkdown } from "../../../lib/preview/render/markdown";
import fc from "../../support/fast-check";
import { reportOf } from "../support";

type Template = Readonly<Record<string, unknown>>;

function compare(before: Template, after: Template): StackChanges {
  const secrets = new Secrets();
  const read = (template: Template) => readTemplate(structuredClone(template), secrets);
  return readOffline(read(before), read(after), { name: "dev-cluster", dependencies: [], annotations: [], secrets });
}

const actions = (stack: StackChanges) =>
  stack.resources.filter(({ action }) => action !== "no-op").map(({ address, action }) => `${address} ${action}`);
const lines = (changes: readonly ResourceChange[]) =>
  changes.flatMap(({ address, fields }) =>
    fields.map(({ path, before, after }) => `${address} ${path}: ${before} → ${after}`),
  );

/** A template with something of everything. */
const TEMPLATE: Template = {
  "//": { metadata: { version: "0.21.0", stackName: "dev-cluster" } },
  terraform: {
    backend: { gcs: { bucket: "state", prefix: "dev/dev-cluster" } },
    required_providers: { google: { source: "google", version: "6.50.0" } },
    required_version: ">= 1.11.0",
  },
  provider: {
    google: [
      { project: "acme-dev", default_labels: { environment: "dev" } },
      { alias: "other", project: "acme-other" },
    ],
  },
  variable: {
    region: { type: "string", default: "europe-west1" },
    token: { default: "hunter2hunter2", sensitive: true },
  },
  locals: { name: "dev-${var.region}", labels: { a: "b" } },
  data: { google_container_cluster: { c: { name: "dev", location: "${var.region}" } } },
  module: { vpc: { source: "./vpc", name: "x" } },
  output: { id: { value: "${google_compute_network.n.id}" } },
  check: { up: { assert: [{ condition: "${true}", error_message: "no" }] } },
  moved: [{ from: "a_b.c", to: "a_b.d" }],
  ephemeral: { random_password: { p: { length: 8 } } },
  action: { a_b: { run: { config: { x: 1 } } } },
  resource: {
    google_compute_network: {
      n: { "//": { metadata: { path: "dev/n" } }, name: "${local.name}", depends_on: ["terraform_data.x"] },
    },
    google_compute_address: {
      many: { count: 2, name: "ip-${count.index}", region: "${var.region}" },
      each: { for_each: '${toset(["a", "b"])}', name: "${each.key}", region: "x" },
      open: { for_each: "${data.google_container_cluster.c.resource_labels}", name: "${each.key}" },
    },
    google_container_cluster: {
      c: { name: "dev", location: "a", node_locations: ["a", "b"], lifecycle: { prevent_destroy: true } },
    },
    helm_release: { r: { name: "r", chart: "cilium", values: ['{"a":{"b":[]},"c":null}'] } },
    kubernetes_network_policy_v1: {
      p: { metadata: { name: "p" }, spec: { pod_selector: {}, ingress: [{}], policy_types: ["Ingress"] } },
    },
    terraform_data: { x: { input: { a: 1 }, provisioner: [{ "local-exec": { command: "true" } }] } },
  },
};

/** Every place below a value: the steps to it. */
function* places(value: unknown, steps: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (steps.length > 0) yield steps;
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value))
    if (key !== "//") yield* places(child, [...steps, Array.isArray(value) ? Number(key) : key]);
}

function edit(
  template: Template,
  steps: readonly (string | number)[],
  change: (holder: never, key: never) => void,
): Template {
  const copy = structuredClone(template);
  const holder = steps.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy);
  change(holder as never, steps.at(-1) as never);
  return copy;
}

const PLACES = [...places(TEMPLATE)];
const REPLACEMENTS: readonly unknown[] = [
  null,
  [],
  {},
  "",
  "other",
  7,
  true,
  [{}],
  ["x"],
  "${var.region}",
  "${a_b.c.id}",
];
const STACK = { name: "dev-cluster", dependencies: [], directory: ".", annotations: [] };
const EMPTY_PLAN = JSON.stringify({ format_version: "1.2", planned_values: {} });

/** A verdict a reviewer would merge on, in every mode and every output. */
function saysUnchanged(before: Template, after: Template): boolean {
  const secrets = new Secrets();
  const [base, head] = [before, after].map((template) => readTemplate(structuredClone(template), secrets));
  const planned = readPlan(EMPTY_PLAN, "plan", { stack: STACK, secrets, base, head });
  return [compare(before, after), planned].some((stack) => {
    const report = reportOf([stack], { failOn: "never" });
    return report.verdict === "unchanged" || /nothing changes/.test(renderMarkdown(report, {}).slice(0, 300));
  });
}

describe("configurations that differ are never called unchanged", () => {
  test("wherever a value is replaced, taken away or added", () => {
    const place = fc.constantFrom(...PLACES);
    fc.assert(
      fc.property(
        place,
        fc.constantFrom("set", "remove", "add"),
        fc.constantFrom(...REPLACEMENTS),
        (steps, how, value) => {
          const after = edit(TEMPLATE, steps, (holder: Record<string | number, unknown>, key: string | number) => {
            if (how === "set") holder[key] = value;
            else if (how === "add") {
              const target = holder[key];
              if (Array.isArray(target)) target.push(value);
              else if (typeof target === "object" && target !== null)
                (target as Record<string, unknown>)["extra"] = value;
              else holder[key] = value;
            } else if (Array.isArray(holder)) holder.splice(Number(key), 1);
            else delete holder[key];
          });
          fc.pre(JSON.stringify(after) !== JSON.stringify(TEMPLATE));
          const [from, to] = how === "remove" ? [after, TEMPLATE] : [TEMPLATE, after];
          expect(saysUnchanged(from, to)).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("and those that do not differ are: other order of keys, comments, another checkout", () => {
    const reverse = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reverse)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, child]) => [key, reverse(child)]),
            )
          : value;
    expect(saysUnchanged(TEMPLATE, reverse(TEMPLATE) as Template)).toBe(true);
    const local = (path: string) => ({ ...TEMPLATE, "//": path, terraform: { backend: { local: { path } } } });
    expect(saysUnchanged(local("/home/a/terraform.dev.tfstate"), local("/tmp/b/terraform.dev.tfstate"))).toBe(true);
    expect(saysUnchanged(local("../a/terraform.dev.tfstate"), local("../b/terraform.dev.tfstate"))).toBe(false);
  });

  test("a path named local elsewhere is no state, and a comment's sign within a value is no comment", () => {
    const volume = (path: string) => ({
      resource: { kubernetes_persistent_volume_v1: { v: { spec: { local: { path } } } } },
    });
    expect(saysUnchanged(volume("/mnt/a"), volume("/mnt/b"))).toBe(false);
    const map = (text: string) => ({ resource: { kubernetes_config_map_v1: { m: { data: { "//": text } } } } });
    expect(saysUnchanged(map("a"), map("b"))).toBe(false);
  });

  test("a file beside the template", () => {
    const secrets = new Secrets();
    const config = (sum: string) => ({
      ...readTemplate(TEMPLATE, secrets),
      files: new Map([["terraform.tfvars", sum]]),
    });
    const options = { name: "dev-cluster", dependencies: [], annotations: [], secrets };
    expect(actions(readOffline(config("1"), config("2"), options))).toEqual(["file.terraform.tfvars configure"]);
    const plan = readPlan(EMPTY_PLAN, "plan", { stack: STACK, secrets, base: config("1"), head: config("2") });
    expect(actions(plan)).toEqual(["file.terraform.tfvars configure"]);
  });
});

describe("what is no resource", () => {
  const change = (block: string, value: unknown) => compare(TEMPLATE, { ...TEMPLATE, [block]: value });

  test("is shown under its own address, line by line", () => {
    const provider = [
      { project: "acme-prod", default_labels: { environment: "dev" } },
      (TEMPLATE["provider"] as never)["google"][1],
    ];
    expect(lines(change("provider", { google: provider }).resources)).toEqual([
      "provider.google project: acme-dev → acme-prod",
    ]);
    expect(lines(change("output", { id: { value: "x" } }).resources)).toEqual([
      "output.id value: ${google_compute_network.n.id} → x",
    ]);
    expect(lines(change("module", {}).resources).slice(0, 1)).toEqual(["module.vpc source: ./vpc → undefined"]);
    expect(
      lines(change("terraform", { ...(TEMPLATE["terraform"] as object), required_version: ">= 2" }).resources),
    ).toEqual(["terraform.required_version required_version: >= 1.11.0 → >= 2"]);
  });

  test("a data source counts, and so does what only Terraform reads of a resource", () => {
    const data = { google_container_cluster: { c: { name: "prod", location: "${var.region}" } } };
    expect(actions(change("data", data))).toEqual(["data.google_container_cluster.c configure"]);
    const resource = structuredClone(TEMPLATE["resource"]) as Record<string, Record<string, Record<string, unknown>>>;
    resource["terraform_data"]!["x"]!["provisioner"] = [{ "local-exec": { command: "rm -rf /" } }];
    expect(lines(change("resource", resource).resources)).toEqual([
      "terraform_data.x provisioner[0].local-exec.command: true → rm -rf /",
    ]);
  });

  test("the secret of a variable is compared and not shown", () => {
    const { resources } = change("variable", {
      ...(TEMPLATE["variable"] as object),
      token: { default: "correcthorse", sensitive: true },
    });
    expect(lines(resources)).toEqual(["variable.token default: (sensitive value) → (sensitive value)"]);
  });
});

describe("variables, locals and repetition", () => {
  const app = (more: Template) => ({
    variable: { region: { default: "a" } },
    locals: { where: "${var.region}" },
    resource: {
      google_container_cluster: { c: { name: "dev", location: "${local.where}" } },
      google_compute_address: { ip: { for_each: '${toset(["x", "y"])}', name: "${each.key}" } },
    },
    ...more,
  });

  test("are followed to what they decide", () => {
    const { resources } = compare(app({}), app({ variable: { region: { default: "b" } } }));
    expect(lines(resources)).toEqual([
      "google_container_cluster.c location: a → b",
      "variable.region default: a → b",
      // The local is written as before.
    ]);
    expect(resources[0]).toMatchObject({ action: "replace", replacePaths: [["location"]] });
  });

  test("one object of several goes or comes, and the others stay", () => {
    const ip = (each: string) =>
      app({ resource: { google_compute_address: { ip: { for_each: each, name: "${each.key}" } } } });
    const stack = compare(ip('${toset(["x", "y"])}'), ip('${toset(["y", "z"])}'));
    expect(actions(stack)).toEqual([
      'google_compute_address.ip["y"] configure',
      'google_compute_address.ip["z"] create',
      'google_compute_address.ip["x"] delete',
    ]);
    const count = (n: number) =>
      app({ resource: { google_compute_address: { ip: { count: n, name: "ip-${count.index}" } } } });
    expect(actions(compare(count(3), count(1)))).toEqual([
      "google_compute_address.ip[0] configure",
      "google_compute_address.ip[1] delete",
      "google_compute_address.ip[2] delete",
    ]);
  });

  test("count added to one object keeps it, as Terraform does", () => {
    const one = app({ resource: { google_compute_address: { ip: { name: "ip" } } } });
    const many = app({ resource: { google_compute_address: { ip: { count: 1, name: "ip" } } } });
    expect(compare(one, many).resources[0]).toMatchObject({
      address: "google_compute_address.ip[0]",
      previousAddress: "google_compute_address.ip",
    });
    expect(actions(compare(many, one))).toEqual(["google_compute_address.ip configure"]);
  });

  test("where nobody can tell how many, the block stands for them and its expression is compared", () => {
    const open = (each: string) => app({ resource: { google_compute_address: { ip: { for_each: each, name: "x" } } } });
    const stack = compare(open("${data.a_b.c.list}"), open("${data.a_b.d.list}"));
    expect(lines(stack.resources)).toEqual([
      "google_compute_address.ip[*] for_each: ${data.a_b.c.list} → ${data.a_b.d.list}",
    ]);
  });
});

test("labels that a provider spreads update what carries labels, and nothing that overrides them", () => {
  const app = (environment: string) => ({
    provider: { google: [{ default_labels: { environment } }] },
    resource: {
      google_container_cluster: {
        c: { name: "dev", location: "a" },
        own: { name: "x", resource_labels: { environment: "z" } },
      },
      google_compute_network: { n: { name: "n" } },
    },
  });
  const stack = compare(app("dev"), app("qa"));
  expect(actions(stack)).toEqual(["google_container_cluster.c update", "provider.google configure"]);
  expect(stack.resources[0]!.fields).toMatchObject([
    { path: "terraform_labels.environment", before: "dev", after: "qa", note: "from the provider's default_labels" },
  ]);
});

test("create_before_destroy spreads to everything such a resource depends on, whatever stands between", () => {
  const app = (name: string, network: string) => ({
    locals: { cluster: "${google_container_cluster.c.name}" },
    resource: {
      google_compute_network: { n: { name: "n", description: network } },
      google_compute_subnetwork: { s: { name: "s", network: "${google_compute_network.n.id}" } },
      google_container_cluster: { c: { name, location: "a", subnetwork: "${google_compute_subnetwork.s.id}" } },
      google_container_node_pool: {
        p: { name: "p", cluster: "${local.cluster}", lifecycle: { create_before_destroy: true } },
      },
      google_compute_address: { ip: { name, region: "x" } },
    },
  });
  const orders = (stack: StackChanges) =>
    Object.fromEntries(stack.resources.filter(({ order }) => order).map(({ type, order }) => [type.slice(7), order]));
  expect(orders(compare(app("dev", "a"), app("dev", "b")))).toEqual({
    compute_network: "create-first",
    compute_subnetwork: "create-first",
    container_cluster: "create-first",
  });
  // Nothing that is create-first depends on the address.
  expect(orders(compare(app("dev", "a"), app("qa", "a")))).toMatchObject({
    compute_address: "delete-first",
    container_cluster: "create-first",
  });
});

test("replace_triggered_by replaces what names it", () => {
  const app = (input: string) => ({
    resource: {
      terraform_data: { t: { input } },
      google_container_node_pool: { p: { name: "p", lifecycle: { replace_triggered_by: ["terraform_data.t"] } } },
    },
  });
  expect(compare(app("a"), app("b")).resources[1]).toMatchObject({ action: "replace", reason: "replace_by_triggers" });
});

test("a block let go by `removed` is forgotten, one that is imported is taken over", () => {
  const ip = { google_compute_address: { ip: { name: "ip" } } };
  const removed = [{ from: "google_compute_address.ip", lifecycle: { destroy: false } }];
  expect(actions(compare({ resource: ip }, { removed }))).toEqual(["google_compute_address.ip forget"]);
  const imported = { resource: ip, import: [{ to: "google_compute_address.ip", id: "p/r/ip" }] };
  expect(compare({}, imported).resources[0]).toMatchObject({ action: "import", importing: "p/r/ip" });
});
