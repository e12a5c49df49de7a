import { ChartKeys, removedKeyAt, SUPPORTED_MINORS, supportedMinorOf, TABLED_CHART } from "../../facts/cilium";
import { compareVersions, parseVersion, type Version } from "../../facts/semver";
import type { ChartUpgrade } from "../model/report";
import { isArray, isObject, Opaque, type Value, type ValueObject } from "../model/value";

/** Image tags and digests change with every release and say nothing to a reviewer. */
const IMAGE = /(^|\.)(image|[a-zA-Z]+Image)\.|[dD]igest$/;

/** Keys on which the chart stops with an error of its own from a minor on (`templates/validate.yaml`). */
const REFUSED: Readonly<Record<string, number>> = {
  enableCiliumEndpointSlice: 18,
  "ciliumEndpointSlice.sliceMode": 18,
  tunnel: 15,
};

/** A key that a version no longer knows. */
export interface LostKey {
  readonly key: string;
  /** What took its place, in words. */
  readonly instead?: string;
}

/**
 * The values of the Cilium chart and their defaults, one column a tabled version, and what became of those that are gone:
 * the same facts that the constructs are judged by.
 */
export class CiliumChart {
  private static loaded: CiliumChart | undefined;

  public static load(): CiliumChart {
    CiliumChart.loaded ??= new CiliumChart();
    return CiliumChart.loaded;
  }

  /** Defaults that were asked for, parsed. */
  private readonly defaults = new Map<string, Value | undefined>();

  private readonly columns = new Map<string, ReadonlyMap<string, string>>(
    SUPPORTED_MINORS.map((minor) => [TABLED_CHART[minor], ChartKeys.of(minor).defaults]),
  );

  private constructor() {}

  public get versions(): readonly string[] {
    return [...this.columns.keys()];
  }

  /** The tabled version that stands for a minor, or undefined where the minor is not tabled. */
  public tabled(version: Version): string | undefined {
    const minor = supportedMinorOf(version);
    return minor && TABLED_CHART[minor];
  }

  /** The default of a key, parsed. Undefined where the key or the minor is not known. */
  public defaultOf(key: string, version: Version): Value | undefined {
    const asked = `${version.major}.${version.minor} ${key}`;
    if (!this.defaults.has(asked)) {
      const cell = this.columns.get(this.tabled(version) ?? "")?.get(key);
      this.defaults.set(asked, cell === undefined ? undefined : (JSON.parse(cell) as Value));
    }
    return this.defaults.get(asked);
  }

  /** What the step between two versions means for a release with these values. */
  public upgrade(from: string, to: string, values: ValueObject): ChartUpgrade | undefined {
    const [old, current] = [parseVersion(from), parseVersion(to)];
    if (!old || !current || compareVersions(old, current) === 0) return undefined;
    const [before, after] = [this.tabled(old), this.tabled(current)];
    if (!before || !after) {
      const missing = [before ? [] : [from], after ? [] : [to]].flat().join(" and ");
      return { ...EMPTY, from, to, basis: `nothing is known of the values of ${missing}` };
    }
    if (before === after)
      return { ...EMPTY, from, to, basis: `within one minor, whose values are known from ${after}` };
    const [defaults, newDefaults] = [this.columns.get(before)!, this.columns.get(after)!];
    const set = new Set(leafKeys(values));
    const covered = (key: string) => [...ancestors(key), key].some((path) => set.has(path)) || hasBelow(set, key);
    const changed = [...newDefaults].filter(([key, value]) => {
      const previous = defaults.get(key);
      return previous !== undefined && previous !== value && !IMAGE.test(key) && !covered(key);
    });
    const removed = [...defaults.keys()].filter((key) => !newDefaults.has(key) && !IMAGE.test(key));
    return {
      chart: "cilium",
      from,
      to,
      basis:
        before === from && after === to
          ? "according to the charts of exactly these two versions"
          : `according to the charts ${before} and ${after}, the patches of these minors that are known here`,
      changedDefaults: changed.map(([key, value]) => ({ key, before: defaults.get(key)!, after: value })),
      removedInUse: this.lostKeys(values, current).map(nameWithSuccessor),
      removed,
      added: [...newDefaults.keys()].filter((key) => !defaults.has(key) && !IMAGE.test(key)).length,
    };
  }

  /**
   * Keys a release sets that this version does not know but another one did: renamed, moved or removed. What no version
   * knows is left alone, because templates honour keys that `values.yaml` does not list.
   */
  public lostKeys(values: ValueObject, version: Version): readonly LostKey[] {
    const here = this.columns.get(this.tabled(version) ?? "");
    return leafKeys(values).flatMap((key) => {
      const entry = removedKeyAt(key, version);
      if (entry) return [{ key, instead: entry.instead }];
      if (!here || isKnown(here, key)) return [];
      return [...this.columns.values()].some((other) => isKnown(other, key)) ? [{ key }] : [];
    });
  }

  /** Keys on which the chart of this version refuses to render at all. */
  public refusedKeys(values: ValueObject, version: Version): readonly string[] {
    return leafKeys(values).filter((key) => {
      const since = refusedSince(key);
      return since !== undefined && version.major === 1 && version.minor >= since;
    });
  }
}

const EMPTY = { chart: "cilium", changedDefaults: [], removedInUse: [], removed: [], added: 0 } as const;

/** `bpf.hostRouting (now bpf.hostLegacyRouting)`. */
export function nameWithSuccessor({ key, instead }: LostKey): string {
  return instead ? `${key} (now ${instead})` : key;
}

function refusedSince(key: string): number | undefined {
  return Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
}

/** The key itself, something below it, or a free-form map above it. */
function isKnown(column: ReadonlyMap<string, string>, key: string): boolean {
  if (column.has(key)) return true;
  if (ancestors(key).some((path) => isFreeForm(column.get(path)))) return true;
  return hasBelow(column.keys(), key);
}

/** An empty map, an empty list or null: the user fills it as needed. A scalar has nothing below it. */
function isFreeForm(cell: string | undefined): boolean {
  return cell !== undefined && (cell === "null" || cell.startsWith("{") || cell.startsWith("["));
}

function hasBelow(keys: Iterable<string>, key: string): boolean {
  for (const other of keys) if (other.startsWith(`${key}.`)) return true;
  return false;
}

function ancestors(key: string): readonly string[] {
  const steps = key.split(".");
  return steps.slice(1).map((_, i) => steps.slice(0, i + 1).join("."));
}

/** Dotted paths of everything that is set; a list is one value. */
export function leafKeys(value: Value | undefined, path = ""): readonly string[] {
  if (!isObject(value) || Object.keys(value).length === 0) return path === "" ? [] : [path];
  if (value instanceof Opaque || isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, child]) => leafKeys(child, path === "" ? key : `${path}.${key}`));
}
