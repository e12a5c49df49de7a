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

test.each(jobs)("%s: tokens are not left in the checkout, and every action is pinned to a commit", (_, { steps }) => {
  for (const { uses, with: inputs } of steps) {
    if (uses === undefined) continue;
    expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
    if (uses.startsWith("actions/checkout@")) expect(inputs).toMatchObject({ "persist-credentials": false });
  }
});

test("beside every pin stands its version, and an action has one pin everywhere", () => {
  const pins = new Map<string, string>();
  for (const name of ours) {
    const lines = readFileSync(join(DIRECTORY, name), "utf8").split("\n");
    for (const line of lines.filter((text) => /\buses: /.test(text))) {
      const [, action, pin] = /uses: ([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)/.exec(line) ?? [];
      expect([line, action]).toEqual([line, expect.any(String)]);
      expect(pins.get(action!) ?? pin).toBe(pin);
      pins.set(action!, pin!);
    }
  }
  expect(pins.size).toBeGreaterThan(5);
});

test.each(jobs.filter(([name]) => name !== "preview.yml synth"))(
  "%s, which has a token or an identity, runs no script of a package and takes no cache",
  (_, { steps }) => {
    for (const { run, uses, with: inputs } of steps) {
      for (const command of run?.match(/npm (?:ci|i|install)\b.*/g) ?? [])
        expect(command).toContain("--ignore-scripts");
      if (uses?.startsWith("actions/setup-node@")) {
        expect(inputs).toMatchObject({ "package-manager-cache": false });
        expect(inputs).not.toHaveProperty("cache");
      }
    }
  },
);

test("the apps of one repository share neither runs, artifacts, comments nor plans", () => {
  for (const [, workflow] of workflows) {
    const text = JSON.stringify(workflow);
    for (const name of text.match(/"(?:name|pattern)":"preview-(?:synth|report|plans|sarif)[^"]*"/g) ?? [])
      expect(name).toContain("${{ inputs.app }}");
    for (const group of text.match(/"group":"[^"]*"/g) ?? []) expect(group).toContain("${{ inputs.app }}");
    for (const command of text.match(/gke-cilium-preview comment [^|]*?--link/g) ?? [])
      expect(command).toContain("--key");
    for (const place of text.match(/gs:\/\/[^ ]*/g) ?? []) expect(place).toContain("$APP");
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
