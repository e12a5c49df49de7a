import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformStack, Testing } from "cdktf";
import { synthEnvironment, synthStacks, terraformSerializer } from "../../lib/testing";
import { testApp } from "../support/app";
import { definition } from "../support/definition";

test("an environment comes as three parsed stacks without metadata", () => {
  const stacks = synthEnvironment(definition());
  expect(Object.keys(stacks)).toEqual(["staging-cluster", "staging-monitoring", "staging-networking"]);
  expect(JSON.stringify(stacks)).not.toContain('"//"');
});

test("two runs give the same, whatever directory they ran in", () => {
  expect(synthEnvironment(definition())).toEqual(synthEnvironment(definition()));
});

test("Helm values are the object they spell, braces unescaped", () => {
  const { a } = synthStacks((app) => {
    const stack = new TerraformStack(app, "a");
    new HelmProvider(stack, "helm");
    new Release(stack, "release", {
      name: "x",
      chart: "x",
      values: ['{"key":"$${HOME} %%{if}"}', "plain: yaml", "{broken"],
    });
  });
  expect(a?.resource["helm_release"]?.["release"]?.["values"]).toEqual([
    { key: "${HOME} %{if}" },
    "plain: yaml",
    "{broken",
  ]);
});

test("a definition with problems throws all of them", () => {
  expect(() => synthEnvironment(definition({ project: "X", nodePools: [] }))).toThrow(
    /2 problems:\n.*project.*\n.*nodePools/,
  );
});

describe("the serializer", () => {
  const print = (value: unknown) =>
    terraformSerializer.serialize(value, {}, "", 0, [], (plain) => JSON.stringify(plain));

  test("prints the text of a stack parsed", () => {
    const stack = new TerraformStack(testApp(), "stack");
    new ComputeNetwork(stack, "vpc", { name: "vpc" });
    const text = Testing.synth(stack);
    expect(terraformSerializer.test(text)).toBe(true);
    expect(JSON.parse(print(text))).toMatchObject({ resource: { google_compute_network: { vpc: { name: "vpc" } } } });
  });

  test("masks the versions of providers and not the providers", () => {
    const providers = { google: { source: "google", version: "6.50.0" } };
    expect(terraformSerializer.test(providers)).toBe(true);
    expect(print(providers)).toBe('{"google":{"source":"google","version":"<provider version>"}}');
    expect(terraformSerializer.test(JSON.parse(print(providers)))).toBe(false);
  });

  test.each([["a text"], [{}], [{ google: {} }], [undefined], [3]])("leaves %j alone", (value) => {
    expect(terraformSerializer.test(value)).toBe(false);
  });
});
