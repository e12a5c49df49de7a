import { readFileSync } from "node:fs";
import { join } from "node:path";

const LIB = join(__dirname, "../../lib/gke");

/** Names of the properties of an interface, read from where it is written: a table of options must have them all. */
export function optionNames(file: string, name: string): string[] {
  const source = readFileSync(join(LIB, file), "utf8");
  const start = source.indexOf(`export interface ${name}`);
  if (start < 0) throw new Error(`no interface ${name} in ${file}`);
  const body = source.slice(source.indexOf("{\n", start), source.indexOf("\n}", start));
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property]) => property as string);
}
