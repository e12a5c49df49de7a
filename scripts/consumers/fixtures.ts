import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../deployment/in-sandbox";

/** The environment of every consumer, with types. */
export const ENVIRONMENT = `import { Dataplane, defineEnvironment, Monitoring } from "cdktf-gke-cilium";

export const staging = defineEnvironment({
  name: "staging",
  project: "acme-staging",
  location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  dataplane: Dataplane.kubeProxyFree({ hubble: { relay: true } }),
  nodePools: [{ name: "general", minNodes: 3, maxNodes: 9 }],
  monitoring: Monitoring.prometheus(),
});
`;

/** One without types, of any dataplane. */
export const DEFINITION = `const staging = {
  name: "staging", project: "acme-staging", location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  dataplane: DATAPLANE,
  nodePools: [{ name: "general", minNodes: 3, maxNodes: 9 }],
};`;

/** What somebody imports who declares the same without this package. */
export const PLAIN = [
  "cdktf",
  ...["container-cluster", "container-node-pool", "data-google-container-cluster", "provider"].map(
    (name) => `@cdktf/provider-google/lib/${name}`,
  ),
  "@cdktf/provider-helm/lib/release",
  "@cdktf/provider-kubernetes/lib/daemon-set-v1",
];

/** The same test in the words of each runner. */
export const test = (runner: string, environment: string) => `${runner}
import { environmentMatchers, expectNoReplacements, invalidEnvironments, synthEnvironment } from "cdktf-gke-cilium/testing";
import { environmentsProblems } from "cdktf-gke-cilium";
import { staging } from "${environment}";

expect.extend(environmentMatchers);

test("staging is what was reviewed", () => {
  expect(Object.keys(synthEnvironment(staging))).toEqual(["staging-cluster", "staging-monitoring", "staging-networking"]);
  expect(synthEnvironment(staging)).toMatchSnapshot();
});

test("matchers hold, and fail where they should", () => {
  const more = { ...staging, labels: { team: "network" } };
  expect(staging).toBeSound();
  expect({ ...staging, name: "NO" }).toHaveProblem("'name'");
  expect(() => expect({ ...staging, name: "NO" }).toBeSound()).toThrow("'name'");
  expect(staging).not.toHaveProblem(/./);
  // @ts-expect-error A problem is named.
  expect(() => expect({ ...staging, name: "NO" }).toHaveProblem()).toThrow();
  expect(staging).toLoseNothingBy(more);
  expectNoReplacements(staging, more);
});

test("mistakes are refused", () => {
  for (const { property, spoil } of invalidEnvironments)
    expect(environmentsProblems([spoil(staging)]).join("\\n")).toContain(property);
});
`;

/** How docs/module.md tells a runner's types of the matchers: the first block that has all of these words. */
export function declarations(...words: readonly string[]): string {
  const page = readFileSync(join(ROOT, "docs/module.md"), "utf8");
  const block = [...page.matchAll(/^```(?:ts|typescript)\n(.*?)^```$/gms)].find(([, code = ""]) =>
    words.every((word) => code.includes(word)),
  );
  if (block?.[1] === undefined) throw new Error(`docs/module.md declares nothing for ${words.join(", ")}`);
  return block[1];
}
