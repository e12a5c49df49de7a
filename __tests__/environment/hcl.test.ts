import { renderable, requiredVersion } from "../../lib/environment/hcl";

const resource = (attributes: object) => ({ resource: { a_b: { c: attributes } } });
const after = (attributes: object) => (renderable(resource(attributes)) as ReturnType<typeof resource>).resource.a_b.c;

test.each([
  ["quotes, backslashes and line ends", 'a "b"\\n\n', 'a \\"b\\"\\\\n\\n'],
  ["an interpolation, whose quotes are its own", 'x "${f("a", "}")}" y', 'x \\"${f("a", "}")}\\" y'],
  ["one within one", '${join(",", [for k, v in m : "${k}"])}', '${join(",", [for k, v in m : "${k}"])}'],
  ["what only looks like one", '$${a} "b"', '$${a} \\"b\\"'],
  ["plain text", "europe-west4", "europe-west4"],
])("%s", (_, given, written) => {
  expect(after({ data: { type: "map", isBlock: false, value: { key: given } } })).toMatchObject({
    data: { value: { key: written } },
  });
});

test("text is found in lists, and in blocks within blocks, however their keys are spelt", () => {
  const leaf = (value: unknown) => ({ type: "simple", storageClassType: "string", value });
  const given = {
    values: { type: "list", isBlock: false, value: ['a: "b"'] },
    spec: {
      type: "list",
      isBlock: true,
      value: [{ inner: { type: "list", is_block: true, value: [{ x: leaf('"') }] } }],
    },
  };
  expect(after(given)).toMatchObject({
    values: { value: ['a: \\"b\\"'] },
    spec: { value: [{ inner: { value: [{ x: { value: '\\"' } }] } }] },
  });
});

test("conditions become blocks, and what is ignored becomes references", () => {
  const lifecycle = {
    prevent_destroy: true,
    ignore_changes: ["node_config", "database_encryption[0].state"],
    precondition: [{ condition: '${a == "b"}', error_message: 'say "why"' }],
  };
  const text = (value: string) => ({ type: "simple", storageClassType: "string", value });
  expect(after({ lifecycle })).toEqual({
    lifecycle: {
      isBlock: true,
      type: "object",
      value: {
        prevent_destroy: true,
        ignore_changes: { type: "reference", value: "[node_config, database_encryption[0].state]" },
        precondition: {
          isBlock: true,
          type: "list",
          storageClassType: "object",
          value: [{ condition: text('${a == "b"}'), error_message: text('say \\"why\\"') }],
        },
      },
    },
  });
});

test("Helm's provider gets attributes, other providers their blocks", () => {
  const block = { isBlock: true, type: "struct", value: { host: { type: "simple", value: "${h}" } } };
  const provider = { helm: [{ kubernetes: block }], kubernetes: [{ exec: block }] };
  expect(renderable({ provider })).toEqual({
    provider: { helm: [{ kubernetes: { type: "any", value: { host: "${h}" } } }], kubernetes: [{ exec: block }] },
  });
});

test("the version of Terraform is a block of its own", () => {
  expect(requiredVersion(">= 1.11.0")).toBe('terraform {\n  required_version = ">= 1.11.0"\n}\n');
});
