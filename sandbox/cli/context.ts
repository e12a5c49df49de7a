import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SANDBOX_DIRECTORY, SandboxFiles } from "../runtime";
import { type Reporter, terminalReporter } from "../terminal";

/** What every command of the CLI works with. */
export interface Context {
  /** Directory with the cdktf.json whose stacks are deployed. */
  readonly project: string;
  /** Command that synthesizes them, as cdktf.json says. */
  readonly app: string;
  /** Its construct context. */
  readonly appContext: object;
  readonly files: SandboxFiles;
  readonly reporter: Reporter;
  /** How a user calls this CLI. */
  readonly command: string;
}

/**
 * @param directory The project. @default the working directory
 * @throws Error where there is no cdktf.json or it names no app.
 */
export function createContext(directory: string = process.cwd()): Context {
  const project = resolve(directory);
  const file = join(project, "cdktf.json");
  if (!existsSync(file))
    throw new Error(`there is no cdktf.json in ${project}; run this in the directory of a cdktf project`);
  const { app, context = {} } = JSON.parse(readFileSync(file, "utf8")) as { app?: string; context?: object };
  if (!app) throw new Error(`${file} has no 'app'; name the command that synthesizes the stacks there`);
  return {
    project,
    app,
    appContext: context,
    files: new SandboxFiles(join(project, SANDBOX_DIRECTORY)),
    reporter: terminalReporter(),
    command: process.env["npm_lifecycle_event"] === "sandbox" ? "npm run sandbox --" : "cdktf-gke-cilium-sandbox",
  };
}
