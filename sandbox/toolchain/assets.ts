import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "../paths";
import { type Reporter, terminalReporter } from "../terminal";
import { ensure, type ToolchainOptions } from "./ensure";
import { ToolchainError } from "./errors";
import { runGo } from "./go";
import { withLock } from "./lock";

/** A Go module of which only files are used. */
export interface AssetModule {
  readonly path: string;
  readonly version: string;
  /** `h1:` hash of the whole module, as go.sum has it. */
  readonly sum: string;
}

/** Complete source of Cilium: its chart and its custom resource definitions. */
const CILIUM: AssetModule = {
  path: "github.com/cilium/cilium",
  version: "v1.20.2",
  sum: "h1:dqiEGIcXc+gqCLYG/l7VCFJ8GHyb4HUrwbZOpkX5dL8=",
};
/** Kubernetes' stages for fake nodes and pods. The version is that of the recipe `kwok`. */
const KWOK: AssetModule = {
  path: "sigs.k8s.io/kwok",
  version: "v0.8.0",
  sum: "h1:OTIOTwgROqPMovcTwxICx2eYQ4AwLpSx5EpjbDKF4SQ=",
};
/** The custom resource definitions of the prometheus-operator. */
const PROMETHEUS_OPERATOR: AssetModule = {
  path: "github.com/prometheus-operator/prometheus-operator",
  version: "v0.85.0",
  sum: "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
};

/** A chart as a directory and as the archive that a chart repository would serve. */
export interface Chart {
  readonly name: string;
  readonly version: string;
  /** Unpacked, read-only. */
  readonly directory: string;
  /** `<name>-<version>.tgz` */
  readonly archive: string;
}

/** The real Cilium chart 1.20.2, out of Cilium's own Go module. */
export async function ciliumChart(options: ToolchainOptions = {}): Promise<Chart> {
  const directory = join(await moduleFiles(CILIUM, options), "install", "kubernetes", "cilium");
  const version = CILIUM.version.slice(1);
  return { name: "cilium", version, directory, archive: await packaged("cilium", version, directory, options) };
}

/** Files with the custom resource definitions that the Cilium operator registers when it starts. */
export async function ciliumCrds(options: ToolchainOptions = {}): Promise<readonly string[]> {
  const crds = join(await moduleFiles(CILIUM, options), "pkg", "k8s", "apis", "cilium.io", "client", "crds");
  return ["v2", "v2alpha1"].flatMap((version) => yamlFiles(join(crds, version)));
}

/** Files with the custom resource definitions of the prometheus-operator (`monitoring.coreos.com`). */
export async function prometheusOperatorCrds(options: ToolchainOptions = {}): Promise<readonly string[]> {
  const module = await moduleFiles(PROMETHEUS_OPERATOR, options);
  return yamlFiles(join(module, "example", "prometheus-operator-crd"));
}

/** KWOK's stages: what a fake kubelet does with nodes and pods. */
export async function kwokStages(options: ToolchainOptions = {}): Promise<readonly string[]> {
  const stages = join(await moduleFiles(KWOK, options), "kustomize", "stage");
  return ["node/fast", "node/heartbeat-with-lease", "pod/fast"].flatMap((stage) => yamlFiles(join(stages, stage)));
}

/** Where a module's files lie, after fetching it if need be. */
export async function moduleFiles(module: AssetModule, options: ToolchainOptions = {}): Promise<string> {
  const reporter: Reporter = options.reporter ?? terminalReporter();
  const name = `${module.path}@${module.version}`;
  const cache = options.cache ?? cacheDirectory();
  mkdirSync(cache, { recursive: true });
  // Silent while it is in the module cache already (milliseconds), visible when it has to come from elsewhere.
  let task: ReturnType<Reporter["task"]> | undefined;
  const timer = setTimeout(() => {
    task = reporter.task(`fetching ${name}`);
  }, 1_000);
  try {
    // Outside of any module, so that nobody's go.mod is asked.
    const { stdout } = await runGo(["mod", "download", "-json", name], { directory: cache });
    const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
    if (Sum !== module.sum)
      throw new ToolchainError(name, `has checksum ${Sum} instead of ${module.sum}`, "do not use this module proxy");
    task?.done();
    return Dir;
  } catch (error) {
    task?.fail();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The archive of a chart directory, made once with `helm package`. */
export async function packaged(
  name: string,
  version: string,
  directory: string,
  options: ToolchainOptions = {},
): Promise<string> {
  const charts = join(options.cache ?? cacheDirectory(), "charts");
  const archive = join(charts, `${name}-${version}.tgz`);
  if (existsSync(archive)) return archive;
  const { helm } = await ensure(["helm"], options);
  return withLock(`${archive}.lock`, async () => {
    if (existsSync(archive)) return archive;
    const staging = join(charts, `.${name}.${process.pid}`);
    mkdirSync(staging, { recursive: true });
    try {
      await promisify(execFile)(helm, ["package", directory, "--destination", staging]);
      renameSync(join(staging, `${name}-${version}.tgz`), archive);
      return archive;
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
}

function yamlFiles(directory: string): string[] {
  const files = readdirSync(directory).filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml");
  return files.sort().map((file) => join(directory, file));
}
