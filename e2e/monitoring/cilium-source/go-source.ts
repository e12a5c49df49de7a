import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** One Go file. */
export interface GoFile {
  /** Path from the module's root. */
  readonly path: string;
  readonly text: string;
  /** Directories of the module's own packages by the name under which this file imports them. */
  readonly imports: ReadonlyMap<string, string>;
}

const SKIPPED = new Set(["vendor", "testdata", "node_modules"]);
/** `name = "text"`, `name = other`, `name = a + "b"`, alone or in a const or var block. */
const ASSIGNMENT =
  /^\s*(?:const\s+|var\s+)?([A-Za-z_]\w*)(?:\s+[A-Za-z.]+)?\s*:?=\s*((?:"[^"]*"|[A-Za-z_][\w.]*)(?:\s*\+\s*(?:"[^"]*"|[A-Za-z_][\w.]*))*)\s*(?:\/\/.*)?$/gm;

/** Go source of a module, as far as constant strings and calls are concerned. */
export class GoSource {
  public readonly files: readonly GoFile[];
  private readonly constants = new Map<string, { readonly text: string; readonly file: GoFile }>();

  /**
   * @param root Directory of the module.
   * @param modulePath Its path, e.g. `github.com/cilium/cilium`.
   * @param directories Directories below the root to read. Tests are left out.
   */
  public constructor(
    root: string,
    private readonly modulePath: string,
    directories: readonly string[],
  ) {
    this.files = directories
      .flatMap((directory) => goFiles(join(root, directory)))
      .map((path) => {
        const text = readFileSync(path, "utf8");
        return { path: relative(root, path), text, imports: this.importsOf(text) };
      });
    for (const file of this.files)
      for (const [, name, text] of file.text.matchAll(ASSIGNMENT)) {
        const key = `${dirname(file.path)}.${name}`;
        if (!this.constants.has(key)) this.constants.set(key, { text: text!, file });
      }
  }

  /** The value of an expression made of constant strings, or `undefined` where it is none. */
  public stringOf(expression: string, file: GoFile, depth = 0): string | undefined {
    if (depth > 5) return undefined;
    let value = "";
    for (const part of expression.trim().split(/\s*\+\s*/)) {
      const literal = /^"([^"]*)"$/.exec(part);
      if (literal) value += literal[1];
      else {
        const resolved = this.resolve(part, file, depth);
        if (resolved === undefined) return undefined;
        value += resolved;
      }
    }
    return value;
  }

  private resolve(name: string, file: GoFile, depth: number): string | undefined {
    const [, qualifier, member] = /^(\w+)\.(\w+)$/.exec(name) ?? [];
    const directory = qualifier === undefined ? dirname(file.path) : file.imports.get(qualifier);
    const constant = this.constants.get(`${directory}.${member ?? name}`);
    return constant && this.stringOf(constant.text, constant.file, depth + 1);
  }

  private importsOf(text: string): Map<string, string> {
    const imports = new Map<string, string>();
    const pattern = new RegExp(`^\\s*(?:import\\s+)?(?:([\\w.]+)\\s+)?"${this.modulePath}/([^"]+)"`, "gm");
    for (const [, alias, path] of text.matchAll(pattern)) imports.set(alias ?? basename(path!), path!);
    return imports;
  }
}

function goFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : goFiles(path);
    return entry.name.endsWith(".go") && !entry.name.endsWith("_test.go") ? [path] : [];
  });
}

/** The arguments of a call whose opening parenthesis is at `open`. */
export function callArguments(text: string, open: number): string[] {
  return splitTopLevel(text.slice(open + 1, closing(text, open)));
}

/** What stands between the outermost braces of a text, at its commas. */
export function bracedItems(text: string): string[] {
  return splitTopLevel(text.slice(text.indexOf("{") + 1, text.lastIndexOf("}")));
}

/** Position of the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (const [position, character] of codeCharacters(text, open)) {
    if ("({[".includes(character)) depth += 1;
    if (")}]".includes(character)) depth -= 1;
    if (depth === 0) return position;
  }
  return text.length;
}

function splitTopLevel(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [position, character] of codeCharacters(text, 0)) {
    if ("({[".includes(character)) depth += 1;
    if (")}]".includes(character)) depth -= 1;
    if (character === "," && depth === 0) {
      items.push(text.slice(start, position));
      start = position + 1;
    }
  }
  items.push(text.slice(start));
  return items.map((item) => item.replaceAll(/^\s*\/\/.*$/gm, "").trim()).filter((item) => item !== "");
}

/** Characters outside of strings and comments, with their positions. */
function* codeCharacters(text: string, from: number): Generator<[number, string]> {
  let quote: string | undefined;
  for (let position = from; position < text.length; position += 1) {
    const character = text[position]!;
    if (quote !== undefined) {
      if (character === "\\" && quote !== "`") position += 1;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "`" || character === "'") quote = character;
    else if (character === "/" && text[position + 1] === "/") {
      const end = text.indexOf("\n", position);
      position = end < 0 ? text.length : end;
    } else yield [position, character];
  }
}
