import { type EnvironmentDefinition, environmentsProblems } from "../environment";
import { replacementsBetween, type Synthesizable } from "./replacements";

/** What a matcher of jest or of vitest answers. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * What {@link environmentMatchers} add to `expect`, for the compiler: an interface that jest's and vitest's own are declared
 * to extend (docs/module.md has both lines).
 *
 * @typeParam R What a matcher returns: `R` of jest's `Matchers<R, T>`; nothing in vitest.
 */
export interface EnvironmentMatchers<R = void> {
  /** Nothing is wrong with the definition. */
  toBeSound(): R;

  /**
   * Something is wrong with the definition, and one line says so.
   *
   * @param expected Text that the line contains, such as a property's name, or a pattern of it.
   */
  toHaveProblem(expected: string | RegExp): R;

  /** Going from here to another version replaces and deletes nothing. */
  toLoseNothingBy(after: Synthesizable): R;
}

/**
 * Matchers for jest and vitest, whose `expect.extend` take the same functions:
 *
 * - `expect(definition).toBeSound()`: nothing is wrong with it.
 * - `expect(definition).toHaveProblem("network.pods")`: something is, and the line contains the text or matches.
 * - `expect(before).toLoseNothingBy(after)`: going there replaces and deletes nothing.
 *
 * @example
 * expect.extend(environmentMatchers);
 */
export const environmentMatchers = {
  toBeSound(definition: EnvironmentDefinition): MatcherResult {
    const problems = environmentsProblems([definition]);
    return {
      pass: problems.length === 0,
      message: () =>
        problems.length === 0
          ? `${nameOf(definition)} is sound`
          : `${nameOf(definition)} is not sound:\n${lines(problems)}`,
    };
  },

  toHaveProblem(definition: EnvironmentDefinition, expected: string | RegExp): MatcherResult {
    const problems = environmentsProblems([definition]);
    const matches = (problem: string) =>
      typeof expected === "string" ? problem.includes(expected) : expected.test(problem);
    return {
      pass: problems.some(matches),
      message: () =>
        problems.length === 0
          ? `${nameOf(definition)} has no problem at all, and none with ${expected}`
          : `problems of ${nameOf(definition)}, compared with ${expected}:\n${lines(problems)}`,
    };
  },

  toLoseNothingBy(before: Synthesizable, after: Synthesizable): MatcherResult {
    const lost = replacementsBetween(before, after);
    return {
      pass: lost.length === 0,
      message: () =>
        lost.length === 0 ? "the change loses nothing" : `the change loses ${lost.length}:\n${lines(lost)}`,
    };
  },
} satisfies Record<keyof EnvironmentMatchers, (...words: never[]) => MatcherResult>;

/** Whatever stands there: a test may have made no definition at all. */
function nameOf(definition: EnvironmentDefinition | undefined): string {
  return definition?.name ?? "what is no environment";
}

function lines(items: readonly string[]): string {
  return items.map((item) => `  ${item}`).join("\n");
}
