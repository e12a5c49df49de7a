import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SCENARIOS } from "../../e2e/scenarios";

/** Tables and lines break where they must: only words count. */
const words = (text: string) => text.replace(/\s+/g, " ");

const claims = SCENARIOS.flatMap(({ id, proves = [] }) => proves.map((claim) => [id, claim] as const));

test.each(claims)("what %s proves stands in docs: %s", (id, claim) => {
  const [file = "", ...sentence] = claim.split(": ");
  const text = words(readFileSync(file, "utf8"));
  expect(text).toContain(words(sentence.join(": ")));
  expect(text).toContain(`\`${id}\``);
});

test("every scenario that sends packets says what it proves, and where it runs", () => {
  const silent = SCENARIOS.filter(({ real, proves, environments }) => real && !(proves && environments));
  expect(silent.map(({ id }) => id)).toEqual([]);
});

const pages = readdirSync("docs", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md") && !file.startsWith("reference"))
  .map((file) => [file, readFileSync(join("docs", file), "utf8")] as const);

test("docs name no scenario that there is not", () => {
  const known = new Set(SCENARIOS.map(({ id }) => id));
  const named = pages.flatMap(([file, text]) =>
    (text.match(/`packets-[a-z0-9-]+`/g) ?? []).map((id) => `${file}: ${id.slice(1, -1)}`),
  );
  expect(named.length).toBeGreaterThan(SCENARIOS.filter(({ real }) => real).length);
  expect(named.filter((name) => !known.has(name.split(": ")[1] ?? ""))).toEqual([]);
});

test.each(["cni-chaining.md", "datapath.md", "kube-proxy-free.md", "mode-switch.md"])(
  "what %s says was measured names the scenario, or that it was by hand",
  (name) => {
    const text = pages.find(([file]) => file === name)?.[1] ?? "";
    const paragraphs = text.split(/\n\s*\n|\n(?=- )/).filter((paragraph) => /\bmeasured\b/i.test(paragraph));
    expect(paragraphs.filter((paragraph) => !/`packets-|by hand|was not measured/.test(paragraph))).toEqual([]);
  },
);
