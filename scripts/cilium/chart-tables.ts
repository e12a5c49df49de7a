/**
 * Writes the tables of `lib/facts/cilium/data` that are read out of Cilium's charts and of the agent's reference:
 *
 * - `chart-keys.tsv`: every key of values.yaml with its default,
 * - `template-reads.tsv`: every path that a template reads, in whatever way,
 * - `chart-schema.tsv`: the types of values.schema.json,
 * - `agent-flags.tsv`: which flag of the agent a value becomes, and what the agent reads it as.
 *
 *   node dist/scripts/cilium/chart-tables.js <Documentation/cmdref> <chart directory of 1.18> <of 1.19> <of 1.20>
 *
 * The charts are those of https://github.com/cilium/charts or of Cilium's Go module, and so is the reference of flags.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { packageFile } from "../../lib/package-files";
import { agentFlags } from "./agent-flags";
import { type JsonSchema, schemaTypes } from "./schema-types";
import { templateReads, type Use } from "./template-reads";

/** What one chart says of its values: path to cell. */
export interface ChartFacts {
  readonly version: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly reads: ReadonlyMap<string, string>;
  readonly schema: ReadonlyMap<string, string>;
}

/** Templates that only look at values to refuse them: what they read is not alive for that. */
const REFUSING = join("templates", "validate.yaml");

/** What a cell says where a chart has nothing. */
const ABSENT = "-";

/** Reads a chart. */
export function chartFacts(directory: string): ChartFacts {
  const read = (name: string) => readFileSync(join(directory, name), "utf8");
  return {
    version: (parse(read("Chart.yaml")) as { version: string }).version,
    keys: leaves(parse(read("values.yaml")) as object),
    reads: readsOf(directory),
    schema: schemaTypes(JSON.parse(read("values.schema.json")) as JsonSchema),
  };
}

/** The rows of a table that has one column a chart. */
export function chartTable(charts: readonly ChartFacts[], column: "keys" | "reads" | "schema"): string {
  const paths = new Set(charts.flatMap((chart) => [...chart[column].keys()]));
  const rows = [...paths]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => [path, ...charts.map((chart) => chart[column].get(path) ?? ABSENT)]);
  return tsv([["key", ...charts.map(({ version }) => version)], ...rows]);
}

/** The table of agent flags. */
export function agentFlagTable(reference: string, directory: string): string {
  const references = ["cilium-agent.md", "cilium-operator-generic.md"].map((name) =>
    readFileSync(join(reference, name), "utf8"),
  );
  const configMap = readFileSync(join(directory, "templates", "cilium-configmap.yaml"), "utf8");
  return tsv([["flag", "key", "type"], ...agentFlags(references, configMap)]);
}

function leaves(values: object, parent = ""): Map<string, string> {
  return new Map(
    Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
      const path = parent === "" ? key : `${parent}.${key}`;
      const isSection =
        typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
      return isSection ? [...leaves(value, path)] : [[path, JSON.stringify(value)] as const];
    }),
  );
}

function readsOf(directory: string): Map<string, string> {
  const names = readdirSync(join(directory, "templates"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(directory, "/").length))
    .filter((name) => name !== REFUSING)
    .sort();
  const templates = new Map(names.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
  const reads = templateReads(templates, (name) => {
    const file = join(directory, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  });
  return new Map([...reads].filter(([path]) => !path.includes("[]")).map(([path, uses]) => [path, widest(uses)]));
}

function widest(uses: ReadonlySet<Use>): Use {
  return uses.has("whole") ? "whole" : uses.has("items") ? "items" : "read";
}

function tsv(rows: readonly (readonly string[])[]): string {
  return `${rows.map((row) => row.join("\t")).join("\n")}\n`;
}

function main([reference, ...directories]: readonly string[]): void {
  const newest = directories.at(-1);
  if (reference === undefined || newest === undefined)
    throw new Error("give the agent's reference and a chart directory a minor, oldest first");
  const charts = directories.map(chartFacts);
  const data = dirname(packageFile("lib/facts/cilium/data/removed-keys.tsv"));
  const write = (name: string, text: string) => writeFileSync(join(data, name), text);
  write("chart-keys.tsv", chartTable(charts, "keys"));
  write("template-reads.tsv", chartTable(charts, "reads"));
  write("chart-schema.tsv", chartTable(charts, "schema"));
  write("agent-flags.tsv", agentFlagTable(reference, newest));
}

if (require.main === module) main(process.argv.slice(2));
