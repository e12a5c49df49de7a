import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readPolicyFiles } from "../../lib/policy/yaml-files";
import { readPolicyText } from "../../lib/policy/yaml-text";

function objectsOf(text: string): readonly unknown[] {
  return readPolicyText(text, "a.yaml").objects.map(({ object }) => object);
}

describe("readPolicyText", () => {
  test("reads several documents, and passes over those that hold nothing", () => {
    expect(objectsOf("# only a comment\n---\nkind: A\n---\n---\nkind: B\n...\n")).toEqual([
      { kind: "A" },
      { kind: "B" },
    ]);
  });

  test("takes lists apart", () => {
    expect(objectsOf("kind: List\napiVersion: v1\nitems: [{kind: A}, {kind: B}]")).toEqual([
      { kind: "A" },
      { kind: "B" },
    ]);
  });

  test("reads words as kubectl does, in YAML 1.1", () => {
    expect(objectsOf("a: on\nb: no\nc: 'on'\nd: 22:22\ne: 2026-01-02\nf: 010\ng: 0x10")).toEqual([
      { a: true, b: false, c: "on", d: "22:22", e: "2026-01-02", f: 8, g: 16 },
    ]);
  });

  test("reads JSON, anchors, aliases and merged keys", () => {
    expect(objectsOf('{"kind": "A", "x": [1]}')).toEqual([{ kind: "A", x: [1] }]);
    expect(objectsOf("a: &x {k: v}\nb: *x\nc: {<<: *x, l: w}")).toEqual([
      { a: { k: "v" }, b: { k: "v" }, c: { k: "v", l: "w" } },
    ]);
  });

  test("names file, line and field, where the field is missing of what should hold it", () => {
    const [first, second] = readPolicyText(
      "kind: A\n---\nkind: List\nitems:\n  - kind: B\n    spec:\n      ingress:\n        - {}\n        - from: [x]\n",
      "dir/a.yaml",
    ).objects;
    expect(first?.place).toBe("dir/a.yaml:1");
    expect(second?.nameOf(["spec", "ingress", 1, "from"])).toBe("dir/a.yaml:9 spec.ingress[1].from");
    expect(second?.nameOf(["spec", "podSelector"])).toBe("dir/a.yaml:6 spec.podSelector");
    expect(second?.nameOf([])).toBe("dir/a.yaml:5");
  });

  test.each([
    ["kind: A\nkind: B\n", "a.yaml:2", "is not YAML: map keys must be unique"],
    ["kind: A\n---\n a: b\n  c: d: e\n", "a.yaml:3", "is not YAML"],
    ["- kind: A\n", "a.yaml:1", "is no object of Kubernetes"],
    ["\n\njust text\n", "a.yaml:3", "is no object of Kubernetes"],
    ["kind: List\nitems: [1]", "a.yaml:1", "has an item 0 that is no object"],
    ["a: *nowhere", "a.yaml:1", ""],
  ])("%j is told of its line", (text, property, rule) => {
    const { problems, objects } = readPolicyText(text, "a.yaml");
    expect(problems).toHaveLength(1);
    expect(problems[0]?.property).toBe(property);
    expect(problems[0]?.rule).toContain(rule);
    expect(objects.filter(({ object }) => object["kind"] === undefined)).toEqual([]);
  });

  test("what stands after a document that is no YAML is read all the same", () => {
    const { objects, problems } = readPolicyText("a: b: c\n---\nkind: B\n", "a.yaml");
    expect([problems.length, objects.length]).toEqual([1, 1]);
  });

  test("aliases that would blow up are refused", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [name, of] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg", "ih"])
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(", ")}]`);
    expect(readPolicyText(bomb.join("\n"), "a.yaml").problems).toHaveLength(1);
  });
});

describe("readPolicyFiles", () => {
  let root: string;
  const write = (name: string, text: string) => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "policies-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  test("reads what kubectl takes of a directory, and of those below it, in the order of their names", () => {
    for (const name of ["b.yaml", "a.yml", "sub/c.json", "d.txt", "README.md", "e.yaml.bak"])
      write(name, `{"kind": "${name}"}`);
    const kinds = readPolicyFiles([root], "x").objects.map(({ object }) => object["kind"]);
    expect(kinds).toEqual(["a.yml", "b.yaml", "sub/c.json"]);
  });

  test("reads single files, and a file again once it changed", () => {
    const file = write("a.yaml", "kind: A");
    expect(readPolicyFiles([file], "x").objects[0]?.object).toEqual({ kind: "A" });
    write("a.yaml", "kind: B");
    expect(readPolicyFiles([file], "x").objects[0]?.object).toEqual({ kind: "B" });
  });

  test("a path that leads to nothing is told of the option", () => {
    const empty = join(root, "empty");
    mkdirSync(empty);
    const other = write("notes.txt", "");
    const { problems } = readPolicyFiles([join(root, "nowhere"), empty, other], "policies.directories");
    expect(problems.map(({ property, rule }) => [property, rule])).toEqual([
      ["policies.directories[0]", "is not there"],
      ["policies.directories[1]", "holds no .yaml, .yml or .json file"],
      ["policies.directories[2]", "is neither a directory nor a .yaml, .yml or .json file"],
    ]);
  });
});
