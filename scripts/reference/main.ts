import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { danglingTypes, renderApi } from "./api-report";
import { exportsOf } from "./declarations";
import { renderReference } from "./render";

/**
 * Writes docs/reference.md and the API reports from what tsc declared in dist/; with `--check` compares instead, and fails where
 * they differ. Either way it fails where a signature names a type that is not exported.
 */
const root = resolve(__dirname, "..", "..", "..");
const entries = new Map([
  ["cdktf-gke-cilium", exportsOf(join(root, "dist/lib/index.d.ts"))],
  ["cdktf-gke-cilium/testing", exportsOf(join(root, "dist/lib/testing/index.d.ts"))],
]);
const pages = new Map([
  ["docs/reference.md", renderReference(entries)],
  ...[...entries].map(([entry, found]): [string, string] => [
    `api/${entry.replace("cdktf-gke-cilium", "").replace("/", "") || "index"}.api.txt`,
    renderApi(found),
  ]),
]);

const all = new Map([...entries.values()].flatMap((found) => [...found]));
const dangling = danglingTypes(all, join(root, "dist/lib"));
if (dangling.length > 0) fail(`types that signatures name are not exported:\n${dangling.join("\n")}`);
for (const [page, rendered] of pages)
  if (process.argv.includes("--check")) compare(page, rendered);
  else {
    mkdirSync(dirname(join(root, page)), { recursive: true });
    writeFileSync(join(root, page), rendered);
  }

function compare(page: string, rendered: string): void {
  const written = readFileSync(join(root, page), "utf8").replaceAll("\r\n", "\n").split("\n");
  const lines = rendered.split("\n");
  const differing = lines.findIndex((line, index) => line !== written[index]);
  if (differing < 0 && written.length === lines.length) {
    process.stdout.write(`${page} is what the code says.\n`);
    return;
  }
  fail(
    `${page} is not what the code says from line ${differing + 1} on; npm run reference writes it:\n` +
      `- ${written[differing] ?? ""}\n+ ${lines[differing] ?? ""}`,
  );
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
