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
import { packageFile } from "../../lib/package-files";
import { chartSubjects, chartTemplates } from "./subjects";

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Helm's own map for charts within charts; this chart reads none of it. */
const HELMS_OWN = "values.global";

/** Names that the chart's templates read only to refuse them, or that are Helm's. */
const READ_TO_REFUSE = new Set(["AsMap", "enableCnpStatusUpdates", "enableK8sEventHandover", "hostServices", "tunnel"]);

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
      assert.deepEqual(
        refused(values).filter((property) => property !== HELMS_OWN),
        [],
      );
    });

    it("takes every value that a template reads", () => {
      const paths = [...chartTemplates(chart).matchAll(/\.Values\.([A-Za-z0-9_.]+)/g)].map(([, path = ""]) =>
        path.replace(/\.$/, ""),
      );
      assert.ok(paths.length > 1000, `only ${paths.length} references were found`);
      const known = ChartKeys.of(version.supportedMinor!);
      const unknown = paths.filter(
        (path) => !READ_TO_REFUSE.has(path) && !known.paths.has(path) && !isBelow(path, known),
      );
      assert.deepEqual([...new Set(unknown)], []);
    });

    it("allows the kubelet wrapper only where it recognizes every GKE node", () => {
      const asksForFlag = read("files/nodeinit/startup.bash").includes("--container-runtime-endpoint' ");
      if (hasSafeKubeletWrapper(version)) assert.ok(!asksForFlag);
    });
  });
}

describe("the table of keys", () => {
  it("is the default chart's values.yaml, key by key", () => {
    const subject = chartSubjects().find(({ version }) => `${version}` === "1.20.2");
    assert.ok(subject, "the chart 1.20.2 is missing");
    const values = parse(readFileSync(join(subject.chart, "values.yaml"), "utf8")) as HelmValues;
    const [heading = "", ...rows] = readFileSync(packageFile("lib/cilium/data/chart-keys.tsv"), "utf8")
      .trimEnd()
      .split("\n");
    const column = heading.split("\t").indexOf("1.20.2");
    const table = rows.map((row) => row.split("\t")).filter((row) => row[column] !== "-");
    const expected = leaves(values).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
    const listed = table.map((row) => `${row[0]} = ${JSON.stringify(JSON.parse(row[column] ?? ""))}`);
    assert.deepEqual(listed.sort(), expected.sort());
  });
});

/** Whether a path leads into a map that the chart leaves to its user. */
function isBelow(path: string, keys: ChartKeys): boolean {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf(".")));
  return parent !== "" && ((keys.paths.has(parent) && !keys.isSection(parent)) || isBelow(parent, keys));
}

function leaves(values: HelmValues, parent: readonly string[] = []): [string, unknown][] {
  return Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    const path = [...parent, key];
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
    return isMap ? leaves(value as HelmValues, path) : [[path.join("."), value]];
  });
}
