import { isDecidedAsWhole, isForcedMap, replaces } from "../knowledge/replacement";
import type { FieldChange } from "../model/report";
import {
  formatPath,
  isArray,
  isEmpty,
  isEqual,
  isObject,
  Opaque,
  own,
  type Step,
  schemaPath,
  UNKNOWN,
  type Value,
  type ValueObject,
} from "../model/value";
import type { Reading } from "./marks";
import { pairElements } from "./pairing";
import { seal } from "./seal";
import { diffLines, parseDocument } from "./text";

/** Longest value shown in one piece. */
const LONGEST_VALUE = 240;

export interface FieldDiff {
  readonly fields: readonly FieldChange[];
  /** Paths whose new value is computed by the provider. */
  readonly recomputed: readonly string[];
}

export interface DiffOptions extends Reading {
  /** Terraform's own list of what forces the replacement. Left out offline, where the tables decide. */
  readonly replacePaths?: readonly (readonly Step[])[];
  /** Attributes that are rendered elsewhere or say nothing. */
  readonly skip?: ReadonlySet<string>;
}

/** Where in a value we are: what the reviewer reads, and the attribute's path in the provider's schema. */
interface Place {
  readonly label: string;
  readonly schema: string;
  /** Inside a JSON or YAML string, where the provider's schema ends. */
  readonly document: boolean;
}

/**
 * Every attribute that differs, as lines a reviewer reads. Of an attribute, nothing, null and emptiness count as the
 * same, because providers swap them freely; a block that is there and empty is none that is missing. In a document, all
 * of these are different things.
 */
export function diffFields(before: Value | null, after: Value | null, options: DiffOptions): FieldDiff {
  const collector = new Collector(options);
  // What a reference was resolved to since the value was read has not been looked at yet.
  const [from, to] = [before, after].map((value) => (value === null ? undefined : seal(value, options.secrets)));
  collector.compare({ label: "", schema: "", document: false }, from, to);
  return { fields: collector.fields, recomputed: collector.recomputed };
}

/** Differences of two documents, e.g. the effective values of a Helm release. */
export function diffDocuments(
  label: string,
  before: Value | undefined,
  after: Value | undefined,
  options: DiffOptions,
): FieldDiff {
  const collector = new Collector(options);
  const [from, to] = [before, after].map((value) => (value === undefined ? undefined : seal(value, options.secrets)));
  collector.compare({ label, schema: "", document: true }, from, to);
  return { fields: collector.fields, recomputed: collector.recomputed };
}

class Collector {
  public readonly fields: FieldChange[] = [];
  public readonly recomputed: string[] = [];
  private readonly replacing: ReadonlySet<string> | undefined;

  public constructor(private readonly options: DiffOptions) {
    this.replacing = options.replacePaths && new Set(options.replacePaths.map(schemaPath));
  }

  public compare(place: Place, before: Value | undefined, after: Value | undefined): void {
    if (isEqual(before, after) || (!place.document && isNothingEither(before, after))) return;
    if (place.schema !== "" && this.options.skip?.has(place.schema)) return;
    if (after === UNKNOWN) this.unknown(place, before);
    else if (isContainer(before) || isContainer(after)) this.container(place, before, after);
    else this.leaf(place, before, after);
  }

  private container(place: Place, before: Value | undefined, after: Value | undefined): void {
    const first = this.fields.length;
    this.contents(place, before, after);
    if (this.forcesAsWhole(place, before, after)) this.markForcing(first);
  }

  private contents(place: Place, before: Value | undefined, after: Value | undefined): void {
    const readable = [before, after].every((value) => isContainer(value) || this.isNothing(place, value));
    const told = this.told;
    // A scalar became a list, or an unreadable value an object: shown as the two values they are.
    if (!readable || (place.document && isMixed(before, after))) this.emit(place, before, after);
    else this.parts(place, before, after);
    // Two that differ and in no part of theirs: nothing and `{}`.
    if (place.document && this.told === told) this.emit(place, before, after);
  }

