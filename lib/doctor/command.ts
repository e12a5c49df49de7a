import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { about, type Finding } from "./finding";
import { GoogleClient } from "./google";
import { type Needs, readNeeds } from "./needs";
import { projectFindings } from "./project";
import { renderFindings } from "./render";
import { accessToken, type Run, runOnPath, toolFindings } from "./tools";

export const DOCTOR_HELP = `gke-cilium doctor: what is missing for a deployment

Usage
  gke-cilium doctor [options]    reads what was synthesized, asks this machine and Google, changes nothing

  --env <name>      only these environments; repeat for more    (all)
  --output <dir>    what cdktf has written                      (cdktf.out)
  --offline         this machine only
  --json            the findings as data

It is logged in as Terraform is: GOOGLE_OAUTH_ACCESS_TOKEN, or gcloud's application default credentials, as the account
of GOOGLE_IMPERSONATE_SERVICE_ACCOUNT where there is one. GOOGLE_<PRODUCT>_CUSTOM_ENDPOINT is kept to.

Exit codes: 0 nothing is missing, 2 something is, 1 error
`;

const EXIT_CODES = { complete: 0, error: 1, missing: 2 } as const;

/** What the command is run with; a test brings its own. */
export interface DoctorContext {
  readonly workingDirectory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly colours: boolean;
  print(text: string): void;
  warn(text: string): void;
}

/** Runs `gke-cilium doctor`. @returns the exit code. */
export async function doctorCommand(args: readonly string[], context = onThisMachine()): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    context.print(DOCTOR_HELP);
    return EXIT_CODES.complete;
  }
  try {
    const { env = [], output = "cdktf.out", offline = false, json = false } = parse(args);
    const needs = readNeeds(resolve(context.workingDirectory, output), env);
    const findings = await examine(needs, offline, context);
    context.print(json ? `${JSON.stringify(findings, null, 2)}\n` : renderFindings(findings, context));
    return findings.some(({ state }) => state === "missing") ? EXIT_CODES.missing : EXIT_CODES.complete;
  } catch (error) {
    context.warn(`gke-cilium doctor: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_CODES.error;
  }
}

async function examine(needs: Needs, offline: boolean, { run, variables }: DoctorContext): Promise<Finding[]> {
  const tools = toolFindings(run, variables, needs.authPlugin);
  if (offline) return about("this machine", tools);
  const { token, finding } = accessToken(run, variables);
  const here = about("this machine", [...tools, finding]);
  if (token === undefined) return here;
  const client = new GoogleClient(token, variables);
  const projects = await Promise.all(
    needs.projects.map(async (project) => about(`project ${project.project}`, await projectFindings(project, client))),
  );
  return [...here, ...projects.flat()];
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      env: { type: "string", multiple: true },
      output: { type: "string" },
      offline: { type: "boolean" },
      json: { type: "boolean" },
    },
    strict: true,
  }).values;
}

function onThisMachine(): DoctorContext {
  return {
    workingDirectory: process.cwd(),
    variables: process.env,
    run: runOnPath(process.env),
    colours: process.stdout.isTTY === true && !process.env["NO_COLOR"],
    print: (text) => process.stdout.write(text),
    warn: (text) => process.stderr.write(text),
  };
}
