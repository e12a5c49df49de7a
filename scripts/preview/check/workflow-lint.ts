import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { completeOptions, parseInitArguments, repositoryFiles } from "../../../lib/init";
import { packageFile } from "../../../lib/package-files";
import { run } from "../../../lib/preview/run/process";
import { type Checks, NotRun, need } from "./harness";

const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const ZIZMOR = "zizmor==1.32.0";
const OWN = join(dirname(packageFile("package.json")), ".github/workflows");

/** actionlint and zizmor over this repository's workflows and over those of a repository that `init` makes. */
export async function lintWorkflows(checks: Checks): Promise<void> {
  await checks.group("actionlint", async (scratch) => {
    await need("go", ["version"], "install Go, with which actionlint is built");
    const build = await run("go", ["install", ACTIONLINT], { env: { GOBIN: scratch } });
    if (build.code !== 0) throw new NotRun(`actionlint cannot be built: ${build.stderr.trim().split("\n").pop()}`);
    for (const [whose, files] of Object.entries(workflows(scratch))) {
      const lint = await run(join(scratch, "actionlint"), files);
      checks.holds(`${files.length} workflows ${whose} have no findings`, lint.code === 0, lint.stdout);
    }
  });
  await checks.group("zizmor, as an auditor", async (scratch) => {
    await need("python3", ["--version"], "install Python, with which zizmor is installed");
    const environment = join(scratch, "python");
    const made = await run("python3", ["-m", "venv", environment]);
    const pip = join(environment, "bin/pip");
    const installed = made.code === 0 ? await run(pip, ["install", "--quiet", ZIZMOR]) : made;
    if (installed.code !== 0) throw new NotRun(`zizmor cannot be had: ${installed.stderr.trim().split("\n").pop()}`);
    for (const [whose, files] of Object.entries(workflows(scratch))) {
      const args = ["--offline", "--no-progress", "--persona=auditor", "--format=plain", ...files];
      const audit = await run(join(environment, "bin/zizmor"), args);
      checks.holds(
        `${files.length} workflows ${whose} have no findings`,
        audit.code === 0,
        audit.stdout + audit.stderr,
      );
      const unexplained = files.flatMap(unexplainedIn);
      checks.holds("and whatever is ignored has its reason above it", unexplained.length === 0, unexplained.join("\n"));
    }
  });
}

/** Where something is ignored without a comment that says why. */
function unexplainedIn(file: string): readonly string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, i) => {
    const explained = /^\s*#\s+\S+(?:\s+\S+){4,}/.test(lines[i - 1] ?? "");
    return /zizmor: ignore|yamllint disable|shellcheck disable/.test(line) && !explained
      ? [`${basename(file)}:${i + 1}: ${line.trim()}`]
      : [];
  });
}

/** The files of either repository. */
function workflows(scratch: string): Readonly<Record<string, readonly string[]>> {
  const made = join(scratch, "made/.github/workflows");
  mkdirSync(made, { recursive: true });
  const given = ["--environment", "dev=acme-dev", "--location", "us-east1-b", "--github", "acme/platform"];
  for (const [path, text] of repositoryFiles(completeOptions(parseInitArguments(given, made)), "0"))
    if (/^\.github\/workflows\/[\w-]+\.ya?ml$/.test(path)) writeFileSync(join(made, basename(path)), text);
  const files = (directory: string) => readdirSync(directory).map((name) => join(directory, name));
  return { "of this repository": files(OWN), "that init writes": files(made) };
}
