import {
  type Context,
  cdktfCommand,
  createContext,
  envCommand,
  kubectlCommand,
  resetCommand,
  serveCommand,
  startCommand,
  statusCommand,
  stopCommand,
} from "./cli";
import { SERVE } from "./cli/background";

const USAGE = `A cloud on your laptop: deploys the stacks of this project for real, without an account.

  start                         start it here and say what to type; Ctrl-C ends it
  deploy [ENVIRONMENT|STACK]... deploy with cdktf and Terraform; starts the sandbox in the background if need be
  diff [ENVIRONMENT|STACK]...   what a deployment would change
  destroy [ENVIRONMENT|STACK]...
  kubectl ENVIRONMENT ...       kubectl, logged in to the cluster of an environment
  env                           variables for a shell of your own: eval "$(npm run --silent sandbox -- env)"
  status                        what runs, and what it takes
  stop                          end it and keep its state
  reset                         end it and delete its state

Environment: SANDBOX_NODES=real gives nodes a real network and runs Cilium's own programs on them, which SANDBOX_CILIUM
names (docs/sandbox.md); SANDBOX_CHARTS names a directory with archives of further charts (*.tgz); SANDBOX_<PROGRAM> a program of
your own in place of one that would be built (npm run toolchain -- --list); TERRAFORM_BINARY_NAME a Terraform.`;

const COMMANDS: Readonly<Record<string, (context: Context, args: readonly string[]) => Promise<number>>> = {
  start: startCommand,
  deploy: (context, args) => cdktfCommand(context, "deploy", args),
  diff: (context, args) => cdktfCommand(context, "diff", args),
  destroy: (context, args) => cdktfCommand(context, "destroy", args),
  kubectl: kubectlCommand,
  env: envCommand,
  status: statusCommand,
  stop: stopCommand,
  reset: resetCommand,
  [SERVE]: serveCommand,
};

async function main(name: string, args: readonly string[]): Promise<number> {
  if (["help", "--help", "-h"].includes(name)) {
    console.log(USAGE);
    return 0;
  }
  const command = COMMANDS[name];
  if (!command) {
    console.error(`unknown command '${name}'\n\n${USAGE}`);
    return 2;
  }
  return command(createContext(), args);
}

// `sandbox status | head -1` is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const [name = "start", ...args] = process.argv.slice(2);
main(name, args).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
