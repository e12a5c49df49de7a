import { parseVersion, type Version } from "../../facts/semver";
import { effectiveValues } from "../diff/helm-values";
import { CiliumChart } from "../knowledge/cilium-chart";
import type { ResourceChange } from "../model/changes";
import { getPath, isEqual, Opaque, type Value, type ValueObject } from "../model/value";

/** One side of a release: what it installs. */
export interface ReleaseSide {
  readonly version?: Version;
  readonly values: ValueObject;
  /** Parts of the values cannot be read; what is not set may be set there. */
  readonly incomplete: boolean;
  /** The parts that cannot be read. */
  readonly hidden: readonly Opaque[];
}

export interface CiliumRelease {
  readonly change: ResourceChange;
  readonly before?: ReleaseSide;
  readonly after?: ReleaseSide;
}

/**
 * The chart is called `cilium`, from wherever, and its agent is on. With `agent: false` it is a pre-flight check or a
 * Hubble UI beside Dataplane V2, which nothing depends on.
 */
export function readRelease(change: ResourceChange): CiliumRelease | undefined {
  if (change.type !== "helm_release") return undefined;
  const [before, after] = [sideOf(change.before), sideOf(change.after)];
  return before || after ? { change, before, after } : undefined;
}

function sideOf(release: ValueObject | null): ReleaseSide | undefined {
  if (!release || !isCiliumChart(release["chart"])) return undefined;
  const { values, hidden } = effectiveValues(release);
  if (values["agent"] === false) return undefined;
  return { version: parseVersion(release["version"]), values, incomplete: hidden.length > 0, hidden };
}

/** `cilium`, `oci://…/cilium`, `./charts/cilium`, `cilium-1.20.2.tgz`. */
export function isCiliumChart(chart: Value | undefined): boolean {
  if (typeof chart !== "string") return false;
  const name = chart.replace(/\/+$/, "").split("/").pop() ?? "";
  return name === "cilium" || /^cilium-v?\d[\w.+-]*\.tgz$/.test(name);
}

/** What a value amounts to: what is set, else the chart's default. Undefined where it cannot be known. */
export function setting(side: ReleaseSide | undefined, key: string): Value | undefined {
  if (!side) return undefined;
  const set = getPath(side.values, key);
  if (set instanceof Opaque) return undefined;
  if (set !== undefined) return set;
  if (side.incomplete || !side.version) return undefined;
  return CiliumChart.load().defaultOf(key, side.version) ?? null;
}

/** Whether a value is switched on, written as a boolean or as a string. */
export function isOn(side: ReleaseSide | undefined, key: string): boolean {
  const value = setting(side, key);
  return value === true || value === "true";
}

/**
 * Values that differ in effect, as `key: before → after`. A value that only the apply knows is a value: it differs from
 * every other. What neither side sets, or what may be set where it cannot be read, is not guessed.
 */
export function changedSettings({ before, after }: CiliumRelease, keys: readonly string[]): readonly string[] {
  if (!before || !after) return [];
  const alike = isEqual(before.hidden, after.hidden);
  return keys.flatMap((key) => {
    const [from, to] = [before, after].map((side) => getPath(side.values, key));
    if (isEqual(from, to) && setting(before, key) === undefined) return [];
    const [old, current] = [before, after].map((side) => told(side, key, alike));
    return old === undefined || current === undefined || old === current
      ? []
      : [`${key}: ${old || '""'} → ${current || '""'}`];
  });
}

/** A setting in words, or nothing where it is not told. */
function told(side: ReleaseSide, key: string, alike: boolean): string | undefined {
  const set = getPath(side.values, key);
  if (set instanceof Opaque) return set.text;
  const value = setting(side, key);
  if (value !== undefined) return text(value);
  // The unreadable part is the same as before, so what set the key before is gone.
  return alike && side.version ? text(CiliumChart.load().defaultOf(key, side.version) ?? null) : undefined;
}

/** A boolean and its spelling as a string are one value to the chart. */
function text(value: Value): string {
  return typeof value === "string" ? value : value === null ? "(not set)" : JSON.stringify(value);
}
