import type { Problem } from "../validation";

/** What `examine` says of a name that an interface does not have. */
const NO_OPTION = "is no option";

/**
 * Problems of a dataplane's options, of which those that another kind has are answered with that kind: a policy or a chart
 * is often carried over from there.
 *
 * @param theirs Tables of the other kinds, by the factory that makes them.
 */
export function withForeignOptions(
  problems: readonly Problem[],
  theirs: Readonly<Record<string, object>>,
): readonly Problem[] {
  return problems.map((problem) => {
    if (problem.rule !== NO_OPTION) return problem;
    const factories = Object.entries(theirs).flatMap(([factory, table]) =>
      Object.hasOwn(table, problem.property) ? [factory] : [],
    );
    if (factories.length === 0) return problem;
    return {
      ...problem,
      rule: "is no option here",
      remedy: `leave it out, or use ${factories.join(" or ")}, which has it (docs/datapath.md has a table)`,
    };
  });
}
