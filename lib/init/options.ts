import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isKnownRegion, isRegionName, isZoneName, mayBeZone, REGION_NAMES, regionOfLocation } from "../facts/locations";
import {
  type CheckTable,
  closest,
  describeProblem,
  examine,
  listOf,
  nested,
  oneOf,
  type Problem,
  projectId,
  repositoryName,
  required,
  text,
  textJudgedBy,
  wholeNumber,
} from "../validation";

export const DATAPLANES = ["dataplane-v2", "kube-proxy-free", "cni-chaining"] as const;
export const MONITORINGS = ["managed-prometheus", "prometheus", "none"] as const;
export const STATES = ["bucket", "local"] as const;

/** One environment of the new repository. */
export interface InitEnvironment {
  /** As in its definition: `prod`. */
  readonly name: string;
  /** Id of its project. */
  readonly project: string;
}

/** What a new repository is made from: what was given, before or after the questions. */
export interface InitOptions {
  /** Where the repository goes. @default - the working directory */
  readonly directory: string;
  /** Name of the repository and its package. @default - the directory's */
  readonly name: string;
  /** At least one. No default. */
  readonly environments: readonly InitEnvironment[];
  /** Region or zone of all of them, and of the state buckets. No default. */
  readonly location: string;
  /** @default "dataplane-v2" */
  readonly dataplane: (typeof DATAPLANES)[number];
  /** @default - what goes with the dataplane: Google's with Google's */
  readonly monitoring: (typeof MONITORINGS)[number];
  /** Where Terraform's state is. @default "bucket" */
  readonly state: (typeof STATES)[number];
  /** Whom CODEOWNERS names, `@org/team` or `@user`. @default - nobody: the lines are there, as comments */
  readonly owners: readonly string[];
  /** `owner/name`, whose workflows preview and apply. @default - none */
  readonly github?: string;
  /** Number of that repository. @default - to be filled in where the pool is made */
  readonly githubId?: number;
}

/** A wrong command line or answer. */
export class InitError extends Error {}

/** Ranges are taken from 10.0.0.0/8, a /12 an environment. */
const MOST_ENVIRONMENTS = 15;

const ENVIRONMENT_NAME = text({
  matches: /^[a-z]([-a-z0-9]{0,18}[a-z0-9])$/,
  rule: "is not 2 to 20 lower case letters, digits and dashes that begin with a letter",
  remedy: "use a short name such as staging",
});
const LOCATION_EXAMPLE = "give a region such as asia-northeast1 or a zone such as asia-northeast1-a";
const LOCATION = textJudgedBy((location, property) => {
  const region = regionOfLocation(location);
  if (isKnownRegion(region) && (isRegionName(location) || (isZoneName(location) && mayBeZone(location)))) return [];
  const nearest = closest(region, REGION_NAMES);
  const remedy = nearest.length > 0 && nearest[0] !== region ? `did you mean ${nearest[0]}?` : LOCATION_EXAMPLE;
  return [{ property, value: location, rule: "is neither a region nor a zone of Google Cloud", remedy }];
}, LOCATION_EXAMPLE);
const OWNER = text({
  matches: /^(@[\w.-]+(\/[\w.-]+)?|[^\s@]+@[^\s@]+)$/,
  rule: "is nobody that CODEOWNERS knows",
  remedy: "write @user, @organization/team or an address",
});
const PACKAGE_NAME = text({
  matches: /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/,
  rule: "is not the name of a package",
  remedy: "use lower case letters, digits and dashes, e.g. platform",
});

const ENVIRONMENT: CheckTable<InitEnvironment> = {
  name: required(ENVIRONMENT_NAME, "give --environment NAME=PROJECT"),
  project: required(projectId(), "give --environment NAME=PROJECT, e.g. --environment dev=acme-dev"),
};

