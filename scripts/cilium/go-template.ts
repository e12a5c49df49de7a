/** What a template writes or asks for: a value with names below it, taken from where it begins. */
export interface Operand {
  readonly begin:
    | { readonly kind: "dot" }
    | { readonly kind: "variable"; readonly name: string }
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "number"; readonly text: string }
    | { readonly kind: "other" }
    | { readonly kind: "call"; readonly name: string }
    | { readonly kind: "group"; readonly pipeline: Pipeline };
  /** Names after it: `.Values.hubble` has two. */
  readonly fields: readonly string[];
}

/** An operand with what is passed to it, if it is a function. */
export type Command = readonly Operand[];
/** Commands, each of which passes its value on to the next. */
export type Pipeline = readonly Command[];

/** One piece of a template. */
export type Node =
  | { readonly kind: "output"; readonly pipeline: Pipeline }
  | { readonly kind: "assign"; readonly names: readonly string[]; readonly pipeline: Pipeline }
  | {
      readonly kind: "if" | "with" | "range";
      readonly names: readonly string[];
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

/** A parsed file: what it writes itself, and the templates that it defines for others. */
export interface ParsedTemplate {
  readonly body: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

const ACTION = /\{\{-?\s*(?:\/\*[\s\S]*?\*\/|((?:"(?:\\.|[^"\\])*"|`[^`]*`|[^"`}]|\}(?!\}))*?))\s*-?\}\}/g;
const TOKEN =
  /\s+|"((?:\\.|[^"\\])*)"|`([^`]*)`|'(?:\\.|[^'\\])*'|(:=|[=|(),])|(\$[\w]*)|(\.[A-Za-z_]\w*)|(\.)|([A-Za-z_]\w*)|(-?[\d][\w.+-]*)/gy;

/** Reads Go's text/template syntax, as far as charts use it. */
export function parseTemplate(source: string): ParsedTemplate {
  const defined = new Map<string, readonly Node[]>();
  const actions = [...source.matchAll(ACTION)].map(([, action]) => action?.trim() ?? "").filter((text) => text !== "");
  let next = 0;

  /** Everything up to the `end`, `else` or end of file that closes the block. */
  function block(): { nodes: Node[]; closedBy: string } {
    const nodes: Node[] = [];
    while (next < actions.length) {
      const action = actions[next++]!;
      const [, word = "", rest = ""] = /^(\w+)?\s*([\s\S]*)$/.exec(action)!;
      if (word === "end" || word === "else") return { nodes, closedBy: action };
      if (word === "define") defined.set(unquoted(rest), block().nodes);
      else if (word === "block") throw new Error("'block' is not understood");
      else if (word === "if" || word === "with" || word === "range") nodes.push(branch(word, rest));
      else if (word === "template") nodes.push({ kind: "output", pipeline: parsePipeline(`include ${rest}`).pipeline });
      else if (word !== "break" && word !== "continue") {
        const { names, pipeline } = parsePipeline(action);
        nodes.push(names.length > 0 ? { kind: "assign", names, pipeline } : { kind: "output", pipeline });
      }
    }
    return { nodes, closedBy: "" };
  }

  function branch(kind: "if" | "with" | "range", rest: string): Node {
    const { names, pipeline } = parsePipeline(rest);
    const { nodes: body, closedBy } = block();
    const [, chained, condition = ""] = /^else\s+(if|with)\s+([\s\S]*)$/.exec(closedBy) ?? [];
    const otherwise =
      chained === "if" || chained === "with"
        ? [branch(chained, condition)]
        : closedBy.startsWith("else")
          ? block().nodes
          : [];
    return { kind, names, pipeline, body, otherwise };
  }

  return { body: block().nodes, defined };
}

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "sign" | "variable" | "field" | "dot" | "name" | "number"; readonly text: string }
  | { readonly kind: "space" };

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`'${text.slice(at, at + 40)}' is not understood in '${text.slice(0, 200)}'`);
    const [, quoted, raw, sign, variable, field, dot, name, number] = match;
    if (quoted !== undefined) found.push({ kind: "text", text: quoted.replaceAll(/\\(.)/g, "$1") });
    else if (raw !== undefined) found.push({ kind: "text", text: raw });
    else if (sign !== undefined) found.push({ kind: "sign", text: sign });
    else if (variable !== undefined) found.push({ kind: "variable", text: variable });
    else if (field !== undefined) found.push({ kind: "field", text: field.slice(1) });
    else if (dot !== undefined) found.push({ kind: "dot", text: dot });
    else if (name !== undefined) found.push({ kind: "name", text: name });
    else if (number !== undefined) found.push({ kind: "number", text: number });
    else found.push({ kind: match[0].startsWith("'") ? "number" : "space", text: match[0] });
  }
  return found;
}

function parsePipeline(text: string): { names: string[]; pipeline: Pipeline } {
  const stream = tokens(text);
  const assigned = stream.findIndex((token) => token.kind === "sign" && (token.text === ":=" || token.text === "="));
  const names = stream
    .slice(0, Math.max(0, assigned))
    .flatMap((token) => (token.kind === "variable" ? [token.text] : []));
  let at = assigned + 1;

  function pipeline(): Pipeline {
    const commands: Operand[][] = [[]];
    for (; at < stream.length; at++) {
      const token = stream[at]!;
      if (token.kind === "space") continue;
      if (token.kind === "sign" && token.text === ")") break;
      if (token.kind === "sign" && token.text === "|") commands.push([]);
      else commands.at(-1)!.push(operand(token));
    }
    return commands;
  }

  function operand(token: Token): Operand {
    let begin: Operand["begin"];
    const fields: string[] = [];
    if (token.kind === "sign" && token.text === "(") {
      at++;
      begin = { kind: "group", pipeline: pipeline() };
    } else if (token.kind === "variable") begin = { kind: "variable", name: token.text };
    else if (token.kind === "text") begin = { kind: "text", text: token.text };
    else if (token.kind === "name") begin = { kind: "call", name: token.text };
    else if (token.kind === "number") begin = { kind: "number", text: token.text };
    else if (token.kind === "field") {
      begin = { kind: "dot" };
      fields.push(token.text);
    } else begin = token.kind === "dot" ? { kind: "dot" } : { kind: "other" };
    for (let field = stream[at + 1]; field?.kind === "field"; field = stream[at + 1]) {
      fields.push(field.text);
      at++;
    }
    return { begin, fields };
  }

  return { names, pipeline: pipeline() };
}

function unquoted(text: string): string {
  return text.trim().replace(/^["`]|["`]$/g, "");
}
