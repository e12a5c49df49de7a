import { NOT_RUN } from "../harness/not-run";
import type { ChartSource } from "./sources";

/**
 * What became of each chart, and of the step as a whole: it has passed where every minor's chart was rendered, or what
 * one of its patches rendered is recorded and was compared.
 *
 * @param status Exit status of the tests that ran.
 * @param recorded The version whose record stands for another one of its minor.
 */
export function chartSummary(
  sources: readonly ChartSource[],
  status: number,
  recorded: (version: string) => string | undefined,
): { readonly lines: readonly string[]; readonly exitCode: number } {
  const missing = sources.filter((source) => "missing" in source);
  const unseen = missing.filter(({ version }) => recorded(version) === undefined);
  const word = status === 0 ? "passed" : "ran; what failed is above";
  const lines = sources.map((source) => {
    const told = `test:chart: Cilium ${source.version}:`;
    if (!("missing" in source)) return `${told} ${word}`;
    const instead = recorded(source.version);
    if (instead === undefined) return `${told} NOT RUN, because ${source.missing}`;
    return `${told} ${word} by the record of ${instead}; not rendered anew, because ${source.missing}`;
  });
  if (status !== 0) return { lines: [...lines, "test:chart: FAILED"], exitCode: status };
  const ran = sources.length - missing.length;
  const seen = `${ran} ${ran === 1 ? "chart" : "charts"}`;
  if (unseen.length === 0) {
    const records = missing.length === 0 ? "" : ` and ${missing.length} recorded`;
    return { lines: [...lines, `test:chart: passed, with ${seen}${records}`], exitCode: 0 };
  }
  const names = unseen.map(({ version }) => version).join(" and ");
  return {
    lines: [...lines, `test:chart: NOT RUN as a whole: neither a chart nor a record of ${names}`],
    exitCode: NOT_RUN,
  };
}
