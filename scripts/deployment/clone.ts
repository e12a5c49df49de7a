import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./in-sandbox";

/** Every kind of dataplane that a reduced clone can have, by its factory. */
export const DATAPLANES = ["cniChaining", "kubeProxyFree", "v2"] as const;

/** Files that git knows, and new ones that it does not ignore. */
export function repositoryFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: ROOT });
  return listed.toString().split("\0").filter(Boolean);
}

/** Those files, as they lie in the working tree, in a folder. */
export function copyRepository(directory: string): void {
  for (const file of repositoryFiles()) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(ROOT, file), join(directory, file));
  }
}

/** What somebody does who makes a clone their own: another name, one environment of their own, another README, no examples. */
export function reduce(clone: string, dataplane: (typeof DATAPLANES)[number]): void {
  editFile(clone, "package.json", (text) => text.replace('"name": "cdktf-gke-cilium"', '"name": "@acme/our-platform"'));
  for (const name of readdirSync(join(clone, "environments"))) rmSync(join(clone, "environments", name));
  writeFileSync(
    join(clone, "environments", "index.ts"),
    `import { Dataplane } from "../lib/dataplane";
import { defineEnvironment } from "../lib/environment";

export const environments = [
  defineEnvironment({
    name: "shop",
    project: "acme-shop",
    location: "europe-west4",
    network: { nodes: "10.64.0.0/20", pods: "10.68.0.0/14", services: "10.72.0.0/20" },
    dataplane: Dataplane.${dataplane}(),
    nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 3, maxNodes: 9 }],
  }),
];
`,
  );
  rmSync(join(clone, "__tests__/environments/__snapshots__"), { recursive: true });
  writeFileSync(join(clone, "README.md"), "# Our platform\n\n```ts\nthis is not even TypeScript\n```\n");
  rmSync(join(clone, "examples"), { recursive: true });
}

export function editFile(clone: string, file: string, change: (text: string) => string): void {
  writeFileSync(join(clone, file), change(readFileSync(join(clone, file), "utf8")));
}
