import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HelmValues } from "../../../../lib/cilium";
import { ciliumChart, ensure, run } from "../../../../sandbox/toolchain";
import { API_SERVER } from "../../../chart/releases";
import { Rendered } from "../../../chart/rendered";

/** What the agents are configured with, by the real chart; or why the chart renders nothing. */
export type Configuration = { readonly config: Readonly<Record<string, string>> } | { readonly chartRefuses: string };

/** @param apiServer Where the agent finds the API server, in place of what only Terraform knows. */
export async function configuration(values: HelmValues, apiServer: string): Promise<Configuration> {
  const [{ helm }, { directory: chart }] = await Promise.all([ensure(["helm"]), ciliumChart()]);
  const directory = mkdtempSync(join(tmpdir(), "judge-"));
  try {
    const file = join(directory, "values.json");
    writeFileSync(file, JSON.stringify(values).replaceAll(API_SERVER, apiServer));
    const where = ["--namespace", "kube-system", "--kube-version", "1.33.0", "--values", file];
    const { code, stdout, stderr } = await run(helm, ["template", "cilium", chart, ...where]);
    return code === 0 ? { config: Rendered.parse(stdout).config } : { chartRefuses: stderr.trim() };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