  /** How much has been said so far. */
  private get told(): number {
    return this.fields.length + this.recomputed.length;
  }

  private isNothing(place: Place, value: Value | undefined): boolean {
    return place.document ? value === undefined : isEmpty(value);
  }

  private parts(place: Place, before: Value | undefined, after: Value | undefined): void {
    if (isArray(before) || isArray(after)) this.elements(place, toBlocks(before), toBlocks(after));
    else this.keys(place, isObject(before) ? before : {}, isObject(after) ? after : {});
  }

  private keys(place: Place, before: ValueObject, after: ValueObject): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      this.compare(this.child(place, key), own(before, key), own(after, key));
    }
  }

  private elements(place: Place, before: readonly Value[], after: readonly Value[]): void {
    if (!place.document && before.length <= 1 && after.length <= 1 && [...before, ...after].every(isObject)) {
      this.element(place, before[0], after[0]);
      return;
    }
    const { pairs, reordered } = pairElements(before, after);
    const isSet = this.options.schema.attribute(this.options.type, place.schema).set;
    if (pairs.length === 0 && reordered && !isSet) {
      this.push(
        place,
        { path: place.label, kind: "changed", note: "the same elements in another order" },
        before,
        after,
      );
    }
    for (const pair of pairs) {
      // An element that is new or gone needs no index: it is shown whole.
      const lone = !isContainer(pair.before ?? pair.after) && (pair.before === undefined || pair.after === undefined);
      const label = lone ? place.label : `${place.label}[${pair.label}]`;
      this.element({ ...place, label }, pair.before, pair.after);
    }
  }

  /** A block without arguments that comes or goes is told, too: `ingress {}` allows everything. */
  private element(place: Place, before: Value | undefined, after: Value | undefined): void {
    const told = this.told;
    this.compare(place, before, after);
    const lone = (before === undefined) !== (after === undefined);
    if (lone && this.told === told && isObject(before ?? after)) this.emit(place, before, after);
  }

  private leaf(place: Place, before: Value | undefined, after: Value | undefined): void {
    const [from, to] = [before, after].map((value) => (this.isNothing(place, value) ? null : this.documentOf(value)));
    if (from !== undefined && to !== undefined) this.document(place, from ?? undefined, to ?? undefined);
    else this.emit(place, before, after);
  }

  /** Two documents in strings, or one that appears or goes. */
  private document(place: Place, before: Value | undefined, after: Value | undefined): void {
    if (isEqual(before, after)) {
      this.push(place, { path: place.label, kind: "changed", note: "only the formatting differs" }, before, after);
      return;
    }
    const first = this.fields.length;
    this.compare({ ...place, label: `${place.label} ›`, document: true }, before, after);
    if (this.forces(place, before, after)) this.markForcing(first);
  }

  private markForcing(first: number): void {
    for (let i = first; i < this.fields.length; i++) this.fields[i] = { ...this.fields[i]!, forces: true };
  }

  /** A map in which any key counts, a list of which all elements are looked at, a block that comes or goes. */
  private forcesAsWhole(
    { schema: path, document }: Place,
    before: Value | undefined,
    after: Value | undefined,
  ): boolean {
    if (this.replacing || path === "" || document) return false;
    const { schema, type } = this.options;
    if (isDecidedAsWhole(type, path)) return replaces(schema, type, path, before, after);
    const facts = schema.attribute(type, path);
    if (!facts.forcesReplacement) return false;
    if (isForcedMap(type, path)) return true;
    // One that the provider fills in is in the state, whether it was written or not.
    return !facts.keptByProvider && isEmpty(before) !== isEmpty(after);
  }

  private unknown(place: Place, before: Value | undefined): void {
    if (this.replacing && this.isReplacing(place.schema)) this.emit(place, before, UNKNOWN);
    else if (place.label !== "") this.recomputed.push(place.label);
  }

  private emit(place: Place, before: Value | undefined, after: Value | undefined): void {
    if (typeof before === "string" && typeof after === "string" && (before.includes("\n") || after.includes("\n"))) {
      this.lines(place, before, after);
      return;
    }
    const [none, gone] = [before, after].map((value) => this.isNothing(place, value) && !isObject(value));
    const kind = none ? "added" : gone ? "removed" : "changed";
    const [from, to] = [before, after].map((value) =>
      this.isNothing(place, value) && !isObject(value) ? undefined : this.show(value),
    );
    this.push(place, { path: place.label, kind, before: from, after: to }, before, after);
  }

  private lines(place: Place, before: string, after: string): void {
    const { secrets } = this.options;
    const lines = diffLines(secrets.mask(before), secrets.mask(after));
    const note = `text of ${count(before)} lines, now ${count(after)}`;
    const field: FieldChange = lines
      ? { path: place.label, kind: "changed", lines }
      : { path: place.label, kind: "changed", note: `${note}; too different to show` };
    this.push(place, field, before, after);
  }

  private push(place: Place, field: FieldChange, before: Value | undefined, after: Value | undefined): void {
    this.fields.push(this.forces(place, before, after) ? { ...field, forces: true } : field);
  }

  private forces(place: Place, before: Value | undefined, after: Value | undefined): boolean {
    if (place.schema === "") return false;
    if (this.replacing) return this.isReplacing(place.schema);
    const { schema, type } = this.options;
    return replaces(schema, type, place.schema, before, after);
  }

  /** The path itself is named, or a block around it, or (for a block) something in it that no longer exists. */
  private isReplacing(path: string): boolean {
    if (this.replacing?.has(path)) return true;
    return [...(this.replacing ?? [])].some((named) => path.startsWith(`${named}.`));
  }

  private show(value: Value | undefined): string | undefined {
    if (value === undefined) return undefined;
    if (value instanceof Opaque) return this.options.secrets.mask(value.text);
    const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
    return shorten(this.options.secrets.mask(text));
  }

  private documentOf(value: Value | undefined): Value | undefined {
    const document = typeof value === "string" ? parseDocument(value) : undefined;
    return document === undefined ? undefined : seal(document, this.options.secrets);
  }

  private child(place: Place, key: string): Place {
    // A text that only happens to be YAML has whole clauses for keys.
    const step = formatPath([/^[\w./-]*$/.test(key) ? key : this.options.secrets.mask(key)]);
    const separator = place.label === "" || step.startsWith("[") ? "" : place.label.endsWith("›") ? " " : ".";
    const schema = place.document ? place.schema : place.schema === "" ? key : `${place.schema}.${key}`;
    const document = place.document || isManifest(this.options.type, schema);
    return { label: `${place.label}${separator}${step}`, schema, document };
  }
}

/** Attributes that hold a document as it is, not as text. */
function isManifest(type: string, path: string): boolean {
  return type === "kubernetes_manifest" && (path === "manifest" || path === "object");
}

function isContainer(value: Value | undefined): boolean {
  return isArray(value) || isObject(value);
}

function toBlocks(value: Value | undefined): readonly Value[] {
  if (isArray(value)) return value;
  return isObject(value) ? [value] : [];
}

/** Two spellings of nothing; `{}` beside a list is a block. */
function isNothingEither(before: Value | undefined, after: Value | undefined): boolean {
  return isEmpty(before) && isEmpty(after) && !isMixed(before, after);
}

function isMixed(before: Value | undefined, after: Value | undefined): boolean {
  return (isArray(before) && isObject(after)) || (isObject(before) && isArray(after));
}

function count(text: string): number {
  return text.split("\n").length;
}

/** The two ends of a long value. */
function shorten(text: string): string {
  if (text.length <= LONGEST_VALUE) return text;
  return `${text.slice(0, 160)} … ${text.slice(-40)} (${text.length} characters)`;
}
