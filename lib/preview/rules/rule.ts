import type { Mode, ResourceChange, StackChanges } from "../model/changes";
import type { Severity } from "../model/report";
import { getPath, isEmpty, isEqual, Opaque, type Value } from "../model/value";
import type { Scene } from "./scene";

/** One thing a reviewer must know, as data: what it is called, how bad it is, what it does and what to do about it. */
export interface Rule {
  /** Stable: allow-lists name it. */
  readonly id: string;
  /** How bad it is unless a hit says otherwise. */
  readonly severity: Severity;
  /** Which kind of preview can tell. */
  readonly modes: readonly Mode[];
  readonly title: string;
  /** What it does to a live cluster, in plain words. */
  readonly consequence: string;
  readonly remedy: string;
  /** Where this is known from. */
  readonly source: string;
  /** Every place in the preview where the rule fires. */
  readonly check: (scene: Scene) => Iterable<Hit>;
}

export interface Hit {
  /** The resource, where it is about one. */
  readonly change?: ResourceChange;
  /** The stack, where it is about no single resource. */
  readonly stack?: string;
  /** What was seen: attribute and values. */
  readonly detail: string;
  readonly severity?: Severity;
  /** In place of the rule's own words. */
  readonly consequence?: string;
  readonly remedy?: string;
}

/** What a check of one resource says: the detail, or more of a hit. Nothing where it does not fire. */
export type Verdict = string | Hit | undefined;

/** Looks at every managed resource of the given types that the preview touches. */
export function eachChange(
  types: readonly string[],
  check: (change: ResourceChange, scene: Scene) => Verdict,
): (scene: Scene) => Iterable<Hit> {
  return function* (scene) {
    for (const change of scene.changes) {
      if (change.kind !== "managed" || (types.length > 0 && !types.includes(change.type))) continue;
      const verdict = check(change, scene);
      if (typeof verdict === "string") yield { change, detail: verdict };
      else if (verdict) yield { ...verdict, change };
    }
  };
}

/** Looks at every stack. */
export function eachStack(
  check: (stack: StackChanges, scene: Scene) => Verdict | readonly Verdict[],
): (scene: Scene) => Iterable<Hit> {
  return function* (scene) {
    for (const stack of scene.stacks) {
      for (const verdict of [check(stack, scene)].flat()) {
        if (typeof verdict === "string") yield { stack: stack.name, detail: verdict };
        else if (verdict) yield { stack: stack.name, ...verdict };
      }
    }
  };
}

/** One side of an attribute. */
export function before(change: ResourceChange, path: string): Value | undefined {
  return asSwitch(getPath(change.before ?? undefined, path));
}

export function after(change: ResourceChange, path: string): Value | undefined {
  return asSwitch(getPath(change.after ?? undefined, path));
}

/** Terraform takes `"true"` for `true` where a boolean is asked for. */
function asSwitch(value: Value | undefined): Value | undefined {
  return value === "true" ? true : value === "false" ? false : value;
}

/** Whether the attribute changes; a value that only the apply knows counts only where it forces a replacement. */
export function differs(change: ResourceChange, path: string): boolean {
  if (!change.before || !change.after) return false;
  const [from, to] = [before(change, path), after(change, path)];
  // Providers of the older kind write zero where nothing was, and the other way round.
  if (isZero(from) && isZero(to)) return false;
  return !isEqual(from, to) && (!(to instanceof Opaque) || forces(change, path));
}

function isZero(value: Value | undefined): boolean {
  return isEmpty(value) || value === false || value === 0;
}

/** Whether this attribute, or a block around it or in it, forces the replacement. */
export function forces(change: ResourceChange, path: string): boolean {
  return change.replacePaths.some((steps) => {
    const named = steps.filter((step) => typeof step === "string").join(".");
    return named === path || named.startsWith(`${path}.`) || path.startsWith(`${named}.`);
  });
}

/** `datapath_provider` LEGACY_DATAPATH → ADVANCED_DATAPATH, for each attribute that changes. */
export function describe(change: ResourceChange, paths: readonly string[]): string | undefined {
  const parts = paths.filter((path) => differs(change, path) || forces(change, path));
  if (parts.length === 0) return undefined;
  return parts.map((path) => transition(path, before(change, path), after(change, path))).join("; ");
}

export function transition(name: string, from: Value | undefined, to: Value | undefined): string {
  return `${name}: ${show(from)} → ${show(to)}`;
}

/** A value within a sentence. */
export function show(value: Value | undefined): string {
  if (isEmpty(value)) return "(not set)";
  if (value instanceof Opaque) return value.text;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
