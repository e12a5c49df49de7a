import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NOT_RUN } from "../e2e/harness/not-run";
import type { PlannedChange } from "../e2e/rig/plan";
import { readStacks, type StackFacts } from "../sandbox/runtime";
import { type Proof, prove, ROOT } from "./deployment/in-sandbox";
import { inOrder } from "./deployment/synthesized";
import { Terraform } from "./deployment/terraform";
import { exportsOf } from "./reference/declarations";
import { breakingChanges, undeclared } from "./release/api";
import { declaredPlan, sectionsOf, withDeclaredPlan } from "./release/changelog";
import { checkOut, previousRelease, type Release } from "./release/previous";
import { renderUpgrade } from "./release/upgrade-plan";

/**
 * From the previous release to this one. Its environments are deployed in the sandbox with its package, then planned
 * with this one: the definitions compile, the plans hold exactly what the changelog declares, nothing more is planned
 * once they are applied, and what is gone from the public interface is named in the changelog.
 *
 * With `--write` the plans are written into the changelog instead of being compared. Exit code 77: not run, because the
 * history, a program or a provider is not on this machine.
 */
const CHANGELOG = join(ROOT, "CHANGELOG.md");
const write = process.argv.includes("--write");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };

const PACKAGES = ["previous", "current"] as const;
type Which = (typeof PACKAGES)[number];

function proofOf(release: Release): Proof {
  return {
    name: "upgrade",
    write: (scratch) => {
      const source = join(scratch, "source");
      checkOut(ROOT, release, source);
      linkModules(join(source, "node_modules"));
      // What a release is built with is in its own scripts.
      execFileSync("npm", ["run", "--silent", "build"], { cwd: source, stdio: "inherit" });
      for (const which of PACKAGES) {
        install(which === "previous" ? source : ROOT, join(scratch, which));
        writeApp(join(source, "environments"), join(scratch, which));
      }
      checkInterface(scratch);
      const current = synthesize(scratch, "current");
      return [synthesize(scratch, "previous"), current];
    },
    async run({ environments: [before = {}, after = {}] }, scratch) {
      const [old, fresh] = [new Terraform(join(scratch, "app"), before), new Terraform(join(scratch, "app"), after)];
      const stacks = inOrder(synthesize(scratch, "previous"));
      for (const stack of stacks) await old.apply(stack);
      for (const stack of stacks) await old.mustBeEmpty(stack);
      const now = inOrder(synthesize(scratch, "current"));
      if (now.join() !== stacks.join()) throw new Error(`the stacks were ${stacks.join()}, and are ${now.join()}`);
      const plans = new Map<string, readonly PlannedChange[]>();
      for (const stack of stacks) {
        plans.set(stack, await fresh.plan(stack));
        await fresh.apply(stack);
      }
      for (const stack of stacks) await fresh.mustBeEmpty(stack);
      judge(renderUpgrade(plans));
      const changes = [...plans.values()].flat().length;
      return `${stacks.length} stacks of ${release.version} were taken over by ${version}: ${changes} changes, as CHANGELOG.md declares them, and nothing after them.`;
    },
  };
}

/** The packed package, as npm would lay it into a project. */
function install(from: string, project: string): void {
  mkdirSync(project, { recursive: true });
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", project], { cwd: from });
  const archive = readdirSync(project).find((name) => name.endsWith(".tgz")) ?? "";
  execFileSync("tar", ["--extract", "--gzip", "--file", archive], { cwd: project });
  linkModules(join(project, "node_modules"));
  cpSync(join(project, "package"), join(project, "node_modules", "cdktf-gke-cilium"), { recursive: true });
}

/** The environments that the previous release shipped, as their owner has them: with the package among the dependencies. */
function writeApp(environments: string, project: string): void {
  for (const name of readdirSync(environments)) {
    const text = readFileSync(join(environments, name), "utf8");
    writeFileSync(join(project, name), text.replace(/"\.\.\/lib\/[^"]*"/g, '"cdktf-gke-cilium"'));
  }
  writeFileSync(
    join(project, "main.ts"),
    'import { synthesize } from "cdktf-gke-cilium";\nimport { environments } from "./index";\n\nsynthesize(environments);\n',
  );
  const options = { target: "ES2022", module: "node16", moduleResolution: "node16", strict: true, skipLibCheck: true };
  const include = ["*.ts"];
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...options, outDir: "out", types: [] }, include }),
  );
  execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", project], { stdio: "inherit" });
}

/** Writes the stacks of one of the two where those of the other were, as an upgrade does. */
function synthesize(scratch: string, which: Which): readonly StackFacts[] {
  const app = join(scratch, "app");
  mkdirSync(app, { recursive: true });
  execFileSync(process.execPath, [join(scratch, which, "out", "main.js")], {
    cwd: app,
    env: { ...process.env, CDKTF_OUTDIR: join(app, "cdktf.out") },
  });
  return readStacks(join(app, "cdktf.out"));
}

function checkInterface(scratch: string): void {
  const [before, after] = PACKAGES.map((which) =>
    exportsOf(join(scratch, which, "package", "dist", "lib", "index.d.ts")),
  );
  const [section] = sectionsOf(readFileSync(CHANGELOG, "utf8"));
  // What is left as a type only is gone for whoever called it.
  const [called = [], callable = []] = PACKAGES.map((which) => valuesOf(join(scratch, which)));
  const lost = called
    .filter((name) => !callable.includes(name) && after?.has(name))
    .map((name) => ({ name, what: `${name} is a type only` }));
  const breaking = [...breakingChanges(before ?? new Map(), after ?? new Map()), ...lost];
  const missing = undeclared(breaking, section?.body ?? "");
  if (missing.length > 0)
    throw new Error(`CHANGELOG.md does not name what changed: ${missing.map(({ what }) => what).join("; ")}`);
}

/** Names that can be called or constructed, as Node itself loads the package. */
function valuesOf(project: string): string[] {
  const names = 'process.stdout.write(JSON.stringify(Object.keys(require("cdktf-gke-cilium"))))';
  return JSON.parse(execFileSync(process.execPath, ["-e", names], { cwd: project, encoding: "utf8" })) as string[];
}

function judge(planned: string): void {
  const changelog = readFileSync(CHANGELOG, "utf8").replaceAll("\r\n", "\n");
  if (write) {
    writeFileSync(CHANGELOG, withDeclaredPlan(changelog, planned));
    return;
  }
  const declared = declaredPlan(sectionsOf(changelog)[0]?.body ?? "");
  if (declared !== planned)
    throw new Error(`CHANGELOG.md declares\n${declared ?? "nothing"}\n\nand what is planned is\n${planned}`);
}

function linkModules(modules: string): void {
  for (const name of readdirSync(join(ROOT, "node_modules")).filter(
    (each) => each === ".bin" || !each.startsWith("."),
  )) {
    const path = join(modules, name);
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) symlinkSync(join(ROOT, "node_modules", name), path);
  }
}

const release = previousRelease(ROOT, version);
if (release === undefined) {
  process.stderr.write("upgrade: NOT RUN. This clone has no history of an earlier release; fetch it with its tags.\n");
  process.exitCode = NOT_RUN;
} else
  prove(proofOf(release)).then((code) => {
    process.exitCode = code;
  });
