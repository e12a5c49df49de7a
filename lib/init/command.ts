import { randomUUID } from "node:crypto";
import { relative } from "node:path";
import { repositoryFiles } from "./files";
import { completeOptions, InitError, parseInitArguments } from "./options";
import { askForRest, terminalConversation } from "./questions";
import { writeRepository } from "./write";

export const INIT_HELP = `gke-cilium init: a new platform repository

Usage
  gke-cilium init [directory] [options]     in the working directory, or another; never overwrites a file

  --environment <name>=<project>  an environment and the id of its project; repeat for more
  --location <region or zone>     of the clusters, e.g. asia-northeast1
  --dataplane <kind>              dataplane-v2, kube-proxy-free or cni-chaining       (dataplane-v2)
  --monitoring <kind>             managed-prometheus, prometheus or none              (what goes with the dataplane)
  --state <place>                 bucket or local                                     (bucket)
  --name <name>                   of the repository and its package                   (the directory's)
  --github <owner>/<name>         whose workflows preview and apply                   (to be filled in later)
  --github-id <number>            of that repository: gh api repos/OWNER/NAME --jq .id
  --owner <@org/team>             whom CODEOWNERS names; repeat for more
  -y, --yes                       ask nothing; what is left open gets its default

On a terminal it asks for whatever is left open, anywhere else --yes is understood.
`;

/** Runs `gke-cilium init`. @returns the exit code. */
export async function initCommand(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(INIT_HELP);
    return 0;
  }
  try {
    const given = parseInitArguments(args, process.cwd());
    const asks = !given.yes && process.stdin.isTTY === true && process.stdout.isTTY === true;
    const conversation = asks ? terminalConversation() : undefined;
    const options = conversation === undefined ? completeOptions(given) : await askForRest(given, conversation);
    conversation?.close();
    const files = repositoryFiles(options, randomUUID());
    writeRepository(options.directory, files);
    const directory = relative(process.cwd(), options.directory);
    process.stdout.write(`Wrote ${files.size} files${directory === "" ? "" : ` to ${directory}`}. Next:

${directory === "" ? "" : `  cd ${/\s/.test(directory) ? `'${directory}'` : directory}\n`}  git init
  npm install
  npm run synth     # the Terraform of every environment
  npm test          # writes the snapshots: commit them
  npm run doctor    # what is missing for a deployment

README.md has the rest.
`);
    return 0;
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    process.stderr.write(`${error.message}\n\nNothing was written; gke-cilium init --help lists every option.\n`);
    return 1;
  }
}
