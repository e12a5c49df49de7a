import { Expression, isArray, isEqual, isObject, Opaque, own, Sensitive, type Step, type Value } from "../model/value";
import { callFunction, isKnown, Missing } from "./functions";
import { parseTemplate } from "./parse";
import type { ForNode, Node } from "./syntax";

/** What names stand for. Undefined where nobody but Terraform can tell. */
export type Lookup = (root: string, steps: readonly Step[]) => Value | undefined;

/** More steps than any configuration takes; loops within loops must not stop a preview. */
const MOST_STEPS = 200_000;

const parsed = new Map<string, Node | undefined>();

/**
 * What a template of `cdk.tf.json` stands for, as far as it can be known. What cannot stays an {@link Expression} in
 * which all that is known is filled in, at the very place: an object keeps its known keys.
 */
export function evaluateTemplate(text: string, lookup: Lookup): Value {
  if (!parsed.has(text)) {
    // A synth repeats its expressions; values that are data must not pile up.
    if (parsed.size > 5_000) parsed.clear();
    parsed.set(text, parseTemplate(text));
  }
  const node = parsed.get(text);
  if (!node) return new Expression(withKnown(text, lookup));
  try {
    return new Evaluation(lookup).whole(node);
  } catch (error) {
    if (error instanceof OutOfSteps) return new Expression(text);
    throw error;
  }
}

/**
 * What is not understood as a whole, directives for one, with what is known of the names in it beside it: it is another
 * value when one of them is.
 */
function withKnown(text: string, lookup: Lookup): string {
  const names = [...new Set(text.match(/\b(?:local|var)\.[A-Za-z_][\w-]*/g) ?? [])].sort();
  const told = names.flatMap((name) => {
    const [root = "", step = ""] = name.split(".");
    const value = lookup(root, [step]);
    return value === undefined || value instanceof Sensitive ? [] : [`${name} = ${JSON.stringify(value)}`];
  });
  return told.length === 0 ? text : `${text} (${told.join(", ")})`;
}

class OutOfSteps extends Error {}

class Evaluation {
  private steps = 0;

  public constructor(private readonly lookup: Lookup) {}

  public whole(node: Node): Value {
    const path = this.path(node, NOTHING);
    return (path && this.lookup(path.root, path.steps)) ?? this.evaluate(node, NOTHING);
  }

  private evaluate(node: Node, scope: ReadonlyMap<string, Value>): Value {
    if (++this.steps > MOST_STEPS) throw new OutOfSteps();
    const inner = (of: Node) => this.evaluate(of, scope);
    switch (node.kind) {
      case "literal":
        return node.value;
      case "template":
        return this.template(node.parts, scope);
      case "name":
      case "attribute":
      case "index":
        return this.access(node, scope);
      case "splat":
        return splat(inner(node.of), node.rest) ?? wrap(`${textOf(inner(node.of))}[*]${node.rest.map(dot).join("")}`);
      case "tuple":
        return node.items.map(inner);
      case "object":
        return this.object(node.entries, scope);
      case "call": {
        const args = node.args.map(inner);
        const last = args.at(-1);
        const spread = node.spread && isArray(last) ? [...args.slice(0, -1), ...last] : node.spread ? undefined : args;
        const result = spread && callFunction(node.name, spread);
        return result ?? wrap(`${node.name}(${args.map(textOf).join(", ")}${node.spread ? "..." : ""})`);
      }
      case "unary": {
        const of = inner(node.of);
        if (node.op === "-" && typeof of === "number") return -of;
        if (node.op === "!" && typeof of === "boolean") return !of;
        return wrap(`${node.op}${textOf(of)}`);
      }
      case "binary":
        return binary(node.op, inner(node.left), inner(node.right));
      case "conditional": {
        const test = inner(node.test);
        if (test === true || test === "true") return inner(node.yes);
        if (test === false || test === "false") return inner(node.no);
        return wrap(`${textOf(test)} ? ${textOf(inner(node.yes))} : ${textOf(inner(node.no))}`);
      }
      case "for":
        return this.loop(node, scope);
    }
  }

  private template(parts: readonly (string | Node)[], scope: ReadonlyMap<string, Value>): Value {
    const values = parts.map((part) => (typeof part === "string" ? part : this.evaluate(part, scope)));
    const known = values.every((value) => ["string", "number", "boolean"].includes(typeof value));
    if (known) return values.map(String).join("");
    return new Expression(
      values
        .map((value) => {
          if (typeof value === "string") return escapeTemplate(value);
          return typeof value === "number" || typeof value === "boolean" ? String(value) : `\${${textOf(value)}}`;
        })
        .join(""),
    );
  }

  private object(entries: readonly (readonly [Node, Node])[], scope: ReadonlyMap<string, Value>): Value {
    const pairs = entries.map(([key, value]) => [this.evaluate(key, scope), this.evaluate(value, scope)] as const);
    const named = pairs.every(([key]) => typeof key === "string" || typeof key === "number");
    if (named) return Object.fromEntries(pairs.map(([key, value]) => [String(key), value]));
    return wrap(`{${pairs.map(([key, value]) => `${textOf(key)} = ${textOf(value)}`).join(", ")}}`);
  }

