import { stateBucketOf } from "./environment-file";
import type { InitOptions } from "./options";

/** `bootstrap/main.ts`: each project made ready for its environments. The last one is the home of the accounts. */
export function bootstrapFile(options: InitOptions): string {
  const { environments, location } = options;
  const region = location.replace(/(\d)-[a-z][a-z0-9]*$/, "$1");
  const projects = [...new Set(environments.map(({ project }) => project))];
  const home = projects.at(-1)!;
  const others = projects.filter((project) => project !== home);
  const stack = (project: string, more: string) => `new BootstrapStack(app, "bootstrap-${idOf(project)}", {
  project: "${project}",
  location: "${region}",
  stateBucket: "${stateBucketOf(project)}",
${more}  // Once the bucket is there, with StateBackend imported: npm run bootstrap -- --migrate-state
  // backend: StateBackend.gcs({ bucket: "${stateBucketOf(project)}", prefix: "bootstrap" }),
})`;
  const alone = others.length === 0;
  return `import { App } from "cdktf";
import { BootstrapStack } from "cdktf-gke-cilium";

// What each project needs before its first environment, applied once by its owner: npm run bootstrap
const app = new App({ outdir: "cdktf.bootstrap", stackTraces: false });

${alone ? "" : "const home = "}${stack(home, homeCode(options, home))};
${others.map((project) => `\n${stack(project, `  home: "${home}",\n`)}.addDependency(home);\n`).join("")}
app.synth();
`;
}

function homeCode({ github, githubId, environments }: InitOptions, home: string): string {
  const repository = github ?? "OWNER/NAME";
  const federation = [
    `  planBucket: "${planBucketOf(home)}",`,
    "  github: {",
    `    repository: "${repository}",`,
    `    // gh api repos/${repository} --jq .id`,
    `    repositoryId: "${githubId ?? "123456"}",`,
    `    environments: [${environments.map(({ name }) => `"${name}"`).join(", ")}],`,
    "  },",
  ];
  const lines = [
    '  // Who may deploy by hand, e.g. ["group:platform@example.com"].',
    "  deployers: [],",
    // Without the number there is nobody to trust.
    ...(githubId === undefined ? federation.map((line) => line.replace(/^ {2}/, "  // ")) : federation),
  ];
  return `${lines.join("\n")}\n`;
}

function planBucketOf(project: string): string {
  return stateBucketOf(project).replace(/state$/, "plans");
}

function idOf(project: string): string {
  return project.replace(/[^a-z0-9-]/g, "-");
}
