import { parseArgs } from "node:util";

export const LIVE_HELP = `npm run live -- <environment> --project <id> [options]

  Deploys a throw-away copy of an environment into a project of yours on Google Cloud, tries what is promised, upgrades
  it, destroys it, looks whether anything is left, and writes a report to attach to an issue. It costs money.

  --project <id>      the project; its environment of the same name is not touched        (required)
  --location <place>  region or zone                                          (the environment's)
  --hours <number>    when this time is over, everything is destroyed                        (3)
  --max-cost <usd>    nothing is begun whose upper bound is above it                        (25)
  --without <step>    doctor, status, connectivity, upgrade; repeat for more              (none)
  --report <file>     where the report goes                                   (live-report.md)
  --yes               begin without being asked

It logs in as Terraform does: GOOGLE_OAUTH_ACCESS_TOKEN, or gcloud's application default credentials.
Exit codes: 0 all passed and nothing is left, 1 something failed, 2 not begun, 3 something is left
`;

/** Steps that can be left out; deploying, planning and destroying cannot. */
export const OPTIONAL_STEPS = ["doctor", "status", "connectivity", "upgrade"] as const;
export type OptionalStep = (typeof OPTIONAL_STEPS)[number];

export interface LiveOptions {
  readonly environment: string;
  readonly project: string;
  readonly location?: string;
  readonly hours: number;
  /** US dollars. */
  readonly maxCost: number;
  readonly without: readonly OptionalStep[];
  readonly report: string;
  readonly yes: boolean;
}

/** @throws Error with everything that is not understood. */
export function parseLiveArguments(words: readonly string[]): LiveOptions {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      project: { type: "string" },
      location: { type: "string" },
      hours: { type: "string", default: "3" },
      "max-cost": { type: "string", default: "25" },
      without: { type: "string", multiple: true, default: [] },
      report: { type: "string", default: "live-report.md" },
      yes: { type: "boolean", default: false },
    },
  });
  const problems: string[] = [];
  const [environment = "", ...others] = positionals;
  if (environment === "" || others.length > 0) problems.push("name one environment");
  if (!values.project) problems.push("--project is missing: name a project in which a cluster may come and go");
  const positive = (name: "hours" | "max-cost") => {
    const value = Number(values[name]);
    if (!(value > 0 && Number.isFinite(value))) problems.push(`--${name} (${values[name]}) is no number above 0`);
    return value;
  };
  const [hours, maxCost] = [positive("hours"), positive("max-cost")];
  const without = values.without.filter((step): step is OptionalStep => {
    const known = (OPTIONAL_STEPS as readonly string[]).includes(step);
    if (!known) problems.push(`--without ${step}: it is one of ${OPTIONAL_STEPS.join(", ")}`);
    return known;
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { project = "", location, report, yes } = values;
  return { environment, project, ...(location ? { location } : {}), hours, maxCost, without, report, yes };
}
