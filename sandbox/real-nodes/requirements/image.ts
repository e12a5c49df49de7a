import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../toolchain/run";
import { findProgram } from "./machine";
import type { Missing } from "./missing";

/** Images whose programs real nodes run, without registry and version. The first is the whole file system. */
const IMAGES: readonly { readonly image: string; readonly programs: readonly string[] }[] = [
  { image: "cilium", programs: [] },
  { image: "operator-generic", programs: ["usr/bin/cilium-operator-generic"] },
  { image: "hubble-relay", programs: ["usr/bin/hubble-relay"] },
  { image: "clustermesh-apiserver", programs: ["usr/bin/clustermesh-apiserver"] },
];
const REGISTRY = "quay.io/cilium";

/** How each tool writes the file system of an image into a directory. `$1` is the image, `$2` the directory. */
const TOOLS: Readonly<Record<string, string>> = {
  crane: 'crane export "$1" - | tar --extract --directory "$2"',
  docker:
    'id=$(docker create "$1" true); docker export "$id" | tar --extract --directory "$2"; docker rm "$id" >/dev/null',
  podman:
    'id=$(podman create "$1" true); podman export "$id" | tar --extract --directory "$2"; podman rm "$id" >/dev/null',
  // Layers one over the other; files that a layer takes away are none that a node runs.
  skopeo:
    'skopeo copy --quiet "docker://$1" "dir:$2.layers"; for layer in $(grep -oE "sha256:[0-9a-f]{64}" "$2.layers/manifest.json" | cut -d: -f2); do tar --extract --directory "$2" --file "$2.layers/$layer" 2>/dev/null || true; done; rm -rf "$2.layers"',
};

/**
 * The file system of Cilium's image of a version, with the programs of its other images in it. Taken apart once and kept.
 *
 * @returns its directory, or what is missing for that.
 */
export async function extractImage(options: {
  readonly version: string;
  readonly cache: string;
  readonly onProgress?: (line: string) => void;
}): Promise<string | readonly Missing[]> {
  const { version, cache, onProgress = () => {} } = options;
  const directory = join(cache, "images", `cilium-${version}`);
  if (existsSync(directory)) return directory;
  const remedy = `name a directory that holds what ${REGISTRY}/cilium:v${version} holds in SANDBOX_CILIUM, or install crane, skopeo, docker or podman`;
  const complaints: string[] = [];
  for (const [tool, script] of Object.entries(TOOLS)) {
    if (!findProgram(tool)) continue;
    onProgress(`taking Cilium ${version} out of its images with ${tool}`);
    const staging = `${directory}.${process.pid}`;
    const complaint = await extractAll(script, staging, version);
    if (complaint === undefined) {
      renameSync(staging, directory);
      return directory;
    }
    rmSync(staging, { recursive: true, force: true });
    complaints.push(`${tool}: ${complaint}`);
  }
  const why = complaints.length > 0 ? ` (${complaints.join("; ")})` : "";
  return [{ what: `there are no programs of Cilium ${version}${why}`, remedy }];
}

async function extractAll(script: string, directory: string, version: string): Promise<string | undefined> {
  for (const { image, programs } of IMAGES) {
    const target = programs.length === 0 ? directory : `${directory}.part`;
    mkdirSync(target, { recursive: true });
    const reference = `${REGISTRY}/${image}:v${version}`;
    const { code, stderr } = await run("bash", ["-euo", "pipefail", "-c", script, "extract", reference, target]);
    if (code !== 0 && programs.length === 0) return stderr.trim().split("\n").at(-1) ?? `ended with ${code}`;
    for (const program of programs)
      if (existsSync(join(target, program))) renameSync(join(target, program), join(directory, program));
    if (target !== directory) rmSync(target, { recursive: true, force: true });
  }
  return undefined;
}
