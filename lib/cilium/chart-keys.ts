import type { HelmValue } from "../helm";
import { packageText } from "../package-files";
import type { SupportedMinor } from "./version";

/** The chart of each minor whose keys are listed in `data/chart-keys.tsv`: the newest that could be read. */
const LISTED_CHARTS: Readonly<Record<string, SupportedMinor>> = {
  "1.18.12": "1.18",
  "1.19.6": "1.19",
  "1.20.2": "1.20",
};

const ABSENT = "-";

/**
 * Last words of paths below which Kubernetes' own fields stand, whatever the chart puts there by default: its templates
 * copy them whole. Maps that are empty by default are copied too.
 */
const COPIED_SECTIONS = new Set([
  "affinity",
  "nodeSelector",
  "podSecurityContext",
  "resources",
  "securityContext",
  "seLinuxOptions",
  "updateStrategy",
]);

/** Security contexts that the templates take apart, key by key. */
const STRUCTURED_SECTIONS = new Set(["securityContext", "envoy.securityContext"]);

/** Paths that take a text in place of the section the chart has by default. */
const TEXT_FOR_SECTION = new Set([
  "authentication.mutual.spire.install.agent.image",
  "authentication.mutual.spire.install.server.image",
]);

/** Paths that take a map in place of the list the chart has by default. */
const MAP_FOR_LIST = new Set(["clustermesh.config.clusters"]);

/** A key that the chart does not have any more. */
export interface RemovedKey {
  readonly key: string;
  /** First minor without it, e.g. `1.18`. */
  readonly since: string;
  /** What to write instead, if anything. */
  readonly instead?: string;
}

/** What the chart of one minor understands. */
export class ChartKeys {
  private static readonly byMinor = new Map<SupportedMinor, ChartKeys>();

  /** The keys of a minor's chart: those of its values.yaml, and those that only its templates know. */
  public static of(minor: SupportedMinor): ChartKeys {
    const known = ChartKeys.byMinor.get(minor) ?? new ChartKeys(readDefaults(minor));
    ChartKeys.byMinor.set(minor, known);
    return known;
  }

  /** Every path that leads to a key, with or without a value of its own. */
  public readonly paths: ReadonlySet<string>;

  private constructor(private readonly defaults: ReadonlyMap<string, unknown>) {
    const paths = new Set<string>();
    for (const key of defaults.keys()) {
      for (let dot = key.indexOf("."); dot !== -1; dot = key.indexOf(".", dot + 1)) paths.add(key.slice(0, dot));
      paths.add(key);
    }
    this.paths = paths;
  }

  /** The chart's default at a path; undefined for sections, for keys without one and for keys it does not have. */
  public defaultOf(path: string): HelmValue | undefined {
    return this.defaults.get(path) as HelmValue | undefined;
  }

  /** Whether a path is a section whose keys are checked one by one. */
  public isSection(path: string): boolean {
    return this.paths.has(path) && !this.defaults.has(path) && !this.takesAnything(path);
  }

  /** Whether a map can be written at a path that is no section. */
  public takesMap(path: string): boolean {
    if (this.takesAnything(path) || MAP_FOR_LIST.has(path)) return true;
    const byDefault = this.defaults.get(path);
    return (
      byDefault === undefined || byDefault === null || (typeof byDefault === "object" && !Array.isArray(byDefault))
    );
  }

  /** Whether a value can be written in place of a section. */
  public takesTextForSection(path: string): boolean {
    return TEXT_FOR_SECTION.has(path);
  }

  private takesAnything(path: string): boolean {
    const last = path.slice(path.lastIndexOf(".") + 1);
    return COPIED_SECTIONS.has(last) && !STRUCTURED_SECTIONS.has(path);
  }
}

let removed: readonly RemovedKey[] | undefined;

/** Keys that charts since 1.8 have dropped, with what takes their place. */
export function removedKeys(): readonly RemovedKey[] {
  removed ??= readTable("removed-keys.tsv").map(([key = "", since = "", instead = ""]) => ({
    key,
    since,
    ...(instead === "" ? {} : { instead }),
  }));
  return removed;
}

/** Leaf keys and their defaults; `undefined` where only the templates know a key. */
function readDefaults(minor: SupportedMinor): ReadonlyMap<string, unknown> {
  const defaults = new Map<string, unknown>();
  for (const [file, minorOf] of [
    ["chart-keys.tsv", (heading: string) => LISTED_CHARTS[heading]],
    ["undocumented-keys.tsv", (heading: string) => heading],
  ] as const) {
    const [headings = [], ...rows] = readTable(file, true);
    const column = headings.findIndex((heading) => minorOf(heading) === minor);
    for (const row of rows) {
      const cell = row[column];
      if (row[0] === undefined || cell === undefined || cell === ABSENT) continue;
      defaults.set(row[0], file === "chart-keys.tsv" ? JSON.parse(cell) : undefined);
    }
  }
  return defaults;
}

function readTable(file: string, withHeadings = false): string[][] {
  const lines = packageText(`lib/cilium/data/${file}`).trimEnd().split("\n");
  return (withHeadings ? lines : lines.slice(1)).map((line) => line.split("\t"));
}