  private access(node: Node, scope: ReadonlyMap<string, Value>): Value {
    const path = this.path(node, scope);
    if (path) {
      const value = this.lookup(path.root, path.steps);
      if (value !== undefined && (!(value instanceof Opaque) || value instanceof Expression)) return value;
      const text = `\${${path.root}${path.steps.map(stepText).join("")}}`;
      return value === undefined && this.lacks(path) ? new Missing(text) : new Expression(text);
    }
    if (node.kind === "name") return scope.get(node.name) ?? wrap(node.name);
    if (node.kind !== "attribute" && node.kind !== "index") return wrap("");
    const of = this.evaluate(node.of, scope);
    const key = node.kind === "attribute" ? node.name : this.evaluate(node.key, scope);
    const found = typeof key === "string" || typeof key === "number" ? child(of, key) : undefined;
    if (found !== undefined) return found;
    const text = `\${${textOf(of)}${node.kind === "attribute" ? dot(node.name) : `[${textOf(key)}]`}}`;
    return isArray(of) || isObject(of) ? new Missing(text) : new Expression(text);
  }

  /** Whether what is around it is known, and has no such part. Of a resource more is known once it exists. */
  private lacks({ root, steps }: { readonly root: string; readonly steps: readonly Step[] }): boolean {
    const plain = ["var", "local", "each"].includes(root) && steps.length > 1;
    const kept = root === "terraform_data" && steps.length > 2;
    const around = plain || kept ? this.lookup(root, steps.slice(0, -1)) : undefined;
    return isArray(around) || isObject(around);
  }

  /** A name and the steps behind it, where all of them are known and the name is none of a loop's. */
  private path(node: Node, scope: ReadonlyMap<string, Value>): { root: string; steps: readonly Step[] } | undefined {
    if (node.kind === "name") return scope.has(node.name) ? undefined : { root: node.name, steps: [] };
    if (node.kind === "attribute") {
      const of = this.path(node.of, scope);
      return of && { root: of.root, steps: [...of.steps, node.name] };
    }
    if (node.kind !== "index") return undefined;
    const of = this.path(node.of, scope);
    const key = of && this.evaluate(node.key, scope);
    return of && (typeof key === "string" || typeof key === "number")
      ? { root: of.root, steps: [...of.steps, key] }
      : undefined;
  }

  private loop(node: ForNode, scope: ReadonlyMap<string, Value>): Value {
    const source = this.evaluate(node.in, scope);
    const unread = wrap(`[for ${node.names.join(", ")} in ${textOf(source)} : …]`);
    const items: (readonly [Value, Value])[] | undefined = isArray(source)
      ? source.map((item, i) => [i, item] as const)
      : isObject(source)
        ? Object.entries(source).map(([key, value]) => [key, value ?? null] as const)
        : undefined;
    if (!items) return unread;
    const list: Value[] = [];
    const object: Record<string, Value> = {};
    for (const [key, item] of items) {
      const [first, second] = node.names;
      const bound =
        second === undefined
          ? [[first!, item] as const]
          : ([
              [first!, key],
              [second, item],
            ] as const);
      const inner = new Map<string, Value>([...scope, ...bound]);
      const wanted = node.condition ? this.evaluate(node.condition, inner) : true;
      if (wanted !== true && wanted !== false) return unread;
      if (!wanted) continue;
      const value = this.evaluate(node.value, inner);
      if (!node.key) list.push(value);
      else {
        const name = this.evaluate(node.key, inner);
        if (typeof name !== "string" && typeof name !== "number") return unread;
        const group = own(object, String(name));
        object[String(name)] = node.grouped ? [...(isArray(group) ? group : []), value] : value;
      }
    }
    return node.key ? object : list;
  }
}

const NOTHING: ReadonlyMap<string, Value> = new Map();

function wrap(text: string): Expression {
  return new Expression(`\${${text}}`);
}

function dot(name: string): string {
  return `.${name}`;
}

function stepText(step: Step): string {
  return typeof step === "string" && /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(step) ? dot(step) : `[${JSON.stringify(step)}]`;
}

/** `${` and `%{` of a text, so that it stands for itself in a template. */
export function escapeTemplate(text: string): string {
  return text.replace(/[$%]\{/g, (opening) => opening[0] + opening);
}

/** A value as it would be written within `${…}`. */
function textOf(value: Value | undefined): string {
  if (value instanceof Expression) {
    const lone = /^\$\{([\s\S]*)\}$/.exec(value.text)?.[1];
    return lone !== undefined && !lone.includes("${") ? lone : JSON.stringify(value.text);
  }
  if (value instanceof Opaque) return value.text;
  if (isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)} = ${textOf(item)}`);
    return `{${entries.join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(escapeTemplate(value)) : String(value ?? null);
}

function child(of: Value, key: Step): Value | undefined {
  if (isArray(of)) return of[Number(key)];
  return isObject(of) ? own(of, String(key)) : undefined;
}

function splat(of: Value, rest: readonly string[]): Value | undefined {
  if (of instanceof Opaque) return undefined;
  const items = isArray(of) ? of : of === null ? [] : [of];
  const found = items.map((item) => rest.reduce<Value | undefined>((at, name) => at && child(at, name), item));
  return found.some((item) => item === undefined) ? undefined : (found as readonly Value[]);
}

function binary(op: string, left: Value, right: Value): Value {
  const known = isKnown(left) && isKnown(right);
  if (op === "&&" && (left === false || right === false)) return false;
  if (op === "||" && (left === true || right === true)) return true;
  if (known && (op === "==" || op === "!=")) return isEqual(left, right) === (op === "==");
  if (typeof left === "boolean" && typeof right === "boolean") return op === "&&" ? left && right : left || right;
  const result = typeof left === "number" && typeof right === "number" ? arithmetic(op, left, right) : undefined;
  return result ?? wrap(`${textOf(left)} ${op} ${textOf(right)}`);
}

function arithmetic(op: string, a: number, b: number): Value | undefined {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? undefined : a / b;
    case "%":
      return b === 0 ? undefined : a % b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return undefined;
  }
}
