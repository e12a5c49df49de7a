import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { makeDirectories } from "../../make-directories";
import { isObject } from "../model/value";
import { openSynth, type Synth } from "../readers/synth";
import { firstLines, run } from "./process";

/** One side of a comparison: a synthesized app, and where it is from. */
export interface Side {
  readonly synth: Synth;
  readonly name: string;
  readonly commit?: string;
}

/** Something that must be undone at the end, whatever happens. */
export type CleanUp = () => Promise<void> | void;

export interface SynthesizeOptions {
  /** Directory of the app: the one with `cdktf.json`. */
  readonly app: string;
  /** @default - `app` of cdktf.json */
  readonly command?: string;
  readonly onProgress: (text: string) => void;
  readonly cleanUps: CleanUp[];
}

/** Synthesizes the working tree. @param output Where to; a plan wants the directory that `cdktf` uses. */
export async function synthesizeWorkingTree(options: SynthesizeOptions, output: string | undefined): Promise<Side> {
  const directory = output ?? scratch(options, "head");
  options.onProgress("synthesizing the working tree");
  await synthesize(options.app, directory, options);
  return {
    synth: openSynth(directory, options.app),
    name: "working tree",
    commit: await commitOf(options.app, "HEAD"),
  };
}

/**
 * Synthesizes another commit: checked out into a worktree of its own, with the dependencies that its lock file asks for.
 */
export async function synthesizeCommit(ref: string, options: SynthesizeOptions): Promise<Side> {
  const commit = await commitOf(options.app, ref);
  if (commit === undefined) {
    throw new Error(
      `--base ${ref}: is not a commit of this repository; fetch it first, or name a synthesized directory`,
    );
  }
  const root = (await git(options.app, ["rev-parse", "--show-toplevel"])).trim();
  const tree = scratch(options, "base-tree");
  options.onProgress(`checking out ${ref} (${commit.slice(0, 10)})`);
  await git(root, ["-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", "--force", tree, commit]);
  options.cleanUps.push(async () => {
    await run("git", ["worktree", "remove", "--force", tree], { cwd: root, cleansUp: true });
  });
  const app = join(tree, relative(resolve(root), resolve(options.app)));
  await provideDependencies(app, options);
  const directory = scratch(options, "base");
  options.onProgress(`synthesizing ${ref}`);
  await synthesize(app, directory, options);
  return { synth: openSynth(directory, app), name: ref, commit };
}

/** Full commit id of a reference, or undefined where there is none. */
export async function commitOf(directory: string, ref: string): Promise<string | undefined> {
  const { code, stdout } = await run(
    "git",
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
    { cwd: directory },
  );
  return code === 0 ? stdout.trim() : undefined;
}

/** `app` and `output` of a project's cdktf.json. */
export function readProject(app: string): { readonly app?: string; readonly output: string; readonly context: string } {
  const file = join(app, "cdktf.json");
  const project: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  if (!isObject(project)) throw new Error(`${file}: is no JSON object; fix it`);
  return {
    app: typeof project["app"] === "string" ? project["app"] : undefined,
    output: typeof project["output"] === "string" ? project["output"] : "cdktf.out",
    context: JSON.stringify(project["context"] ?? {}),
  };
}

async function synthesize(app: string, output: string, options: SynthesizeOptions): Promise<void> {
  const project = readProject(app);
  const command = options.command ?? project.app;
  if (command === undefined) {
    throw new Error(`${app}: has no cdktf.json with 'app'; run this in the app's directory, or give --synth <command>`);
  }
  // What the cdktf CLI sets for the same command.
  const env = { CDKTF_OUTDIR: output, CDKTF_CONTEXT_JSON: project.context, CI: process.env["CI"] ?? "1" };
  const { code, stderr, stdout } = await run("sh", ["-c", command], { cwd: app, env });
  if (code !== 0) throw new Error(`synthesizing failed (${command}): ${firstLines(stderr || stdout, 12)}`);
}

/** The head's own dependencies where both sides ask for the same, else an installation kept for the next time. */
async function provideDependencies(app: string, options: SynthesizeOptions): Promise<void> {
  const lock = join(app, "package-lock.json");
  if (!existsSync(lock)) return;
  const modules = join(app, "node_modules");
  const own = join(options.app, "package-lock.json");
  const wanted = readFileSync(lock, "utf8");
  if (existsSync(own) && readFileSync(own, "utf8") === wanted && existsSync(join(options.app, "node_modules"))) {
    symlinkSync(join(resolve(options.app), "node_modules"), modules);
    return;
  }
  const key = createHash("sha256").update(wanted).update(process.version).digest("hex").slice(0, 16);
  const cache = join(cacheRoot(), "node_modules", key);
  if (!existsSync(join(cache, "complete"))) await install(app, cache, options);
  symlinkSync(join(cache, "complete", "node_modules"), modules);
}

async function install(app: string, cache: string, options: SynthesizeOptions): Promise<void> {
  options.onProgress("installing the base's dependencies (kept for the next time)");
  const partial = join(cache, `partial-${process.pid}`);
  rmSync(partial, { recursive: true, force: true });
  makeDirectories(partial);
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) {
    if (existsSync(join(app, name))) copyFileSync(join(app, name), join(partial, name));
  }
  const { code, stderr } = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: partial });
  if (code !== 0) throw new Error(`npm ci of the base failed: ${firstLines(stderr)}`);
  // Of two previews at once the first one wins; both installed the same.
  if (!existsSync(join(cache, "complete"))) renameSync(partial, join(cache, "complete"));
  rmSync(partial, { recursive: true, force: true });
}

function cacheRoot(): string {
  const home = process.env["XDG_CACHE_HOME"] ?? join(process.env["HOME"] ?? tmpdir(), ".cache");
  return join(home, "gke-cilium-preview");
}

function scratch(options: SynthesizeOptions, name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `gke-cilium-preview-${name}-`));
  options.cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run("git", args, { cwd });
  if (code !== 0) throw new Error(`git ${args[0]} failed: ${firstLines(stderr)}`);
  return stdout;
}
