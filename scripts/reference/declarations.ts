import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One declaration of a `.d.ts` file that tsc wrote. */
export interface Declaration {
  readonly name: string;
  readonly kind: "class" | "interface" | "type" | "function" | "const";
  /** Its doc comment, without stars. */
  readonly doc: string;
  /** The declaration without doc comments, in one text. */
  readonly text: string;
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly optional: boolean;
  /** Type, or parameters and result. */
  readonly type: string;
  readonly doc: string;
  readonly isStatic: boolean;
}

const HEAD = /^export (?:declare )?(?:abstract )?(class|interface|type|function|const) (\w+)/;
const MEMBER = /^ {4}(static )?(?:abstract )?(?:readonly )?(?:get )?(?:"([^"]+)"|(\w+))(\?)?(\(|: |<)/;

const files = new Map<string, ReadonlyMap<string, Declaration>>();

/** Everything that can be imported from a module: its declarations by the names they go by there. */
export function exportsOf(file: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>(declarationsOf(file));
  const lines = readFileSync(file, "utf8").replace(
    /\{\n([^}]*)\}/g,
    (_, inner: string) => `{${inner.replace(/\s+/g, " ")}}`,
  );
  const explicit: [string, Declaration][] = [];
  for (const [, star, names, from = ""] of lines.matchAll(
    /^export (?:type )?(?:(\*)|\{([^}]*)\}) from "(\.[^"]*)";/gm,
  )) {
    const module = exportsOf(resolveModule(file, from));
    if (star !== undefined) for (const entry of module) found.set(...entry);
    else
      for (const part of (names ?? "")
        .split(",")
        .map((text) => text.trim().replace(/^type /, ""))
        .filter(Boolean)) {
        const [original = "", alias = original] = part.split(" as ");
        const declaration = module.get(original);
        if (declaration === undefined) throw new Error(`${file} exports ${original}, which ${from} does not have`);
        explicit.push([alias, declaration]);
      }
  }
  for (const entry of explicit) found.set(...entry);
  return found;
}

function resolveModule(file: string, from: string): string {
  const path = join(dirname(file), from);
  try {
    readFileSync(`${path}.d.ts`);
    return `${path}.d.ts`;
  } catch {
    return join(path, "index.d.ts");
  }
}

function declarationsOf(file: string): ReadonlyMap<string, Declaration> {
  const known = files.get(file);
  if (known !== undefined) return known;
  const found = new Map<string, Declaration>();
  let doc = "";
  for (const block of topLevelBlocks(readFileSync(file, "utf8"))) {
    if (block.startsWith("/**")) {
      doc = plain(block);
      continue;
    }
    const [, kind, name] = HEAD.exec(block) ?? [];
    if (kind !== undefined && name !== undefined && !found.has(name))
      found.set(name, {
        name,
        kind: kind as Declaration["kind"],
        doc,
        text: withoutDocs(block),
        members: kind === "class" || kind === "interface" ? membersOf(block) : [],
      });
    doc = "";
  }
  files.set(file, found);
  return found;
}

/** Doc comments and statements of a file, in order; tsc indents everything within one. */
function topLevelBlocks(text: string): string[] {
  const blocks: string[] = [];
  for (const line of text.split("\n")) {
    const continues = /^(\s|[})\]]|\*)/.test(line) || line === "";
    if (continues && blocks.length > 0) blocks[blocks.length - 1] += `\n${line}`;
    else blocks.push(line);
  }
  return blocks;
}

function membersOf(block: string): Member[] {
  const members: Member[] = [];
  const lines = block.split("\n");
  let doc = "";
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] as string;
    if (/^ {4}\/\*\*/.test(line)) {
      let end = index;
      while (!lines[end]?.includes("*/")) end++;
      doc = plain(lines.slice(index, end + 1).join("\n"));
      index = end;
      continue;
    }
    const match = MEMBER.exec(line);
    if (match === null || /^ {4}(private|protected)/.test(line)) {
      if (/^ {4}\S/.test(line)) doc = "";
      continue;
    }
    let statement = line;
    while (!statement.trimEnd().endsWith(";") && index + 1 < lines.length)
      statement += ` ${(lines[++index] as string).trim()}`;
    const name = match[2] ?? match[3] ?? "";
    members.push({
      name,
      optional: match[4] === "?",
      isStatic: match[1] !== undefined,
      type: statement
        .slice(statement.indexOf(name) + name.length)
        .replace(/^"?\??:? ?/, "")
        .replace(/;\s*$/, "")
        .replace(/\s+/g, " "),
      doc,
    });
    doc = "";
  }
  return members;
}

function withoutDocs(block: string): string {
  return block
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/^\s*(private|protected) .*$/gm, "")
    .replace(/\n\s*\n/g, "\n")
    .trim();
}

function plain(comment: string): string {
  return comment
    .replace(/^\s*\/\*\*\s?|\s*\*\/\s*$/g, "")
    .replace(/^\s*\* ?/gm, "")
    .trim();
}
