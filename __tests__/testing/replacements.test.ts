import type { App } from "cdktf";
import { Dataplane } from "../../lib/dataplane";
import { Environment } from "../../lib/environment";
import { environmentMatchers, expectNoReplacements, replacementsBetween } from "../../lib/testing";
import { previewOf } from "../../lib/testing/preview-of";
import { definition } from "../support/definition";

const pool = { name: "general", minNodes: 3, maxNodes: 9 };
const before = definition({ nodePools: [pool] });

test("a change in place loses nothing", () => {
  const after = { ...before, nodePools: [{ ...pool, maxNodes: 12 }], labels: { team: "network" } };
  expect(replacementsBetween(before, after)).toEqual([]);
  expect(() => expectNoReplacements(before, after)).not.toThrow();
  expect(previewOf(before, after).stacks.some(({ counts }) => counts.update > 0)).toBe(true);
});

test("another pool is one that is lost, with the reason", () => {
  const after = { ...before, nodePools: [{ ...pool, spot: true }] };
  const [lost, ...others] = replacementsBetween(before, after);
  expect(others).toEqual([]);
  expect(lost).toMatch(/^staging-cluster: google_container_node_pool\.node-pool-general is replaced: /);
  expect(() => expectNoReplacements(before, after)).toThrow(/^the change loses 1:\n {2}staging-cluster/);
});

test("an environment that goes away is lost, whatever it is built with", () => {
  const both = (app: App) => {
    new Environment(app, before);
    new Environment(
      app,
      definition({
        name: "second",
        network: { nodes: "10.32.0.0/20", pods: "10.36.0.0/14", services: "10.40.0.0/20" },
      }),
    );
  };
  const lost = replacementsBetween(both, before);
  expect(lost).toEqual(
    ["cluster", "networking", "monitoring"].map(
      (layer) => `second-${layer} is no longer synthesized: what it made stays, and nobody manages it`,
    ),
  );
});

describe("matchers", () => {
  const { toBeSound, toHaveProblem, toLoseNothingBy } = environmentMatchers;

  test("as jest takes them", () => {
    expect.extend(environmentMatchers);
    const extended = expect(before) as unknown as { toBeSound(): void; toHaveProblem(text: string): void };
    expect(() => extended.toBeSound()).not.toThrow();
    expect(() => extended.toHaveProblem("project")).toThrow("staging has no problem at all");
  });

  test("tell what was found", () => {
    const wrong = { ...before, project: "X" };
    expect(toBeSound(wrong).pass).toBe(false);
    expect(toBeSound(wrong).message()).toContain("'project' (X)");
    expect(toHaveProblem(wrong, "'project' (X)").pass).toBe(true);
    expect(toHaveProblem(wrong, /nodePools/).pass).toBe(false);
    expect(toHaveProblem(wrong, /nodePools/).message()).toContain("'project' (X)");
    const other = { ...before, dataplane: Dataplane.v2() };
    expect(toLoseNothingBy(before, before).pass).toBe(true);
    expect(toLoseNothingBy(before, other).message()).toMatch(/the change loses \d+/);
  });
});
