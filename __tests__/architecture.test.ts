import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, normalize, resolve, sep } from "node:path";
import { readPage } from "./support/page";
import { updatesSnapshots } from "./support/snapshots";

const root = resolve(__dirname, "..");
const PAGE = join(root, "docs/architecture.md");
/** Used from everywhere: they would hide everything else. */
const GROUND = ["facts", "validation"];

/** Which room of lib/ imports which others, read from the code. */
const imports = new Map<string, Set<string>>();
for (const entry of readdirSync(join(root, "lib"), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
  const directory = entry.parentPath.slice(root.length + 1);
  const room = directory.split(sep)[1];
  if (room === undefined) continue;
  const others = imports.get(room) ?? new Set();
  imports.set(room, others);
  for (const [, path = ""] of readFileSync(join(root, directory, entry.name), "utf8").matchAll(
    /(?:from|import\() ?"(\.[^"]*)"/g,
  )) {
    const [, other] = normalize(join(directory, path)).split(sep);
    if (other !== undefined && other !== room && existsSync(join(root, "lib", other))) others.add(other);
  }
}

test("no room of lib/ is imported back by one that it imports", () => {
  const cycles: string[] = [];
  const visit = (room: string, path: readonly string[]) => {
    if (path.includes(room)) cycles.push([...path, room].join(" -> "));
    else for (const other of imports.get(room) ?? []) visit(other, [...path, room]);
  };
  for (const room of imports.keys()) visit(room, []);
  expect(cycles).toEqual([]);
});

test("facts and the preview know no construct, and no construct knows the preview or the testing kit", () => {
  const importersOf = (room: string) => [...imports].filter(([, others]) => others.has(room)).map(([name]) => name);
  expect([...(imports.get("facts") ?? [])]).toEqual([]);
  expect([...(imports.get("preview") ?? [])].sort()).toEqual(["facts", "validation"]);
  expect(importersOf("preview").sort()).toEqual(["adopt", "cli", "testing"]);
  expect(importersOf("testing")).toEqual([]);
});

test("the picture shows the rooms as they are", () => {
  const lines = [...imports]
    .filter(([room]) => !GROUND.includes(room))
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([room, others]) => {
      const shown = [...others].filter((other) => !GROUND.includes(other)).sort();
      return shown.length === 0 ? [`  ${room}`] : [`  ${room} --> ${shown.join(" & ")}`];
    });
  const text = readPage(PAGE);
  const picture = /(<!-- made from the imports of lib\/ -->\n```mermaid\n).*?(?=```)/s;
  expect(text).toMatch(picture);
  const renewed = text.replace(picture, (_, head: string) => `${head}flowchart TD\n${lines.join("\n")}\n`);
  if (updatesSnapshots()) writeFileSync(PAGE, renewed);
  else expect(text).toBe(renewed);
});

test("every room has its line in the layout", () => {
  const text = readFileSync(PAGE, "utf8");
  expect([...imports.keys()].filter((room) => !text.includes(`lib/${room}/`))).toEqual([]);
});
