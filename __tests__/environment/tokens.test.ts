import { ref, Token } from "cdktf";
import { CNI_CHAINING_OPTIONS } from "../../lib/dataplane/cni-chaining";
import { DATAPLANE_V2_OPTIONS } from "../../lib/dataplane/dataplane-v2";
import { KUBE_PROXY_FREE_OPTIONS } from "../../lib/dataplane/kube-proxy-free-options";
import { describeEnvironment } from "../../lib/environment";
import { DEFINITION } from "../../lib/environment/describe";
import { GCS_STATE_OPTIONS } from "../../lib/environment/state-backend";
import { MANAGED_PROMETHEUS_OPTIONS } from "../../lib/monitoring/managed-prometheus/options";
import { PROMETHEUS_MONITORING_OPTIONS } from "../../lib/monitoring/prometheus/options";
import { synthEnvironment } from "../../lib/testing";
import type { Check } from "../../lib/validation";
import { examineToken } from "../../lib/validation/examine";
import { at, definitionOf, pathsOf, TREES, type Tree, withAt } from "../support/fuzz";

/** One line that shows nothing of cdktf's own names for what Terraform decides. */
const MESSAGE = /^\S+: '.+'.* .+; .+$/;

/** What only Terraform knows, in the forms in which cdktf hands it out; each is found in the output by its name. */
const TOKENS = {
  scalar: Token.asString(ref("local.scalar")),
  number: Token.asNumber(ref("local.number")),
  list: Token.asList(ref("local.list")),
  map: Token.asStringMap(ref("local.map")),
  any: Token.asAny(ref("local.any")),
} as const;
type Form = keyof typeof TOKENS;

/** The forms to try where a value of a shape belongs. */
const FORMS: Readonly<Record<NonNullable<Check["shape"]>, readonly Form[]>> = {
  scalar: ["scalar", "any"],
  list: ["list"],
  map: ["map"],
  fields: ["any"],
  any: ["any"],
};

const SMALLEST: Tree = {
  name: "tests",
  project: "acme-tests",
  location: "asia-northeast1",
  network: { nodes: "10.48.0.0/20", pods: "10.52.0.0/14", services: "10.56.0.0/20" },
  dataplane: { kind: "kubeProxyFree", options: {} },
  nodePools: [{ name: "general", minNodes: 3, maxNodes: 9 }],
};

/** Definitions, and the tables of what can be written in them, by where each begins. */
const TABLES: Readonly<Record<string, readonly [tree: Tree, at: readonly string[], table: object]>> = {
  "a definition": [{ ...SMALLEST, policies: { baselines: [{ namespaces: ["shop"] }] } }, [], DEFINITION],
  "kube-proxy-free": [SMALLEST, ["dataplane", "options"], KUBE_PROXY_FREE_OPTIONS],
  "cni-chaining": [
    { ...SMALLEST, dataplane: { kind: "cniChaining", options: {} } },
    ["dataplane", "options"],
    CNI_CHAINING_OPTIONS,
  ],
  "dataplane-v2": [
    { ...SMALLEST, dataplane: { kind: "v2", options: {} } },
    ["dataplane", "options"],
    DATAPLANE_V2_OPTIONS,
  ],
  prometheus: [
    { ...SMALLEST, monitoring: { kind: "prometheus", options: {} } },
    ["monitoring", "options"],
    PROMETHEUS_MONITORING_OPTIONS,
  ],
  "managed-prometheus": [
    { ...SMALLEST, monitoring: { kind: "managedPrometheus", options: {} } },
    ["monitoring", "options"],
    MANAGED_PROMETHEUS_OPTIONS,
  ],
  "state in a bucket": [
    { ...SMALLEST, backend: { kind: "gcs", options: { bucket: "acme-state" } } },
    ["backend", "options"],
    GCS_STATE_OPTIONS,
  ],
};

describe("what only Terraform knows reaches the output, or is told to be needed at synth", () => {
  test.each(Object.keys(TABLES))("at every option of %s", (name) => {
    const [tree, begin, table] = TABLES[name] ?? fail(name);
    const options = optionsOf(table, begin);
    expect(options.length).toBeGreaterThan(1);
    expect(options.flatMap(({ path, forms }) => faults(tree, path, forms))).toEqual([]);
  });

  test.each(Object.keys(TREES))("at every place of the %s definition", (kind) => {
    const tree = TREES[kind] ?? fail(kind);
    expect(pathsOf(tree).flatMap((path) => faults(tree, path, [formOf(at(tree, path))]))).toEqual([]);
  });
});

test("a form that cannot stand in a value's place is told, at every option of every table", () => {
  const misfits = Object.entries(TABLES).flatMap(([name, [, , table]]) =>
    checksOf(table).flatMap(([path, check]) =>
      (Object.keys(TOKENS) as Form[])
        .filter((form) => !fits(check, form) && examineToken(check, TOKENS[form], path).problems.length === 0)
        .map((form) => `${name}, ${path}, ${form}`),
    ),
  );
  expect(misfits).toEqual([]);
});

/** Whatever is no list and no map may be a single value. */
function fits({ shape = "scalar" }: Check, form: Form): boolean {
  return shape === "any" || shape === form || (shape === "scalar" && (form === "number" || form === "any"));
}

function checksOf(parts: object | undefined, at: readonly string[] = []): [path: string, check: Check][] {
  if (parts === undefined) return [];
  if (isCheck(parts)) return checksOf(parts.parts, at);
  return Object.entries(parts as Readonly<Record<string, Check>>).flatMap(([name, check]) => [
    [[...at, name].join("."), check] as [string, Check],
    ...checksOf(check.parts, [...at, name]),
  ]);
}

function faults(tree: Tree, path: readonly string[], forms: readonly Form[]): string[] {
  return forms.flatMap((form) =>
    faultsOf(definitionOf(withAt(tree, path, TOKENS[form])), form).map(
      (fault) => `${path.join(".")}, ${form}: ${fault}`,
    ),
  );
}

function formOf(value: unknown): Form {
  if (typeof value === "number") return "number";
  return Array.isArray(value) ? "list" : typeof value === "object" ? "map" : "scalar";
}

function faultsOf(definition: ReturnType<typeof definitionOf>, form: Form): string[] {
  try {
    const { problems } = describeEnvironment(definition);
    if (problems.length > 0)
      return problems.filter((message) => !MESSAGE.test(message) || /TfToken|Token Value/.test(message));
    const written = JSON.stringify(synthEnvironment(definition));
    return [
      ...(written.includes("TfToken") ? ["is in the output as cdktf names it"] : []),
      ...(written.includes(`local.${form}`) ? [] : ["is not in the output"]),
    ];
  } catch (error) {
    return [String(error)];
  }
}

interface Option {
  readonly path: readonly string[];
  readonly forms: readonly Form[];
}

/** Every option of a table and of the tables below it, with the first item of each list. */
function optionsOf(parts: object | undefined, at: readonly string[]): Option[] {
  if (parts === undefined) return [];
  if (isCheck(parts)) return optionsOf(parts.parts, at);
  return Object.entries(parts as Readonly<Record<string, Check>>).flatMap(
    ([name, { parts: below, shape = "scalar" }]) => [
      { path: [...at, name], forms: FORMS[shape] },
      ...optionsOf(below, [...at, name, ...(shape === "list" ? ["0"] : [])]),
    ],
  );
}

function isCheck(value: object): value is Check {
  return typeof (value as { examine?: unknown }).examine === "function";
}

function fail(name: string): never {
  throw new Error(`there is no ${name}`);
}
