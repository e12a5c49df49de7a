import { packageText } from "../package-files";

/** A table of facts: rows of cells, the first row apart. */
export interface FactTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads a table that ships with this package. */
export function readFactTable(path: string): FactTable {
  return parseFactTable(packageText(path));
}

/** Reads tab-separated text; a checkout that ends lines with CR LF, as Git does on Windows, reads the same. */
export function parseFactTable(text: string): FactTable {
  const [headings = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
  return { headings, rows };
}
