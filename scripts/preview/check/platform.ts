import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFile } from "../../../lib/package-files";
import { type Outcome, run } from "../../../lib/preview/run/process";
import { succeed } from "./harness";

const ROOT = dirname(packageFile("package.json"));
export const CLI = join(ROOT, "dist/lib/preview/cli.js");

/** Resources of each stack: id to attributes of a `terraform_data`. */
export type Stacks = Readonly<
  Record<string, { readonly dependsOn?: readonly string[]; readonly data: Readonly<Record<string, object>> }>
>;

const APP = `
const { App, LocalBackend, TerraformResource, TerraformStack } = require("cdktf");
const { join } = require("node:path");
const spec = require("./stacks.json");
const app = new App();
const stacks = {};
for (const [name, { data, dependsOn = [] }] of Object.entries(spec)) {
  const stack = (stacks[name] = new TerraformStack(app, name));
  new LocalBackend(stack, { path: join(process.env.STATES, name + ".tfstate") });
  for (const [id, attributes] of Object.entries(data)) {
    const resource = new TerraformResource(stack, id, { terraformResourceType: "terraform_data" });
    for (const [key, value] of Object.entries(attributes)) resource.addOverride(key, value);
  }
  for (const dependency of dependsOn) stack.addDependency(stacks[dependency]);
}
app.synth();
`;

/** A platform repository with an app of its own, as small as can be: git, cdktf, Terraform's own resources. */
export class Platform {
  public readonly root: string;
  public readonly environment: Readonly<Record<string, string>>;

  public constructor(scratch: string) {
    this.root = join(scratch, "platform");
    mkdirSync(join(scratch, "states"), { recursive: true });
    mkdirSync(join(scratch, "cache"), { recursive: true });
    this.environment = {
      STATES: join(scratch, "states"),
      XDG_CACHE_HOME: join(scratch, "cache"),
      NO_COLOR: "1",
      CHECKPOINT_DISABLE: "1",
    };
  }

  /** @param more Files in place of this app's, or beside them. */
  public async create(stacks: Stacks, more: Readonly<Record<string, string>> = {}): Promise<void> {
    mkdirSync(this.root, { recursive: true });
    const files = {
      "app.js": APP,
      "cdktf.json": JSON.stringify({ language: "typescript", app: "node app.js" }),
      "package.json": '{"name":"platform","private":true}',
      "package-lock.json": '{"name":"platform","lockfileVersion":3,"packages":{}}',
      ".gitignore": "node_modules\ncdktf.out\n*.tfstate*\n",
      ...more,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.root, name), text);
    symlinkSync(join(ROOT, "node_modules"), join(this.root, "node_modules"));
    await this.git("init", "--quiet", "--initial-branch=main");
    await this.commit(stacks, "first");
  }

  /** @returns the new commit. */
  public async commit(stacks: Stacks, message: string): Promise<string> {
    this.write(stacks);
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  public write(stacks: Stacks): void {
    writeFileSync(join(this.root, "stacks.json"), JSON.stringify(stacks, null, 1));
  }

  public git(...args: readonly string[]): Promise<string> {
    const identity = [
      "-c",
      "user.name=Platform",
      "-c",
      "user.email=platform@example.com",
      "-c",
      "commit.gpgsign=false",
    ];
    return succeed("git", [...identity, ...args], this.root);
  }

  /** Runs the compiled command line in the repository. */
  public preview(...args: readonly string[]): Promise<Outcome> {
    return run(process.execPath, [CLI, ...args], { cwd: this.root, env: this.environment });
  }

  /** Runs any program with the repository's environment. */
  public run(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    cwd = this.root,
  ): Promise<Outcome> {
    return run(command, args, { cwd, env: { ...this.environment, ...env } });
  }
}
