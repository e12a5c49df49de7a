import { cdktfRuns } from "../../../sandbox/cli/runs";

const stack = (name: string, ...dependencies: string[]) => ({ name, dependencies });
const dev = [
  stack("dev-cluster"),
  stack("dev-monitoring", "dev-cluster", "dev-networking"),
  stack("dev-networking", "dev-cluster"),
];
const all = [...dev, stack("prod-cluster"), stack("prod-networking", "prod-cluster")];
const named = (...names: string[]) => all.filter(({ name }) => names.includes(name));

describe("cdktfRuns", () => {
  test("a whole environment is one run, in which cdktf keeps the order", () => {
    expect(cdktfRuns("deploy", dev, all)).toEqual([
      ["dev-cluster", "dev-networking", "dev-monitoring", "--auto-approve"],
    ]);
    expect(cdktfRuns("destroy", dev, all)).toEqual([
      ["dev-monitoring", "dev-networking", "dev-cluster", "--auto-approve"],
    ]);
  });

  test("so are all environments", () => {
    expect(cdktfRuns("deploy", all, all)).toHaveLength(1);
  });

  test("nothing is missing where a deployment leaves out what stands on it, and a destroy what it stands on", () => {
    expect(cdktfRuns("deploy", named("dev-networking", "dev-cluster"), all)).toEqual([
      ["dev-cluster", "dev-networking", "--auto-approve"],
    ]);
    expect(cdktfRuns("destroy", named("dev-networking", "dev-monitoring"), all)).toEqual([
      ["dev-monitoring", "dev-networking", "--auto-approve"],
    ]);
  });

  test.each([
    ["deploy", ["dev-networking", "dev-monitoring"]],
    ["destroy", ["dev-networking", "dev-cluster"]],
  ] as const)("%s of a part is one run a stack, in order", (verb, order) => {
    expect(cdktfRuns(verb, named(...order), all)).toEqual(
      order.map((name) => [name, "--auto-approve", "--ignore-missing-stack-dependencies"]),
    );
  });

  test("the order holds across a stack that is left out", () => {
    const chain = [stack("a-last", "b-middle"), stack("b-middle", "c-first"), stack("c-first")];
    const ends = chain.filter(({ name }) => name !== "b-middle");
    expect(cdktfRuns("deploy", ends, chain).map(([name]) => name)).toEqual(["c-first", "a-last"]);
  });

  test("a diff is one run a stack", () => {
    expect(cdktfRuns("diff", dev, all)).toEqual([["dev-cluster"], ["dev-networking"], ["dev-monitoring"]]);
  });
});
