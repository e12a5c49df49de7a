import { readFactTable } from "../table";

/** A key that the chart does not have any more. */
export interface RemovedKey {
  readonly key: string;
  /** First minor without it, e.g. `1.18`. */
  readonly since: string;
  /** What to write instead, if anything. */
  readonly instead?: string;
  /** `same` where the value moves along; else old value to key and value of today. */
  readonly values?: "same" | ReadonlyMap<string, string>;
}

let byKey: ReadonlyMap<string, RemovedKey> | undefined;
let removed: readonly RemovedKey[] | undefined;

/** Keys that charts since 1.8 have dropped, with what takes their place. */
export function removedKeys(): readonly RemovedKey[] {
  removed ??= readFactTable("lib/facts/cilium/data/removed-keys.tsv").rows.map(
    ([key = "", since = "", instead = "", values = ""]) => ({
      key,
      since,
      ...(instead === "" ? {} : { instead }),
      ...(values === "" ? {} : { values: values === "same" ? values : new Map(values.split("|").map(splitOnce)) }),
    }),
  );
  return removed;
}

/** The entry of a key that a version does not have any more, or of a section above it. */
export function removedKeyAt(
  path: string,
  version: { readonly major: number; readonly minor: number },
): RemovedKey | undefined {
  byKey ??= new Map(removedKeys().map((entry) => [entry.key, entry]));
  // From the outermost section inwards: where all of it is gone, that is what is told.
  for (let end = path.indexOf("."); ; end = path.indexOf(".", end + 1)) {
    const entry = byKey.get(end === -1 ? path : path.slice(0, end));
    if (entry !== undefined && isGone(entry, version)) return entry;
    if (end === -1) return undefined;
  }
}

/** Whether something below a path was removed. */
export function leadsToRemovedKey(path: string, version: { readonly major: number; readonly minor: number }): boolean {
  return removedKeys().some((entry) => entry.key.startsWith(`${path}.`) && isGone(entry, version));
}

/** What to write today for a removed key with a value, in words; undefined where nothing takes its place. */
export function successorOf(entry: RemovedKey, path: string, value: unknown): string | undefined {
  if (entry.instead === undefined) return undefined;
  const shown = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `${value}` : "";
  if (entry.values === "same") return path === entry.key && shown !== "" ? `${entry.instead}: ${shown}` : entry.instead;
  return entry.values?.get(shown) ?? entry.instead;
}

function isGone(entry: RemovedKey, version: { readonly major: number; readonly minor: number }): boolean {
  const [major = 0, minor = 0] = entry.since.split(".").map(Number);
  return version.major > major || (version.major === major && version.minor >= minor);
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
