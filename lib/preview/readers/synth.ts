import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import type { Secrets } from "../diff/secrets";
import { isObject } from "../model/value";
import { UnreadableError } from "./unreadable";

/** One stack as `manifest.json` lists it. */
export interface StackEntry {
  readonly name: string;
  readonly dependencies: readonly string[];
  /** Directory to run Terraform in. */
  readonly directory: string;
  /** Warnings and errors the app attached to its constructs. */
  readonly annotations: readonly string[];
}

/** A synthesized app: `manifest.json` and one `cdk.tf.json` a stack. */
export interface Synth {
  readonly directory: string;
  /** The app's directory, where it is known. */
  readonly root?: string;
  readonly stacks: readonly StackEntry[];
  /** Raw `cdk.tf.json`, read on demand. */
  template(name: string): Readonly<Record<string, unknown>>;
}

/** Larger files are no synth of an app; reading them would only exhaust the memory. */
const LARGEST_TEMPLATE = 64 * 1024 * 1024;

/**
 * Opens an output directory of cdktf or cdktn.
 *
 * @param root Directory of the app it was made of, where that is known.
 * @throws UnreadableError where `manifest.json` is missing or names files that are not there.
 */
export function openSynth(directory: string, root?: string): Synth {
  const manifest = join(directory, "manifest.json");
  if (!existsSync(manifest)) {
    throw new UnreadableError(directory, "has no manifest.json", "synthesize the app first (npm run synth)");
  }
  const content = readJson(manifest);
  if (!isObject(content["stacks"])) {
    throw new UnreadableError(manifest, "has no 'stacks'", "is this the output directory of a cdktf app?");
  }
  const paths = new Map<string, string>();
  const stacks = Object.entries(content["stacks"]).map(([name, entry]): StackEntry => {
    const path = isObject(entry) ? entry["synthesizedStackPath"] : undefined;
    if (!isObject(entry) || typeof path !== "string") {
      throw new UnreadableError(
        manifest,
        `has no 'synthesizedStackPath' for the stack ${name}`,
        "synthesize the app again",
      );
    }
    const file = inside(directory, path, manifest);
    paths.set(name, file);
    return {
      name,
      dependencies: strings(entry["dependencies"]),
      directory: inside(
        directory,
        typeof entry["workingDirectory"] === "string" ? entry["workingDirectory"] : ".",
        manifest,
      ),
      annotations: annotationsOf(entry["annotations"]),
    };
  });
  return { directory, root, stacks: inOrder(stacks), template: (name) => readJson(paths.get(name)!) };
}

/**
 * The environment of a stack: what stands before `-cluster`, `-networking` or `-monitoring`, else the stack's own name,
 * so that an app with other stacks is previewed as well.
 */
export function environmentOf(stack: string): string {
  return /^(.+)-(?:cluster|networking|monitoring)$/.exec(stack)?.[1] ?? stack;
}

/** The strings of every `variable` that is declared sensitive and has a default. */
export function rememberVariables(template: Readonly<Record<string, unknown>>, secrets: Secrets): void {
  const variables = template["variable"];
  if (!isObject(variables)) return;
  for (const variable of Object.values(variables)) {
    if (isObject(variable) && variable["sensitive"] === true) secrets.add(variable["default"]);
  }
}

/** Each stack after those it depends on; the rest by name. */
function inOrder(stacks: readonly StackEntry[]): readonly StackEntry[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const done = new Set<StackEntry>();
  const visit = (stack: StackEntry | undefined, trail: ReadonlySet<StackEntry>): void => {
    if (!stack || done.has(stack) || trail.has(stack)) return;
    for (const name of stack.dependencies) visit(byName.get(name), new Set([...trail, stack]));
    done.add(stack);
  };
  for (const stack of [...stacks].sort((a, b) => (a.name < b.name ? -1 : 1))) visit(stack, new Set());
  return [...done];
}

/** A path of the manifest, which may come from somebody else's machine: nothing outside the directory is touched. */
function inside(directory: string, path: string, manifest: string): string {
  const root = resolve(directory);
  const full = resolve(root, path);
  const real = existsSync(full) ? realpathSync(full) : full;
  const within = [full.startsWith(root + sep), real.startsWith(realpathSync(root) + sep)].every(Boolean);
  if (full !== root && !within) {
    throw new UnreadableError(manifest, `points outside its directory (${path})`, "synthesize the app again");
  }
  return full;
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) throw new UnreadableError(file, "does not exist", "synthesize the app again");
  const { size } = statSync(file);
  if (size > LARGEST_TEMPLATE) {
    throw new UnreadableError(file, `has ${size} bytes`, `nothing above ${LARGEST_TEMPLATE} is read`);
  }
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isObject(value)) return value;
  } catch {
    // Node's message would quote the file, and the file may not be what its name says.
    throw new UnreadableError(file, "is not JSON", "synthesize the app again");
  }
  throw new UnreadableError(file, "is not a JSON object", "synthesize the app again");
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** The messages; stack traces name machine paths. */
function annotationsOf(value: unknown): readonly string[] {
  const entries = Array.isArray(value) ? value.filter(isObject) : [];
  return entries
    .filter(({ level }) => level === "@cdktf/warn" || level === "@cdktf/error")
    .map(({ constructPath, message }) => `${String(constructPath)}: ${String(message)}`);
}
