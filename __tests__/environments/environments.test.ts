import { environments } from "../../environments";
import { Environment } from "../../lib/environment";
import { type SynthesizedStacks, synthStacks, terraformSerializer } from "../../lib/testing";
import { googleAttributeProblems } from "../support/google-attributes";

// The tests of your environments, whatever stands in environments/. `npm test -- -u` renews their snapshots, and git
// then shows what the change does to each stack: review that, not only the definition.

expect.addSnapshotSerializer(terraformSerializer);

let stacks: SynthesizedStacks;
beforeAll(() => {
  stacks = synthStacks((app) => {
    for (const definition of environments) new Environment(app, definition);
  });
});

const names = environments.flatMap(({ name }) => [`${name}-cluster`, `${name}-networking`, `${name}-monitoring`]);

test("every environment has its three stacks and nothing else", () => {
  expect(Object.keys(stacks).sort()).toEqual([...names].sort());
});

test.each(names)("%s is what was reviewed", (name) => {
  expect(stacks[name]).toMatchSnapshot();
});

test.each(names)("%s only has attributes that the pinned google provider knows", (name) => {
  expect(googleAttributeProblems(stacks[name] ?? {})).toEqual([]);
});
