import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** Directory of ours among the caches of other programs. */
const CACHE_NAME = "cdktf-gke-cilium";

/**
 * The root of the repository, found by walking up: the same from TypeScript (`sandbox/`) and compiled (`dist/sandbox/`),
 * and whatever a clone calls itself.
 *
 * @throws Error where no package.json lies above.
 */
export function packageRoot(from: string = __dirname): string {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (dirname(directory) === directory) throw new Error(`no package.json lies above ${from}`);
  }
}

/**
 * Where built programs and packaged charts are kept between runs, outside every checkout.
 * `$XDG_CACHE_HOME/cdktf-gke-cilium`, or `~/.cache/cdktf-gke-cilium`, with no symbolic link on the way: files in it name
 * their own place, and the link that one run came through may be gone in the next.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment["XDG_CACHE_HOME"];
  return withoutLinks(join(base?.startsWith("/") ? base : join(homedir(), ".cache"), CACHE_NAME));
}

/** The real path of a file that need not be there yet. */
function withoutLinks(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(withoutLinks(dirname(path)), basename(path));
}
