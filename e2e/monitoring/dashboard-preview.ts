import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import type { DataplaneTelemetry } from "../../lib/dataplane/telemetry";
import {
  GRAFANA_SCOPE,
  type GrafanaObject,
  grafanaDashboard,
  overviewDashboard,
} from "../../lib/monitoring/dashboards";
import { availableSeries } from "../../lib/monitoring/metrics";
import { selectWithin } from "../../lib/monitoring/promql";
import { packageRoot } from "../../sandbox/paths";
import { freePort, ProcessLedger, Program } from "../../sandbox/processes";
import { NOT_RUN } from "../harness/not-run";
import { backfill, HOURS } from "./preview/backfill";
import type { Line } from "./preview/chart";
import { dashboardPage } from "./preview/page";
import { programs } from "./programs";
import { MODES } from "./telemetry";

const CLUSTER = "staging";
const STEP_SECONDS = 60;

/**
 * Pictures of the overview for each dataplane, in the layout of its Grafana model, with data that a real Prometheus
 * answered: to look at, not to compare. `npm run preview:dashboards [directory]`
 */
async function main(directory: string): Promise<number> {
  const browser = browserPath();
  const found = await programs(["prometheus", "promtool"], ["prometheus", "promtool"]);
  if (typeof found === "string" || browser === undefined) {
    console.log(
      `not run: dashboard preview: ${typeof found === "string" ? found : "install Debian's package chromium"}`,
    );
    return NOT_RUN;
  }
  mkdirSync(directory, { recursive: true });
  for (const [mode, telemetry] of MODES) {
    const work = mkdtempSync(join(tmpdir(), "dashboard-preview-"));
    try {
      const page = await draw(telemetry, found, work);
      const name = mode.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
      writeFileSync(join(directory, `${name}.html`), page);
      await screenshot(browser, join(directory, `${name}.html`), join(directory, `${name}.png`));
      console.log(join(directory, `${name}.png`));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return 0;
}

async function draw(
  telemetry: DataplaneTelemetry,
  found: { readonly prometheus: string; readonly promtool: string },
  work: string,
): Promise<string> {
  const to = Math.floor(Date.now() / 1000 / STEP_SECONDS) * STEP_SECONDS;
  const range = { from: to - HOURS * 3600, to };
  const model = grafanaDashboard(overviewDashboard(telemetry, { select: selectWithin(GRAFANA_SCOPE), window: "5m" }));
  const text = JSON.stringify(model);
  const wanted = new Set([...availableSeries(telemetry).keys()].filter((series) => text.includes(series)));
  await backfill(found.promtool, work, telemetry, CLUSTER, wanted, to);

  const port = await freePort();
  writeFileSync(join(work, "prometheus.yaml"), "global: {}\n");
  const prometheus = new Program({
    name: "prometheus",
    command: found.prometheus,
    args: [
      `--config.file=${join(work, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(work, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    environment: { PATH: process.env["PATH"], HOME: work },
    log: join(work, "prometheus.log"),
    ledger: new ProcessLedger(join(work, "processes.json")),
  });
  await prometheus.start();
  try {
    const url = `http://127.0.0.1:${port}`;
    await prometheus.ready(
      () =>
        fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
    const data = new Map<number, readonly Line[]>();
    for (const panel of (model["panels"] as unknown as GrafanaObject[]).filter(({ type }) => type !== "row")) {
      const targets = panel["targets"] as unknown as { expr: string; legendFormat?: string }[];
      const lines = await Promise.all(targets.map((target) => queryRange(url, target, range)));
      data.set(Number(panel["id"]), lines.flat());
    }
    return dashboardPage(model, data, range);
  } finally {
    await prometheus.stop();
  }
}

async function queryRange(
  url: string,
  { expr, legendFormat }: { expr: string; legendFormat?: string },
  { from, to }: { from: number; to: number },
): Promise<Line[]> {
  const query = expr.replaceAll("$cluster", CLUSTER);
  const parameters = new URLSearchParams({ query, start: String(from), end: String(to), step: String(STEP_SECONDS) });
  const response = await fetch(`${url}/api/v1/query_range?${parameters}`);
  const { data, error } = (await response.json()) as {
    data?: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    error?: string;
  };
  if (!data) throw new Error(`${query}: ${error}`);
  return data.result.map(({ metric, values }) => ({
    legend: (legendFormat ?? "").replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? ""),
    points: values.map(([time, value]) => [time, Number(value)] as const).filter(([, value]) => Number.isFinite(value)),
  }));
}

async function screenshot(executablePath: string, page: string, picture: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const tab = await browser.newPage({ viewport: { width: 1472, height: 900 }, javaScriptEnabled: false });
    await tab.goto(`file://${page}`);
    await tab.screenshot({ path: picture, fullPage: true });
  } finally {
    await browser.close();
  }
}

function browserPath(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named) return named;
  try {
    return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser"], {
      encoding: "utf8",
    }).trim();
  } catch {
    return undefined;
  }
}

main(resolve(process.argv[2] ?? join(packageRoot(), "coverage", "dashboards"))).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.stack ?? error.message);
    process.exitCode = 1;
  },
);
