import { ENVIRONMENTS, meshedWith, scenariosOf } from "../../e2e/harness/scenario";
import { atOnce, lanesOf, realNodesOf } from "../../e2e/lanes";
import { SCENARIOS, twoLanes } from "../../e2e/scenarios";

const RUN = { environments: ENVIRONMENTS, proofs: false, record: false, keep: false, list: false };

describe.each(
  ENVIRONMENTS.flatMap((environment) => [
    { environment, isAlone: true },
    { environment, isAlone: false },
  ]),
)("two lanes of $environment, alone: $isAlone", ({ environment, isAlone }) => {
  const [first = [], second = []] = twoLanes(environment, isAlone);
  const ids = (scenarios: readonly { readonly id: string }[]) => scenarios.map(({ id }) => id);

  test("show together what one lane shows, each in its order", () => {
    const all = ids(scenariosOf(environment, SCENARIOS, undefined, isAlone));
    const shown = [...new Set([...ids(first), ...ids(second)])].filter((id) => id !== "deploy-beside");
    expect([...shown].sort()).toEqual([...all].sort());
    for (const lane of [first, second])
      expect(ids(lane).filter((id) => all.includes(id))).toEqual(all.filter((id) => ids(lane).includes(id)));
  });

  test("deploy first and look at isolation last, share nothing else, and only the first is destroyed", () => {
    expect([first[0]?.id, second[0]?.id]).toEqual(["deploy", "deploy-beside"]);
    expect([first.at(-1)?.id, second.at(-1)?.id]).toEqual(["isolation", "isolation"]);
    expect(ids(first).filter((id) => ids(second).includes(id))).toEqual(["isolation"]);
    expect(ids(first)).toContain("destroy");
  });
});

test("the longest lane begins first: that with most to show on real nodes", () => {
  const names = lanesOf(RUN).map(({ name }) => name);
  expect(names[0]).toBe("staging-real");
  expect([...names].sort()).toEqual(["auto", "dev", "dev-real", "prod", "prod-beside", "staging", "staging-real"]);
  expect(names.slice(-2).sort()).toEqual(["auto", "dev-real"]);
});

test("the clusters of a mesh have a lane of their own where they are named, and deploy what they need", () => {
  const lanes = lanesOf({ ...RUN, only: ["packets-mesh"] });
  expect(lanes.map(({ name }) => name)).toEqual(["tokyo-real"]);
  expect(lanes[0]?.scenarios.map(({ id }) => id)).toEqual(["packets-mesh"]);
  expect(lanesOf({ ...RUN, environments: ["staging"], only: ["packets-mesh"] })).toEqual([]);
  expect([meshedWith("tokyo"), meshedWith("osaka"), meshedWith("dev")]).toEqual([["osaka"], ["tokyo"], []]);
});

test("no more run at once than was said, and one where traffic is recorded", () => {
  expect(atOnce(1, { ...RUN, atOnce: 8 })).toBe(1);
  expect(atOnce(6, { ...RUN, atOnce: 1 })).toBe(1);
  expect(atOnce(6, { ...RUN, record: true })).toBe(1);
  expect(atOnce(6, RUN)).toBeLessThanOrEqual(3);
});

test("a third node is real where several environments are shown, or scenarios are named", () => {
  expect(realNodesOf({ ...RUN, environments: ["staging"] })).toBe("real:2");
  expect(realNodesOf({ ...RUN, environments: ["staging"], only: ["packets-egress"] })).toBe("real:3");
  expect(realNodesOf({ ...RUN, environments: ENVIRONMENTS })).toBe("real:3");
});
