import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import {
  Environment,
  type EnvironmentDefinition,
  environmentsProblems,
  type ProviderVersions,
} from "../../lib/environment";
import { PROVIDER_VERSIONS } from "../../lib/facts/providers/versions";
import { type SynthesizedStack, synthEnvironment, synthStacks } from "../../lib/testing";
import google from "../../node_modules/@cdktf/provider-google/package.json";
import helm from "../../node_modules/@cdktf/provider-helm/package.json";
import kubernetes from "../../node_modules/@cdktf/provider-kubernetes/package.json";
import { definition } from "../support/definition";

type Required = { readonly required_providers: Readonly<Record<string, { readonly version: string }>> };
const required = (stack: SynthesizedStack | undefined) => {
  const { required_providers: providers } = (stack?.terraform ?? { required_providers: {} }) as unknown as Required;
  return Object.fromEntries(Object.entries(providers).map(([name, { version }]) => [name, version]));
};
const pinned = (providers: ProviderVersions, changes: Partial<EnvironmentDefinition> = {}) =>
  synthEnvironment(definition({ providers, ...changes }));
const problems = (providers: unknown) =>
  environmentsProblems([definition({ providers: providers as ProviderVersions })]);

test("the bindings' own versions are used where none is chosen, and the facts have them", () => {
  const bound = { google, helm, kubernetes };
  for (const [name, { cdktf }] of Object.entries(bound))
    expect(cdktf.provider.version).toBe(PROVIDER_VERSIONS[name as keyof typeof bound].bound);
  const stacks = pinned({});
  expect(stacks).toEqual(synthEnvironment(definition()));
  expect(required(stacks["staging-networking"])).toEqual({ google: "6.50.0", helm: "3.1.1", kubernetes: "2.38.0" });
});

test("what is chosen reaches every stack, and no stack gets a provider that it does not use", () => {
  const stacks = pinned({ google: "7.45.0", helm: "3.1.2", kubernetes: "3.2.1" });
  expect(required(stacks["staging-cluster"])).toEqual({ google: "7.45.0" });
  expect(required(stacks["staging-networking"])).toEqual({ google: "7.45.0", helm: "3.1.2", kubernetes: "3.2.1" });
  expect(required(stacks["staging-monitoring"])).toMatchObject({ google: "7.45.0" });
});

test("nothing but the versions changes", () => {
  const without = (stacks: ReturnType<typeof pinned>) =>
    Object.values(stacks).map((stack) => ({
      ...stack,
      terraform: { ...(stack.terraform as object), required_providers: undefined },
    }));
  expect(without(pinned({ google: "7.45.0", kubernetes: "3.2.1" }))).toEqual(without(pinned({})));
});

test("a provider that somebody adds to a stack is pinned too, and a stack's own override keeps its way", () => {
  const stacks = synthStacks((app) => {
    const { cluster, networking } = new Environment(
      app,
      definition({ providers: { google: "7.45.0", helm: "3.1.2" } }),
    );
    new HelmProvider(cluster, "helm", {});
    networking.addOverride("terraform.required_providers.google.version", "~> 7.45");
  });
  expect(required(stacks["staging-cluster"])).toEqual({ google: "7.45.0", helm: "3.1.2" });
  expect(required(stacks["staging-networking"])).toMatchObject({ google: "~> 7.45", helm: "3.1.2" });
});

test.each<[given: unknown, message: RegExp]>([
  [{ google: "~> 7.0" }, /'providers.google' \(~> 7\.0\) is not one version: .*"7\.45\.0"/],
  [{ google: "7" }, /'providers.google' \(7\) is not one version/],
  [{ google: "v7.45.0" }, /is not one version/],
  [{ google: "6.49.3" }, /is older than the 6\.50\.0 that the resources are written for/],
  [{ kubernetes: "2.37.1" }, /is older than the 2\.38\.0/],
  [{ helm: "2.17.0" }, /is older than the 3\.1\.1/],
  [{ google: 7 }, /'providers.google' \(7\) is not text/],
  [{ google: "" }, /'providers.google' \(""\) is not one version/],
  [{ googel: "7.45.0" }, /'providers.googel' .*did you mean google\?/],
  ["7.45.0", /'providers' .*is not an object/],
  [{ google: "${var.google}" }, /Terraform takes no expressions for versions|is not one version/],
])("%j is refused", (given, message) => {
  const told = problems(given);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(message);
});

test("everything wrong is told at once", () => {
  expect(problems({ google: "6.0.0", helm: "three", kubernetes: "^3" })).toHaveLength(3);
});

test("a major that was not tried is told, one that was is not", () => {
  const warnings = (providers: ProviderVersions) => {
    const told: string[] = [];
    synthStacks((app) => {
      const { cluster } = new Environment(app, definition({ providers }));
      told.push(...cluster.node.metadata.filter(({ type }) => type.endsWith("warn")).map(({ data }) => String(data)));
    });
    return told.filter((text) => text.includes("providers."));
  };
  expect(warnings({ google: "8.5.0" })).toEqual([
    expect.stringMatching(/'providers.google' \(8\.5\.0\) is of a major .*\(6 and 7 were\)/),
  ]);
  expect(warnings({ google: "7.99.1", helm: "3.9.0", kubernetes: "3.0.0" })).toEqual([]);
});
