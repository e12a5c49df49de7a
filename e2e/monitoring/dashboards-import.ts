import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CarriedDashboard, CILIUM_DASHBOARDS } from "../../lib/monitoring/dashboards";
import { packageRoot } from "../../sandbox/paths";
import { NOT_RUN } from "../harness/not-run";
import { moduleDirectory } from "./cilium-source/module";
import { convertDashboard } from "./dashboards/convert";
import type { UpstreamDashboard } from "./dashboards/upstream";

const RELEASE = "v1.20.2";
const FOLDERS = { cilium: "cilium-agent", hubble: "hubble" } as const;

/**
 * Compares the carried dashboards with a fresh conversion of Cilium's own (out of its Go module), or writes them anew
 * with `--write`. Exit code: 0 the same, 1 different, 77 not run because the module cannot be had.
 */
function main(args: readonly string[]): number {
  const root = moduleDirectory(RELEASE);
  if (root === undefined) {
    console.log(`not run: dashboards of Cilium: the Go module github.com/cilium/cilium@${RELEASE} is not to be had`);
    return NOT_RUN;
  }
  let code = 0;
  for (const name of CILIUM_DASHBOARDS) {
    const folder = FOLDERS[name.startsWith("cilium") ? "cilium" : "hubble"];
    const source = join(root, "install/kubernetes/cilium/files", folder, "dashboards", `${name}.json`);
    const upstream = JSON.parse(readFileSync(source, "utf8")) as UpstreamDashboard;
    const text = dashboardText(convertDashboard(upstream, args.includes("--verbose") ? console.log : () => {}));
    const path = join(packageRoot(), `lib/monitoring/dashboards/data/${name}.json`);
    if (args.includes("--write")) writeFileSync(path, text);
    const same = readFileSync(path, "utf8") === text;
    if (!same) code = 1;
    console.log(`${same ? "ok" : "DIFFERENT"}: ${name} as converted from ${RELEASE}`);
  }
  return code;
}

/** JSON with one panel a line, so that a change of a panel is a change of a line. */
function dashboardText({ sections, ...head }: CarriedDashboard): string {
  const lines = Object.entries(head).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  const bodies = sections.map(({ title, panels }) => {
    const heading = title === undefined ? "" : `"title": ${JSON.stringify(title)}, `;
    return `  { ${heading}"panels": [\n${panels.map((panel) => `   ${JSON.stringify(panel)}`).join(",\n")}\n  ] }`;
  });
  return `{\n${lines.join("\n")}\n "sections": [\n${bodies.join(",\n")}\n ]\n}\n`;
}

process.exitCode = main(process.argv.slice(2));
