import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectories } from "../../make-directories";
import { isObject } from "../model/value";
import { filesOf } from "../readers/files";
import { templateFingerprint } from "../readers/fingerprint";
import type { StackEntry, Synth } from "../readers/synth";
import { UnreadableError } from "../readers/unreadable";

/** What binds a saved plan to what was reviewed. Holds nothing secret: this part may be published, the plan never. */
export interface KeptPlan {
  readonly stack: string;
  /** SHA-256 of the plan file. */
  readonly sha256: string;
  /** SHA-256 of the stack's configuration and the files it brings. */
  readonly configuration: string;
}

export interface PlanManifest {
  readonly schema: "gke-cilium-preview/plans/1";
  /** Commit that was reviewed. */
  readonly commit: string;
  /** Terraform refuses plans of another version. */
  readonly terraform: string;
  readonly plans: readonly KeptPlan[];
  /** Stacks that change and have no plan: they need another preview once these are applied. */
  readonly unplanned: readonly string[];
}

export const MANIFEST = "plans.json";

/** Puts a saved plan and the provider lock it needs into a directory that only this user reads. */
export function keepPlan(directory: string, synth: Synth, entry: StackEntry, planFile: string): KeptPlan {
  makeDirectories(directory, 0o700);
  const sha256 = fileDigest(planFile);
  // Named by what they hold: whoever fetches them from elsewhere can take no other file for them.
  copyFileSync(planFile, planPath(directory, sha256));
  chmodSync(planPath(directory, sha256), 0o600);
  const lock = join(entry.directory, ".terraform.lock.hcl");
  if (existsSync(lock)) copyFileSync(lock, lockPath(directory, sha256));
  return { stack: entry.name, sha256, configuration: configurationDigest(synth, entry) };
}

export function writeManifest(directory: string, manifest: Omit<PlanManifest, "schema">): void {
  makeDirectories(directory, 0o700);
  const content: PlanManifest = { schema: "gke-cilium-preview/plans/1", ...manifest };
  writeFileSync(join(directory, MANIFEST), `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * @param file `plans.json`, which may come from elsewhere than the plans.
 * @throws UnreadableError where it is not such a file.
 */
export function readManifest(file: string): PlanManifest {
  const wrong = (what: string): never => {
    throw new UnreadableError(file, what, "take the one that the preview wrote (--keep-plans)");
  };
  if (!existsSync(file)) return wrong("does not exist");
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return wrong("is not JSON");
  }
  if (!isObject(manifest) || manifest["schema"] !== "gke-cilium-preview/plans/1")
    return wrong("is not a list of plans");
  const { commit, terraform, plans, unplanned } = manifest as Partial<Record<keyof PlanManifest, unknown>>;
  if (typeof commit !== "string" || typeof terraform !== "string")
    return wrong("names no commit or no Terraform version");
  const whole = (plan: unknown): plan is KeptPlan =>
    isObject(plan) &&
    typeof plan["stack"] === "string" &&
    // The name becomes a path.
    /^[\w.-]+$/.test(plan["stack"]) &&
    [plan["sha256"], plan["configuration"]].every((sum) => typeof sum === "string" && /^[0-9a-f]{64}$/.test(sum));
  if (!Array.isArray(plans) || !plans.every(whole)) return wrong("has an entry that is incomplete");
  const waiting = Array.isArray(unplanned) ? unplanned.filter((name): name is string => typeof name === "string") : [];
  return { schema: "gke-cilium-preview/plans/1", commit, terraform, plans, unplanned: waiting };
}

export function planPath(directory: string, sha256: string): string {
  return join(directory, `${sha256}.tfplan`);
}

/** The provider lock a plan was made with. */
export function lockPath(directory: string, sha256: string): string {
  return join(directory, `${sha256}.lock.hcl`);
}

export function fileDigest(file: string): string {
  return digest(readFileSync(file));
}

/** What Terraform gets to see of a stack: its configuration and every file beside it, not the machine's paths. */
export function configurationDigest(synth: Synth, entry: StackEntry): string {
  const files = [...filesOf(entry, synth)].map(([path, sum]) => `${path} ${sum}`);
  const template = templateFingerprint(synth.template(entry.name), { directory: entry.directory, root: synth.root });
  return digest(Buffer.from([template, ...files].join("\n")));
}

function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
