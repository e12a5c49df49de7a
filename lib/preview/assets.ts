import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGE = "cdktf-gke-cilium";

/**
 * A file of this package that the compiler does not copy. The sources run from `lib/` and the compiled code from
 * `dist/lib/`, so it is found from the package's root.
 */
export function asset(path: string): string {
  return join(packageRoot(), path);
}

/** The version in this package's manifest. */
export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(asset("package.json"), "utf8"));
  return manifest.version;
}

function packageRoot(): string {
  for (let directory = __dirname; ; directory = dirname(directory)) {
    const manifest = join(directory, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === PACKAGE) return directory;
    if (directory === dirname(directory)) throw new Error(`no package.json of ${PACKAGE} above ${__dirname}`);
  }
}
