import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DERIVED_KEYS, type DerivedKey } from "../../lib/cilium/derived-keys";
import { CILIUM_RISKS } from "../../lib/cilium/risks";
import { readPage } from "../support/page";

const PAGE = join(__dirname, "../../docs/overrides.md");
const TABLE = /(?<=<!-- derived values -->\n)[\s\S]*?(?=<!-- \/derived values -->)/;

function table(): string {
  const rows = Object.entries<DerivedKey>(DERIVED_KEYS).map(
    ([path, { rule, instead, canBeAccepted }]) =>
      `| \`${path}\` | ${rule} | ${instead.replaceAll("|", "\\|")} | ${canBeAccepted ? `\`override:${path}\`` : "no"} |`,
  );
  return ["| value | why it is not free | instead | can be accepted |", "|---|---|---|---|", ...rows, ""].join("\n");
}

test("the page has every derived value as the code has it (`UPDATE_DOCS=1` renews it)", () => {
  const page = readPage(PAGE);
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(PAGE, page.replace(TABLE, table()));
  expect(TABLE.exec(readPage(PAGE))?.[0]).toBe(table());
});

test("a risk can be accepted exactly where the table says so", () => {
  const accepted = CILIUM_RISKS.filter((risk) => risk.startsWith("override:"));
  expect(accepted.length).toBeGreaterThan(5);
  expect(accepted).toEqual(
    Object.entries<DerivedKey>(DERIVED_KEYS)
      .filter(([, { canBeAccepted }]) => canBeAccepted)
      .map(([path]) => `override:${path}`),
  );
});
