import { SyntaxProblem } from "./syntax";

export interface Token {
  readonly kind: "name" | "number" | "string" | "mark" | "end";
  readonly text: string;
  /** Of a string: text and the expressions in it, by turns. */
  readonly parts?: readonly TemplatePart[];
}

export type TemplatePart = string | { readonly expression: string };

const BLANK = /[\s]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const NAME = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const MARK = /=>|==|!=|<=|>=|&&|\|\||\.\.\.|[-+*/%<>!?:.,=()[\]{}]/y;

/** Quotes within interpolations within quotes: more levels are nobody's configuration. */
const DEEPEST = 40;

/** @throws SyntaxProblem where the text is none of the language's. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (at < text.length) {
    if (take(BLANK) !== undefined) continue;
    if (text[at] === '"') {
      const end = stringEnd(text, at, 0);
      tokens.push({ kind: "string", text: "", parts: templateParts(text.slice(at + 1, end), true) });
      at = end + 1;
      continue;
    }
    const name = take(NAME);
    if (name !== undefined) {
      tokens.push({ kind: "name", text: name });
      continue;
    }
    const number = take(NUMBER);
    if (number !== undefined) {
      tokens.push({ kind: "number", text: number });
      continue;
    }
    const mark = take(MARK);
    if (mark === undefined) throw new SyntaxProblem(`unexpected ${text[at]}`);
    tokens.push({ kind: "mark", text: mark });
  }
  return [...tokens, { kind: "end", text: "" }];
}

/** Where a quoted string ends; `${…}` in it may hold quotes of its own. */
function stringEnd(text: string, start: number, depth: number): number {
  if (depth > DEEPEST) throw new SyntaxProblem("nested too deeply");
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
    else if (isOpening(text, i)) i = interpolationEnd(text, i + 2, depth + 1) - 1;
    else if (isEscapedOpening(text, i)) i += 2;
  }
  throw new SyntaxProblem("a string does not end");
}

/** The place behind the brace that closes what was opened before `start`. */
function interpolationEnd(text: string, start: number, depth: number): number {
  let open = 1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '"') i = stringEnd(text, i, depth);
    else if (text[i] === "{") open++;
    else if (text[i] === "}" && --open === 0) return i + 1;
  }
  throw new SyntaxProblem("an interpolation does not end");
}

function isOpening(text: string, i: number): boolean {
  return text[i] === "$" && text[i + 1] === "{";
}

/** `$${` and `%%{`, which stand for themselves. */
function isEscapedOpening(text: string, i: number): boolean {
  return (text[i] === "$" || text[i] === "%") && text[i + 1] === text[i] && text[i + 2] === "{";
}

/**
 * Text and expressions of a template.
 *
 * @param quoted The text stands in quotes, so that backslashes escape.
 */
export function templateParts(text: string, quoted: boolean): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let run = "";
  const flush = () => {
    if (run !== "") parts.push(quoted ? unescapeText(run) : run);
    run = "";
  };
  for (let i = 0; i < text.length; i++) {
    if (isEscapedOpening(text, i)) {
      run += `${text[i]}{`;
      i += 2;
    } else if (isOpening(text, i)) {
      const end = interpolationEnd(text, i + 2, 0);
      flush();
      parts.push({ expression: text.slice(i + 2, end - 1).replace(/^~|~$/g, "") });
      i = end - 1;
    } else if (text[i] === "%" && text[i + 1] === "{") throw new SyntaxProblem("a directive is not read");
    else if (quoted && text[i] === "\\") run += text.slice(i, ++i + 1);
    else run += text[i];
  }
  flush();
  return parts;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function unescapeText(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/gs, (whole, code: string) => {
    if (/^[uU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    return ESCAPES[code] ?? whole;
  });
}
