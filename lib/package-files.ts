import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGE_NAME = "cdktf-gke-cilium";

/**
 * Absolute path of a file that ships in this package beside its code (a node script, a chart, a table).
 *
 * Such files are not compiled, so they lie under `lib/` whether the code runs from `lib/` (TypeScript) or from `dist/`
 * (JavaScript): the root is the nearest directory above with our package.json.
 *
 * @param path Path from the package's root, e.g. `lib/cilium/data/chart-keys.tsv`.
 * @throws Error where the file is missing, which only a broken installation can bring about.
 */
export function packageFile(path: string): string {
  const file = join(packageRoot(), path);
  if (!existsSync(file)) throw new Error(`${path} is missing from the installed package ${PACKAGE_NAME}`);
  return file;
}

let root: string | undefined;

function packageRoot(): string {
  if (root !== undefined) return root;
  for (let directory = __dirname; ; directory = dirname(directory)) {
    const manifest = join(directory, "package.json");
    if (
      existsSync(manifest) &&
      (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === PACKAGE_NAME
    ) {
      root = directory;
      return directory;
    }
    if (dirname(directory) === directory) throw new Error(`${__dirname} does not lie in the package ${PACKAGE_NAME}`);
  }
}
