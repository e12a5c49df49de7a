import { Secrets } from "../../../lib/preview/diff/secrets";
import type { Report } from "../../../lib/preview/model/report";
import { renderHtml } from "../../../lib/preview/render/html";
import { renderMarkdown } from "../../../lib/preview/render/markdown";
import { renderTerminal } from "../../../lib/preview/render/terminal";
import { readChange, reportOf } from "../support";
import { type Planted, plantedSecrets } from "./planted";

const PLANTED = plantedSecrets();
/** So many at once: a comment has room for them all, and one that leaks is named. */
const BATCH = 40;

type Attributes = Readonly<Record<string, unknown>>;

function template(resources: readonly (readonly [Planted, Attributes])[]): Record<string, unknown> {
  const types: Record<string, Record<string, unknown>> = {};
  resources.forEach(([{ type = "example_thing" }, attributes], i) => {
    types[type] = { ...types[type], [`r${i}`]: attributes };
  });
  return { resource: types };
}

function plan(resources: readonly (readonly [Planted, Attributes, Attributes | null])[]): unknown {
  const resource_changes = resources.map(([{ type = "example_thing" }, before, after], i) => ({
    address: `${type}.r${i}`,
    mode: "managed",
    type,
    name: `r${i}`,
    change: { actions: after ? ["update"] : ["create"], before: after ? before : null, after: after ?? before },
  }));
  return { format_version: "1.2", planned_values: {}, resource_changes };
}

/** The secret appears, goes, and changes for another: what was and what will be are both shown in a diff. */
function sides(planted: readonly Planted[], side: "appears" | "goes" | "is created") {
  const synth = (attributes: (item: Planted) => Attributes) => ({
    stacks: {
      "dev-cluster": { dependencies: [], template: template(planted.map((item) => [item, attributes(item)])) },
    },
  });
  const [full, bare] = [(item: Planted) => item.attributes, () => ({ other: "x" })];
  const created = plan(planted.map((item) => [item, item.attributes, null]));
  const changed = plan(
    planted.map((item) =>
      side === "goes" ? [item, item.attributes, { other: "x" }] : [item, { other: "x" }, item.attributes],
    ),
  );
  return {
    before:
      side === "is created"
        ? { stacks: { "dev-cluster": { dependencies: [], template: {} } } }
        : synth(side === "goes" ? full : bare),
    after: synth(side === "goes" ? bare : full),
    plans: { "dev-cluster": side === "is created" ? created : changed },
  };
}

/** Everything that anybody may get to see. */
function outputs(report: Report): string {
  return [
    renderTerminal(report, { width: 140, colour: false }),
    renderMarkdown(report, { limit: 10_000_000 }),
    renderHtml(report).replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
    JSON.stringify(report),
  ]
    .join("\n")
    .replace(/\n\s*/g, "");
}

const batches = Array.from({ length: Math.ceil(PLANTED.length / BATCH) }, (_, i) =>
  PLANTED.slice(i * BATCH, (i + 1) * BATCH),
);

test("there are hundreds of them", () => expect(PLANTED.length).toBeGreaterThan(1000));

describe.each(["plan", "offline"] as const)("%s", (mode) => {
  test.each(["appears", "goes", "is created"] as const)("no secret is seen when it %s", (side) => {
    const seen: string[] = [];
    for (const batch of batches) {
      const secrets = new Secrets();
      const text = outputs(reportOf(readChange(sides(batch, side), mode, secrets), { secrets }));
      for (const { place, needle } of batch) if (text.includes(needle)) seen.push(place);
    }
    expect(seen).toEqual([]);
  });
});
