import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { packageFile, packageText } from "../package-files";
import { bootstrapFile } from "./bootstrap-file";
import { constantName, environmentFile } from "./environment-file";
import type { InitOptions } from "./options";
import { packageManifest } from "./package-manifest";
import { readme } from "./readme";

const TEMPLATES = "lib/init/data/repository";
const SUFFIX = ".template";
/** Workflows of this package that a repository gets a copy of: three that can be called, and who calls them. */
const WORKFLOWS = ["preview", "preview-fork", "apply", "on-pull-request", "on-fork", "on-merge"] as const;

/** The files of a new repository: path from its root, with slashes, and text. */
export type RepositoryFiles = ReadonlyMap<string, string>;

/**
 * Everything that a new repository is made of.
 *
 * @param projectUuid What `cdktf.json` tells projects apart by.
 */
export function repositoryFiles(options: InitOptions, projectUuid: string): RepositoryFiles {
  return new Map([
    ...templates().map(([path, text]): [string, string] => [path, text.replace("__PROJECT_UUID__", projectUuid)]),
    ...WORKFLOWS.map((name): [string, string] => {
      const path = `.github/workflows/${name}.yml`;
      return [path, packageText(path)];
    }),
    ["package.json", packageManifest(options)],
    [".github/CODEOWNERS", codeOwners(options)],
    ["README.md", readme(options)],
    ["bootstrap/main.ts", bootstrapFile(options)],
    ["environments/index.ts", indexFile(options)],
    ...options.environments.map((environment, index): [string, string] => [
      `environments/${environment.name}.ts`,
      environmentFile(environment, index, options),
    ]),
  ]);
}

function templates(): [string, string][] {
  const directory = packageFile(TEMPLATES);
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
    .map((path) => [path.slice(0, -SUFFIX.length), packageText(`${TEMPLATES}/${path}`)]);
}

function indexFile({ environments }: InitOptions): string {
  const names = environments.map(({ name }) => name);
  const imports = [...names].sort().map((name) => `import { ${constantName(name)} } from "./${name}";`);
  return `import type { EnvironmentDefinition } from "cdktf-gke-cilium";
${imports.join("\n")}

/** Every environment of this repository: what is synthesized, previewed, tested and deployed. */
export const environments: readonly EnvironmentDefinition[] = [${names.map(constantName).join(", ")}];
`;
}

function codeOwners({ owners }: InitOptions): string {
  const line = (path: string) =>
    owners.length > 0 ? `${path} ${owners.join(" ")}` : `# ${path} @your-organization/platform`;
  return `# Who must approve what. Branch protection has to ask for it.
${line("*")}

# Whoever changes these changes what is checked, who may deploy, or which risks are accepted.
${["/.github/", "/bootstrap/", "/preview-allow.yaml"].map(line).join("\n")}
`;
}
