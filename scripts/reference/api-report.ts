import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Declaration } from "./declarations";

const HEAD = `// Every signature that this entry point exports: npm run reference writes it, and CI fails where it is not what the code says.
// A line that goes or changes here is a change of the public interface, and has its entry in the CHANGELOG.
`;

/** Signatures of an entry point, by name: what a release is compared with the one before by. */
export function renderApi(found: ReadonlyMap<string, Declaration>): string {
  const texts = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { text, doc, name: declared }]) => {
      const deprecated = /@deprecated\s+([^\n]*)/.exec(doc)?.[1];
      return [
        ...(deprecated === undefined ? [] : [`// deprecated: ${deprecated}`]),
        ...(name === declared ? [] : [`// ${declared} as ${name}`]),
        text,
      ].join("\n");
    });
  return `${HEAD}\n${texts.join("\n\n")}\n`;
}

/** Types of this library that signatures name, and that nobody could name as they are not exported. */
export function danglingTypes(found: ReadonlyMap<string, Declaration>, directory: string): string[] {
  const declared = namesBelow(directory);
  const exported = new Set([...found.values()].map(({ name }) => name));
  return [...found].flatMap(([name, { text }]) =>
    [...new Set(text.replace(/"[^"]*"|\/\/.*$|(?<=class \w+) extends \w+/gm, "").match(/\b[A-Z]\w+\b/g) ?? [])]
      .filter((type) => declared.has(type) && !exported.has(type) && !found.has(type))
      .map((type) => `${name} names ${type}`),
  );
}

function namesBelow(directory: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".d.ts")) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const [, name = ""] of text.matchAll(
      /^export (?:declare )?(?:abstract )?(?:class|interface|type|enum) (\w+)/gm,
    ))
      names.add(name);
  }
  return names;
}
