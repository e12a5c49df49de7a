import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Declaration } from "../scripts/reference/declarations";
import { additions, breakingChanges, undeclared } from "../scripts/release/api";
import { declaredPlan, released, sectionsOf, withDeclaredPlan, withNextVersion } from "../scripts/release/changelog";
import { renderUpgrade } from "../scripts/release/upgrade-plan";
import { readPage } from "./support/page";

const ROOT = join(__dirname, "..");

const CHANGELOG = `# Changelog

## 0.3.0 (unreleased)

<!-- plan of the upgrade from 0.2.0 -->

old

<!-- end -->

- \`gone\` is gone.

## 0.2.0 (2026-01-02)

- Before.
`;

const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, string>;

// A clone has versions of its own.
if (name === "cdktf-gke-cilium")
  describe("this changelog", () => {
    const text = readPage(join(ROOT, "CHANGELOG.md"));

    test("begins with the version that package.json has", () => {
      expect(sectionsOf(text)[0]?.version).toBe(version);
    });

    test("has versions that go down, each with a day but the first", () => {
      const [, ...others] = sectionsOf(text);
      for (const { date } of others) expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      const numbers = sectionsOf(text).map((each) =>
        each.version.split(".").reduce((sum, part) => sum * 1000 + +part, 0),
      );
      expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    });

    test("declares what the upgrade plans", () => {
      expect(declaredPlan(sectionsOf(text)[0]?.body ?? "")).toMatch(/^\| stack|^Nothing/);
    });
  });

describe("a changelog", () => {
  test("is read section by section", () => {
    expect(sectionsOf(CHANGELOG).map(({ version: of, date }) => [of, date])).toEqual([
      ["0.3.0", "unreleased"],
      ["0.2.0", "2026-01-02"],
    ]);
    expect(declaredPlan(sectionsOf(CHANGELOG)[0]?.body ?? "")).toBe("old");
    expect(declaredPlan(sectionsOf(CHANGELOG)[1]?.body ?? "")).toBeUndefined();
  });

  test("gets the plan, and nothing else changes", () => {
    expect(withDeclaredPlan(CHANGELOG, "$& new")).toBe(CHANGELOG.replace("\nold\n", () => "\n$& new\n"));
    expect(() => withDeclaredPlan("# Changelog\n", "new")).toThrow("has no");
  });

  test("is released once, and only as the version that is due", () => {
    const done = released(CHANGELOG, "0.3.0", "2026-02-03");
    expect(sectionsOf(done)[0]).toMatchObject({ version: "0.3.0", date: "2026-02-03" });
    expect(() => released(done, "0.3.0", "2026-02-03")).toThrow("does not begin with");
    expect(() => released(CHANGELOG, "0.4.0", "2026-02-03")).toThrow("does not begin with");
  });
});

describe("the next version", () => {
  const done = released(CHANGELOG, "0.3.0", "2026-02-03");

  test("is opened above the newest, with a place for what the upgrade plans", () => {
    const open = withNextVersion(done, "0.4.0");
    expect(sectionsOf(open).map(({ version }) => version)).toEqual(["0.4.0", "0.3.0", "0.2.0"]);
    expect(declaredPlan(sectionsOf(open)[0]?.body ?? "")).toBe("Nothing: all plans are empty.");
    expect(open.replace(/## 0\.4\.0.*?(?=## 0\.3\.0)/s, "")).toBe(done);
  });

  test.each([
    ["0.3.0", "is not above"],
    ["0.2.9", "is not above"],
    ["0.10.0", undefined],
    ["v0.4.0", "is no version"],
    ["0.4", "is no version"],
    ["", "is no version"],
  ])("%j", (version, error) => {
    if (error === undefined) expect(withNextVersion(done, version)).toContain(`## ${version} (unreleased)`);
    else expect(() => withNextVersion(done, version)).toThrow(error);
  });

  test("is not opened while one is", () => {
    expect(() => withNextVersion(CHANGELOG, "0.4.0")).toThrow("still unreleased");
  });
});

describe("the public interface", () => {
  const declare = (name: string, kind: Declaration["kind"], fields: readonly string[], text = ""): Declaration => ({
    name,
    kind,
    doc: "",
    text,
    members: fields.map((field) => ({
      name: field.replace("?", ""),
      optional: field.endsWith("?"),
      type: "string",
      doc: "",
      isStatic: false,
    })),
  });
  const api = (...declarations: Declaration[]) => new Map(declarations.map((each) => [each.name, each]));
  const told = (before: Declaration, after?: Declaration) =>
    breakingChanges(api(before), after ? api(after) : api()).map(({ what }) => what);

  test.each<[before: Declaration, after: Declaration | undefined, told: string[]]>([
    [declare("a", "function", []), undefined, ["function a is gone"]],
    [declare("A", "class", ["x", "y"]), declare("A", "class", ["y", "z"]), ["A.x is gone"]],
    [declare("AOptions", "interface", ["x?"]), declare("AOptions", "interface", ["x"]), ["AOptions.x is required"]],
    [declare("AProps", "interface", []), declare("AProps", "interface", ["x"]), ["AProps.x is required"]],
    [declare("AProps", "interface", []), declare("AProps", "interface", ["x?"]), []],
    [declare("Answer", "interface", []), declare("Answer", "interface", ["x"]), []],
    [declare("A", "interface", ["x"]), declare("A", "type", []), []],
  ])("%#", (before, after, expected) => expect(told(before, after)).toEqual(expected));

  test("what moves to a public base is still there", () => {
    const now = api(
      declare("A", "class", [], "export declare class A extends Base {"),
      declare("Base", "class", ["x"]),
    );
    expect(breakingChanges(api(declare("A", "class", ["x"])), now)).toEqual([]);
    expect(additions(api(declare("A", "class", ["x"])), now)).toEqual(["Base"]);
  });

  test("must be named in code where it breaks", () => {
    const breaking = [{ name: "gone", what: "gone is gone" }];
    expect(undeclared(breaking, "- `A.gone` went.")).toEqual([]);
    expect(undeclared(breaking, "- gone went, `goners` stay.")).toEqual(breaking);
  });
});

describe("a plan in words", () => {
  const change = { address: "a.b", type: "a", replacePaths: [] };
  test.each([
    [
      { ...change, actions: ["update"], before: { id: "i", x: 1, y: 2 }, after: { x: 1, y: 3 } },
      "| `s` | in place | `a.b` | `y` |",
    ],
    [{ ...change, actions: ["create"], before: null, after: { x: 1 } }, "| `s` | new | `a.b` |  |"],
    [{ ...change, actions: ["delete"], before: { x: 1 }, after: null }, "| `s` | removed | `a.b` |  |"],
    [
      {
        ...change,
        actions: ["create", "delete"],
        before: { x: 1, y: 1 },
        after: { x: 2, y: 2 },
        replacePaths: [["x", 0, "a"]],
      },
      "| `s` | replace | `a.b` | `x.a` |",
    ],
  ])("%#", (planned, row) => expect(renderUpgrade(new Map([["s", [planned]]])).split("\n")[2]).toBe(row));

  test("is nothing where nothing is planned", () => {
    expect(renderUpgrade(new Map([["s", []]]))).toBe("Nothing: all plans are empty.");
  });
});
