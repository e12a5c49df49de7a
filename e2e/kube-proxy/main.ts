import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../../lib/package-files";
import { obstacles, PATH } from "./prerequisites";

/** Exit status for "not run", as test harnesses have it since Automake. */
const NOT_RUN = 77;

const reasons = obstacles();
if (reasons.length > 0) {
  for (const reason of reasons) console.error(`test:iptables: not run: ${reason}`);
  process.exit(NOT_RUN);
}
process.exit(checkScripts() || runTests());

function checkScripts(): number {
  const main = packageFile("lib/kube-proxy/kube-proxy-disabler.sh");
  const directory = join(main, "..");
  const scripts = readdirSync(directory).filter((name) => name.endsWith(".sh"));
  console.log(`shellcheck ${scripts.join(" ")}`);
  return run("shellcheck", ["--external-sources", ...scripts], directory);
}

function runTests(): number {
  const tests = readdirSync(__dirname)
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => join(__dirname, name));
  return run(
    process.execPath,
    ["--test", "--test-reporter=spec", "--test-concurrency=2", ...process.argv.slice(2), ...tests],
    process.cwd(),
  );
}

function run(program: string, args: readonly string[], directory: string): number {
  return spawnSync(program, args, { cwd: directory, env: { ...process.env, PATH }, stdio: "inherit" }).status ?? 1;
}
