import { describeEnvironment } from "../../lib/environment";
import { invalidEnvironments } from "../../lib/testing";
import { dataplanes, definition } from "../support/definition";

const property = (problem: string) => /'([^']+)'/.exec(problem)?.[1] ?? "";

describe.each(Object.entries(dataplanes))("of %s", (_, dataplane) => {
  const sound = definition({ dataplane: dataplane() });

  test("the definition itself is sound", () => {
    expect(describeEnvironment(sound).problems).toEqual([]);
  });

  test.each(invalidEnvironments)("$title is refused", (invalid) => {
    const told = describeEnvironment(invalid.spoil(sound)).problems.map(property);
    expect(told.filter((each) => each.includes(invalid.property))).not.toEqual([]);
  });
});

test("each stands for another mistake", () => {
  expect(new Set(invalidEnvironments.map(({ title }) => title)).size).toBe(invalidEnvironments.length);
});
