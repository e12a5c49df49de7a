/** One recorded plan: what was applied before, and what is planned. */
export interface Golden {
  readonly name: string;
  /** Configurations applied one after the other. */
  readonly applied: readonly unknown[];
  /** Which of them is meant to fail half way. */
  readonly failing?: number;
  /** Terraform commands between the last apply and the plan. */
  readonly commands?: readonly (readonly string[])[];
  readonly planned: unknown;
  readonly arguments?: readonly string[];
  /** Keep variables and configuration, for what they say of secrets. */
  readonly keep?: boolean;
}

type Data = Readonly<Record<string, unknown>>;

function data(resources: Data, more: Data = {}): unknown {
  const block = Object.keys(resources).length > 0 ? { resource: { terraform_data: resources } } : {};
  return { ...block, ...more };
}

const FIRST = { lifecycle: { create_before_destroy: true } };
const VALUES =
  'hubble: &hubble\n  relay: {enabled: true}\nui: *hubble\nlog: "``` </details> <script>alert(1)</script>"\n';

export const GOLDEN: readonly Golden[] = [
  { name: "empty", applied: [data({ a: { input: "x" } })], planned: data({ a: { input: "x" } }) },
  { name: "nothing-at-all", applied: [], planned: {} },
  {
    name: "actions",
    applied: [
      data({
        kept: { input: "x" },
        updated: { input: "x" },
        removed: { input: "x" },
        replaced: { input: "x", triggers_replace: ["a"] },
        first: { input: "x", triggers_replace: ["a"], ...FIRST },
      }),
    ],
    planned: data({
      kept: { input: "x" },
      updated: { input: "y" },
      created: { input: "x" },
      replaced: { input: "x", triggers_replace: ["b"] },
      first: { input: "x", triggers_replace: ["b"], ...FIRST },
    }),
  },
  {
    name: "moved",
    applied: [data({ old: { input: "x" }, older: { input: "x" } })],
    planned: data(
      { fresh: { input: "x" }, fresher: { input: "y" } },
      {
        moved: [
          { from: "terraform_data.old", to: "terraform_data.fresh" },
          { from: "terraform_data.older", to: "terraform_data.fresher" },
        ],
      },
    ),
  },
  {
    name: "repeated",
    applied: [
      data({
        many: { count: 3, input: "x" },
        each: { for_each: { a: "1", b: "2" }, input: "${each.value}" },
        turned: { input: "x" },
      }),
    ],
    planned: data({
      many: { count: 1, input: "x" },
      each: { for_each: { a: "1" }, input: "${each.value}" },
      turned: { count: 1, input: "x" },
    }),
  },
  {
    name: "tainted",
    applied: [data({ a: { input: "x" }, b: { input: "x" } })],
    commands: [["taint", "terraform_data.a"]],
    planned: data({ a: { input: "x" }, b: { input: "x" } }),
    arguments: ["-replace=terraform_data.b"],
  },
  {
    name: "triggered",
    applied: [
      data({
        cause: { input: "x" },
        effect: { input: "x", lifecycle: { replace_triggered_by: ["terraform_data.cause"] } },
      }),
    ],
    planned: data({
      cause: { input: "y" },
      effect: { input: "x", lifecycle: { replace_triggered_by: ["terraform_data.cause"] } },
    }),
  },
  {
    name: "deposed",
    applied: [
      data({ a: { triggers_replace: "1", ...FIRST } }),
      data({ a: { triggers_replace: "2", ...FIRST, provisioner: [{ "local-exec": { command: "exit 1" } }] } }),
    ],
    failing: 1,
    planned: data({ a: { triggers_replace: "2", ...FIRST } }),
  },
  {
    name: "imported",
    applied: [],
    planned: data({ a: {} }, { import: [{ to: "terraform_data.a", id: "11111111-1111-1111-1111-111111111111" }] }),
  },
  {
    name: "forgotten",
    applied: [data({ a: { input: "x" } })],
    planned: data({}, { removed: [{ from: "terraform_data.a", lifecycle: { destroy: false } }] }),
  },
  {
    name: "errored",
    applied: [data({ a: { input: "x" } })],
    planned: data({
      a: { input: "y" },
      b: {
        input: "z",
        lifecycle: { precondition: [{ condition: '${terraform_data.a.input == "x"}', error_message: "a must stay" }] },
      },
    }),
  },
  {
    name: "outputs",
    applied: [data({ a: { input: "x" } })],
    planned: data({ a: { input: "x" } }, { output: { a: { value: "${terraform_data.a.output}" } } }),
  },
  {
    name: "checks",
    applied: [data({ a: { input: "x" } })],
    planned: data(
      { a: { input: "x" } },
      {
        check: {
          reachable: { assert: [{ condition: '${terraform_data.a.input == "y"}', error_message: "a is not y" }] },
        },
      },
    ),
  },
  {
    name: "sensitive",
    applied: [
      data(
        {
          a: {
            input: { list: ["open", "${var.secret}"], map: { key: "${var.secret}", plain: "p" }, all: "${var.secret}" },
          },
        },
        { variable: { secret: { type: "string", sensitive: true, default: "correct horse battery" } } },
      ),
    ],
    planned: data(
      {
        a: { input: { list: ["open", "${var.secret}"], map: { key: "${var.secret}", plain: "q" }, all: "x" } },
        b: { input: { copy: "prefix ${nonsensitive(var.secret)} suffix" } },
      },
      { variable: { secret: { type: "string", sensitive: true, default: "tr0ub4dor and three" } } },
    ),
    keep: true,
  },
  {
    name: "unknown",
    applied: [data({ a: { input: { list: ["x", "y"], name: "n" } }, b: { input: "x", triggers_replace: "1" } })],
    planned: data({
      a: { input: { list: ["x", "${terraform_data.b.id}"], name: "n" } },
      b: { input: "x", triggers_replace: "2" },
    }),
  },
  {
    name: "documents",
    applied: [
      data({
        json: { input: JSON.stringify({ a: { b: 1 }, c: [1, 2] }) },
        yaml: { input: VALUES },
        formatted: { input: '{"a":1,"b":2}' },
        broken: { input: "a: [1\nb: 2\n" },
        script: { input: "#!/bin/sh\nset -e\necho one\necho two\necho three\n" },
      }),
    ],
    planned: data({
      json: { input: JSON.stringify({ a: { b: 2 }, c: [1, 2, 3] }) },
      yaml: { input: VALUES.replace("true", "false") },
      formatted: { input: '{"b":2, "a":1}' },
      broken: { input: "a: [2\nb: 2\n" },
      script: { input: "#!/bin/sh\nset -e\necho one\necho 2\necho three\n" },
    }),
  },
];
