import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFile } from "../../../lib/package-files";
import { GitHubServer } from "./github-server";
import { type Checks, need, succeed } from "./harness";
import { Platform, type Stacks } from "./platform";
import { lintWorkflows } from "./workflow-lint";
import { installTools, type StepOutcome, WorkflowJob } from "./workflow-steps";

const MAIN: Stacks = {
  "dev-cluster": { data: { cluster: { input: "v1" } } },
  "dev-networking": { dependsOn: ["dev-cluster"], data: { cilium: { input: "1.19" } } },
  "prod-cluster": { data: { cluster: { input: "v1" } } },
};
const FEATURE: Stacks = { ...MAIN, "dev-cluster": { data: { cluster: { input: "v2" } } } };

export async function checkWorkflows(checks: Checks): Promise<void> {
  await lintWorkflows(checks);
  await checks.group("the workflows' scripts: preview, report, comment, apply", (scratch) => pipeline(checks, scratch));
  await checks.group("the workflows' scripts: a fork", (scratch) => fork(checks, scratch));
}

async function pipeline(checks: Checks, scratch: string): Promise<void> {
  await need("terraform", ["version"], "install Terraform 1.11 or later");
  const platform = new Platform(scratch);
  await platform.create(MAIN);
  const deployed = await platform.preview("--plan", "--keep-plans", join(scratch, "first"));
  const first = await platform.preview(
    "apply",
    "--plans",
    join(scratch, "first"),
    "--commit",
    (await platform.git("rev-parse", "HEAD")).trim(),
  );
  checks.holds("main is deployed", deployed.code === 2 && first.code === 0, first.stdout + first.stderr);
  await platform.git("checkout", "--quiet", "-b", "feature");
  const head = await platform.commit(FEATURE, "feature");

  const [tools, bucket] = [join(scratch, "tools"), join(scratch, "bucket")];
  installTools(tools, bucket);
  const github = new GitHubServer();
  const api = { GITHUB_TOKEN: "t" };
  process.env["GITHUB_API_URL"] = await github.start();
  try {
    const job = (name: string) =>
      new WorkflowJob("preview.yml", name, platform, join(scratch, `runner-${name}`), tools);
    const synth = job("synth");
    passed(checks, "synth: the pull request is synthesized", await synth.run("Synthesize", { APP: "preview" }));
    await platform.git("checkout", "--quiet", "main");
    const artifact = join(synth.temporary, "synth");
    const download = (target: WorkflowJob) => cpSync(artifact, join(target.temporary, "synth"), { recursive: true });

    const affected = job("affected");
    download(affected);
    const compared = await affected.run("Compare");
    passed(checks, "affected: only dev", compared, compared.outputs["environments"] === '["dev"]');

    const plan = job("plan");
    download(plan);
    const planned = await plan.run("Preview", {
      ENVIRONMENT: "dev",
      HEAD_SHA: head,
      PLAN: "true",
      BUCKET: "plans",
      APP: "preview",
      FAIL_ON: "high",
    });
    const stored = join(bucket, "plans/4711/preview/dev");
    passed(
      checks,
      "plan: planned with the base's code, plans put into the bucket",
      planned,
      readdirSync(stored).some((name) => name.endsWith(".tfplan")),
    );
    checks.holds(
      "plan: no plan is where artifacts are made of",
      ["report", "manifest"].every(
        (name) => readdirSync(join(plan.temporary, name)).join() === `${name === "report" ? "report" : "plans"}.json`,
      ),
    );

    const report = job("report");
    mkdirSync(join(report.temporary, "reports/preview-report.preview.dev"), { recursive: true });
    cpSync(
      join(plan.temporary, "report/report.json"),
      join(report.temporary, "reports/preview-report.preview.dev/report.json"),
    );
    const rendered = await report.run("Render", { APP: "preview", EXPECTED: '["dev"]' });
    passed(
      checks,
      "report: rendered as summary and page",
      rendered,
      rendered.outputs["verdict"] === "changes" &&
        rendered.summary.includes("1 to update") &&
        existsSync(join(report.temporary, "out/preview.html")),
    );
    const comment = { ...api, APP: "preview", PULL_REQUEST: "7", LINK: "https://example.com/report" };
    passed(checks, "report: commented", await report.run("Comment", comment), github.comments.length === 1);
    passed(
      checks,
      "report: commented again, in place",
      await report.run("Comment", comment),
      github.comments.length === 1,
    );
    passed(checks, "report: changes are green", await report.run("Verdict", { VERDICT: "changes" }));
    for (const verdict of ["risk", "error", ""]) {
      const outcome = await report.run("Verdict", { VERDICT: verdict });
      checks.holds(`report: '${verdict}' is red`, outcome.code === 1);
    }
    const lost = await report.run("Render", { APP: "preview", EXPECTED: '["dev","prod"]' });
    passed(
      checks,
      "report: an environment whose job died makes it red",
      lost,
      lost.outputs["verdict"] === "error" && lost.summary.includes("prod: its preview left no report"),
    );
    const nothing = new WorkflowJob("preview.yml", "report", platform, join(scratch, "runner-nothing"), tools);
    const none = await nothing.run("Render", { APP: "preview", EXPECTED: "[]" });
    passed(checks, "report: nothing affected is green", none, none.outputs["verdict"] === "unchanged");
    const died = await nothing.run("Render", { APP: "preview", EXPECTED: '["synthesizing or comparing"]' });
    passed(checks, "report: a synth that died is red", died, died.outputs["verdict"] === "error");

    await platform.git("merge", "--quiet", "--no-ff", "--no-edit", "feature");
    github.runs = [
      {
        id: 4711,
        head_sha: head,
        path: ".github/workflows/preview.yml@x",
        event: "pull_request",
        conclusion: "success",
        repository: { id: 1 },
        head_repository: { id: 1 },
      },
    ];
    const find = new WorkflowJob("apply.yml", "find", platform, join(scratch, "runner-find"), tools);
    const found = await find.run("Find the run", { ...api, HEAD_SHA: head, WORKFLOW: ".github/workflows/preview.yml" });
    passed(checks, "apply: the reviewed run is found", found, found.outputs["id"] === "4711");
    cpSync(join(plan.temporary, "manifest"), join(find.temporary, "manifests/preview-plans.preview.dev"), {
      recursive: true,
    });
    const listed = await find.run("List the environments", { APP: "preview" });
    passed(checks, "apply: its environments are listed", listed, listed.outputs["list"] === '["dev"]');
    const apply = new WorkflowJob("apply.yml", "apply", platform, join(scratch, "runner-apply"), tools);
    cpSync(join(plan.temporary, "manifest"), join(apply.temporary, "manifest"), { recursive: true });
    const variables = { ENVIRONMENT: "dev", BUCKET: "plans", APP: "preview", RUN: "4711", HEAD_SHA: head };
    const applied = await apply.run("Apply", variables);
    passed(
      checks,
      "apply: exactly the reviewed plan is applied",
      applied,
      applied.summary.includes("applied dev-cluster") && !existsSync(join(apply.temporary, "plans")),
    );
    const twice = await apply.run("Apply", variables);
    checks.holds(
      "apply: a second time it is stale, and refused",
      twice.code === 1 && twice.summary.includes("state changed since"),
      twice.stdout + twice.stderr,
    );
    const empty = await platform.preview("--plan");
    checks.holds("and nothing is left to change", empty.code === 0, empty.stdout);
  } finally {
    github.stop();
    delete process.env["GITHUB_API_URL"];
  }
}

