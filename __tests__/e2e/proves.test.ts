import { readFileSync } from "node:fs";
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
