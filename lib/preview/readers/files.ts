import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import type { StackEntry, Synth } from "./synth";

/**
 * What Terraform and cdktf write into a stack's directory while they work, none of which a synth makes: installed
 * providers and their lock (kept with each plan), local states, saved plans.
 */
const WORKING_FILES = /^(\.terraform|\.terraform\.lock\.hcl|\.?.*\.tfstate(\..*)?|crash\.log|plan|.*\.tfplan)$/;

/** Read by itself. */
const TEMPLATE = "cdk.tf.json";

/**
 * Every file of a stack besides its template, path to digest: assets, variables' values, further configuration. None where
 * the stack has no directory of its own: what lies beside several templates is no single stack's.
 */
export function filesOf({ directory }: StackEntry, synth: Synth): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const shared = synth.stacks.filter((stack) => stack.directory === directory).length > 1;
  if (shared || resolve(directory) === resolve(synth.directory)) return files;
  const walk = (prefix: string): void => {
    for (const name of readdirSync(join(directory, prefix)).sort()) {
      if (prefix === "" && (name === TEMPLATE || WORKING_FILES.test(name))) continue;
      const path = prefix === "" ? name : `${prefix}/${name}`;
      const full = join(directory, path);
      const entry = lstatSync(full);
      if (entry.isDirectory()) walk(path);
      // A link counts by where it leads: following it might leave the directory.
      else files.set(path, digest(entry.isSymbolicLink() ? readlinkSync(full) : readFileSync(full)));
    }
  };
  if (existsSync(directory)) walk("");
  return files;
}

/** The files that differ, each with what became of it. */
export function diffFiles(
  base: ReadonlyMap<string, string>,
  head: ReadonlyMap<string, string>,
): readonly { readonly path: string; readonly kind: "added" | "removed" | "changed" }[] {
  const paths = [...new Set([...base.keys(), ...head.keys()])].sort();
  return paths.flatMap((path) => {
    const [from, to] = [base.get(path), head.get(path)];
    if (from === to) return [];
    return [{ path, kind: from === undefined ? "added" : to === undefined ? "removed" : "changed" } as const];
  });
}

function digest(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
