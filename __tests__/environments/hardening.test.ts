import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../environments";
import { Environment } from "../../lib/environment";
import { synthStacks } from "../../lib/testing";
import { hardeningReasons, hardeningTable } from "../../scripts/hardening/table";
import { readPage } from "../support/page";
import { updatesSnapshots } from "../support/snapshots";

const PAGE = join(__dirname, "../../docs/hardening.md");

test("docs/hardening.md says how the environments stand", () => {
  const stacks = synthStacks((app) => {
    for (const definition of environments) new Environment(app, definition);
  });
  const text = readPage(PAGE);
  const names = environments.map(({ name }) => name);
  const renewed = replace(
    replace(text, "how the environments stand", hardeningTable(names, stacks)),
    "why not",
    hardeningReasons(),
  );
  if (updatesSnapshots()) writeFileSync(PAGE, renewed);
  else expect(text).toBe(renewed);
});

function replace(page: string, marker: string, content: string): string {
  const block = new RegExp(`(<!-- ${marker} -->\n).*?(?=<!-- end -->)`, "s");
  expect(page).toMatch(block);
  return page.replace(block, (_, head: string) => `${head}\n${content}\n\n`);
}
