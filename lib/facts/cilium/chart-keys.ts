import { readFactTable } from "../table";
import { removedKeyAt } from "./removed-keys";
import { parseValueTypes, type ValueType } from "./value-types";
import { SUPPORTED_MINORS, type SupportedMinor, TABLED_CHART } from "./versions";

const DATA = "lib/facts/cilium/data";
const ABSENT = "-";

/** What most cells say. */
const SCALARS: Readonly<Record<string, unknown>> = { true: true, false: false, '""': "", "0": 0 };

/** Paths that take a text in place of the section the chart has by default. */
const TEXT_FOR_SECTION = new Set([
  "authentication.mutual.spire.install.agent.image",
  "authentication.mutual.spire.install.server.image",
]);

/**
 * What the chart of one minor understands: the keys of its values.yaml and of its schema, and everything its templates
 * read (`scripts/cilium/chart-tables.ts` derives the tables).
 */
export class ChartKeys {
  private static readonly byMinor = new Map<SupportedMinor, ChartKeys>();

  /** The keys of a minor's chart. */
  public static of(minor: SupportedMinor): ChartKeys {
    const known = ChartKeys.byMinor.get(minor) ?? new ChartKeys(minor);
    ChartKeys.byMinor.set(minor, known);
    return known;
  }

  /** Every path that leads to a key, with or without a value of its own. */
  public readonly paths: ReadonlySet<string>;
  /** Every key of values.yaml with a value of its own, and that value as JSON. */
  public readonly defaults: ReadonlyMap<string, string>;
  private readonly reads: ReadonlyMap<string, string>;
  private readonly schema: ReadonlyMap<string, string>;
  private readonly sections = new Set<string>();
  private readonly children = new Map<string, string[]>();

  private constructor(minor: SupportedMinor) {
    this.defaults = column("chart-keys.tsv", minor);
    this.reads = column("template-reads.tsv", minor);
    this.schema = column("chart-schema.tsv", minor);
    const paths = new Set<string>();
    const [major = 0, number = 0] = minor.split(".").map(Number);
    // What is removed and still read is read to be refused, or stands behind a section that is never empty (hostServices);
    // what is removed and still in the schema is Helm's (global).
    const known = [...this.reads.keys(), ...this.schema.keys()];
    const alive = known.filter((path) => !removedKeyAt(path, { major, minor: number }));
    for (const path of [...this.defaults.keys(), ...alive]) {
      for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
        paths.add(path.slice(0, dot));
        this.sections.add(path.slice(0, dot));
      }
      paths.add(path);
    }
    this.paths = paths;
    for (const path of paths) {
      const dot = path.lastIndexOf(".");
      const parent = dot === -1 ? "" : path.slice(0, dot);
      const siblings = this.children.get(parent) ?? [];
      siblings.push(path.slice(dot + 1));
      this.children.set(parent, siblings);
    }
  }

  /** Whether a path is a section whose keys are checked one by one. */
  public isSection(path: string): boolean {
    return this.sections.has(path) && !this.isCopied(path);
  }

  /** Names of the keys that stand below a path. */
  public namesBelow(path: string): readonly string[] {
    return this.children.get(path) ?? [];
  }

  /**
   * Whether a template goes through what stands at a path under names that the user chooses, or writes it out whole: then
   * whatever is below it is alive.
   */
  public isCopied(path: string): boolean {
    const use = this.reads.get(path);
    return use === "whole" || use === "items";
  }

  /** Whether a value can be written in place of a section. */
  public takesTextForSection(path: string): boolean {
    return TEXT_FOR_SECTION.has(path);
  }

  /** Whether any template reads a path, or what is below or above it. */
  public isRead(path: string): boolean {
    if (this.reads.has(path) || this.sections.has(path)) return true;
    for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1))
      if (this.isCopied(path.slice(0, dot))) return true;
    return false;
  }

  /** What the chart's schema lets a value be; undefined where it says nothing. */
  public typesAt(path: string): readonly ValueType[] | undefined {
    const cell = this.schema.get(path);
    return cell === undefined ? undefined : parseValueTypes(cell);
  }

  /** The chart's own value at a path; undefined where it has none, or only the templates know the key. */
  public defaultOf(path: string): unknown {
    const cell = this.defaults.get(path);
    if (cell === undefined) return undefined;
    // Lists and maps anew each time, so that nobody changes another's.
    return SCALARS[cell] ?? JSON.parse(cell);
  }
}

/** The minors whose chart knows a path. */
export function minorsWith(path: string): SupportedMinor[] {
  return SUPPORTED_MINORS.filter((minor) => ChartKeys.of(minor).paths.has(path));
}

function column(file: string, minor: SupportedMinor): ReadonlyMap<string, string> {
  const { headings, rows } = readFactTable(`${DATA}/${file}`);
  const index = headings.indexOf(TABLED_CHART[minor]);
  const cells = new Map<string, string>();
  for (const row of rows) {
    const cell = row[index];
    if (row[0] !== undefined && cell !== undefined && cell !== ABSENT) cells.set(row[0], cell);
  }
  return cells;
}
