import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { CiliumVersion } from "../../../lib/cilium";
import { ChartKeys, nearestMinorOf } from "../../../lib/facts/cilium";
import { run } from "../../toolchain/run";
import { findUsersProgram } from "./machine";
import type { Missing } from "./missing";

/** Images that real nodes run something of, without registry and version. The first is the whole file system. */
const IMAGES: readonly { readonly image: string; readonly files: readonly string[] }[] = [
  { image: "cilium", files: [] },
  { image: "operator-generic", files: ["usr/bin/cilium-operator-generic"] },
  { image: "hubble-relay", files: ["usr/bin/hubble-relay"] },
  {
    image: "clustermesh-apiserver",
    files: ["usr/bin/clustermesh-apiserver", "usr/bin/etcd", "var/lib/cilium/etcd-config.yaml"],
  },
  { image: "certgen", files: ["usr/bin/cilium-certgen"] },
];
const REGISTRY = "quay.io/cilium";

/** How each tool writes the file system of an image into a directory. `$1` is the image, `$2` the directory. */
const TOOLS: Readonly<Record<string, string>> = {
  crane: 'crane export "$1" - | tar --extract --directory "$2"',
  docker: byContainer("docker"),
  podman: byContainer("podman"),
  // Layers one over the other; files that a layer takes away are none that a node runs.
  skopeo:
    'skopeo copy --quiet "docker://$1" "dir:$2.layers"; for layer in $(grep -oE "sha256:[0-9a-f]{64}" "$2.layers/manifest.json" | cut -d: -f2); do tar --extract --directory "$2" --file "$2.layers/$layer" 2>/dev/null || true; done; rm -rf "$2.layers"',
};

/** A container that is never started, and is taken away again whatever happens. */
function byContainer(tool: string): string {
  return `id=$(${tool} create "$1" true); trap '${tool} rm "$id" >/dev/null' EXIT; ${tool} export "$id" | tar --extract --directory "$2"`;
}

/** Tag of an image: that of the release, or the chart's own for what has versions of its own. */
function tagOf(image: string, version: CiliumVersion): string {
  const own = ChartKeys.of(nearestMinorOf(version)).defaultOf(`${image}.image.tag`);
  return typeof own === "string" ? own : `v${version}`;
}

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
    const program = findUsersProgram(tool);
    if (program === undefined) continue;
    onProgress(`taking Cilium ${version} out of its images with ${tool}`);
    const staging = `${directory}.${process.pid}`;
    const complaint = await extractAll(dirname(program), script, staging, version);
    if (complaint === undefined) {
      renameSync(staging, directory);
      return directory;
    }
    for (const rest of ["", ".part", ".layers", ".part.layers"])
      rmSync(`${staging}${rest}`, { recursive: true, force: true });
    complaints.push(`${tool}: ${complaint}`);
  }
  const why = complaints.length > 0 ? ` (${complaints.join("; ")})` : "";
  return [{ what: `there are no programs of Cilium ${version}${why}`, remedy }];
}

async function extractAll(
  path: string,
  script: string,
  directory: string,
  version: string,
): Promise<string | undefined> {
  const environment = { ...process.env, PATH: `${path}:${process.env["PATH"] ?? ""}` };
  for (const { image, files } of IMAGES) {
    const target = files.length === 0 ? directory : `${directory}.part`;
    mkdirSync(target, { recursive: true });
    const reference = `${REGISTRY}/${image}:${tagOf(image, CiliumVersion.of(version))}`;
    const { code, stderr } = await run("bash", ["-euo", "pipefail", "-c", script, "extract", reference, target], {
      environment,
    });
    if (code !== 0 && files.length === 0) return complaintIn(stderr) ?? `ended with ${code}`;
    for (const file of files) {
      if (!existsSync(join(target, file))) continue;
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      renameSync(join(target, file), join(directory, file));
    }
    if (target !== directory) rmSync(target, { recursive: true, force: true });
  }
  return undefined;
}

/** What the tool said: its last words, without those of whoever waited for its archive. */
function complaintIn(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter(Boolean);
  return lines.filter((line) => !/^(\S*: )?tar: /.test(line)).at(-1) ?? lines.at(-1);
}
