import type { ChartSource } from "./sources";

/** Exit status for "not run", as test harnesses have it since Automake. */
export const NOT_RUN = 77;

/**
 * What became of each chart, and of the step as a whole: it has only passed where every minor's chart was rendered.
 *
 * @param status Exit status of the tests that ran.
 */
export function chartSummary(
  sources: readonly ChartSource[],
  status: number,
): { readonly lines: readonly string[]; readonly exitCode: number } {
  const missing = sources.filter((source) => "missing" in source);
  const ran = sources.length - missing.length;
  const lines = sources.map((source) =>
    "missing" in source
      ? `test:chart: Cilium ${source.version}: NOT RUN, because ${source.missing}`
      : `test:chart: Cilium ${source.version}: ${status === 0 ? "passed" : "ran; what failed is above"}`,
  );
  if (status !== 0) return { lines: [...lines, "test:chart: FAILED"], exitCode: status };
  if (missing.length === 0) return { lines: [...lines, `test:chart: passed, with ${ran} charts`], exitCode: 0 };
  const word = missing.map(({ version }) => version).join(" and ");
  return {
    lines: [...lines, `test:chart: NOT RUN as a whole: ${ran} of ${sources.length} charts passed, not ${word}`],
    exitCode: NOT_RUN,
  };
}
