import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceLocation } from "../model/report";
import { isObject } from "../model/value";
import { isLocation, type Sources } from "../report/location";
import { run } from "./process";

/** A synth that another job made brings along where its environments are defined. */
export const SOURCES_FILE = "preview-sources.json";

/** Files beyond this number or size are not searched: it is only about a line to point at. */
const MOST_FILES = 500;
const LARGEST_FILE = 512 * 1024;

/** The line with `name: "<environment>"`, in `environments/` if it is there, else in any TypeScript file of the app. */
export async function findSources(app: string, environments: readonly string[]): Promise<Sources> {
  const prefix = await repositoryPrefix(app);
  const files = [
    ...filesIn(join(app, "environments"), "environments/", 2),
    ...filesIn(app, "", 1),
    ...filesIn(join(app, "src"), "src/", 2),
  ];
  const found = new Map<string, SourceLocation>();
  const wanted = new Set(environments);
  for (const file of files.slice(0, MOST_FILES)) {
    if (wanted.size === found.size) break;
    const path = join(app, file);
    if (statSync(path).size > LARGEST_FILE) continue;
    for (const [i, line] of readFileSync(path, "utf8").split("\n").entries()) {
      const name = /\bname["']?\s{0,4}:\s{0,4}["'`]([\w.-]{1,63})["'`]/.exec(line)?.[1];
      if (name !== undefined && wanted.has(name) && !found.has(name))
        found.set(name, { file: prefix + file, line: i + 1 });
    }
  }
  return found;
}

function filesIn(directory: string, prefix: string, depth: number): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !["node_modules", "dist", "cdktf.out"].includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory())
        return depth > 1 ? filesIn(join(directory, entry.name), `${prefix}${entry.name}/`, depth - 1) : [];
      const isSource = entry.isFile() && /\.ts$/.test(entry.name) && !/\.(?:d|test|spec)\.ts$/.test(entry.name);
      return isSource ? [prefix + entry.name] : [];
    });
}

/** Where the app lies in its repository, `apps/platform/`: annotations name files from the top. */
async function repositoryPrefix(app: string): Promise<string> {
  try {
    const { code, stdout } = await run("git", ["rev-parse", "--show-prefix"], { cwd: app });
    return code === 0 ? stdout.trim() : "";
  } catch {
    return "";
  }
}

export function writeSources(directory: string, sources: Sources): void {
  writeFileSync(join(directory, SOURCES_FILE), `${JSON.stringify(Object.fromEntries(sources), null, 2)}\n`);
}

/** What a synth says of itself. It may come from a stranger: anything that is not plainly a place is left out. */
export function readSources(directory: string): Sources {
  const file = join(directory, SOURCES_FILE);
  if (!existsSync(file) || statSync(file).size > LARGEST_FILE) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return new Map();
  }
  if (!isObject(content)) return new Map();
  return new Map(
    Object.entries(content).flatMap(([name, place]) => (isLocation(place) ? [[name, place] as const] : [])),
  );
}