const TABLE: CheckTable<InitOptions> = {
  directory: text(),
  name: PACKAGE_NAME,
  environments: required(
    listOf(nested(ENVIRONMENT), { least: 1, most: MOST_ENVIRONMENTS }),
    "give --environment NAME=PROJECT for each, e.g. --environment dev=acme-dev --environment prod=acme-prod",
  ),
  location: required(LOCATION, "give --location, e.g. --location asia-northeast1"),
  dataplane: oneOf(DATAPLANES),
  monitoring: oneOf(MONITORINGS),
  state: oneOf(STATES),
  owners: listOf(OWNER),
  github: repositoryName(),
  githubId: wholeNumber({ from: 1, remedy: "take what `gh api repos/OWNER/NAME --jq .id` says" }),
};

const FLAGS = {
  name: { type: "string" },
  environment: { type: "string", multiple: true },
  location: { type: "string" },
  dataplane: { type: "string" },
  monitoring: { type: "string" },
  state: { type: "string" },
  owner: { type: "string", multiple: true },
  github: { type: "string" },
  "github-id": { type: "string" },
  yes: { type: "boolean", short: "y" },
} as const;

/** What the command line says, unchecked and incomplete. */
export type InitArguments = { [K in keyof InitOptions]?: unknown } & {
  readonly directory: string;
  readonly yes: boolean;
};

/** @throws InitError where a flag is unknown or lacks its value. */
export function parseInitArguments(args: readonly string[], workingDirectory: string): InitArguments {
  const { values, positionals } = parse(args);
  if (positionals.length > 1)
    throw new InitError(`one directory can be given, not ${positionals.length}: ${positionals.join(", ")}`);
  return {
    directory: resolve(workingDirectory, positionals[0] ?? "."),
    yes: values.yes === true,
    name: values.name,
    environments: values.environment?.map(parseEnvironment),
    location: values.location,
    dataplane: values.dataplane,
    monitoring: values.monitoring,
    state: values.state,
    owners: values.owner,
    github: values.github,
    githubId: values["github-id"] === undefined ? undefined : Number(values["github-id"]),
  };
}

/** `dev=acme-dev`; without a project the check says what is missing. */
export function parseEnvironment(text: string): Partial<InitEnvironment> {
  const [name = "", ...project] = text.split("=");
  return project.length === 0 ? { name } : { name, project: project.join("=") };
}

/**
 * Fills in the defaults and judges all of it.
 *
 * @throws InitError with every problem.
 */
export function completeOptions({ yes: _, ...given }: InitArguments): InitOptions {
  const { problems, options } = examine<InitOptions>(given, TABLE);
  const found = [...problems, ...environmentProblems(given.environments)];
  if (found.length > 0) throw new InitError(found.map((problem) => describeProblem("init", problem)).join("\n"));
  const dataplane = options.dataplane ?? "dataplane-v2";
  return {
    ...options,
    name: options.name ?? packageNameOf(options.directory),
    dataplane,
    monitoring: options.monitoring ?? (dataplane === "dataplane-v2" ? "managed-prometheus" : "prometheus"),
    state: options.state ?? "bucket",
    owners: options.owners ?? [],
  };
}

/** A directory's name as a package may have it. */
export function packageNameOf(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "");
  return name === "" ? "platform" : name;
}

function environmentProblems(environments: unknown): Problem[] {
  if (!Array.isArray(environments)) return [];
  const names = environments.map(({ name }: Partial<InitEnvironment>) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            property: `environments[${index}].name`,
            value: name,
            rule: "is the name of another environment, too",
            remedy: "give each a name of its own",
          },
        ],
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true, strict: true });
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string };
    const [, option = ""] = /'(--?[^'\s=]+)/.exec(message) ?? [];
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION")
      throw new InitError(`init: ${message.split(". To specify")[0] ?? message}`);
    const [meant] = closest(option.replace(/^-+/, ""), Object.keys(FLAGS));
    throw new InitError(`init: ${option} is no option${meant === undefined ? "" : `; did you mean --${meant}?`}`);
  }
}
