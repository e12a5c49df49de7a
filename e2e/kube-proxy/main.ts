import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../../lib/package-files";
import { ensure, ToolchainError } from "../../sandbox/toolchain";
import { NOT_RUN } from "../harness/not-run";
import { obstacles, PATH } from "./prerequisites";
import { KUBE_PROXY_VARIABLE } from "./real-kube-proxy";

const reasons = obstacles();
if (reasons.length > 0) {
  for (const reason of reasons) console.error(`test:iptables: not run: ${reason}`);
  process.exit(NOT_RUN);
}
void main();

async function main(): Promise<void> {
  const kubeProxy = await realKubeProxy();
  const status = checkScripts() || runTests(kubeProxy);
  process.exit(status === 0 && kubeProxy === undefined ? NOT_RUN : status);
}

/** The real kube-proxy, or a word on why the tests with it are not run. */
async function realKubeProxy(): Promise<string | undefined> {
  try {
    return (await ensure(["kube-proxy"]))["kube-proxy"];
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    console.error(`test:iptables: the handover with the real kube-proxy is not run: ${error.message}`);
    return undefined;
  }
}

function checkScripts(): number {
  const main = packageFile("lib/kube-proxy/kube-proxy-disabler.sh");
  const directory = join(main, "..");
  const scripts = readdirSync(directory).filter((name) => name.endsWith(".sh"));
  console.log(`shellcheck ${scripts.join(" ")}`);
  return run("shellcheck", ["--external-sources", ...scripts], directory);
}

function runTests(kubeProxy = ""): number {
  const tests = readdirSync(__dirname)
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => join(__dirname, name));
  return run(
    process.execPath,
    ["--test", "--test-reporter=spec", "--test-concurrency=2", ...process.argv.slice(2), ...tests],
    process.cwd(),
    { [KUBE_PROXY_VARIABLE]: kubeProxy },
  );
}

function run(program: string, args: readonly string[], directory: string, environment: NodeJS.ProcessEnv = {}): number {
  const env = { ...process.env, PATH, ...environment };
  return spawnSync(program, args, { cwd: directory, env, stdio: "inherit" }).status ?? 1;
}
