import { type ForNode, type Node, SyntaxProblem } from "./syntax";
import { type Token, templateParts, tokenize } from "./tokens";

/** Deeper nesting is nobody's configuration; following it would exhaust the stack. */
const DEEPEST = 100;

const BINARY: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

/**
 * Reads a template as it stands in `cdk.tf.json`: text with `${…}` in it.
 *
 * @returns undefined where it is not understood.
 */
export function parseTemplate(text: string): Node | undefined {
  try {
    return templateNode(templateParts(text, false), 0);
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

/** Reads what stands within `${…}`. @returns undefined where it is not understood. */
export function parseExpression(text: string): Node | undefined {
  return parseTemplate(`\${${text}}`);
}

function templateNode(parts: ReturnType<typeof templateParts>, depth: number): Node {
  const nodes = parts.map((part) => (typeof part === "string" ? part : new Parser(part.expression, depth).whole()));
  const [only] = nodes;
  if (nodes.length === 0) return { kind: "literal", value: "" };
  // A lone interpolation keeps the type of what it stands for.
  if (nodes.length === 1) return typeof only === "string" ? { kind: "literal", value: only } : only!;
  return { kind: "template", parts: nodes };
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  public constructor(
    text: string,
    private depth: number,
  ) {
    this.tokens = tokenize(text);
  }

  public whole(): Node {
    const node = this.expression();
    if (this.token.kind !== "end") throw new SyntaxProblem(`unexpected ${this.token.text}`);
    return node;
  }

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private is(mark: string): boolean {
    return this.token.kind === "mark" && this.token.text === mark;
  }

  private accept(mark: string): boolean {
    if (!this.is(mark)) return false;
    this.at++;
    return true;
  }

  private expect(mark: string): void {
    if (!this.accept(mark)) throw new SyntaxProblem(`expected ${mark}`);
  }

  private name(): string {
    const { kind, text } = this.token;
    if (kind !== "name") throw new SyntaxProblem("expected a name");
    this.at++;
    return text;
  }

  private expression(): Node {
    if (++this.depth > DEEPEST) throw new SyntaxProblem("nested too deeply");
    try {
      const test = this.binary(0);
      if (!this.accept("?")) return test;
      const yes = this.expression();
      this.expect(":");
      return { kind: "conditional", test, yes, no: this.expression() };
    } finally {
      this.depth--;
    }
  }

  private binary(level: number): Node {
    const operators = BINARY[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    while (this.token.kind === "mark" && operators.includes(this.token.text)) {
      const op = this.token.text;
      this.at++;
      left = { kind: "binary", op, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private unary(): Node {
    if (this.accept("-")) return { kind: "unary", op: "-", of: this.unary() };
    if (this.accept("!")) return { kind: "unary", op: "!", of: this.unary() };
    let node = this.primary();
    for (;;) {
      if (this.accept(".")) {
        if (this.accept("*")) return this.splat(node);
        if (this.token.kind === "number") {
          node = { kind: "index", of: node, key: { kind: "literal", value: Number(this.token.text) } };
          this.at++;
        } else node = { kind: "attribute", of: node, name: this.name() };
      } else if (this.accept("[")) {
        if (this.accept("*")) {
          this.expect("]");
          return this.splat(node);
        }
        node = { kind: "index", of: node, key: this.expression() };
        this.expect("]");
      } else return node;
    }
  }

  private splat(of: Node): Node {
    const rest: string[] = [];
    while (this.accept(".")) rest.push(this.name());
    return { kind: "splat", of, rest };
  }

  private primary(): Node {
    const { kind, text, parts } = this.token;
    if (kind === "number" || kind === "string") {
      this.at++;
      return kind === "number"
        ? { kind: "literal", value: Number(text) }
        : asText(templateNode(parts ?? [], this.depth + 1));
    }
    if (this.accept("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    if (this.accept("[")) return this.isFor() ? this.forTuple() : { kind: "tuple", items: this.list("]") };
    if (this.accept("{")) return this.isFor() ? this.forObject() : this.object();
    const name = this.name();
    if (this.accept("(")) return this.call(name);
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    return name === "null" ? { kind: "literal", value: null } : { kind: "name", name };
  }

  private call(name: string): Node {
    const args: Node[] = [];
    let spread = false;
    while (!this.accept(")")) {
      args.push(this.expression());
      spread = this.accept("...");
      if (!this.is(")")) this.expect(",");
    }
    return { kind: "call", name, args, spread };
  }

  private list(close: string): Node[] {
    const items: Node[] = [];
    while (!this.accept(close)) {
      items.push(this.expression());
      if (!this.is(close)) this.expect(",");
    }
    return items;
  }

  private object(): Node {
    const entries: [Node, Node][] = [];
    while (!this.accept("}")) {
      // A bare word is a key, not a reference.
      const bare = this.token.kind === "name" && ["=", ":"].includes(this.tokens[this.at + 1]!.text);
      const key: Node = bare ? { kind: "literal", value: this.name() } : this.expression();
      if (!this.accept("=")) this.expect(":");
      entries.push([key, this.expression()]);
      this.accept(",");
    }
    return { kind: "object", entries };
  }

  private isFor(): boolean {
    return this.token.kind === "name" && this.token.text === "for" && this.tokens[this.at + 1]!.kind === "name";
  }

  private forHead(): Pick<ForNode, "names" | "in"> {
    this.at++;
    const names = [this.name()];
    if (this.accept(",")) names.push(this.name());
    if (this.name() !== "in") throw new SyntaxProblem("expected in");
    const source = this.expression();
    this.expect(":");
    return { names, in: source };
  }

  private forTail(close: string): Node | undefined {
    const filtered = this.token.kind === "name" && this.token.text === "if";
    if (filtered) this.at++;
    const condition = filtered ? this.expression() : undefined;
    this.expect(close);
    return condition;
  }

  private forTuple(): Node {
    const head = this.forHead();
    const value = this.expression();
    return { kind: "for", ...head, value, grouped: false, condition: this.forTail("]") };
  }

  private forObject(): Node {
    const head = this.forHead();
    const key = this.expression();
    this.expect("=>");
    const value = this.expression();
    const grouped = this.accept("...");
    return { kind: "for", ...head, key, value, grouped, condition: this.forTail("}") };
  }
}

/** Within quotes even a lone interpolation is a text. */
function asText(node: Node): Node {
  return node.kind === "literal" ? { kind: "literal", value: String(node.value) } : node;
}
