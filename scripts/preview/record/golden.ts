/**
 * Records plans of every kind of change, made by Terraform with its own `terraform_data`, which needs no provider.
 *
 *   node dist/scripts/preview/record/golden.js [name]…
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageFile } from "../../../lib/package-files";
import { run } from "../../../lib/preview/run/process";
import { GOLDEN, type Golden } from "./golden-cases";
import { trim } from "./plan";

const FIXTURES = join(dirname(packageFile("package.json")), "__tests__/preview/fixtures/plans");

async function main(wanted: readonly string[]): Promise<void> {
  mkdirSync(FIXTURES, { recursive: true });
  for (const golden of GOLDEN.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    process.stderr.write(`${golden.name}\n`);
    const plan = await record(golden);
    writeFileSync(join(FIXTURES, `${golden.name}.json`), `${JSON.stringify(plan, null, 1)}\n`);
  }
}

async function record(golden: Golden): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), "preview-golden-"));
  const terraform = async (args: readonly string[], codes: readonly number[]): Promise<string> => {
    const env = { CHECKPOINT_DISABLE: "1" };
    const { code, stdout, stderr } = await run("terraform", [...args, "-no-color"], { cwd: directory, env });
    if (!codes.includes(code)) throw new Error(`${golden.name}: terraform ${args[0]}: ${stdout}${stderr}`);
    return stdout;
  };
  const write = (config: unknown) => writeFileSync(join(directory, "main.tf.json"), JSON.stringify(config));
  try {
    for (const [i, config] of golden.applied.entries()) {
      write(config);
      await terraform(["init", "-input=false"], [0]);
      // The last but one step may be meant to fail half way.
      await terraform(["apply", "-input=false", "-auto-approve"], golden.failing === i ? [1] : [0]);
    }
    for (const args of golden.commands ?? []) await terraform(args, [0]);
    write(golden.planned);
    await terraform(["init", "-input=false"], [0]);
    await terraform(["plan", "-input=false", "-out=plan", ...(golden.arguments ?? [])], [0, 1]);
    const plan = JSON.parse(await terraform(["show", "-json", "plan"], [0]));
    return {
      ...(trim(plan) as object),
      ...(golden.keep ? { variables: plan.variables, configuration: plan.configuration } : {}),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
