import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory, packageRoot } from "../paths";
import { ensure, prometheusOperatorCrds, type ToolchainOptions } from "../toolchain";

/** The chart that the sandbox has a stand-in for, because no registry that it builds from has the real one. */
export const STAND_IN_CHART = "kube-prometheus-stack";

/**
 * Packages the stand-in for kube-prometheus-stack: the objects that this project refers to under the real chart's names,
 * and the real custom resource definitions of the prometheus-operator.
 *
 * @param version Version that it is given: the one that a stack asks for.
 * @returns the archive.
 */
export async function standInArchive(version: string, options: ToolchainOptions = {}): Promise<string> {
  const source = join(packageRoot(), "sandbox", "charts", STAND_IN_CHART);
  const definitions = await prometheusOperatorCrds(options);
  const cache = join(options.cache ?? cacheDirectory(), "charts", `stand-in-${checksum(source, definitions)}`);
  const archive = join(cache, `${STAND_IN_CHART}-${version}.tgz`);
  if (existsSync(archive)) return archive;

  const { helm } = await ensure(["helm"], options);
  const staging = join(cache, `.${process.pid}.${Date.now()}`);
  const chart = join(staging, STAND_IN_CHART);
  try {
    cpSync(source, chart, { recursive: true });
    const target = join(chart, "charts", "crds", "crds");
    mkdirSync(target, { recursive: true });
    for (const file of definitions) cpSync(file, join(target, basename(file)));
    await promisify(execFile)(helm, ["package", chart, "--version", version, "--destination", staging]);
    renameSync(join(staging, basename(archive)), archive);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return archive;
}

function checksum(directory: string, definitions: readonly string[]): string {
  const hash = createHash("sha256");
  const files = (readdirSync(directory, { recursive: true }) as string[])
    .map((path) => join(directory, path))
    .filter((path) => statSync(path).isFile())
    .sort();
  for (const file of [...files, ...definitions]) hash.update(basename(file)).update("\0").update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}
