import type { FieldChange } from "../../../lib/preview/model/report";
import { condense } from "../../../lib/preview/report/condense";

const field = (path: string, more: Partial<FieldChange> = {}): FieldChange => ({
  path,
  kind: "changed",
  before: "a",
  after: "b",
  ...more,
});
const replaced = { replaced: true, created: false };
const updated = { replaced: false, created: false };
const created = { replaced: false, created: true };

test("what forces the replacement comes first", () => {
  const fields = [field("labels"), field("location", { forces: true }), field("name", { forces: true })];
  expect(condense(fields, replaced).map(({ path }) => path)).toEqual(["location", "name", "labels"]);
});

test("in a replacement nothing, zero and false are one, and so are an object's long and short names", () => {
  const noise = [
    field("flex_start", { before: "false", after: undefined, kind: "removed" }),
    field("count", { before: "0", after: undefined, kind: "removed" }),
    field("taint", { before: "[]", after: undefined }),
    field("network", {
      before: "https://www.googleapis.com/compute/v1/projects/p/global/networks/n",
      after: "projects/p/global/networks/n",
    }),
    field("cluster", { before: "//container.googleapis.com/x", after: "y" }),
  ];
  expect(condense(noise, replaced).map(({ path }) => path)).toEqual(["cluster"]);
  const forcing = field("spot", { before: "false", after: undefined, forces: true });
  expect(condense([forcing], replaced)).toEqual([forcing]);
});

test("in an update everything that Terraform lists is shown", () => {
  const fields = [field("a", { before: "false", after: undefined }), field("b", { before: "0", after: "false" })];
  expect(condense(fields, updated)).toEqual(fields);
});

test("a document that differs in many places is one line, one that differs in a few is shown key by key", () => {
  const board = Array.from({ length: 200 }, (_, i) => field(`data["board.json"] › panels[${i}].title`));
  const settings = [field('data["app.yaml"] › port'), field('data["app.yaml"] › host')];
  expect(condense([...board, ...settings], updated)).toEqual([
    { path: 'data["board.json"]', kind: "changed", note: "a document that differs in 200 places" },
    ...settings,
  ]);
  const fresh = board.map((one) => ({ ...one, kind: "added" as const, before: undefined }));
  expect(condense(fresh, updated)[0]).toMatchObject({ kind: "added" });
});

test("sixty values of a release are shown, more are counted", () => {
  const values = (n: number) => Array.from({ length: n }, (_, i) => field(`values › a${i}`));
  expect(condense(values(60), updated)).toHaveLength(60);
  expect(condense(values(61), updated)).toEqual([
    { path: "values", kind: "changed", note: "a document that differs in 61 places" },
  ]);
});

test("of something new forty attributes are shown, and the rest is counted", () => {
  const fields = Array.from({ length: 100 }, (_, i) => field(`a${i}`, { kind: "added" }));
  const short = condense(fields, created);
  expect(short).toHaveLength(41);
  expect(short.at(-1)).toMatchObject({ path: "60 more attributes" });
});

test("a condition that is worded differently is one line, one that goes is shown", () => {
  const condition = (part: string) => field(`lifecycle.precondition[0].${part}`, { before: "${a}", after: "${b}" });
  expect(condense([condition("condition"), condition("error_message")], updated)).toEqual([
    { path: "lifecycle.precondition[0]", kind: "changed", note: "asks for something else now" },
  ]);
  const gone = field("lifecycle.precondition[0].condition", { kind: "removed", after: undefined });
  expect(condense([gone], updated)).toEqual([gone]);
});
