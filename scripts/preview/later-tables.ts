/**
 * Writes lib/facts/providers/data/<provider>-<major>.json: in what a later major of a provider differs from the table of the
 * pinned version, for the types that are tabled.
 *
 *   node dist/scripts/preview/later-tables.js google 7.45.0 <attributes.json>
 *
 * where attributes.json has each attribute of each type as the provider's own Go schema says it, like the data that
 * scripts/preview/provider-tables.ts reads.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ProviderSchema } from "../../lib/facts/providers/schema";
import { packageFile } from "../../lib/package-files";

interface Attribute {
  readonly type: string;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly forceNew?: boolean;
  readonly default?: unknown;
}

type Entry = string | readonly [string, unknown];

function main([provider, version, path]: readonly string[]): void {
  if (!provider || !version || !path) throw new Error("three arguments are needed, see the head of this script");
  const attributes = JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, Attribute>>;
  const base = ProviderSchema.load();
  const types: Record<string, Record<string, Entry | null>> = {};
  for (const type of base.types.filter((name) => name.startsWith(`${provider}_`))) {
    const now = attributes[type];
    if (now === undefined) continue;
    const before = base.entries(type);
    const differing: Record<string, Entry | null> = {};
    for (const each of [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()) {
      const attribute = now[each];
      // Of the other providers' blocks the table of the pinned version has no flags but these two.
      const isBlock = provider !== "google" && Object.keys(now).some((other) => other.startsWith(`${each}.`));
      const told = isBlock && attribute ? { type: attribute.type, forceNew: attribute.forceNew ?? false } : attribute;
      const entry = told === undefined ? null : entryOf(told, provider === "google");
      // The identifier is everywhere, and the tables leave it out.
      if (each === "id" || JSON.stringify(before[each] ?? "") === JSON.stringify(entry ?? "")) continue;
      differing[each] = entry;
    }
    if (Object.keys(differing).length > 0) types[type] = differing;
  }
  const rows = Object.entries(types).map(([type, paths]) => `${JSON.stringify(type)}: ${JSON.stringify(paths)}`);
  writeFileSync(
    join(
      dirname(packageFile("lib/facts/providers/data/provider-tables.json")),
      `${provider}-${version.split(".")[0]}.json`,
    ),
    `{\n"provider": ${JSON.stringify(provider)},\n"version": ${JSON.stringify(version)},\n"types": {\n${rows.join(",\n")}\n}\n}\n`,
  );
}

/** As provider-tables.ts writes them; defaults are tabled of google only. */
function entryOf({ type, optional, computed, forceNew, default: given }: Attribute, withDefault: boolean): Entry {
  const flags = [
    forceNew ? "f" : "",
    computed && optional ? "c" : "",
    computed && !optional ? "o" : "",
    type === "Set" ? "s" : "",
  ].join("");
  return withDefault && given !== undefined ? [flags, given] : flags;
}

main(process.argv.slice(2));
