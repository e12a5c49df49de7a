/**
 * Writes lib/facts/providers/data/provider-tables.json: what two synths need to know of a provider to tell a replacement from
 * an update. Terraform's own `providers schema -json` says nothing of replacement, so that part comes from tables read
 * out of the providers' source.
 *
 *   node dist/scripts/preview/provider-tables.js <google-attributes.json> <kubernetes-force-new.json> <schema.json>
 *
 * where schema.json is the output of `terraform providers schema -json` with exactly the versions below.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { packageFile } from "../../lib/package-files";

const VERSIONS = { google: "6.50.0", helm: "3.1.1", kubernetes: "2.38.0" };

interface GoogleAttribute {
  readonly type: string;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly forceNew?: boolean;
  readonly default?: unknown;
}

interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { nesting_mode: string; block: Block }>>;
}

interface Attribute {
  readonly type?: unknown;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly nested_type?: { attributes: Readonly<Record<string, Attribute>>; nesting_mode: string };
}

interface Schemas {
  readonly provider_schemas: Readonly<
    Record<string, { readonly resource_schemas: Readonly<Record<string, { readonly block: Block }>> }>
  >;
}

type Entry = string | readonly [string, unknown];

function main([googlePath, kubernetesPath, schemaPath]: string[]): void {
  if (!googlePath || !kubernetesPath || !schemaPath)
    throw new Error("three files are needed, see the head of this script");
  const google: Record<string, Record<string, GoogleAttribute>> = readJson(googlePath);
  const kubernetes: Record<string, string[]> = readJson(kubernetesPath);
  const schemas: Schemas = readJson(schemaPath);
  const types: Record<string, Record<string, Entry>> = {};
  for (const [type, attributes] of Object.entries(google)) types[type] = googleType(attributes);
  // Provider 3.1 plans a replacement for these two only; everything else is an upgrade in place.
  types["helm_release"] = schemaType(findBlock(schemas, "helm_release"), new Set(["name", "namespace"]));
  for (const [type, forced] of Object.entries(kubernetes)) {
    types[type] = schemaType(findBlock(schemas, type), new Set(forced));
  }
  const tables = { versions: VERSIONS, types, sensitive: sensitivePaths(schemas) };
  const rows = [
    `"versions": ${JSON.stringify(tables.versions)}`,
    `"types": {\n${Object.entries(types)
      .map(([type, paths]) => `${JSON.stringify(type)}: ${JSON.stringify(paths)}`)
      .join(",\n")}\n}`,
    `"sensitive": {\n${Object.entries(tables.sensitive)
      .map(([type, paths]) => `${JSON.stringify(type)}: ${JSON.stringify(paths)}`)
      .join(",\n")}\n}`,
  ];
  writeFileSync(packageFile("lib/facts/providers/data/provider-tables.json"), `{\n${rows.join(",\n")}\n}\n`);
}

/** f replaces · c kept by the provider when taken out of the configuration · o output only · s set. */
function googleType(attributes: Record<string, GoogleAttribute>): Record<string, Entry> {
  const paths: Record<string, Entry> = {};
  for (const [path, attribute] of Object.entries(attributes)) {
    const output = attribute.computed && !attribute.optional;
    const flags = [
      attribute.forceNew ? "f" : "",
      attribute.computed && attribute.optional ? "c" : "",
      output ? "o" : "",
      attribute.type === "Set" ? "s" : "",
    ].join("");
    if (attribute.default !== undefined) paths[path] = [flags, attribute.default];
    else if (flags !== "") paths[path] = flags;
  }
  return paths;
}

function schemaType(block: Block, forced: ReadonlySet<string>): Record<string, Entry> {
  const paths: Record<string, Entry> = {};
  for (const [path, { attribute, set }] of walk(block)) {
    const flags = [
      forced.has(path) ? "f" : "",
      attribute?.computed && attribute.optional ? "c" : "",
      attribute?.computed && !attribute.optional ? "o" : "",
      set ? "s" : "",
    ].join("");
    if (flags !== "") paths[path] = flags;
  }
  const missing = [...forced].filter((path) => !paths[path]?.includes("f"));
  if (missing.length > 0) throw new Error(`not in the provider's schema: ${missing.join(", ")}`);
  return paths;
}

function* walk(block: Block, prefix = ""): Generator<[string, { attribute?: Attribute; set: boolean }]> {
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    const set = Array.isArray(attribute.type)
      ? attribute.type[0] === "set"
      : attribute.nested_type?.nesting_mode === "set";
    yield [prefix + name, { attribute, set }];
    if (attribute.nested_type) yield* walk(attribute.nested_type, `${prefix}${name}.`);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    yield [prefix + name, { set: nested.nesting_mode === "set" }];
    yield* walk(nested.block, `${prefix}${name}.`);
  }
}

function findBlock(schemas: Schemas, type: string): Block {
  for (const provider of Object.values(schemas.provider_schemas)) {
    const schema = provider.resource_schemas[type];
    if (schema) return schema.block;
  }
  throw new Error(`no provider in the schema file has ${type}`);
}

/** Of every type, tabled or not: a synth carries no marks, so this is what keeps a secret out of an offline report. */
function sensitivePaths(schemas: Schemas): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const provider of Object.values(schemas.provider_schemas)) {
    for (const [type, { block }] of Object.entries(provider.resource_schemas)) {
      const paths = [...walk(block)].filter(([, { attribute }]) => attribute?.sensitive).map(([path]) => path);
      if (paths.length > 0) result[type] = paths;
    }
  }
  return result;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8"));
}

main(process.argv.slice(2));
