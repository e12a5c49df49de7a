import type { Command, Node, Operand, ParsedTemplate, Pipeline } from "./go-template";
import { parseTemplate } from "./go-template";

/**
 * How a template uses a value: looks at it (`read`), goes through what is in it under names that are the user's
 * (`items`), or writes it out as it is, whatever is below (`whole`).
 */
export type Use = "read" | "items" | "whole";

/** Every path of values that the templates use, and how. Below `path[]` is what a list or free map holds. */
export type Reads = ReadonlyMap<string, ReadonlySet<Use>>;

/** What is known of something while a template runs. */
type Known =
  | { readonly kind: "values"; readonly path: string }
  | { readonly kind: "context" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly name: string }
  | { readonly kind: "number"; readonly at: number }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "dict"; readonly entries: ReadonlyMap<string, Value> };

/** Everything that something may be; nothing where values have no part in it. */
type Value = readonly Known[];

type Scope = Map<string, Value>;

const CONTEXT: Value = [{ kind: "context" }];

/** Functions whose result is one of what they are given, or all of it merged. */
const PASS_ON = new Set(
  "default coalesce ternary or and required first last rest initial without uniq compact sortAlpha reverse concat merge mergeOverwrite mustMerge mustMergeOverwrite deepCopy omit set unset append prepend trim trimSuffix trimPrefix".split(
    " ",
  ),
);
/** Functions that write a value out with everything below it. */
const WRITES_WHOLE = new Set(["toYaml", "toJson", "toPrettyJson", "toRawJson", "toToml", "mustToJson", "mustToYaml"]);

/**
 * Finds what a chart's templates read, by running every template on values of which only the path is known: through
 * variables, `with`, `range`, named templates, dicts and lists passed to them, `index`, `get`, `dig` and files that
 * templates read as templates.
 *
 * @param templates File name to text, of everything below `templates/`.
 * @param readFile What `.Files.Get` answers.
 */
