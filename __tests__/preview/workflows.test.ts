import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
}

const DIRECTORY = join(__dirname, "../../.github/workflows");
const ours = ["preview.yml", "preview-fork.yml", "apply.yml"];
const workflows = ours.map((name): [string, Workflow] => [name, parse(readFileSync(join(DIRECTORY, name), "utf8"))]);
const jobs = workflows.flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]): [string, Job] => [`${file} ${name}`, job]),
);

test("the workflows are there", () => {
  expect(readdirSync(DIRECTORY)).toEqual(expect.arrayContaining(ours));
});

test.each(workflows)(
  "%s is reusable, starts without any permission, and stops at the first command that fails",
  (_, workflow) => {
    expect(Object.keys(workflow.on)).toEqual(["workflow_call"]);
    expect(workflow.permissions).toEqual({});
    expect(workflow.defaults?.run?.shell).toBe("bash");
  },
);

test.each(jobs)("%s: no expression within a script, where its text would become code", (_, { steps }) => {
  for (const { run } of steps) expect(run ?? "").not.toContain("${{");
});

test.each(jobs)("%s: tokens are not left in the checkout, and every action has a version", (_, { steps }) => {
  for (const { uses, with: inputs } of steps) {
    if (uses === undefined) continue;
    expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@v\d+$/);
    if (uses.startsWith("actions/checkout@")) expect(inputs).toMatchObject({ "persist-credentials": false });
  }
});

test.each(jobs)("%s: what runs a pull request's code has neither an identity nor a token that writes", (_, job) => {
  const refs = job.steps
    .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
    .map((step) => String(step.with?.["ref"] ?? ""));
  if (!refs.some((ref) => ref.includes("head.sha"))) return;
  expect(job.permissions).toEqual({ contents: "read" });
});

test("only the jobs that comment may write, only those that plan or apply have an identity", () => {
  const having = (permission: string, level: string) =>
    jobs.filter(([, { permissions }]) => permissions?.[permission] === level).map(([name]) => name);
  expect(having("pull-requests", "write")).toEqual(["preview.yml report", "preview-fork.yml preview"]);
  expect(having("id-token", "write")).toEqual(["preview.yml plan", "apply.yml apply"]);
  expect(having("contents", "write")).toEqual([]);
});

test("a saved plan goes to the bucket only: no artifact is made of the directory it lies in", () => {
  for (const [, { steps }] of jobs) {
    for (const { uses, with: inputs } of steps) {
      if (!uses?.startsWith("actions/upload-artifact@")) continue;
      expect(String(inputs?.["path"])).not.toMatch(/plans|terraform|tfstate/);
    }
  }
});
