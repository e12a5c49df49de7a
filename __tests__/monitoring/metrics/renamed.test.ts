import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RENAMED_METRICS } from "../../../lib/facts/cilium";
import { metricCatalogue } from "../../../lib/monitoring/metrics/catalogue";

/** Hubble's are declared by its handlers, with the labels that they are asked for. */
const HANDLERS = readFileSync(join(__dirname, "../../../lib/monitoring/metrics/hubble-handlers.ts"), "utf8");
const known = (name: string) => name in metricCatalogue("1.20.2") || HANDLERS.includes(`${name}:`);

test.each(Object.entries(RENAMED_METRICS))("%s is gone, %s is there", (before, today) => {
  expect(Object.keys(metricCatalogue("1.20.2"))).not.toContain(before);
  expect(known(today)).toBe(true);
});

test("docs/monitoring.md has a row for each", () => {
  const page = readFileSync(join(__dirname, "../../../docs/monitoring.md"), "utf8").replaceAll("\r\n", "\n");
  for (const [before, today] of Object.entries(RENAMED_METRICS))
    expect(page).toContain(`| \`${before}\` | \`${today}\` |`);
});
