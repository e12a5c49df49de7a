import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertsFor, ruleGroups } from "../../lib/monitoring/alerts";
import { selectWithin } from "../../lib/monitoring/promql";
import { NOT_RUN } from "../harness/not-run";
import { programs } from "./programs";
import { ALERT_CASES } from "./promtool/cases/catalogue";
import { promtoolTests } from "./promtool/test-file";
import { MODES } from "./telemetry";

/**
 * `promtool check rules` and `promtool test rules` on the alerts of every dataplane.
 * Exit code: 0 all well, 1 a rule is wrong, 77 not run because promtool cannot be had.
 */
async function main(): Promise<number> {
  // Any promtool of the last years will do, so one that is there already is taken.
  const found = await programs(["promtool"], ["promtool"]);
  if (typeof found === "string") {
    console.log(`not run: promtool: ${found}`);
    return NOT_RUN;
  }
  const { promtool } = found;
  const directory = mkdtempSync(join(tmpdir(), "cilium-alerts-"));
  const tested = new Set<string>();
  try {
    for (const [mode, telemetry] of MODES) {
      const groups = ruleGroups(alertsFor(telemetry, {}, selectWithin()), {});
      const tests = promtoolTests(groups, ALERT_CASES);
      writeFileSync(join(directory, "rules.yaml"), stringify({ groups }));
      writeFileSync(
        join(directory, "tests.yaml"),
        stringify({ rule_files: ["rules.yaml"], evaluation_interval: "30s", tests }),
      );
      for (const args of [
        ["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"],
        ["test", "rules", "tests.yaml"],
      ]) {
        const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: directory, encoding: "utf8" });
        if (status !== 0) {
          console.log(`FAILED: promtool ${args.slice(0, 2).join(" ")} (${mode})\n${stdout}${stderr}`);
          return 1;
        }
      }
      const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
      for (const name of names) tested.add(name);
      const silent = tests.filter(({ name }) => name.includes("silent")).length;
      console.log(`ok: ${mode}: ${names.length} alerts fire and tell it right, ${silent} near misses stay silent`);
    }
    const untested = Object.keys(ALERT_CASES).filter((name) => !tested.has(name));
    if (untested.length === 0) return 0;
    console.log(`FAILED: no dataplane has ${untested.join(", ")}`);
    return 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
