// Starts one of the commands of this clone, or says what is missing: a fresh one has neither programs nor stacks.
import { existsSync } from "node:fs";

const program = new URL("../dist/lib/cli/cli.js", import.meta.url);
if (existsSync(program)) await import(program);
else {
  process.stderr.write(`gke-cilium ${process.argv[2] ?? ""}: nothing is built and synthesized yet\n  npm run synth\n`);
  process.exitCode = 1;
}
