import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CiliumVersion, type HelmValues } from "../../lib/cilium";
import { Rendered } from "./rendered";
import type { ChartFound } from "./sources";

/** How the runner tells the tests which helm to use, and which charts. */
export const HELM_VARIABLE = "TEST_CHART_HELM";
export const CHARTS_VARIABLE = "TEST_CHART_DIRECTORIES";

/** Version that the API server tells the chart; GKE's form. */
const KUBERNETES_VERSION = "v1.33.5-gke.1000";

/** A chart that is there to be rendered. */
export interface ChartSubject {
  readonly version: CiliumVersion;
  /** Directory. */
  readonly chart: string;
}

/** The charts that could be had, newest last. */
export function chartSubjects(): ChartSubject[] {
  const charts = JSON.parse(process.env[CHARTS_VARIABLE] ?? "[]") as ChartFound[];
  if (charts.length === 0) throw new Error("no chart to test with; run npm run test:chart");
  return charts.map(({ version, chart }) => ({ version: CiliumVersion.of(version), chart }));
}

/**
 * What `helm template` makes of a chart and values.
 *
 * @param values The values, or the text that Terraform would hand to Helm.
 */
export function render(chart: string, values: HelmValues | string, namespace = "kube-system"): Rendered {
  return Rendered.parse(renderText(chart, values, namespace));
}

/** The text that `helm template` writes. */
export function renderText(chart: string, values: HelmValues | string, namespace = "kube-system"): string {
  return withValues(values, (file) =>
    execFileSync(helm(), [...template(chart, namespace), "--values", file], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

/** Why `helm template` refuses, or undefined where it does not. */
export function refusal(chart: string, values: HelmValues): string | undefined {
  return withValues(values, (file) => {
    const { status, stderr } = spawnSync(helm(), [...template(chart, "kube-system"), "--values", file], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    return status === 0 ? undefined : stderr.trim();
  });
}

/** All templates and the files they include, in one text. */
export function chartTemplates(chart: string): string {
  return ["templates", "files"]
    .flatMap((directory) => readdirSync(join(chart, directory), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

function template(chart: string, namespace: string): string[] {
  return ["template", "cilium", chart, "--namespace", namespace, "--kube-version", KUBERNETES_VERSION];
}

function helm(): string {
  const path = process.env[HELM_VARIABLE];
  if (path === undefined) throw new Error("no helm to test with; run npm run test:chart");
  return path;
}

function withValues<T>(values: HelmValues | string, use: (file: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "cilium-values-"));
  try {
    const file = join(directory, "values.json");
    writeFileSync(file, typeof values === "string" ? values : JSON.stringify(values));
    return use(file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
