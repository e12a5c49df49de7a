import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUED_MINORS } from "../../lib/monitoring/metrics";
import { packageRoot } from "../../sandbox/paths";
import { NOT_RUN } from "../harness/not-run";
import { catalogueText, extractMetrics } from "./cilium-source/extract-metrics";
import { moduleDirectory } from "./cilium-source/module";

/** The release of each minor whose source is read. */
const RELEASES: Record<(typeof CATALOGUED_MINORS)[number], string> = { "1.19": "v1.19.6", "1.20": "v1.20.2" };

/**
 * Compares the metric catalogues with Cilium's source (its Go module), or writes them anew with `--write`.
 * Exit code: 0 the same, 1 different, 77 not run because a module cannot be had.
 */
function main(args: readonly string[]): number {
  let code = 0;
  for (const minor of CATALOGUED_MINORS) {
    const release = RELEASES[minor];
    const root = moduleDirectory(release);
    if (root === undefined) {
      console.log(
        `not run: metrics of Cilium ${minor}: the Go module github.com/cilium/cilium@${release} is not to be had`,
      );
      if (code === 0) code = NOT_RUN;
      continue;
    }
    const path = join(packageRoot(), `lib/monitoring/metrics/data/cilium-${minor}.json`);
    const text = catalogueText(extractMetrics(root));
    if (args.includes("--write")) writeFileSync(path, text);
    const same = readFileSync(path, "utf8") === text;
    if (!same) code = 1;
    const count = text.split("\n").length - 3;
    console.log(`${same ? "ok" : "DIFFERENT"}: ${count} metrics of Cilium ${minor} as in the source of ${release}`);
  }
  return code;
}

process.exitCode = main(process.argv.slice(2));