async function fork(checks: Checks, scratch: string): Promise<void> {
  const platform = new Platform(scratch);
  await platform.create(MAIN);
  const tools = join(scratch, "tools");
  installTools(tools, join(scratch, "bucket"));
  const theirs = new Platform(join(scratch, "fork"));
  await theirs.create(FEATURE);
  await succeed(
    process.execPath,
    [join(dirname(packageFile("package.json")), "dist/lib/preview/cli.js"), "synth", "--out", join(scratch, "synth")],
    theirs.root,
    { STATES: scratch },
  );
  const github = new GitHubServer();
  github.pulls = [{ number: 9, head: { sha: "f00" } }];
  process.env["GITHUB_API_URL"] = await github.start();
  try {
    const job = new WorkflowJob("preview-fork.yml", "preview", platform, join(scratch, "runner"), tools);
    cpSync(join(scratch, "synth"), join(job.temporary, "synth"), { recursive: true });
    const looked = await job.run("Preview", { APP: "preview", FAIL_ON: "never", HEAD_SHA: "f00" });
    passed(
      checks,
      "the fork's data is compared with the default branch by the default branch's code",
      looked,
      looked.outputs["code"] === "2" && looked.summary.includes("dev-cluster"),
    );
    const variables = {
      APP: "preview",
      GITHUB_TOKEN: "t",
      HEAD: "octocat:feature",
      HEAD_SHA: "f00",
      LINK: "https://example.com/report",
    };
    passed(
      checks,
      "and told on its pull request",
      await job.run("Comment", variables),
      github.comments[0]?.body.includes("dev-cluster") === true,
    );
    passed(checks, "which is green", await job.run("Verdict", { CODE: "2" }));

    const manifest = join(job.temporary, "synth/manifest.json");
    const content = JSON.parse(readFileSync(manifest, "utf8"));
    content.stacks["dev-cluster"].synthesizedStackPath = "../../../../../../../../etc/passwd";
    writeFileSync(manifest, JSON.stringify(content));
    const evil = await job.run("Preview", { APP: "preview", FAIL_ON: "never", HEAD_SHA: "f00" });
    checks.holds(
      "a manifest that points outside is red, and nothing of the file is told",
      evil.outputs["code"] === "1" && evil.summary.includes("points outside") && !/root:/.test(evil.summary),
      evil.summary,
    );
    checks.holds("as is a run that left no artifact", (await missing(platform, scratch, tools)) === "1");
    checks.holds("the check fails then", (await job.run("Verdict", { CODE: "1" })).code === 1);
  } finally {
    github.stop();
    delete process.env["GITHUB_API_URL"];
  }
}

async function missing(platform: Platform, scratch: string, tools: string): Promise<string | undefined> {
  const job = new WorkflowJob("preview-fork.yml", "preview", platform, join(scratch, "runner-missing"), tools);
  return (await job.run("Preview", { APP: "preview", FAIL_ON: "never", HEAD_SHA: "f00" })).outputs["code"];
}

function passed(checks: Checks, what: string, outcome: StepOutcome, and = true): void {
  checks.holds(
    what,
    outcome.code === 0 && and,
    `exit code ${outcome.code}\n${outcome.stdout}${outcome.stderr}${outcome.summary}`,
  );
}
