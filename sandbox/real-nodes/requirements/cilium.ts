import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { run } from "../../toolchain/run";
import { extractImage } from "./image";
import { findClang, findProgram } from "./machine";
import type { Missing } from "./missing";

/** Variable that names a directory with Cilium's programs. */
export const CILIUM_VARIABLE = "SANDBOX_CILIUM";

/** Where Cilium's image has what the agent's pod runs. Other programs of Cilium's are run where they are found. */
const NEEDED: Readonly<Record<string, string>> = {
  "cilium-agent": "usr/bin",
  "cilium-dbg": "usr/bin",
  "cilium-mount": "usr/bin",
  "cilium-sysctlfix": "usr/bin",
  "cilium-cni": "opt/cni/bin",
  "init-container.sh": "",
  "install-plugin.sh": "",
  "cni-uninstall.sh": "",
};
const WANTED: Readonly<Record<string, string>> = {
  "cilium-health": "usr/bin",
  "cilium-health-responder": "usr/bin",
  "cilium-bugtool": "usr/bin",
  hubble: "usr/bin",
  "hubble-relay": "usr/bin",
  "cilium-operator-generic": "usr/bin",
  "clustermesh-apiserver": "usr/bin",
  etcd: "usr/bin",
  "cilium-certgen": "usr/bin",
  "cilium-envoy": "usr/bin",
  "cilium-envoy-starter": "usr/bin",
};
/** How programs of a mesh's API server reach the etcd beside them: what their image holds besides. */
const MESH_ETCD = {
  path: "var/lib/cilium/etcd-config.yaml",
  text: `---
trusted-ca-file: /var/lib/cilium/etcd-secrets/ca.crt
key-file: /var/lib/cilium/etcd-secrets/tls.key
cert-file: /var/lib/cilium/etcd-secrets/tls.crt
endpoints:
- https://127.0.0.1:2379
`,
};
/** The datapath in C, which the agent compiles. */
const TEMPLATES = "var/lib/cilium/bpf";

/** Cilium's programs, laid out as in its image. */
export interface CiliumFiles {
  readonly directory: string;
  /** Whether that is a whole file system. Otherwise it lies over the machine's own. */
  readonly isWhole: boolean;
  /** Names of the programs that were found. */
  readonly programs: ReadonlySet<string>;
}

export interface CiliumFilesOptions {
  /** Version of the release, e.g. `1.20.2`. */
  readonly version: string;
  /** Where the layout is made: it must be on a file system that outlives the run. */
  readonly directory: string;
  /** Keeps images that were taken apart. */
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Programs that are not Cilium's own, for where single programs are named without them: paths by name. */
  readonly others: Readonly<Record<string, string>>;
  readonly onProgress?: (line: string) => void;
}

/**
 * Cilium's programs of a version: from the directory that the user names, from the PATH, or out of the image that the
 * chart names, by whatever container tool there is.
 */
export async function findCilium(options: CiliumFilesOptions): Promise<CiliumFiles | readonly Missing[]> {
  const named = options.environment[CILIUM_VARIABLE];
  if (named) {
    if (!isAbsolute(named) || !existsSync(named))
      return [
        { what: `${CILIUM_VARIABLE} is '${named}', which is no directory`, remedy: "set it to an absolute path" },
      ];
    return isImage(named) ? checked(whole(named), options) : layOut((name) => inDirectory(named, name), options, named);
  }
  if (findProgram("cilium-agent")) return layOut(installed, options, "the PATH");
  const image = await extractImage(options);
  return typeof image === "string" ? checked(whole(image), options) : image;
}

function isImage(directory: string): boolean {
  return existsSync(join(directory, "usr/bin/cilium-agent")) && existsSync(join(directory, TEMPLATES));
}

function whole(directory: string): CiliumFiles {
  const names = Object.keys({ ...NEEDED, ...WANTED });
  const found = names.filter((name) => existsSync(join(directory, placeOf(name), name)));
  return { directory, isWhole: true, programs: new Set(found) };
}

/** Makes the layout of the image from single programs. */
async function layOut(
  find: (name: string) => string | undefined,
  options: CiliumFilesOptions,
  source: string,
): Promise<CiliumFiles | readonly Missing[]> {
  const { directory, version } = options;
  const remedy = `add it to ${source}, or name a directory that has it in ${CILIUM_VARIABLE} (what quay.io/cilium/cilium:v${version} holds)`;
  const missing: Missing[] = Object.keys(NEEDED)
    .filter((name) => !find(name))
    .map((name) => ({ what: `${name} of Cilium ${version} is missing`, remedy }));
  const templates = find("bpf");
  if (!templates) missing.push({ what: "the datapath's sources (bpf/) are missing", remedy });
  const clang = findClang();
  if (missing.length > 0 || !templates || !clang) return missing;

  rmSync(directory, { recursive: true, force: true });
  const programs = new Set<string>();
  for (const name of Object.keys({ ...NEEDED, ...WANTED })) {
    const path = find(name) ?? options.others[name];
    if (!path) continue;
    programs.add(name);
    place(path, join(directory, placeOf(name), name));
  }
  mkdirSync(join(directory, dirname(TEMPLATES)), { recursive: true });
  cpSync(templates, join(directory, TEMPLATES), { recursive: true });
  writeFileSync(join(directory, MESH_ETCD.path), MESH_ETCD.text);
  mkdirSync(join(directory, "usr/local/bin"), { recursive: true });
  symlinkSync(clang, join(directory, "usr/local/bin/clang"));
  return checked({ directory, isWhole: false, programs }, options);
}

/** Only programs of the release's own version prove anything about it. */
async function checked(files: CiliumFiles, { version }: CiliumFilesOptions): Promise<CiliumFiles | readonly Missing[]> {
  const agent = join(files.directory, "usr/bin/cilium-agent");
  const { stdout, stderr } = await run(agent, ["--version"], { timeout: 20_000 });
  const found = `${stdout}${stderr}`.match(/(\d+\.\d+\.\d+)/)?.[1];
  if (found === version) return files;
  return [
    {
      what: `cilium-agent says that it is ${found ?? "of no version"}, and the release is ${version}`,
      remedy: `name a directory with the programs of ${version} in ${CILIUM_VARIABLE}`,
    },
  ];
}

function placeOf(name: string): string {
  return NEEDED[name] ?? WANTED[name] ?? "usr/bin";
}

function inDirectory(directory: string, name: string): string | undefined {
  const path = join(directory, name);
  return existsSync(path) ? path : undefined;
}

function installed(name: string): string | undefined {
  const places: Readonly<Record<string, string>> = { bpf: `/${TEMPLATES}`, "cilium-cni": "/opt/cni/bin/cilium-cni" };
  const path = places[name] ?? (name.endsWith(".sh") ? `/${name}` : findProgram(name));
  return path && existsSync(path) ? path : undefined;
}

/** The same file under another name, or a copy of it where that is another file system. */
function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (statSync(from).isDirectory()) {
    for (const name of readdirSync(from)) place(join(from, name), join(to, name));
    return;
  }
  // Scripts are made executable, which those of others may not be.
  if (from.endsWith(".sh")) {
    copyFileSync(from, to);
    chmodSync(to, 0o755);
    return;
  }
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
