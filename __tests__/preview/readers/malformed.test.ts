import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secrets } from "../../../lib/preview/diff/secrets";
import { openSynth } from "../../../lib/preview/readers/synth";
import { UnreadableError } from "../../../lib/preview/readers/unreadable";
import { renderHtml } from "../../../lib/preview/render/html";
import { renderMarkdown } from "../../../lib/preview/render/markdown";
import { renderSarif } from "../../../lib/preview/render/sarif";
import { renderTerminal } from "../../../lib/preview/render/terminal";
import { readReport } from "../../../lib/preview/report/read";
import { fromPlan, offline, pairStacks } from "../../../lib/preview/run/read-stacks";
import { FIXTURES, readChange, reportOf } from "../support";

const JUNK: readonly unknown[] = [null, 0, -1, "", "x", true, [], {}, [null], [[]], { a: null }, "constructor"];

type Path = readonly (string | number)[];

function* pathsOf(value: unknown, at: Path = []): Generator<Path> {
  if (at.length > 0) yield at;
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* pathsOf(child, [...at, key]);
}

/** The text of the value with something else at one place. */
function spoiled(text: string, path: Path, junk: unknown): unknown {
  const value = JSON.parse(text);
  let parent = value;
  for (const step of path.slice(0, -1)) parent = parent[step];
  parent[path.at(-1)!] = junk;
  return value;
}

/** Everything that is not our own error, with the place that caused it. */
function falls(text: string, read: (value: unknown) => void, every = 1): readonly string[] {
  const found = new Set<string>();
  let n = 0;
  for (const path of pathsOf(JSON.parse(text))) {
    for (const junk of JUNK) {
      if (n++ % every !== 0) continue;
      try {
        read(spoiled(text, path, junk));
      } catch (error) {
        if (!(error instanceof UnreadableError)) found.add(`${path.join(".")} = ${JSON.stringify(junk)}: ${error}`);
      }
    }
  }
  return [...found];
}

const plans = readdirSync(join(FIXTURES, "plans"));

test.each(plans)("%s with anything anywhere is read or refused, and never falls over", (name) => {
  const entry = { name: "dev-cluster", dependencies: [], directory: ".", annotations: [] };
  const read = (value: unknown) => {
    const secrets = new Secrets();
    const outcome = { kind: "planned", json: JSON.stringify(value), file: "" } as const;
    const pair = { entry, same: false };
    reportOf([fromPlan({ pair, secrets, outcome, allDrift: true, compared: false, below: [] })], { secrets });
  };
  expect(falls(readFileSync(join(FIXTURES, "plans", name), "utf8"), read, 3)).toEqual([]);
});

test.each([
  ["lists within lists", JSON.stringify({ x: 1 }).replace("1", `${"[".repeat(20_000)}1${"]".repeat(20_000)}`)],
  ["a document of lists within lists", JSON.stringify({ x: `${"[".repeat(20_000)}1${"]".repeat(20_000)}` })],
])("%s, thousands deep, make a stack fail and nothing else", (_, after) => {
  const entry = { name: "dev-cluster", dependencies: [], directory: ".", annotations: [] };
  const change = `{"address":"a.b","type":"a","name":"b","change":{"actions":["update"],"before":{"x":"[]"},"after":${after}}}`;
  const json = `{"format_version":"1.2","planned_values":{},"resource_changes":[${change}]}`;
  const secrets = new Secrets();
  const outcome = { kind: "planned", json, file: "" } as const;
  const stack = fromPlan({
    pair: { entry, same: false },
    secrets,
    outcome,
    allDrift: true,
    compared: false,
    below: [],
  });
  const report = reportOf([stack], { secrets });
  expect(report.verdict).toBe("error");
  expect(report.problems.join()).toContain("is nested too deeply");
});

test("an expression that doubles itself sixty times makes its stack fail and nothing else", () => {
  const locals = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`l${i}`, `\${local.l${i + 1}}\${local.l${i + 1}}`]),
  );
  const template = { locals: { ...locals, l60: "x" }, resource: { a_b: { c: { name: "${local.l0}" } } } };
  const side = (content: Record<string, unknown>) => ({
    stacks: { "dev-cluster": { dependencies: [], template: content } },
  });
  const secrets = new Secrets();
  const report = reportOf(readChange({ before: side({}), after: side(template) }, "offline", secrets), { secrets });
  expect(report.verdict).not.toBe("unchanged");
});

describe("on disk", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "malformed-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("a synth with anything anywhere is read or refused", () => {
    const [base, head] = [join(directory, "base"), join(directory, "head")];
    const synth = {
      manifest: {
        version: "0.21.0",
        stacks: {
          "dev-cluster": {
            synthesizedStackPath: "stack.json",
            workingDirectory: "work",
            dependencies: [],
            annotations: [{ constructPath: "a", level: "@cdktf/warn", message: "b" }],
          },
        },
      },
      template: {
        terraform: { backend: { gcs: { bucket: "a", prefix: "b" } }, required_providers: { google: { version: "6" } } },
        provider: { google: [{ project: "p", alias: "x" }] },
        variable: { v: { default: "x", sensitive: true } },
        locals: { l: "${var.v}" },
        data: { google_client_config: { c: {} } },
        moved: [{ from: "a.b", to: "a.c" }],
        resource: {
          google_container_cluster: {
            main: {
              name: "${local.l}",
              count: 2,
              lifecycle: { ignore_changes: ["a"], create_before_destroy: true },
              "//": { metadata: { path: "dev-cluster/main" } },
            },
          },
          helm_release: {
            r: { chart: "cilium", version: "1.20.2", values: ["a: 1"], set: [{ name: "b", value: "2" }] },
          },
        },
        output: { o: { value: "${google_container_cluster.main[0].id}" } },
      },
    };
    const write = (target: string, value: typeof synth) => {
      mkdirSync(join(target, "work"), { recursive: true });
      writeFileSync(join(target, "manifest.json"), JSON.stringify(value.manifest));
      writeFileSync(join(target, "stack.json"), JSON.stringify(value.template));
    };
    write(base, synth);
    const read = (value: unknown) => {
      write(head, value as typeof synth);
      const secrets = new Secrets();
      const pairs = pairStacks({ base: openSynth(base), head: openSynth(head), secrets, environments: [] });
      reportOf(
        pairs.map((pair) => offline(pair, secrets)),
        { secrets },
      );
    };
    expect(falls(JSON.stringify(synth), read)).toEqual([]);
  });

  test("a report with anything anywhere is rendered or refused", () => {
    const secrets = new Secrets();
    const plan = readFileSync(join(FIXTURES, "plans", "actions.json"), "utf8");
    const entry = { name: "dev-cluster", dependencies: ["x"], directory: ".", annotations: ["a: b"] };
    const outcome = { kind: "planned", json: plan, file: "" } as const;
    const stacks = [
      fromPlan({ pair: { entry, same: false }, secrets, outcome, allDrift: true, compared: false, below: [] }),
    ];
    const file = join(directory, "report.json");
    const read = (value: unknown) => {
      writeFileSync(file, JSON.stringify(value));
      const report = readReport(file);
      for (const render of [renderHtml, renderMarkdown, renderSarif]) render(report);
      renderTerminal(report, { width: 80, colour: false, rows: 40 });
    };
    expect(falls(JSON.stringify(reportOf(stacks, { secrets })), read, 3)).toEqual([]);
  });
});
