import { parseFactTable, readFactTable } from "../../lib/facts/table";

test("a table reads the same with either end of line", () => {
  const text = "key\ta\tb\nx\t1\t2\ny\t\t-\n";
  const expected = {
    headings: ["key", "a", "b"],
    rows: [
      ["x", "1", "2"],
      ["y", "", "-"],
    ],
  };
  expect(parseFactTable(text)).toEqual(expected);
  expect(parseFactTable(text.replaceAll("\n", "\r\n"))).toEqual(expected);
});

test.each(["chart-keys", "template-reads", "chart-schema", "agent-flags", "removed-keys"])(
  "%s.tsv has a cell for every heading, and each key once",
  (name) => {
    const { headings, rows } = readFactTable(`lib/facts/cilium/data/${name}.tsv`);
    expect(rows.filter((row) => row.length !== headings.length)).toEqual([]);
    expect(rows.length).toBeGreaterThan(100);
    expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length);
  },
);
