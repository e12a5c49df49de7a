import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { STAND_IN_CHART, standInArchive } from "../charts";
import { type ChartArchive, readChartArchive } from "../proxy/archive";
import { REPOSITORIES } from "../proxy/chart-repository";
import { ToolchainError, type ToolchainOptions } from "../toolchain";
import type { SandboxFiles } from "./files";
import type { ChartReference, StackFacts } from "./stacks";

/** Variable that names a directory with archives of further charts. */
export const CHARTS_VARIABLE = "SANDBOX_CHARTS";

/** The archives in some directories. What has not changed since the last look is not read again. */
export class ChartArchives {
  private readonly known = new Map<string, { readonly changed: number; readonly archive: ChartArchive }>();

  public constructor(
    private readonly files: readonly string[],
    private readonly directories: readonly string[],
  ) {}

  public list(): ChartArchive[] {
    const found = this.directories.filter((directory) => existsSync(directory)).flatMap(archivesIn);
    return [...this.files, ...found].map((file) => this.read(file));
  }

  private read(file: string): ChartArchive {
    const changed = statSync(file).mtimeMs;
    const known = this.known.get(file);
    if (known?.changed === changed) return known.archive;
    const archive = readChartArchive(file);
    this.known.set(file, { changed, archive });
    return archive;
  }
}

/** The user's directory of archives, if one is named. @throws ToolchainError where there is no such directory. */
export function namedCharts(environment: NodeJS.ProcessEnv): string | undefined {
  const directory = environment[CHARTS_VARIABLE];
  if (!directory) return undefined;
  const remedy = `set ${CHARTS_VARIABLE} to the absolute path of a directory with *.tgz files, or unset it`;
  if (!isAbsolute(directory) || !existsSync(directory) || !statSync(directory).isDirectory())
    throw new ToolchainError(CHARTS_VARIABLE, `'${directory}' is not the absolute path of a directory`, remedy);
  return directory;
}

/** How the charts that stacks ask for can be had. */
export interface ChartSupply {
  /** Charts in place of which a stand-in is served, as `name version`. */
  readonly standIns: readonly string[];
}

/**
 * Sees to it that every chart the stacks take from a repository can be had: makes the stand-in in the version asked for.
 *
 * @throws Error listing every chart that cannot be had, with the remedy.
 */
export async function supplyCharts(
  stacks: readonly StackFacts[],
  available: readonly ChartArchive[],
  files: SandboxFiles,
  options: ToolchainOptions,
): Promise<ChartSupply> {
  const standIns = new Set<string>();
  const problems: string[] = [];
  for (const { name: stack, charts } of stacks)
    for (const chart of charts) {
      const versions = available.filter(({ metadata }) => metadata.name === chart.name);
      const real = versions.filter(({ file }) => !file.startsWith(files.charts));
      const isServed = isRepository(chart);
      if (isServed && real.some(({ metadata }) => matches(chart, metadata.version))) continue;
      if (isServed && chart.name === STAND_IN_CHART && chart.version) {
        standIns.add(`${chart.name} ${chart.version}`);
        const archive = await standInArchive(chart.version, options);
        mkdirSync(files.charts, { recursive: true });
        copyFileSync(archive, join(files.charts, basename(archive)));
        continue;
      }
      const has = versions.map(({ metadata }) => metadata.version).join(", ") || "no version of it";
      problems.push(
        isServed
          ? `${stack} asks for chart ${chart.name} ${chart.version ?? "in its newest version"}, and the sandbox has ${has}; put its archive into a directory and name that in ${CHARTS_VARIABLE} when you start the sandbox`
          : `${stack} takes chart ${chart.name} from ${chart.repository}, which the sandbox does not stand in for; use one of ${REPOSITORIES.map(({ host, path }) => `https://${host}${path}`).join(", ")}`,
      );
    }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return { standIns: [...standIns] };
}

/** Whether a chart is taken from where its publisher has it. */
function isRepository({ repository, name }: ChartReference): boolean {
  return REPOSITORIES.some(
    ({ host, path, charts }) => repository.replace(/\/*$/, "/") === `https://${host}${path}` && charts.includes(name),
  );
}

/** Helm takes a range too; only a plain version can be compared here, the rest is left to Helm. */
function matches({ version }: ChartReference, offered: string): boolean {
  return version === undefined || !/^\d+\.\d+\.\d+/.test(version) || version === offered;
}

function archivesIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".tgz"))
    .sort()
    .map((file) => join(directory, file));
}
