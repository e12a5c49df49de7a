import { describeEnvironment, environmentsProblems } from "../../lib/environment";
import { synthEnvironment } from "../../lib/testing";
import fc from "../support/fast-check";
import { anything, at, definitionOf, pathsOf, TREES, withAt } from "../support/fuzz";

/** One line: subject, property, what is wrong, what to do; never a value of JavaScript's own. */
const MESSAGE = /^\S+: '.+'.* .+; .+/s;

const kinds = Object.keys(TREES);
const paths = (kind: string) => pathsOf(TREES[kind]);

/** Some places of a definition, each with what is written there instead. */
const changes = (values: fc.Arbitrary<unknown>, most: number) =>
  fc.constantFrom(...kinds).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      edits: fc.array(fc.tuple(fc.constantFrom(...paths(kind)), values), { minLength: 1, maxLength: most }),
    }),
  );

function changed(kind: string, edits: readonly (readonly [readonly string[], unknown])[]): unknown {
  return edits.reduce<unknown>((tree, [path, value]) => {
    try {
      at(tree, path);
    } catch {
      return tree; // An edit before has cut this place off.
    }
    return withAt(tree, path, value);
  }, TREES[kind]);
}

test.each(kinds)("the %s definition has no problem before it is changed", (kind) => {
  expect(environmentsProblems([definitionOf(TREES[kind])])).toEqual([]);
});

test("whatever stands where something else belongs: problems are told, nothing is thrown", () => {
  fc.assert(
    fc.property(changes(anything, 2), ({ kind, edits }) => {
      for (const message of environmentsProblems([definitionOf(changed(kind, edits))])) {
        expect(message).toMatch(MESSAGE);
        expect(message).not.toMatch(/TfToken|\[object |<unknown>/);
        expect(message.length).toBeLessThan(2_000);
      }
    }),
    { numRuns: 1_500 },
  );
});

test("whatever was given for a whole definition", () => {
  fc.assert(
    fc.property(anything, (given) => {
      expect(environmentsProblems([given as never]).length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test("each place by itself: a value of the wrong type never passes in silence where it would reach the output", () => {
  for (const kind of kinds)
    for (const path of paths(kind))
      for (const wrong of [null, Number.NaN, "no such thing", { no: "such" }]) {
        const definition = definitionOf(withAt(TREES[kind], path, wrong));
        const { problems } = describeEnvironment(definition);
        if (problems.length > 0) continue;
        // A program that ships is no value: it may say undefined.
        const text = JSON.stringify(synthEnvironment(definition), (key, value: unknown) =>
          key.endsWith(".mjs") ? "" : value,
        );
        expect(text).not.toMatch(/undefined|NaN|\[object Object\]/);
      }
});

const INHERITED = ["__proto__", "constructor", "toString"];
const asKeys = Object.fromEntries(INHERITED.map((name) => [name, "x"]));

test.each<[string, unknown]>([
  ...INHERITED.map((name): [string, unknown] => [name, name]),
  ["a list of them", INHERITED],
  ["a map of them", asKeys],
])("%s: names that every object has are names like any other, wherever they stand", (_what, wrong) => {
  for (const kind of kinds)
    for (const path of paths(kind)) {
      const { problems } = describeEnvironment(definitionOf(withAt(TREES[kind], path, wrong)));
      for (const message of problems) {
        expect(message).toMatch(MESSAGE);
        expect(message).not.toMatch(/TfToken|\[object |<unknown>|native code|undefined/);
      }
    }
});
