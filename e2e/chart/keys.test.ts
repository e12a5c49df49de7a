import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import {
  ChartKeys,
  ciliumValueProblems,
  type HelmValue,
  type HelmValues,
  hasSafeKubeletWrapper,
} from "../../lib/cilium";
import { TABLED_CHART } from "../../lib/facts/cilium";
import { readFactTable } from "../../lib/facts/table";
import { chartFacts } from "../../scripts/cilium/chart-tables";
import { chartSubjects } from "./subjects";

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Helm's own map for charts within charts; this chart reads none of it. */
const HELMS_OWN = "values.global";

/** Removed keys that templates still read: behind a section that is never empty, or to refuse them. */
const READ_IN_VAIN = new Set([
  "hostServices",
  ...["enabled", "hostNamespaceOnly", "terminatePodConnections", "tracing"].map((key) => `hostServices.${key}`),
  "ipam.operator.clusterPoolIPv4PodCIDR",
  "ipam.operator.clusterPoolIPv6PodCIDR",
]);

/** A value for every property that a schema names. */
function everything(schema: Schema): HelmValue {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length > 0) return Object.fromEntries(properties.map(([key, below]) => [key, everything(below)]));
  return schema.type === "object" ? { anything: { at: "all" } } : "x";
}

for (const { version, chart } of chartSubjects()) {
  describe(`keys of Cilium ${version}`, () => {
    const read = (file: string) => readFileSync(join(chart, file), "utf8");
    const refused = (values: HelmValues) => ciliumValueProblems(values, version).map(({ property }) => property);

    it("takes every value of values.yaml", () => {
      assert.deepEqual(refused(parse(read("values.yaml")) as HelmValues), []);
    });

    it("takes every property of values.schema.json", () => {
      const values = everything(JSON.parse(read("values.schema.json")) as Schema) as HelmValues;
      // Any value stands for each, so that only what is said of keys counts.
      const unknown = ciliumValueProblems(values, version).filter(({ rule }) => /is no key|was removed/.test(rule));
      assert.deepEqual(
        unknown
          .map(({ property }) => property)
          // The schema leaves some maps open whose keys the templates name: `maglev` has two.
          .filter((property) => property !== HELMS_OWN && !property.endsWith(".anything")),
        [],
      );
    });

    it("takes every value that a template reads, in whatever way", () => {
      const read = [...chartFacts(chart).reads.keys()];
      assert.ok(read.length > 1000, `only ${read.length} paths were found`);
      const known = ChartKeys.of(version.supportedMinor!);
      const unknown = read.filter((path) => !READ_IN_VAIN.has(path) && !known.paths.has(path));
      assert.deepEqual(unknown, []);
    });

    it("allows the kubelet wrapper only where it recognizes every GKE node", () => {
      const asksForFlag = read("files/nodeinit/startup.bash").includes("--container-runtime-endpoint' ");
      if (hasSafeKubeletWrapper(version)) assert.ok(!asksForFlag);
    });
  });
}

describe("the tables", () => {
  for (const { version, chart } of chartSubjects()) {
    const tabled = TABLED_CHART[version.supportedMinor!];
    it(`are what is read out of the chart ${version}`, (test) => {
      if (`${version}` !== tabled) return test.skip(`the tables have ${tabled}; a patch of it may differ`);
      const facts = chartFacts(chart);
      for (const [file, column] of [
        ["chart-keys.tsv", "keys"],
        ["template-reads.tsv", "reads"],
        ["chart-schema.tsv", "schema"],
      ] as const) {
        const { headings, rows } = readFactTable(`lib/facts/cilium/data/${file}`);
        const at = headings.indexOf(tabled);
        const listed = rows.filter((row) => row[at] !== "-").map((row) => [row[0], row[at]]);
        assert.deepEqual(listed, [...facts[column]].sort(byPath), file);
      }
    });
  }
});

function byPath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
