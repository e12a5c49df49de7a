import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** Name in the package.json that marks the root of this package. */
const PACKAGE_NAME = "cdktf-gke-cilium";

/**
 * The root of this package, found by walking up: the same from TypeScript (`sandbox/`) and compiled (`dist/sandbox/`).
 *
 * @throws Error where no package.json with our name lies above, which only a broken installation can bring about.
 */
export function packageRoot(from: string = __dirname): string {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    const manifest = join(directory, "package.json");
    if (existsSync(manifest) && nameIn(manifest) === PACKAGE_NAME) return directory;
    if (dirname(directory) === directory) throw new Error(`${from} does not lie in the package ${PACKAGE_NAME}`);
  }
}

/**
 * Where built programs and packaged charts are kept between runs, outside every checkout.
 * `$XDG_CACHE_HOME/cdktf-gke-cilium`, or `~/.cache/cdktf-gke-cilium`.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment["XDG_CACHE_HOME"];
  return join(base?.startsWith("/") ? base : join(homedir(), ".cache"), PACKAGE_NAME);
}

function nameIn(manifest: string): unknown {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown }).name;
}
