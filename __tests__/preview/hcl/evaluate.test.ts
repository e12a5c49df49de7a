import { escapeTemplate, evaluateTemplate } from "../../../lib/preview/hcl/evaluate";
import { Expression, getPath, Sensitive, type Step, type Value } from "../../../lib/preview/model/value";
import fc from "../../support/fast-check";

const known: Readonly<Record<string, Value>> = {
  var: { region: "europe-west1", zones: ["a", "b"], labels: { team: "net" }, on: true, n: 3 },
  local: { secret: new Sensitive("hunter2") },
};
const lookup = (root: string, steps: readonly Step[]) =>
  root in known ? getPath(known[root], steps.join(".")) : undefined;
const evaluate = (text: string) => evaluateTemplate(text, lookup);
const textOf = (value: Value) => (value instanceof Expression ? value.text : value);

describe("what can be worked out", () => {
  test.each<[template: string, value: Value]>([
    ["plain", "plain"],
    ["${var.region}", "europe-west1"],
    ["${var.region}-a", "europe-west1-a"],
    ["$${var.region}", "${var.region}"],
    ['${"$${x}"}', "${x}"],
    ["${var.n}", 3],
    ["${var.n + 1 * 2}", 5],
    ["${-(var.n)}", -3],
    ["${!var.on}", false],
    ['${var.on ? "yes" : "no"}', "yes"],
    ['${var.n > 2 && var.region != "x"}', true],
    ["${var.zones[1]}", "b"],
    ["${var.zones.0}", "a"],
    ['${var.labels["team"]}', "net"],
    ["${[for z in var.zones : upper(z)]}", ["A", "B"]],
    ['${{for k, v in var.labels : v => k if v != ""}}', { net: "team" }],
    ['${merge(var.labels, {"a.b" = 1, c : [true, null]})}', { team: "net", "a.b": 1, c: [true, null] }],
    ['${jsonencode({"a" = var.n})}', '{"a":3}'],
    ['${toset(["x", "y", "x"])}', ["x", "y"]],
    ['${length(concat(var.zones, ["c"]))}', 3],
    ['${join("-", [var.region, "x"])}', "europe-west1-x"],
    ['${format("%s-%d", var.region, 1)}', "europe-west1-1"],
    ['${coalesce(null, "", "z")}', "z"],
    ['${try(var.region, "")}', "europe-west1"],
    ['${alltrue([for k, v in { team = "net", other = "x" } : try(var.labels[k], v) == v])}', true],
    ['${join(", ", [for k, v in { team = "web" } : "${k} (${var.labels[k]})" if var.labels[k] != v])}', "team (net)"],
    ["${anytrue([false, var.on])}", true],
    ["${sort(reverse(var.zones))}", ["a", "b"]],
    ['${lookup(var.labels, "none", "d")}', "d"],
    ['${"a\\tb\\u00e9"}', "a\tbé"],
    ["${false && google_x.y.id}", false],
    ["${var.zones[*]}", ["a", "b"]],
    ["${slice(var.zones, 0, 1)}", ["a"]],
    ["${sum([var.n, 2])}", 5],
    ['${[for p in setproduct(var.zones, ["x"]) : join("-", p)]}', ["a-x", "b-x"]],
    ['${cidrsubnet("10.0.0.0/8", 4, 2)}', "10.32.0.0/12"],
    ['${cidrhost("10.0.0.0/24", 5)}', "10.0.0.5"],
    ['${cidrhost("10.0.0.0/24", -2)}', "10.0.0.254"],
  ])("%s", (template, value) => expect(evaluate(template)).toEqual(value));
});

describe("what only Terraform knows stays, with all that is known filled in", () => {
  test.each<[template: string, text: unknown]>([
    ["${google_x.y.id}", "${google_x.y.id}"],
    ["https://${google_x.y.endpoint}/${var.region}", "https://${google_x.y.endpoint}/europe-west1"],
    ['${coalesce(try(google_x.y.a[0].b, ""), var.region)}', '${coalesce(try(google_x.y.a[0].b, ""), "europe-west1")}'],
    ["${google_x.y.n + var.n}", "${google_x.y.n + 3}"],
    ['${google_x.y.on ? var.region : "b"}', '${google_x.y.on ? "europe-west1" : "b"}'],
    ['${unknown_function("a", var.n)}', '${unknown_function("a", 3)}'],
    ["${google_x.y[*].id}", "${google_x.y[*].id}"],
    ["${broken(", "${broken("],
    ["%{ if true }a%{ endif }", "%{ if true }a%{ endif }"],
    ['${jsonencode({"host" = google_x.y.host, "port" = 443})}', '{"host":"${google_x.y.host}","port":443}'],
    ['${jsonencode({"a" = "$${x} %%{y}", "b" = google_x.y.z})}', '{"a":"$${x} %%{y}","b":"${google_x.y.z}"}'],
  ])("%s", (template, text) => expect(textOf(evaluate(template))).toBe(text));

  test("an object keeps the keys that are known", () => {
    expect(evaluate("${{a = var.n, b = google_x.y.id}}")).toEqual({ a: 3, b: new Expression("${google_x.y.id}") });
  });

  test("a secret is passed on whole, and never becomes part of a text", () => {
    expect(evaluate("${local.secret}")).toBeInstanceOf(Sensitive);
    expect(textOf(evaluate("x-${local.secret}"))).toBe("x-${local.secret}");
    expect(JSON.stringify(evaluate("${jsonencode({p = local.secret, q = upper(local.secret)})}"))).not.toContain(
      "hunter2",
    );
  });
});

test("any text can be given; one that is escaped stands for itself", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      evaluate(`\${${text}}`);
      evaluate(text);
      expect(evaluate(escapeTemplate(text))).toBe(text);
    }),
  );
});

test("neither deep nesting nor loops within loops stop a preview", () => {
  const deep = `\${${"(".repeat(50_000)}1${")".repeat(50_000)}}`;
  const quotes = `\${${'"${'.repeat(5_000)}`;
  const loops = "${[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]}";
  for (const text of [deep, quotes, loops]) expect(textOf(evaluate(text))).toBe(text);
});
