import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensure, ToolchainError } from "../../sandbox/toolchain";
import { NOT_RUN } from "../harness/not-run";
import { record, recordingFor } from "./recording";
import { type ChartFound, chartSources } from "./sources";
import { CHARTS_VARIABLE, HELM_VARIABLE } from "./subjects";
import { chartSummary } from "./summary";

/** Renders Cilium's real charts with the values of the real constructs, and looks at what comes out. */
async function main(): Promise<number> {
  const { helm } = await ensure(["helm"]);
  const sources = await chartSources(helm);
  const found = sources.filter((source) => "chart" in source);
  for (const { version, origin } of found) console.log(`Cilium ${version}: chart from ${origin}`);
  for (const source of sources) if ("missing" in source) console.error(`Cilium ${source.version}: no chart`);

  const workspace = mkdtempSync(join(tmpdir(), "cilium-charts-"));
  try {
    const charts = found.map((chart) => unpacked(chart, workspace));
    if (process.argv.includes("--record")) return recordAll(helm, found, charts);
    const tests = readdirSync(__dirname).filter((name) => name.endsWith(".test.js"));
    const { status } = spawnSync(
      process.execPath,
      ["--test", "--test-reporter=spec", ...process.argv.slice(2), ...tests.map((name) => join(__dirname, name))],
      {
        env: { ...process.env, [HELM_VARIABLE]: helm, [CHARTS_VARIABLE]: JSON.stringify(charts) },
        stdio: "inherit",
      },
    );
    const { lines, exitCode } = chartSummary(sources, status ?? 1, (version) => recordingFor(version)?.version);
    for (const line of lines) console.error(line);
    return exitCode;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** Records what the archives make of values; the default version's chart is always there, and needs no record. */
function recordAll(helm: string, found: readonly ChartFound[], charts: readonly ChartFound[]): number {
  process.env[HELM_VARIABLE] = helm;
  for (const [index, { version, chart }] of found.entries()) {
    if (!chart.endsWith(".tgz")) continue;
    record(version, charts[index]?.chart ?? "", createHash("sha256").update(readFileSync(chart)).digest("hex"));
    console.log(`Cilium ${version}: recorded`);
  }
  return 0;
}

/** The chart as a directory. */
function unpacked(found: ChartFound, workspace: string): ChartFound {
  if (!found.chart.endsWith(".tgz")) return found;
  const directory = join(workspace, found.version);
  mkdirSync(directory);
  execFileSync("tar", ["--extract", "--gzip", "--file", found.chart, "--directory", directory]);
  return { ...found, chart: join(directory, "cilium") };
}

main()
  .then((status) => {
    process.exitCode = status;
  })
  .catch((error: unknown) => {
    if (!(error instanceof ToolchainError)) throw error;
    console.error(`test:chart: not run: ${error.message}`);
    process.exitCode = NOT_RUN;
  });
