import { terminalReporter } from "../terminal";
import { ciliumChart } from "./assets";
import { ensure, toolchainStatus } from "./ensure";
import { overrideVariable, PROGRAM_NAMES, type ProgramName, SANDBOX_PROGRAMS } from "./recipes";

const USAGE = `usage: npm run toolchain [-- <program>... | --all | --list]

Builds the programs that the sandbox runs, from pinned Go modules, once: they are kept outside the checkout.
Without arguments: what the sandbox needs. --list shows every program, where it lies and the variable that names one
of your own instead.`;

/** Builds what the arguments name. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const reporter = terminalReporter();
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  if (args.includes("--list")) {
    for (const { name, version, path, origin } of toolchainStatus())
      console.log(
        [name.padEnd(24), version.padEnd(9), origin.padEnd(8), overrideVariable(name).padEnd(32), path].join(" "),
      );
    return 0;
  }
  const unknown = args.filter((name) => name !== "--all" && !PROGRAM_NAMES.includes(name as ProgramName));
  if (unknown.length > 0) {
    reporter.line(`unknown program '${unknown.join("', '")}'; choose from ${PROGRAM_NAMES.join(", ")}\n\n${USAGE}`);
    return 2;
  }
  const named = args.filter((name): name is ProgramName => name !== "--all");
  const names = args.includes("--all") ? PROGRAM_NAMES : named.length > 0 ? named : SANDBOX_PROGRAMS;
  const paths = await ensure(names, { reporter });
  if (named.length === 0) await ciliumChart({ reporter });
  for (const [name, path] of Object.entries(paths)) console.log(`${name.padEnd(24)} ${path}`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
