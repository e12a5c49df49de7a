import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeEnvironment } from "../../lib/environment";
import { definition } from "../support/definition";
import { readPage } from "../support/page";
import { updatesSnapshots } from "../support/snapshots";
import { WRITTEN_PARTS } from "./definitions";
import { WRITTEN_VALUES } from "./options";
import { PROCEDURES } from "./procedures";

const PAGE = join(__dirname, "../../docs/write-ups.md");

describe.each(WRITTEN_PARTS)("$written", ({ carried, today }) => {
  test(today === "taken" ? "is taken" : "is answered with its successor", () => {
    const { problems } = describeEnvironment(definition(carried()));
    if (today === "taken") expect(problems).toEqual([]);
    else expect(problems).toEqual([expect.stringContaining(today)]);
  });
});

/** A cell of a table. */
const cell = (text: string) => text.replaceAll("|", "\\|");
const code = (text: string) => `\`${cell(text)}\``;

function values(): string[] {
  return WRITTEN_VALUES.map(({ today, typed, written }) => {
    const taken = today === "as it is" ? "as it is, below `values`" : `refused: ${cell(today.refused)}`;
    return `| ${code(written)} | ${taken} | ${typed === undefined ? "" : code(typed.option)} |`;
  });
}

function parts(): string[] {
  return WRITTEN_PARTS.map(({ here, today, written }) => `| ${code(written)} | ${here ?? `refused: ${cell(today)}`} |`);
}

const TABLES: Readonly<Record<string, () => string[]>> = {
  values: () => ["| there | as values of the chart | typed |", "|---|---|---|", ...values()],
  parts: () => ["| there | here |", "|---|---|", ...parts()],
  procedures: () => [
    "| there | here |",
    "|---|---|",
    ...PROCEDURES.map(({ here, written }) => `| ${code(written)} | ${here} |`),
  ],
};

test("the page says of each option and step what the library says of it", () => {
  const text = readPage(PAGE);
  const renewed = Object.entries(TABLES).reduce((page, [name, table]) => {
    const place = new RegExp(`(<!-- ${name} -->\\n).*?(?=<!-- /${name} -->)`, "s");
    expect(page).toMatch(place);
    return page.replace(place, (_, head: string) => `${head}${table().join("\n")}\n`);
  }, text);
  if (updatesSnapshots()) writeFileSync(PAGE, renewed);
  else expect(text).toBe(renewed);
});

test("each step leads to a page and a heading that are there", () => {
  const links = PROCEDURES.flatMap(({ here }) => [...here.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)]);
  expect(links.length).toBeGreaterThan(20);
  for (const [, page = "", heading] of links) {
    const file = join(dirname(PAGE), page);
    expect(existsSync(file)).toBe(true);
    const text = readPage(file);
    // Whoever makes a clone their own writes a README of their own.
    if (page.endsWith("README.md") && !text.startsWith("# cdktf-gke-cilium")) continue;
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    if (heading !== undefined) expect(headings).toContain(heading);
  }
});
