import { packageText } from "../package-files";
import { closest } from "../validation/suggest";

const HELP = `gke-cilium: GKE clusters with Cilium, as code

Usage
  gke-cilium init [directory]   make a new platform repository
  gke-cilium adopt              a definition and import blocks for a cluster that exists
  gke-cilium doctor             what is missing for a deployment: tools, login, APIs, roles, quotas
  gke-cilium preview            what a change does to the network, before it does it
  gke-cilium status <env>       whether a running cluster is what was asked for
  gke-cilium hubble <env>       its flows, as lines or as the map in a browser
  gke-cilium connectivity <env> whether its network does what it should, tried from inside

gke-cilium <command> --help lists the options of each, gke-cilium --version says which this is.
`;
const COMMANDS = ["init", "adopt", "doctor", "preview", "status", "hubble", "connectivity"];

/** Runs the command line. @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  // Each command loads what it needs, and only that.
  switch (command) {
    case "init":
      return (await import("../init/command")).initCommand(rest);
    case "adopt":
      return (await import("../adopt/command")).adoptCommand(rest);
    case "doctor":
      return (await import("../doctor/command")).doctorCommand(rest);
    case "preview":
      return (await import("../preview/run/main")).main(rest);
    case "status":
      return (await import("../live/status/command")).statusCommand(rest);
    case "hubble":
      return (await import("../live/hubble/command")).hubbleCommand(rest);
    case "connectivity":
      return (await import("../live/connectivity/command")).connectivityCommand(rest);
    case undefined:
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(HELP);
      return 0;
    case "--version":
    case "-v":
      process.stdout.write(`${(JSON.parse(packageText("package.json")) as { version: string }).version}\n`);
      return 0;
    default: {
      const meant = closest(command, COMMANDS).map((name) => `; did you mean ${name}?`);
      process.stderr.write(`gke-cilium: ${command} is no command${meant.join("")}\n\n${HELP}`);
      return 1;
    }
  }
}
