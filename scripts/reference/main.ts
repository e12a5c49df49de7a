import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { exportsOf } from "./declarations";
import { renderReference } from "./render";

/** Writes docs/reference.md from what tsc declared in dist/; with `--check` compares instead, and fails where they differ. */
const root = resolve(__dirname, "..", "..", "..");
const page = join(root, "docs/reference.md");
const rendered = renderReference(
  new Map([
    ["cdktf-gke-cilium", exportsOf(join(root, "dist/lib/index.d.ts"))],
    ["cdktf-gke-cilium/testing", exportsOf(join(root, "dist/lib/testing/index.d.ts"))],
  ]),
);
if (process.argv.includes("--check")) {
  const written = readFileSync(page, "utf8").replaceAll("\r\n", "\n").split("\n");
  const differing = rendered.split("\n").findIndex((line, index) => line !== written[index]);
  if (differing >= 0 || written.length !== rendered.split("\n").length) {
    process.stderr.write(
      `docs/reference.md is not what the code says from line ${differing + 1} on; npm run reference writes it:\n` +
        `- ${written[differing] ?? ""}\n+ ${rendered.split("\n")[differing] ?? ""}\n`,
    );
    process.exitCode = 1;
  } else process.stdout.write("docs/reference.md is what the code says.\n");
} else writeFileSync(page, rendered);
