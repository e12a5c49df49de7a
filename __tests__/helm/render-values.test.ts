import { App, Fn, ref, TerraformLocal, TerraformStack, Testing, Token } from "cdktf";
import { type HelmValues, parseKnownValues, renderKnownValues, renderProblems, renderValues } from "../../lib/helm";
import fc from "../support/fast-check";

/** `values` as they stand in cdk.tf.json. */
function synthesized(values: HelmValues): string[] {
  const stack = new TerraformStack(new App(), "test");
  new TerraformLocal(stack, "values", renderValues(values));
  return JSON.parse(Testing.synth(stack)).locals.values;
}

describe("values without tokens", () => {
  test("are one JSON text with sorted keys", () => {
    expect(synthesized({ b: 1, a: { d: [true, null], c: "x" } })).toEqual(['{"a":{"c":"x","d":[true,null]},"b":1}']);
  });

  test("keep ${ and %{ away from Terraform", () => {
    expect(synthesized({ a: "${1} %{if}" })).toEqual(['{"a":"$${1} %%{if}"}']);
  });

  test("come back from the text as they were", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "\\", '"', "\n", "a") }));
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme" }), fc.dictionary(text, text), (value, texts) => {
        const all = JSON.parse(JSON.stringify({ value, texts })) as HelmValues;
        expect(parseKnownValues(renderKnownValues(all))).toEqual(all);
      }),
    );
  });

  test("leave no beginning of a template unescaped", () => {
    // Terraform itself was asked: applied, all texts of $, % and { up to six characters came back as they were.
    const text = fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "a"), maxLength: 12 });
    fc.assert(
      fc.property(text, (value) => {
        const rendered = renderKnownValues({ value });
        expect(rendered).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
      }),
    );
  });

  test("escape what YAML would refuse or fold into a space", () => {
    expect(renderKnownValues({ a: "\u0085\u2028\u007f\ufeff é" })).toBe('{"a":"\\u0085\\u2028\\u007f\\ufeff é"}');
  });

  test("drop keys whose value is undefined", () => {
    expect(synthesized({ a: undefined, b: { c: undefined } })).toEqual(['{"b":{}}']);
  });
});

describe("values with tokens", () => {
  const endpoint = Token.asString(ref("data.google_container_cluster.c.endpoint"));

  test("go in an entry of their own, merged over the known ones", () => {
    const rendered = synthesized({ k8sServiceHost: endpoint, k8sServicePort: 443, operator: { replicas: 2 } });
    expect(rendered).toEqual([
      '{"k8sServicePort":443,"operator":{"replicas":2}}',
      '${jsonencode({"k8sServiceHost" = data.google_container_cluster.c.endpoint})}',
    ]);
  });

  test("keep booleans, numbers and lists what they are", () => {
    const rendered = synthesized({
      flag: Token.asAny(ref("var.flag")),
      count: Token.asNumber(ref("var.count")),
      list: Token.asList(ref("var.list")),
      known: { deep: 1, token: endpoint },
    });
    expect(rendered).toEqual([
      '{"known":{"deep":1}}',
      '${jsonencode({"flag" = var.flag, "count" = var.count, "list" = var.list, "known" = {"token" = data.google_container_cluster.c.endpoint}})}',
    ]);
  });

  test("take the whole list along, because Helm replaces lists", () => {
    const rendered = synthesized({ hosts: ["a", endpoint], ports: [1] });
    expect(rendered[0]).toBe('{"ports":[1]}');
    expect(rendered[1]).toContain('"hosts" = ["a", data.google_container_cluster.c.endpoint]');
  });

  test("may stand inside a text", () => {
    expect(synthesized({ url: `https://${endpoint}:443/` })[1]).toContain(
      '"https://${data.google_container_cluster.c.endpoint}:443/"',
    );
  });
});

describe("renderProblems", () => {
  const token = Token.asString(ref("var.x"));

  test.each<[string, HelmValues]>([
    ["a quote", { a: { b: `say "${token}"` } }],
    ["a backslash", { a: { b: `c:\\${token}` } }],
    ["an interpolation", { a: { b: `\${x}-${token}` } }],
    ["a template directive", { a: { b: `%{if}${token}` } }],
    ["a quote in another item of the list", { a: { b: ['"', token] } }],
    ["a quote in a key of the list's maps", { a: { b: [{ 'x"': 1, y: token }] } }],
  ])("refuses %s beside a token", (_what, values) => {
    const problems = renderProblems(values, "values");
    expect(problems).toHaveLength(1);
    expect(problems[0]?.property).toMatch(/^values\.a\.b/);
  });

  test("refuses a token for a key", () => {
    expect(renderProblems({ a: { [token]: 1 } }, "values").map(({ property }) => property)).toEqual(["values.a"]);
  });

  test("takes quotes wherever no token is near", () => {
    expect(renderProblems({ a: 'say "hi" \\ %{', b: token, c: ["${x}"], d: { e: token, f: '"' } }, "values")).toEqual(
      [],
    );
  });

  test("takes a reference to a local, which can hold such a text", () => {
    const local = new TerraformLocal(new TerraformStack(new App(), "test"), "text", `say "${token}"`);
    expect(renderProblems({ a: local.asString, b: Fn.upper(local.asString) }, "values")).toEqual([]);
  });
});
