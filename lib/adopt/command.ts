import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { accessToken, GoogleClient, GoogleError, type Run, runOnPath } from "../doctor";
import { lookUp } from "../facts/look-up";
import { constantName } from "../init";
import { makeDirectories } from "../make-directories";
import { type LeftOut, soundDraft } from "./definition";
import type { DataplaneDraft } from "./draft";
import { adoptionFile, definitionFile } from "./files";
import { draftOf, readExisting, type Subject } from "./read";
import { keepValues, type ValueChange } from "./release-values";
import { type AdoptionReport, renderReport } from "./report";
import { importsOf, tryOut, withPoolNames } from "./trial";

export const ADOPT_HELP = `gke-cilium adopt: a definition and import blocks for a cluster that exists

Usage
  gke-cilium adopt --project <id> --location <region or zone> --cluster <name> [options]

Reads the cluster, its subnet and its release of Cilium, writes environments/<name>.ts and environments/<name>.adopted.ts,
and plans them with Terraform and an empty state of its own. Changes nothing but these two files.

  --environment <name>    what the environment is called         (the cluster's name)
  --directory <dir>       where the files go                     (environments)
  --state-bucket <name>   the definition keeps its state there   (local files)
  --dataplane <kind>      what a cluster without Cilium is to get: kube-proxy-free or cni-chaining
  --no-plan               only read and write; Terraform is not needed
  --force                 overwrite files that exist
  --json                  the report as data

It is logged in as Terraform is: GOOGLE_OAUTH_ACCESS_TOKEN, or gcloud's application default credentials. The account needs
roles/container.viewer and roles/compute.viewer, and to read Secrets in kube-system, where Helm keeps its releases.

Exit codes: 0 the first deployment changes nothing that exists but labels, 2 it changes something, 1 error
`;

const EXIT_CODES = { unchanged: 0, error: 1, changed: 2 } as const;
const DATAPLANES: Readonly<Record<string, DataplaneDraft["kind"]>> = {
  "kube-proxy-free": "kubeProxyFree",
  "cni-chaining": "cniChaining",
};

/** What the command is run with; a test brings its own. */
export interface AdoptContext {
  readonly workingDirectory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  print(text: string): void;
  warn(text: string): void;
}

/** Runs `gke-cilium adopt`. @returns the exit code. */
export async function adoptCommand(args: readonly string[], context = onThisMachine()): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    context.print(ADOPT_HELP);
    return EXIT_CODES.unchanged;
  }
  try {
    const options = parse(args);
    const report = await adopt(options, context);
    context.print(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report));
    return changesSomething(report) ? EXIT_CODES.changed : EXIT_CODES.unchanged;
  } catch (error) {
    context.warn(`gke-cilium adopt: ${sentence(error)}\n`);
    return EXIT_CODES.error;
  }
}

interface AdoptOptions {
  readonly subject: Subject;
  readonly directory: string;
  readonly stateBucket: string | undefined;
  readonly plan: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

async function adopt(options: AdoptOptions, context: AdoptContext): Promise<AdoptionReport> {
  const { subject } = options;
  const files = ["", ".adopted"].map((kind) => join(options.directory, `${subject.environment}${kind}.ts`));
  const present = files.filter((file) => existsSync(resolve(context.workingDirectory, file)));
  if (present.length > 0 && !options.force)
    throw new Error(`${present.join(" and ")} exist already; move them away, or say --force`);
  const { token, finding } = accessToken(context.run, context.variables);
  if (token === undefined) throw new Error(`${finding.detail}; ${finding.remedy}`);

  const found = await readExisting(subject, new GoogleClient(token, context.variables), token, context.variables);
  const first = draftOf(subject, found);
  const judged: { draft: typeof first; leftOut: readonly LeftOut[]; changes: readonly ValueChange[] } =
    found.release === undefined ? { ...soundDraft(first), changes: [] } : keepValues(first, found.release.values);
  const draft = withPoolNames(judged.draft, found);
  const imports = importsOf(draft, found);
  const trial = options.plan ? await tryOut(draft, imports, (line) => context.warn(`${line}\n`)) : undefined;

  const texts = [
    definitionFile(draft, options.stateBucket),
    adoptionFile(draft.name, trial?.adoption ?? imports, trial?.kept ?? []),
  ];
  files.forEach((file, index) => {
    const path = resolve(context.workingDirectory, file);
    makeDirectories(dirname(path));
    writeFileSync(path, texts[index] ?? "");
  });
  return {
    files,
    environment: draft.name,
    constant: constantName(draft.name),
    leftOut: judged.leftOut,
    values: judged.changes,
    ...(trial === undefined ? {} : { trial }),
  };
}

/** Whether anything that exists is changed, labels apart. A release that is written once more with its values is not. */
function changesSomething({ values, trial }: AdoptionReport): boolean {
  return (
    values.length > 0 ||
    (trial?.remaining ?? []).some(
      ({ type, actions, labels }) =>
        type !== "helm_release" &&
        !actions.every((each) => each === "create") &&
        !(actions.every((each) => each === "update") && Object.keys(labels).length > 0),
    )
  );
}

function parse(args: readonly string[]): AdoptOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      project: { type: "string" },
      location: { type: "string" },
      cluster: { type: "string" },
      environment: { type: "string" },
      directory: { type: "string", default: "environments" },
      "state-bucket": { type: "string" },
      dataplane: { type: "string" },
      "no-plan": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
    strict: true,
  });
  const { project, location, cluster } = values;
  const missing = ["project", "location", "cluster"].filter((name) => !values[name as "project"]);
  if (!project || !location || !cluster)
    throw new Error(`${missing.map((name) => `--${name}`).join(", ")} must be given; --help has the rest`);
  const dataplane = values.dataplane === undefined ? undefined : lookUp(DATAPLANES, values.dataplane);
  if (values.dataplane !== undefined && dataplane === undefined)
    throw new Error(`--dataplane ${values.dataplane} is neither ${Object.keys(DATAPLANES).join(" nor ")}`);
  const environment = values.environment ?? cluster;
  return {
    subject: { project, location, cluster, environment, ...(dataplane === undefined ? {} : { dataplane }) },
    directory: values.directory,
    stateBucket: values["state-bucket"],
    plan: !values["no-plan"],
    force: values.force,
    json: values.json,
  };
}

function sentence(error: unknown): string {
  if (error instanceof GoogleError && error.status === 404)
    return `${error.message}; gcloud container clusters list shows which clusters there are, and where`;
  return error instanceof Error ? error.message : String(error);
}

function onThisMachine(): AdoptContext {
  return {
    workingDirectory: process.cwd(),
    variables: process.env,
    run: runOnPath(process.env),
    print: (text) => process.stdout.write(text),
    warn: (text) => process.stderr.write(text),
  };
}
