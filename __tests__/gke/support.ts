import { describeProblem, type Problem } from "../../lib/validation";

/** Problems as a user reads them, without the subject. */
export function lines(problems: readonly Problem[]): string[] {
  return problems.map((problem) => describeProblem("it", problem).replace(/^it: /, ""));
}
