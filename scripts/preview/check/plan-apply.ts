import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Checks, need } from "./harness";
import { Platform, type Stacks } from "./platform";

const FIRST: Stacks = {
  "dev-cluster": { data: { cluster: { input: "v1", triggers_replace: "a" }, note: { input: "x" } } },
  "dev-networking": { dependsOn: ["dev-cluster"], data: { cilium: { input: "1.19" } } },
  "prod-cluster": { data: { cluster: { input: "v1", triggers_replace: "a" } } },
};

const SECOND: Stacks = {
  ...FIRST,
  "dev-cluster": { data: { cluster: { input: "v1", triggers_replace: "b" }, note: { input: "x" } } },
  "dev-networking": { dependsOn: ["dev-cluster"], data: { cilium: { input: "1.20" } } },
};

/** Plans with real Terraform, and applies exactly what was planned. */
export async function checkPlanAndApply(checks: Checks): Promise<void> {
  await checks.group("plan, review, apply with real Terraform", async (scratch) => {
    await need("terraform", ["version"], "install Terraform 1.11 or later");
    const platform = new Platform(scratch);
    await platform.create(FIRST);
    const plans = join(scratch, "plans");

    const first = await platform.preview("--plan", "--keep-plans", plans, "--out", join(scratch, "first.json"));
    checks.holds(
      "a first plan creates everything (2)",
      first.code === 2 && count(scratch, "first", "create") === 4,
      text(first),
    );
    const commit = (await platform.git("rev-parse", "HEAD")).trim();
    const applied = await platform.preview("apply", "--plans", plans, "--commit", commit);
    checks.holds(
      "the plans are applied, in order",
      /dev-cluster\n.*dev-networking\n/s.test(applied.stdout) && applied.code === 0,
      text(applied),
    );
    const again = await platform.preview("--plan", "--format", "json");
    checks.holds("the next plan is empty (0)", again.code === 0, text(again));
    const stale = await platform.preview("apply", "--plans", plans, "--commit", commit);
    checks.holds(
      "the same plans a second time are stale, and refused",
      stale.code === 1 && /state changed since/.test(stale.stdout),
      text(stale),
    );

    await platform.git("checkout", "--quiet", "-b", "feature");
    const head = await platform.commit(SECOND, "second");
    const offline = await platform.preview("--base", "main", "--format", "markdown");
    checks.holds(
      "offline, the branch changes two stacks of three (2)",
      offline.code === 2 && /No changes in 1 stack: `prod-cluster`/.test(offline.stdout),
      text(offline),
    );
    const affected = await platform.preview("affected", "--base", "main");
    checks.holds("only dev is affected", affected.stdout.trim() === '["dev"]', text(affected));

    const reviewed = join(scratch, "reviewed");
    const planned = await platform.preview(
      "--plan",
      "--base",
      "main",
      "--keep-plans",
      reviewed,
      "--out",
      join(scratch, "second.json"),
      "--out",
      join(scratch, "second.html"),
    );
    checks.holds(
      "with a base, what does not differ is not planned",
      !/planning prod/.test(planned.stderr) && /planning dev-networking/.test(planned.stderr),
      text(planned),
    );
    checks.holds(
      "the plan knows the replacement and its cause",
      /triggers_replace cannot change in place/.test(readFileSync(join(scratch, "second.json"), "utf8")),
      text(planned),
    );
    const kept = readdirSync(reviewed);
    checks.holds(
      "two plans and their manifest are kept",
      kept.filter((name) => name.endsWith(".tfplan")).length === 2 && kept.includes("plans.json"),
      kept.join(" "),
    );
    checks.holds(
      "no plan is left anywhere else",
      !existsSync(join(platform.root, "cdktf.out/stacks/dev-cluster/plan")),
    );

    const refuse = async (what: string, pattern: RegExp, args: readonly string[]) => {
      const outcome = await platform.preview("apply", ...args);
      checks.holds(
        `refused: ${what}`,
        outcome.code === 1 && pattern.test(outcome.stdout) && !/^applied/m.test(outcome.stdout),
        text(outcome),
      );
    };
    await refuse("another commit", /not of 0{40}/, ["--plans", reviewed, "--commit", "0".repeat(40)]);
    platform.write({ ...SECOND, "dev-cluster": { data: { cluster: { input: "v2" } } } });
    await refuse("code that synthesizes to something else", /synthesizes to something else/, [
      "--plans",
      reviewed,
      "--commit",
      head,
    ]);
    platform.write(SECOND);
    const tampered = join(reviewed, kept.find((name) => name.endsWith(".tfplan"))!);
    const whole = readFileSync(tampered);
    appendFileSync(tampered, "x");
    await refuse("a plan that was tampered with", /not the one that was reviewed/, [
      "--plans",
      reviewed,
      "--commit",
      head,
    ]);
    writeFileSync(tampered, whole);
    const manifest = readFileSync(join(reviewed, "plans.json"), "utf8");
    writeFileSync(join(scratch, "old.json"), manifest.replace(/"terraform": "[^"]+"/, '"terraform": "1.0.0"'));
    await refuse("a plan of another Terraform", /Terraform 1\.0\.0/, [
      "--plans",
      reviewed,
      "--manifest",
      join(scratch, "old.json"),
      "--commit",
      head,
    ]);
    const good = await platform.preview("apply", "--plans", reviewed, "--commit", head, "--env", "dev");
    checks.holds(
      "what was reviewed is applied",
      good.code === 0 && /applied dev-cluster\napplied dev-networking/.test(good.stdout),
      text(good),
    );
    const empty = await platform.preview("--plan");
    checks.holds("and the preview is empty then (0)", empty.code === 0, text(empty));
    const beside = await platform.preview("--plan", "--base", "main", "--all");
    checks.holds(
      "beside main the code differs still (2), and the plan finds nothing to do",
      beside.code === 2 && /applied already/.test(beside.stdout) && !/ST10/.test(beside.stdout),
      text(beside),
    );
  });

  await checks.group("what must never look green", async (scratch) => {
    await need("terraform", ["version"], "install Terraform 1.11 or later");
    const platform = new Platform(scratch);
    await platform.create(FIRST);
    const broken = { ...FIRST, "prod-cluster": { data: { cluster: { input: "${terraform_data.missing.id}" } } } };
    platform.write(broken);
    const failed = await platform.preview("--plan", "--format", "markdown");
    checks.holds(
      "a stack that cannot be planned makes the whole preview red (1)",
      failed.code === 1 &&
        /^## ❌/.test(failed.stdout) &&
        /### Plan failed: `prod-cluster`\n\n```\nterraform plan failed: Error: Reference to undeclared/.test(
          failed.stdout,
        ),
      text(failed),
    );
    platform.write({
      ...FIRST,
      "dev-cluster": {
        data: {
          note: { input: "x" },
          a: {
            input: "x",
            lifecycle: {
              precondition: [{ condition: "${terraform_data.note.input == 2}", error_message: "one is not two" }],
            },
          },
        },
      },
    });
    const half = await platform.preview("--plan", "--env", "dev", "--fail-on", "high", "--format", "markdown");
    checks.holds(
      "a plan that is refused is red (1), with Terraform's words on top",
      half.code === 1 && /### Plan failed[^#]*one is not two/.test(half.stdout),
      text(half),
    );
    writeFileSync(join(platform.root, "app.js"), "throw new Error('no synth today');");
    const dead = await platform.preview("--base", "main", "--out", join(scratch, "dead.md"));
    checks.holds(
      "an app that does not synthesize leaves a red report (1)",
      dead.code === 1 && /no synth today/.test(readFileSync(join(scratch, "dead.md"), "utf8")),
      text(dead),
    );
    const missing = await platform.preview("--base", "no-such-branch");
    checks.holds("a base that is not there is an error (1)", missing.code === 1, text(missing));
    const worktrees = await platform.git("worktree", "list");
    checks.holds("no worktree is left behind", worktrees.trim().split("\n").length === 1, worktrees);
  });
}

function count(scratch: string, name: string, key: string): number {
  const report: { stacks: { counts: Record<string, number> }[] } = JSON.parse(
    readFileSync(join(scratch, `${name}.json`), "utf8"),
  );
  return report.stacks.reduce((sum, { counts }) => sum + counts[key]!, 0);
}

function text({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): string {
  return `exit code ${code}\n${stdout}${stderr}`;
}
