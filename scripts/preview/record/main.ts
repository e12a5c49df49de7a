/**
 * Records the fixtures of the preview's rules: real synths by cdktf and real plans by Terraform with the pinned
 * providers, which must be found by `terraform init` (registry or mirror). Run it after changing a case.
 *
 *   node dist/scripts/preview/record/main.js [rule]…
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageFile } from "../../../lib/package-files";
import { CASES } from "./cases";
import { isBuiltIn, Planner, trim, writeChartRepository } from "./plan";
import type { Attributes, Change, RuleCase } from "./spec";
import { type RecordedSynth, synthesize } from "./synth";

const FIXTURES = join(dirname(packageFile("package.json")), "__tests__/preview/fixtures/rules");

async function main(wanted: readonly string[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "preview-record-"));
  writeChartRepository(join(scratch, "charts"), ["1.18.12", "1.19.6", "1.20.2"]);
  const server = createServer((request, response) => {
    const file = join(scratch, "charts", (request.url ?? "").replace(/[^\w.-]/g, ""));
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const planner = new Planner(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    mkdirSync(FIXTURES, { recursive: true });
    for (const item of CASES.filter(({ rule }) => wanted.length === 0 || wanted.includes(rule))) {
      process.stderr.write(`${item.rule}\n`);
      const fixture = { rule: item.rule, fires: await record(item, "fires"), silent: await record(item, "silent") };
      writeFileSync(join(FIXTURES, `${item.rule}.json`), compact(fixture));
    }
  } finally {
    server.close();
    rmSync(scratch, { recursive: true, force: true });
  }

  async function record(item: RuleCase, side: "fires" | "silent") {
    const change: Change = item[side];
    const directory = join(scratch, item.rule, side);
    const before = synthesize(change.before, join(directory, "before"));
    const after = synthesize(change.after, join(directory, "after"));
    if (item.noPlan !== undefined) return { before, after };
    const plans: Record<string, Attributes> = {};
    for (const stack of Object.keys(change.after))
      plans[stack] = await planned(change.empty ? { stacks: {} } : before, after, stack, directory, change.state);
    return { before, after, plans };
  }

  async function planned(
    before: RecordedSynth,
    after: RecordedSynth,
    stack: string,
    directory: string,
    otherwise: Change["state"],
  ): Promise<Attributes> {
    const old = before.stacks[stack]?.template;
    const state = old && (await stateOf(old, join(directory, "plan-before", stack), otherwise));
    const head = join(directory, "plan-after", stack);
    planner.prepare(head, after.stacks[stack]!.template, state);
    return trim(await planner.plan(head));
  }

  async function stateOf(template: Attributes, directory: string, otherwise: Change["state"]): Promise<string> {
    planner.prepare(directory, template);
    if (isBuiltIn(template)) return planner.apply(directory, template);
    const state = join(directory, "crafted.tfstate");
    planner.writeState(state, await planner.plan(directory), otherwise);
    return state;
  }
}

/** A line for each synth and plan: small, and a diff still shows where it is. */
function compact(fixture: unknown): string {
  const text = JSON.stringify(fixture, null, 1);
  const deep = /^ {5,}/;
  return `${text
    .split("\n")
    .reduce((lines: string[], line) => {
      if (deep.test(line) || (/^ {4}[}\]]/.test(line) && lines.length > 0)) lines.push(`${lines.pop()}${line.trim()}`);
      else lines.push(line);
      return lines;
    }, [])
    .join("\n")}\n`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