export function templateReads(
  templates: ReadonlyMap<string, string>,
  readFile: (name: string) => string | undefined,
): Reads {
  const reads = new Map<string, Set<Use>>();
  const parsed = [...templates].map(([name, text]) => ({ name, ...parse(name, text) }));
  const defined = new Map(parsed.flatMap((each) => [...each.defined]));
  const done = new Set<string>();

  function record(path: string, use: Use): void {
    if (path === "") return;
    const uses = reads.get(path) ?? new Set();
    reads.set(path, uses.add(use));
  }

  function consume(value: Value, use: Use): void {
    for (const known of value) {
      if (known.kind === "values") record(known.path, use);
      else if (known.kind === "list") consume(known.items.flat(), use);
      else if (known.kind === "dict") for (const entry of known.entries.values()) consume(entry, use);
    }
  }

  function field(value: Value, name: string): Value {
    return value.flatMap((known): Value => {
      if (known.kind === "context") return name === "Values" ? [{ kind: "values", path: "" }] : [];
      if (known.kind === "dict") return known.entries.get(name) ?? [];
      if (known.kind !== "values") return [];
      if (known.path === "" && name === "AsMap") return [known];
      return [{ kind: "values", path: known.path === "" ? name : `${known.path}.${name}` }];
    });
  }

  /** What `range` gives, one at a time. */
  function itemsOf(value: Value): Value {
    return value.flatMap((known): Value => {
      if (known.kind === "list") return known.items.flat();
      if (known.kind === "dict") return [...known.entries.values()].flat();
      if (known.kind !== "values") return [];
      record(known.path, "items");
      return [{ kind: "values", path: `${known.path}[]` }];
    });
  }

  /** What `index` and the like give: under a name, at a position, or somewhere. */
  function below(value: Value, key: Value): Value {
    const [position] = key;
    if (position?.kind === "number")
      return value.flatMap((known) => (known.kind === "list" ? (known.items[position.at] ?? []) : itemsOf([known])));
    return texts(key).length > 0 ? texts(key).flatMap((text) => field(value, text)) : itemsOf(value);
  }

  function run(nodes: readonly Node[], dot: Value, outer: Scope): void {
    const scope: Scope = new Map(outer);
    for (const node of nodes) {
      if (node.kind === "output") consume(evaluate(node.pipeline, dot, scope), "read");
      else if (node.kind === "assign") {
        const value = evaluate(node.pipeline, dot, scope);
        for (const name of node.names) assign(scope, outer, name, value);
      } else {
        const value = evaluate(node.pipeline, dot, scope);
        if (node.kind !== "range") consume(value, "read");
        const items = node.kind === "range" ? itemsOf(value) : value;
        const inner = new Map(scope);
        const named = node.names.at(-1);
        if (named !== undefined) inner.set(named, items);
        run(node.body, node.kind === "if" ? dot : items, inner);
        for (const [name, after] of inner) if (scope.has(name)) scope.set(name, union(scope.get(name)!, after));
        run(node.otherwise, dot, scope);
      }
    }
    for (const [name, after] of scope) if (outer.has(name)) outer.set(name, union(outer.get(name)!, after));
  }

  function evaluate(pipeline: Pipeline, dot: Value, scope: Scope): Value {
    let passed: Value | undefined;
    for (const command of pipeline) passed = call(command, passed, dot, scope);
    return passed ?? [];
  }

  function operandValue({ begin, fields }: Operand, dot: Value, scope: Scope): Value {
    const from =
      begin.kind === "dot"
        ? dot
        : begin.kind === "variable"
          ? (scope.get(begin.name) ?? [])
          : begin.kind === "text"
            ? [{ kind: "text", text: begin.text } as const]
            : begin.kind === "number"
              ? [{ kind: "number", at: Number(begin.text) } as const]
              : begin.kind === "group"
                ? evaluate(begin.pipeline, dot, scope)
                : [];
    return fields.reduce<Value>(field, from);
  }

  function call(command: Command, passed: Value | undefined, dot: Value, scope: Scope): Value {
    const [head, ...rest] = command;
    if (head === undefined) return passed ?? [];
    const given = rest.map((operand) => operandValue(operand, dot, scope));
    if (passed !== undefined) given.push(passed);
    if (head.fields.slice(-2).join(".") === "Files.Get") return texts(given[0]).map((name) => ({ kind: "file", name }));
    if (head.begin.kind !== "call") return operandValue(head, dot, scope);
    return head.fields.reduce<Value>(field, applied(head.begin.name, given));
  }

  function applied(name: string, given: readonly Value[]): Value {
    const [first = [], second = []] = given;
    switch (name) {
      case "include":
        for (const template of texts(first)) include(template, second);
        return [];
      case "tpl":
        for (const known of first) if (known.kind === "file") include(known.name, second);
        consume(first, "read");
        return [];
      case "index":
      case "get":
      case "hasKey":
      case "pluck": {
        const keys = name === "pluck" ? [first] : given.slice(1);
        const found = keys.reduce<Value>(below, name === "pluck" ? given.slice(1).flat() : first);
        if (name !== "hasKey") return found;
        consume(found, "read");
        return [];
      }
      case "dig": {
        const keys = given.slice(0, -2).flatMap(texts);
        return union(keys.reduce<Value>(field, given.at(-1) ?? []), given.at(-2) ?? []);
      }
      case "list":
      case "tuple":
        return [{ kind: "list", items: given }];
      case "dict": {
        const entries = new Map<string, Value>();
        for (let at = 0; at + 1 < given.length; at += 2)
          for (const key of texts(given[at])) entries.set(key, given[at + 1] ?? []);
        return [{ kind: "dict", entries }];
      }
      case "keys":
      case "values":
        return itemsOf(first);
      default:
        if (PASS_ON.has(name)) return given.flat();
        for (const value of given) consume(value, WRITES_WHOLE.has(name) ? "whole" : "read");
        return [];
    }
  }

  function include(name: string, dot: Value): void {
    const key = `${name} ${describe(dot)}`;
    if (done.has(key)) return;
    done.add(key);
    const file = defined.has(name) ? undefined : readFile(name);
    const body = file === undefined ? defined.get(name) : parse(name, file).body;
    if (body === undefined) throw new Error(`nothing is called '${name}'`);
    run(body, dot, new Map([["$", dot]]));
  }

  for (const { body } of parsed) run(body, CONTEXT, new Map([["$", CONTEXT]]));
  return reads;
}

function parse(name: string, text: string): ParsedTemplate {
  try {
    return parseTemplate(text);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** `=` changes what is outside as well, and may or may not have run; `:=` is a new name here. */
function assign(scope: Scope, outer: Scope, name: string, value: Value): void {
  scope.set(name, outer.has(name) ? union(outer.get(name) ?? [], value) : value);
}

function union(a: Value, b: Value): Value {
  const seen = new Set<string>();
  return [...a, ...b].filter((known) => {
    const text = describe([known]);
    return !seen.has(text) && seen.add(text);
  });
}

function texts(value: Value = []): string[] {
  return value.flatMap((known) => (known.kind === "text" ? [known.text] : []));
}

function describe(value: Value): string {
  return JSON.stringify(value, (_, part) => (part instanceof Map ? [...part] : part));
}
