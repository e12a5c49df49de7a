import type { LeftOut } from "./definition";
import { shown } from "./files";
import type { ValueChange } from "./release-values";
import type { RemainingChange, Trial } from "./trial";

/** What came of an adoption. */
export interface AdoptionReport {
  readonly files: readonly string[];
  readonly environment: string;
  /** Name of the constants in the two files: `<constant>` and `<constant>Adoption`. */
  readonly constant: string;
  readonly leftOut: readonly LeftOut[];
  /** Values of Cilium's chart that the first deployment changes. */
  readonly values: readonly ValueChange[];
  /** Absent where nothing was planned. */
  readonly trial?: Trial;
}

/** The report in words. */
export function renderReport(report: AdoptionReport): string {
  const { trial } = report;
  return [
    ...report.files.map((file) => `wrote ${file}`),
    ...section(
      "What exists and this library has no place for:",
      report.leftOut.map(({ property, value, why }) => `${property} (${shown(value)}): ${why}`),
    ),
    ...section(
      "Values of Cilium's chart that the first deployment changes:",
      report.values.map(({ path, live, wanted }) => `${path}: ${shown(live)} becomes ${shown(wanted)}`),
    ),
    ...(trial === undefined
      ? ["", "Nothing was planned: run it again without --no-plan to see what a deployment would change."]
      : planned(trial)),
    "",
    "Hand both to your app:",
    "",
    `  synthesize([${report.constant}], (made) => adoptExisting(made, ${report.constant}Adoption));`,
    "",
  ].join("\n");
}

function planned({ kept, remaining, notPlanned }: Trial): string[] {
  const count = kept.reduce((sum, { differences }) => sum + differences.length, 0);
  return [
    ...section(
      `${count} attributes stay as they were found, by a line of 'keep' each:`,
      kept.flatMap(({ address, differences }) =>
        differences.map(
          ({ path, live, wanted, replaces }) =>
            `${address} ${path}: ${shown(live)}; the definition: ${shown(wanted)}${replaces ? ", which makes it anew" : ""}`,
        ),
      ),
    ),
    ...section(
      remaining.length === 0
        ? "The plan is empty."
        : "The first deployment imports what exists, and makes or changes nothing but:",
      remaining.map((change) => `${change.address}: ${reason(change)}`),
    ),
    ...section(
      "Not planned, as nothing in it is adopted and something it needs could not be reached:",
      Object.entries(notPlanned).map(([stack, why]) => `${stack}: ${why.trim().split("\n").join("\n    ")}`),
    ),
  ];
}

/** Why a change is left, as far as it is known. */
function reason({ type, actions, labels }: RemainingChange): string {
  const what = actions.join(" and ");
  if (type === "terraform_data" && what === "create")
    return "kept in the state alone, to refuse later changes that would replace something";
  if (type === "helm_release" && what === "update")
    return "Helm remembers neither a chart's repository nor how it was installed, so that an imported release is written once more; the values above are all that changes in it";
  if (what === "update" && Object.keys(labels).length > 0)
    return `gets the labels ${Object.entries(labels)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(", ")}, in place`;
  if (what === "create") return "does not exist yet; the definition brings it";
  return what;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 && title.endsWith(":") ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
