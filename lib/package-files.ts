import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where npm installs this package, for a program that was bundled beside its `node_modules`. */
const INSTALLED = join("node_modules", "cdktf-gke-cilium");

/**
 * Absolute path of a file that ships in this package beside its code (a node script, a chart, a table).
 *
 * Such files are not compiled, so they lie under `lib/` whether the code runs from `lib/` (TypeScript), from `dist/`
 * (JavaScript), or from within a bundle. They are looked for upwards from where the code lies, whatever the repository or
 * its package.json is called; of a bundle that lies elsewhere, upwards from the working directory.
 *
 * @param path Path from the package's root, e.g. `lib/facts/cilium/data/chart-keys.tsv`.
 * @param from Where the code lies.
 * @throws Error where the file is found nowhere: a broken installation, or a bundle that was carried away by itself.
 */
export function packageFile(path: string, from: readonly string[] = codeDirectories()): string {
  for (const start of from)
    for (const directory of upwards(start))
      for (const file of [join(directory, path), join(directory, INSTALLED, path)]) if (existsSync(file)) return file;
  throw new Error(
    `${path} is missing: it was looked for upwards from ${from.join(" and ")}; install the package anew, or, for a bundle, keep cdktf-gke-cilium out of it (as an external) or copy the package's lib folder beside it`,
  );
}

/** Text of such a file, with the line endings it was written with also where git or an archive made Windows' of them. */
export function packageText(path: string): string {
  return readFileSync(packageFile(path), "utf8").replaceAll("\r\n", "\n");
}

function codeDirectories(): string[] {
  // A bundle in the form of an ES module has no __dirname.
  const here = typeof __dirname === "string" ? [__dirname] : [];
  return [...here, process.cwd()];
}

function upwards(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upwards(parent)];
}
