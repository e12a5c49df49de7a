import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";
import { CILIUM_HELM_REPOSITORY, CiliumVersion, SUPPORTED_MINORS, type SupportedMinor } from "../../lib/cilium";
import { cacheDirectory } from "../../sandbox/paths";
import { ciliumChart } from "../../sandbox/toolchain";

/** Directory with chart archives of the user's, `cilium-<version>.tgz`. */
export const CHARTS_VARIABLE = "CILIUM_CHARTS";

/** A repository that does not answer within this time counts as not reached. */
const PULL_TIMEOUT_MS = 20_000;

/** Newest known patch of each minor. */
const WANTED: Readonly<Record<SupportedMinor, CiliumVersion>> = {
  "1.18": CiliumVersion.V1_18,
  "1.19": CiliumVersion.V1_19,
  "1.20": CiliumVersion.V1_20,
};

/** A chart that is there: a directory, or an archive of one. */
export interface ChartFound {
  readonly version: string;
  readonly chart: string;
  /** Where it comes from, for the reader. */
  readonly origin: string;
}

/** A chart that could not be had, and why. */
export interface ChartMissing {
  readonly version: string;
  readonly missing: string;
}

export type ChartSource = ChartFound | ChartMissing;

/**
 * The charts to test with: the default version's out of Cilium's own Go module, the other minors' from the user's
 * directory of archives or else from the public chart repository.
 */
export async function chartSources(helm: string): Promise<ChartSource[]> {
  const directory = process.env[CHARTS_VARIABLE];
  const archives = directory === undefined || directory === "" ? [] : archivesIn(resolve(directory));
  const sources: ChartSource[] = [];
  for (const minor of SUPPORTED_MINORS) {
    const own = archives.filter((archive) => archive.version.supportedMinor === minor);
    for (const { version, file } of own)
      sources.push({ version: `${version}`, chart: file, origin: `the directory in ${CHARTS_VARIABLE}` });
    if (minor === CiliumVersion.DEFAULT.supportedMinor) sources.push(await moduleChart());
    else if (own.length === 0) sources.push(await pulledChart(minor, helm));
  }
  // One that is newer than every table here, a pre-release included: what fails is what its support would take.
  for (const { version, file } of archives.filter((archive) => isNewer(archive.version)))
    sources.push({ version: `${version}`, chart: file, origin: `the directory in ${CHARTS_VARIABLE}` });
  return sources;
}

function isNewer(version: CiliumVersion): boolean {
  return version.supportedMinor === undefined && version.isAtLeast(CiliumVersion.V1_20);
}

async function moduleChart(): Promise<ChartSource> {
  const { version, directory } = await ciliumChart();
  return { version, chart: directory, origin: "Cilium's Go module" };
}

/** An archive out of the public chart repository, kept for the next run. */
async function pulledChart(minor: SupportedMinor, helm: string): Promise<ChartSource> {
  const version = `${WANTED[minor]}`;
  const charts = join(cacheDirectory(), "charts");
  const chart = join(charts, `cilium-${version}.tgz`);
  if (!existsSync(chart)) {
    const staging = join(charts, `.pull.${process.pid}`);
    mkdirSync(staging, { recursive: true });
    try {
      await promisify(execFile)(
        helm,
        ["pull", "cilium", "--repo", CILIUM_HELM_REPOSITORY, "--version", version, "--destination", staging],
        { timeout: PULL_TIMEOUT_MS },
      );
      renameSync(join(staging, `cilium-${version}.tgz`), chart);
    } catch (error) {
      const missing = `${CILIUM_HELM_REPOSITORY} does not give it here (${reason(error)}); put cilium-${version}.tgz into a directory and name that in ${CHARTS_VARIABLE}`;
      return { version, missing };
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  return { version, chart, origin: CILIUM_HELM_REPOSITORY };
}

function archivesIn(directory: string): { version: CiliumVersion; file: string }[] {
  if (!isAbsolute(directory) || !existsSync(directory))
    throw new Error(`${CHARTS_VARIABLE}: '${directory}' is no directory; name one with cilium-<version>.tgz in it`);
  return readdirSync(directory)
    .map((name) => /^cilium-(\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?)\.tgz$/.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ version: CiliumVersion.of(match[1] ?? ""), file: join(directory, match[0]) }));
}

function reason(error: unknown): string {
  const { killed, stderr } = error as { killed?: boolean; stderr?: string };
  if (killed) return `no answer within ${PULL_TIMEOUT_MS / 1000} s`;
  const lines = (stderr ?? String(error)).trim().split("\n");
  return (lines.at(-1) ?? "").replace(/^Error: /, "").slice(0, 200);
}
