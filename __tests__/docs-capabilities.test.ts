import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Asked, CAPABILITIES } from "../e2e/chart/cases/capabilities";
import { PROOFS } from "../e2e/proofs";
import { SCENARIOS } from "../e2e/scenarios";
import { describeEnvironment } from "../lib/environment";
import { ENCRYPTION_CHANGE } from "../lib/facts/cilium";
import { definition } from "./support/definition";
import { readPage } from "./support/page";
import { updatesSnapshots } from "./support/snapshots";

const PAGE = join(__dirname, "../docs/datapath.md");
const KINDS = ["cniChaining", "kubeProxyFree", "v2"] as const;

/** What the library says of a capability that is asked for. */
function answer(asked: Asked | undefined): { readonly cell: string; readonly why?: string } {
  if (asked === undefined) return { cell: "–" };
  const { dataplane } = describeEnvironment(definition(asked.environment));
  const [problem] = [...describeEnvironment(definition(asked.environment)).problems];
  if (problem === undefined) return { cell: `\`${asked.by}\`` };
  // Everything behind the subject, the property and its value.
  return { cell: "refused", why: `${dataplane?.kind}: ${problem.replace(/^[\w-]+: /, "")}` };
}

function table(): string {
  const rows = CAPABILITIES.map((capability) => {
    const shown = ["chart", ...(capability.shownBy ?? [])].map((id) => `\`${id}\``);
    const cells = [...KINDS.map((kind) => answer(capability[kind]).cell), shown.join(", ")];
    return `| [${capability.title}](#${capability.section}) | ${cells.join(" | ")} |`;
  });
  const reasons = CAPABILITIES.flatMap((capability) =>
    KINDS.flatMap((kind) => {
      const { why } = answer(capability[kind]);
      return why === undefined ? [] : [`- ${capability.title}, ${why}`];
    }),
  );
  return [
    "| | CNI chaining | kube-proxy-free | Dataplane V2 | shown by |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "What is refused, in the words of the error:",
    "",
    ...reasons,
    "",
  ].join("\n");
}

test("the table of docs/datapath.md is what the library says when it is asked", () => {
  const text = readPage(PAGE);
  const place =
    /(<!-- capabilities: made by __tests__\/docs-capabilities.test.ts -->\n).*?(?=<!-- \/capabilities -->)/s;
  expect(text).toMatch(place);
  const renewed = text.replace(place, (_, head: string) => `${head}${table()}`);
  if (updatesSnapshots()) writeFileSync(PAGE, renewed);
  else expect(text).toBe(renewed);
});

test("each capability has a dataplane that has it, and a part of the page", () => {
  const text = readFileSync(PAGE, "utf8");
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  for (const capability of CAPABILITIES) {
    expect(KINDS.some((kind) => capability[kind] && answer(capability[kind]).why === undefined)).toBe(true);
    expect(headings).toContain(capability.section);
  }
});

test("what shows a capability is a scenario or a proof that there is", () => {
  const known = [...PROOFS, ...SCENARIOS].map(({ id }) => id);
  const named = CAPABILITIES.flatMap(({ shownBy = [] }) => shownBy);
  expect(named.length).toBeGreaterThan(5);
  expect(known).toEqual(expect.arrayContaining([...named, "chart"]));
});

test("what switching encryption does is told as the preview tells it", () => {
  const text = readFileSync(PAGE, "utf8").replace(/\s+/g, " ");
  expect(text).toContain(ENCRYPTION_CHANGE.consequence);
  expect(text).toContain(ENCRYPTION_CHANGE.remedy);
});
