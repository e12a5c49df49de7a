import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Secrets } from "../diff/secrets";
import { destroys, isEffective, type StackChanges, type StackConfig } from "../model/changes";
import { diffFiles, filesOf } from "../readers/files";
import { readOffline } from "../readers/offline";
import { readPlan } from "../readers/plan";
import { environmentOf, type StackEntry, type Synth } from "../readers/synth";
import { readTemplate } from "../readers/template";
import { UnreadableError } from "../readers/unreadable";
import { firstLines } from "./process";
import type { PlanOutcome } from "./terraform";

/** Larger files are refused before they fill the memory. */
const LARGEST_PLAN = 400 * 1024 * 1024;

export interface StackSource {
  readonly base?: Synth;
  readonly head: Synth;
  readonly secrets: Secrets;
  readonly environments: readonly string[];
}

/** One stack in both synths, its configuration read. */
export interface StackPair {
  readonly entry: StackEntry;
  readonly base?: StackConfig;
  readonly head?: StackConfig;
  /** The configuration does not differ. */
  readonly same: boolean;
  /** Why its configuration cannot be read. */
  readonly failure?: string;
}

/** Every stack of both synths, in the order of deployment; those that are gone come last. */
export function pairStacks({ base, head, secrets, environments }: StackSource): readonly StackPair[] {
  const wanted = ({ name }: StackEntry) => environments.length === 0 || environments.includes(environmentOf(name));
  const names = new Set(head.stacks.map(({ name }) => name));
  const gone = (base?.stacks ?? []).filter(({ name }) => !names.has(name));
  const inBase = new Set((base?.stacks ?? []).map(({ name }) => name));
  return [...head.stacks, ...gone].filter(wanted).map((listed): StackPair => {
    const entry = withNewWarnings(listed, base);
    try {
      const from = base && inBase.has(entry.name) ? readStack(base, entry.name, secrets) : undefined;
      const to = names.has(entry.name) ? readStack(head, entry.name, secrets) : undefined;
      return { entry, base: from, head: to, same: !!from && !!to && isSame(from, to) };
    } catch (error) {
      return { entry, same: false, failure: reasonOf(error, entry.name) };
    }
  });
}

/** What the app warned of before this change as well says nothing about it. */
function withNewWarnings(entry: StackEntry, base: Synth | undefined): StackEntry {
  const known = base?.stacks.find(({ name }) => name === entry.name)?.annotations ?? [];
  return { ...entry, annotations: entry.annotations.filter((text) => !known.includes(text)) };
}

/**
 * Why an input cannot be read. One that is nested thousands of levels deep, or that grows without end when it is worked
 * out, ends in an error of the language.
 *
 * @throws any other error: a bug must not look like a bad input.
 */
function reasonOf(error: unknown, source: string): string {
  if (error instanceof UnreadableError) return error.message;
  if (!(error instanceof RangeError)) throw error;
  return new UnreadableError(source, "is nested too deeply or grows too large to be read", "make it smaller").message;
}

function readStack(synth: Synth, name: string, secrets: Secrets): StackConfig {
  const entry = synth.stacks.find((stack) => stack.name === name)!;
  const config = readTemplate(synth.template(name), secrets, { directory: entry.directory, root: synth.root });
  return { ...config, files: filesOf(entry, synth) };
}

function isSame(base: StackConfig, head: StackConfig): boolean {
  if (base.fingerprint !== head.fingerprint) return false;
  return diffFiles(base.files ?? new Map(), head.files ?? new Map()).length === 0;
}

/** Reads a stack from the two synths. */
export function offline(pair: StackPair, secrets: Secrets, fallback?: string): StackChanges {
  if (pair.failure !== undefined) return failed(pair, pair.failure);
  const { name, dependencies, annotations } = pair.entry;
  try {
    return readOffline(pair.base, pair.head, { name, dependencies, annotations, secrets, fallback });
  } catch (error) {
    return failed(pair, reasonOf(error, name));
  }
}

/** A stack that is the same in base and head and was therefore not planned. */
export function untouched(pair: StackPair, secrets: Secrets): StackChanges {
  return { ...offline(pair, secrets), untouched: true };
}

export interface PlannedStack {
  readonly pair: StackPair;
  readonly secrets: Secrets;
  readonly outcome: PlanOutcome;
  readonly allDrift: boolean;
  /** The base was given, so a stack that is not in it is new. */
  readonly compared: boolean;
  /** Stacks below, already read. */
  readonly below: readonly StackChanges[];
}

/** Reads a stack from its plan, or says why there is none. */
export function fromPlan(planned: PlannedStack): StackChanges {
  const { pair, secrets, outcome, allDrift, below } = planned;
  if (pair.failure !== undefined) return failed(pair, pair.failure);
  const presence = planned.compared && !pair.base ? "added" : "kept";
  // Whether Terraform gave up or wrote down what it got to: without the cluster neither says anything.
  const error = outcome.kind === "failed" ? outcome.error : outcome.stderr;
  const missing = error === undefined ? undefined : missingCluster(below);
  if (missing) return { ...offline(pair, secrets, `${missing} (${firstLines(error ?? "")})`), presence };
  if (outcome.kind === "failed") return failed(pair, outcome.error);
  try {
    const { entry, base, head } = pair;
    const changes = readPlan(outcome.json, `plan of ${entry.name}`, { stack: entry, secrets, base, head, allDrift });
    const partial =
      outcome.stderr === undefined ? changes.partial : `${changes.partial ?? "Terraform failed"}: ${outcome.stderr}`;
    return { ...changes, presence, partial };
  } catch (error) {
    return failed(pair, reasonOf(error, `plan of ${pair.entry.name}`));
  }
}

/** A plan that somebody else made, as `<directory>/<stack>.json`. */
export function planFile(directory: string, stack: string): PlanOutcome {
  if (!/^[\w.-]+$/.test(stack)) {
    return { kind: "failed", error: `${stack} cannot be the name of a file; rename the stack` };
  }
  const file = join(directory, `${stack}.json`);
  if (!existsSync(file))
    return { kind: "failed", error: `${file} does not exist; write it with 'terraform show -json <plan file>'` };
  const { size } = statSync(file);
  if (size > LARGEST_PLAN)
    return { kind: "failed", error: `${file} has ${size} bytes; nothing above ${LARGEST_PLAN} is read` };
  return { kind: "planned", json: readFileSync(file, "utf8"), file };
}

/**
 * A platform stack logs in to a cluster. While that cluster is still to be created it cannot be planned, which is
 * nobody's fault; any other failure is one.
 */
function missingCluster(below: readonly StackChanges[]): string | undefined {
  for (const stack of below) {
    const born = stack.resources.find(
      (r) => r.type === "google_container_cluster" && (r.action === "create" || destroys(r)),
    );
    if (born && isEffective(born)) return `its cluster does not exist before ${stack.name} is applied`;
    if (stack.fallback !== undefined) return `${stack.name}, which it depends on, could not be planned either`;
  }
  return undefined;
}

function failed(pair: StackPair, failure: string): StackChanges {
  const { name, dependencies, annotations } = pair.entry;
  return {
    name,
    environment: environmentOf(name),
    mode: "plan",
    presence: pair.head ? "kept" : "removed",
    dependencies,
    resources: [],
    outputs: [],
    drift: [],
    checks: [],
    failure,
    annotations,
  };
}
