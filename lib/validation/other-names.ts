/** A symbol, so that a table made by spreading another knows its names, too, and nobody takes them for options. */
const OTHER_NAMES = Symbol("other names");

interface Named {
  readonly [OTHER_NAMES]?: ReadonlyMap<string, string>;
}

/**
 * A table that also knows what its options are called elsewhere: flags of gcloud, arguments of the provider, keys of a chart.
 * They are no options, and are answered with what they are here in place of a list of all options.
 *
 * @param names Name elsewhere to what to do, in the imperative. Dashes, underscores and case make no difference.
 */
export function withOtherNames<T extends object>(table: T, names: Readonly<Record<string, string>>): T {
  const known = (table as Named)[OTHER_NAMES] ?? [];
  const added = Object.entries(names).map(([name, remedy]) => [plain(name), remedy] as const);
  return { ...table, [OTHER_NAMES]: new Map([...known, ...added]) };
}

/** What to do about a name that a table knows from elsewhere. */
export function remedyForOtherName(table: Named, name: string): string | undefined {
  return table[OTHER_NAMES]?.get(plain(name));
}

/** `--enable-ip-alias`, `enable_ip_alias` and `enableIpAlias` are one name. */
function plain(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}
