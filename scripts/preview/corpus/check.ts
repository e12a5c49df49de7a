import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type PullRequest, sidesOf } from "../../../__tests__/preview/corpus/pull-request";
import { PULL_REQUESTS } from "../../../__tests__/preview/corpus/pull-requests";
import { packageFile } from "../../../lib/package-files";
import { findTools, providersOf, stackFacts } from "../../../sandbox/runtime";
import { type Checks, NotRun } from "../check/harness";
import { olderCharts } from "./charts";
import { type Happened, Rehearsal } from "./rehearsal";

const ROOT = dirname(packageFile("package.json"));
/** What happened when it was last looked at: the same must happen again. */
const FILE = join(ROOT, "__tests__/preview/corpus/happened.json");

/** Cluster stacks, for which the simulated cloud alone is enough: nothing, something that goes, pools, ranges. */
const SAMPLE = [
  "dev: nothing at all",
  "dev: no NAT",
  "dev: the only pool renamed",
  "staging: a pool less",
  "staging: larger machines",
  "prod: a range is added",
];

export interface CorpusOptions {
  /** Only pull requests whose name has one of these. @default all */
  readonly words?: readonly string[];
  readonly sample?: boolean;
  /** Write down what happened instead of comparing it. */
  readonly update?: boolean;
  readonly scratch: string;
  /** Directory that keeps deployed bases from one run to the next. @default one that goes with the run */
  readonly bases?: string;
}

export function nameOf({ environment, what }: PullRequest): string {
  return `${environment}: ${what}`;
}

/** Compares what was predicted of pull requests with what the real providers plan and with what an apply does. */
export async function checkCorpus(checks: Checks, options: CorpusOptions): Promise<void> {
  const { words = [], sample, update, scratch, bases = join(scratch, "bases") } = options;
  const chosen = PULL_REQUESTS.filter((request) => {
    const name = nameOf(request);
    if (sample) return SAMPLE.includes(name);
    return words.length === 0 || words.some((word) => name.includes(word));
  });
  const recorded: Record<string, Happened> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
  const first = sidesOf(PULL_REQUESTS[0]!).before.stacks;
  const facts = Object.entries(first).map(([name, { template, dependencies }]) =>
    stackFacts(name, template, dependencies),
  );
  const tools = await findTools(ROOT, providersOf(facts)).catch((error: Error) => error);
  const charts = join(scratch, "charts");
  const withoutCharts = await olderCharts(charts).then(
    () => undefined,
    (error: Error) => new NotRun(error.message),
  );
  const rehearsal = tools instanceof Error ? undefined : new Rehearsal(scratch, tools, charts, bases, withoutCharts);
  try {
    for (const request of chosen) {
      const name = nameOf(request);
      await checks.group(name, async () => {
        if (!rehearsal) throw new NotRun(String(tools));
        if (request.unplayable !== undefined) throw new NotRun(request.unplayable);
        const happened = await rehearsal.play(request);
        if (update) {
          recorded[name] = happened;
          writeFileSync(FILE, `${JSON.stringify(ordered(recorded), null, 2)}\n`);
        }
        checks.holds(
          "what was predicted is what was planned and what happened, as far as is written down",
          JSON.stringify(happened) === JSON.stringify(recorded[name]),
          `${JSON.stringify(happened, null, 2)}\nwritten down:\n${JSON.stringify(recorded[name], null, 2)}`,
        );
      });
    }
  } finally {
    rehearsal?.end();
  }
}

function ordered(recorded: Readonly<Record<string, Happened>>): Readonly<Record<string, Happened>> {
  return Object.fromEntries(
    PULL_REQUESTS.map(nameOf).flatMap((name) => (recorded[name] ? [[name, recorded[name]]] : [])),
  );
}
