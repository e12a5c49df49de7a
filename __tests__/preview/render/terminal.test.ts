import { stripVTControlCharacters } from "node:util";
import { renderTerminal, terminalStyle } from "../../../lib/preview/render/terminal";
import { visible } from "../../../lib/preview/report/visible";
import { finding, NONE, report, resource, stack } from "../sample";

const plain = { width: 80, colour: false };

describe("terminalStyle", () => {
  const style = (stream: object, environment: Record<string, string>) => terminalStyle(stream, environment);

  test("colours where somebody sees them, unless NO_COLOR asks for none", () => {
    expect(style({ isTTY: true }, {}).colour).toBe(true);
    expect(style({}, {}).colour).toBe(false);
    expect(style({ isTTY: true }, { NO_COLOR: "1" }).colour).toBe(false);
    expect(style({ isTTY: true }, { NO_COLOR: "" }).colour).toBe(true);
    expect(style({ isTTY: true }, { TERM: "dumb" }).colour).toBe(false);
    expect(style({}, { FORCE_COLOR: "1" }).colour).toBe(true);
    expect(style({ isTTY: true }, { FORCE_COLOR: "0" }).colour).toBe(false);
    expect(style({}, { FORCE_COLOR: "1", NO_COLOR: "1" }).colour).toBe(false);
  });

  test("takes the terminal's width within bounds", () => {
    expect(style({ columns: 72 }, {}).width).toBe(72);
    expect(style({ columns: 300 }, {}).width).toBe(140);
    expect(style({ columns: 10 }, {}).width).toBe(40);
    expect(style({ columns: 72 }, { COLUMNS: "90" }).width).toBe(90);
    expect(style({}, {}).width).toBe(100);
  });
});

describe("renderTerminal", () => {
  const wide = report({
    findings: [finding({ detail: "x ".repeat(200), address: "y".repeat(200) })],
    stacks: [
      stack({
        notes: ["z ".repeat(100)],
        resources: [
          resource({
            why: ["w ".repeat(100)],
            fields: [{ path: "p".repeat(150), kind: "changed", before: "b".repeat(200), after: "a" }],
          }),
        ],
      }),
    ],
  });

  test.each([40, 80, 140])("keeps to %d columns, whatever it is told", (width) => {
    for (const line of renderTerminal(wide, { width, colour: false }).split("\n"))
      expect(line.length).toBeLessThanOrEqual(width);
  });

  test("without colour there is no escape sequence, with it every one is closed", () => {
    expect(renderTerminal(report(), plain)).not.toContain("\u001b");
    const coloured = renderTerminal(report(), { width: 80, colour: true });
    const [opened, closed] = [coloured.split("\u001b[").length - 1, coloured.split("\u001b[0m").length - 1];
    expect([closed > 0, opened]).toEqual([true, 2 * closed]);
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(report(), plain));
  });

  test("tells risk, place, what was seen, what it does and what to do", () => {
    const text = renderTerminal(report(), plain);
    for (const part of [
      "CRITICAL The cluster is destroyed GK1",
      "dev-cluster google_container_cluster.main",
      "cluster dev is replaced",
      "Everything is gone.",
      "→ Undo it.",
      "! location forces the replacement",
      "dev-cluster/cluster/Default",
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe("on a screen", () => {
  const screen = { width: 100, colour: false, rows: 40 };
  const stacks = Array.from({ length: 30 }, (_, i) =>
    i < 3
      ? stack({ name: `s${i}`, resources: Array.from({ length: 40 }, () => resource()) })
      : stack({ name: `quiet${i}`, status: "unchanged", resources: [], counts: NONE }),
  );
  const findings = Array.from({ length: 12 }, (_, i) =>
    finding({ rule: `X${i}`, title: `Title ${i}`, severity: i < 2 ? "critical" : i < 4 ? "high" : "medium" }),
  );

  test("a large report takes no more than the screen has, and says how to see the rest", () => {
    const text = renderTerminal(report({ stacks, findings }), screen);
    expect(text.split("\n").length).toBeLessThanOrEqual(41);
    for (let i = 0; i < 12; i++) expect(text).toContain(`Title ${i}`);
    expect(text.split("Everything is gone.").length).toBeGreaterThan(1);
    expect(text).toContain("--full prints everything");
    expect(text).toContain("No changes in 27 stacks: ");
  });

  test("a small report is shown whole", () => {
    const text = renderTerminal(report(), screen);
    expect(text).toContain("! location forces the replacement");
    expect(text).not.toContain("--full");
  });

  test("--full leaves nothing out", () => {
    const text = renderTerminal(report({ stacks, findings }), plain);
    expect(text.match(/! location forces the replacement/g)).toHaveLength(120);
  });

  test("Terraform's error keeps its lines", () => {
    const problems = ["dev: terraform plan failed: Error: no\n\n  on main.tf line 3:\n   3: x\n"];
    expect(renderTerminal(report({ verdict: "error", problems }), plain)).toContain(
      "✖ dev: terraform plan failed: Error: no\n\n      on main.tf line 3:\n       3: x\n",
    );
  });
});

test("visible() shows what would steer a terminal or turn text around", () => {
  expect(visible("a\u001b[2Jb\u202ec\u0000d\u200be\r\nf\rg\th")).toBe(
    "a\\u{1b}[2Jb\\u{202e}c\\u{0}d\\u{200b}e\nf\\u{d}g\th",
  );
});
