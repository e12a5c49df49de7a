import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProviderSchema } from "../../../lib/facts/providers/schema";
import { Secrets } from "../../../lib/preview/diff/secrets";
import { readOffline } from "../../../lib/preview/readers/offline";
import { readTemplate } from "../../../lib/preview/readers/template";
import { run } from "../../../lib/preview/run/process";
import { Planner } from "../record/plan";
import { CHANGES, WHOLE_CHANGES } from "./attribute-changes";
import { type Checks, NotRun, need, succeed } from "./harness";

interface Block {
  readonly attributes?: Readonly<
    Record<
      string,
      {
        readonly optional?: boolean;
        readonly computed?: boolean;
        readonly sensitive?: boolean;
        readonly nested_type?: Block;
      }
    >
  >;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

/** Holds the tables of what forces a replacement against the pinned providers themselves. */
export async function checkProviderSchema(checks: Checks): Promise<void> {
  await checks.group("the tables against the pinned providers", async (scratch) => {
    await need("terraform", ["version"], "install Terraform 1.11 or later");
    const { versions } = ProviderSchema.load();
    const requirements = Object.fromEntries(
      Object.entries(versions).map(([name, version]) => [name, { source: `hashicorp/${name}`, version }]),
    );
    writeFileSync(join(scratch, "main.tf.json"), JSON.stringify({ terraform: { required_providers: requirements } }));
    const { code, stderr } = await run("terraform", ["init", "-input=false", "-no-color"], {
      cwd: scratch,
      env: { CHECKPOINT_DISABLE: "1" },
    });
    if (code !== 0)
      throw new NotRun(
        `terraform init finds no providers google, helm and kubernetes (${stderr.trim().split("\n")[0]}); see the registry or a mirror of yours`,
      );
    const json = await succeed("terraform", ["providers", "schema", "-json"], scratch);
    const { provider_schemas: schemas } = JSON.parse(json) as {
      provider_schemas: Record<string, { resource_schemas: Record<string, { block: Block }> }>;
    };
    const blocks = new Map(
      Object.values(schemas).flatMap(({ resource_schemas: types }) =>
        Object.entries(types).map(([type, { block }]) => [type, block] as const),
      ),
    );
    attributes(checks, blocks);
    sensitive(checks, blocks);
    await replacements(checks, scratch, requirements);
  });
}

function attributes(checks: Checks, blocks: ReadonlyMap<string, Block>): void {
  const schema = ProviderSchema.load();
  const wrong: string[] = [];
  let compared = 0;
  for (const type of schema.types) {
    const block = blocks.get(type);
    if (!block) {
      wrong.push(`${type} is no type of the providers`);
      continue;
    }
    const real = new Map(walk(block));
    for (const path of schema.replacingPaths(type)) {
      compared++;
      if (!real.has(path)) wrong.push(`${type}.${path} is no attribute`);
    }
    for (const [path, attribute] of real) {
      const tabled = schema.attribute(type, path);
      const kept = attribute.computed === true && attribute.optional === true;
      const output = attribute.computed === true && attribute.optional !== true;
      if (attribute.block || path === "id") continue;
      compared++;
      // Attributes within an output block are outputs whatever they are marked as.
      const under = path
        .split(".")
        .slice(1)
        .some(
          (_, i, all) =>
            schema.attribute(
              type,
              path
                .split(".")
                .slice(0, all.length - i)
                .join("."),
            ).output,
        );
      if (tabled.keptByProvider !== kept || (tabled.output !== output && !under))
        wrong.push(`${type}.${path}: computed or optional differs`);
    }
  }
  checks.holds(
    `${schema.types.length} resource types, ${compared} attributes: all exist and are optional or computed as tabled`,
    wrong.length === 0,
    wrong.slice(0, 30).join("\n"),
  );
}

function sensitive(checks: Checks, blocks: ReadonlyMap<string, Block>): void {
  const schema = ProviderSchema.load();
  const missing: string[] = [];
  let found = 0;
  for (const [type, block] of blocks) {
    for (const [path, attribute] of walk(block)) {
      if (!attribute.sensitive) continue;
      found++;
      if (!schema.isSensitive(type, path)) missing.push(`${type}.${path}`);
    }
  }
  checks.holds(
    `all ${found} sensitive attributes of ${blocks.size} types are masked offline`,
    missing.length === 0,
    missing.join("\n"),
  );
}

/** One plan in which each resource differs in one attribute: the provider itself says which of them force a replacement. */
async function replacements(checks: Checks, scratch: string, requirements: object): Promise<void> {
  const planner = new Planner("http://127.0.0.1:1/");
  const template = (resource: object) => ({
    terraform: {
      required_providers: requirements,
      backend: { local: { path: "state.tfstate" } },
    },
    provider: { google: [{ project: "acme-dev" }], kubernetes: [{ host: "https://127.0.0.1:1" }] },
    resource,
  });
  const resources = (change: boolean) => {
    const types: Record<string, Record<string, unknown>> = {};
    for (const all of [CHANGES, WHOLE_CHANGES]) {
      for (const [type, base, changes] of all) {
        for (const [path, value] of Object.entries(changes)) {
          const name = all === CHANGES ? nameOf(path) : `whole-${nameOf(path)}`;
          types[type] = { ...types[type], [name]: change ? assign(base, path.split("."), value) : base };
        }
      }
    }
    return types;
  };
  const [before, after] = [join(scratch, "before"), join(scratch, "after")];
  const state = join(scratch, "crafted.tfstate");
  planner.prepare(before, template(resources(false)));
  planner.writeState(state, await planner.plan(before));
  planner.prepare(after, template(resources(true)), state);
  const plan = (await planner.plan(after)) as { resource_changes: { address: string; change: PlannedChange }[] };
  const planned = new Map(plan.resource_changes.map(({ address, change }) => [address, change]));
  foretold(checks, template(resources(false)), template(resources(true)), planned);
  for (const [type, , changes] of CHANGES) {
    const wrong: string[] = [];
    let forced = 0;
    for (const path of Object.keys(changes)) {
      const change = planned.get(`${type}.${nameOf(path)}`);
      const named = (change?.replace_paths ?? []).map((steps) =>
        steps.filter((step) => typeof step === "string").join("."),
      );
      const tabled = ProviderSchema.load().attribute(type, path).forcesReplacement;
      if (named.includes(path)) forced++;
      if (!change || named.includes(path) !== tabled)
        wrong.push(`${type}.${path}: the provider says ${change && named.includes(path)}, the table ${tabled}`);
    }
    checks.holds(
      `${type}: ${Object.keys(changes).length} attributes changed one by one, ${forced} of them by replacement, all as tabled`,
      wrong.length === 0,
      wrong.join("\n"),
    );
  }
}

interface PlannedChange {
  readonly actions: readonly string[];
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

/** The same pair of configurations without a plan: what is said to be replaced is what the providers replace. */
function foretold(checks: Checks, base: object, head: object, planned: ReadonlyMap<string, PlannedChange>): void {
  const secrets = new Secrets();
  const [from, to] = [base, head].map((template) => readTemplate(structuredClone(template) as never, secrets));
  const { resources } = readOffline(from, to, { name: "dev-cluster", dependencies: [], annotations: [], secrets });
  const managed = resources.filter(({ kind }) => kind === "managed");
  const wrong = managed.filter(
    ({ address, action }) => (action === "replace") !== (planned.get(address)?.actions.length === 2),
  );
  checks.holds(
    `${managed.length} changes are told from replacements without a plan as they are with one`,
    wrong.length === 0,
    wrong.map(({ address, action }) => `${address}: predicted ${action}`).join("\n"),
  );
}

function nameOf(path: string): string {
  return path.replaceAll(".", "-");
}

function assign(
  base: Readonly<Record<string, unknown>>,
  [step = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = (base[step] ?? {}) as Record<string, unknown>;
  return { ...base, [step]: rest.length > 0 ? assign(inner, rest, value) : value };
}

function* walk(
  block: Block,
  prefix = "",
): Generator<[string, { optional?: boolean; computed?: boolean; sensitive?: boolean; block?: boolean }]> {
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    yield [prefix + name, attribute];
    if (attribute.nested_type) yield* walk(attribute.nested_type, `${prefix}${name}.`);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    yield [prefix + name, { block: true }];
    yield* walk(nested.block, `${prefix}${name}.`);
  }
}
