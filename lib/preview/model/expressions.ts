import { Expression, isArray, isObject, type Value } from "./value";

/** A string of `cdk.tf.json`: an expression if it has one, else what it stands for once `$${` and `%%{` are read. */
export function templateToValue(text: string): Value {
  if (/(^|[^$])\$\{|(^|[^%])%\{/.test(text)) return new Expression(text);
  return text.includes("{") ? text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{") : text;
}

/** The same for every string below; construct metadata (`"//"`) goes. */
export function resolveTemplates(value: Value): Value {
  if (typeof value === "string") return templateToValue(value);
  if (isArray(value)) return value.map(resolveTemplates);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, child]) => [key, child === undefined ? undefined : resolveTemplates(child)]),
  );
}

/** A reference to an attribute of a resource: `${google_container_cluster.main.id}`. */
export interface Reference {
  readonly resource: string;
  readonly attribute: string;
}

const REFERENCE = /\b((?:data\.)?[a-z][a-z0-9]*(?:_[a-z0-9]+)+\.[A-Za-z][\w-]*)\.([a-z_][\w]*)/g;

/** Every attribute an expression refers to. Data sources keep their `data.` in front. */
export function referencesOf(expression: Expression): readonly Reference[] {
  return [...expression.text.matchAll(REFERENCE)].map(([, resource, attribute]) => ({
    resource: resource!,
    attribute: attribute!,
  }));
}

/** `${type.name.attribute}` and what lies below it, `${type.name.metadata[0].name}`. */
const LONE_PATH = /\$\{((?:data\.)?\w+\.[\w-]+)\.(\w+(?:\[\d+\]|\.\w+)*)\}/g;

/**
 * Replaces references by a known value wherever `lookup` has one; `attribute` is a dotted path, its indices left out
 * where they are those of a block that occurs once.
 */
export function substitute(expression: Expression, lookup: (reference: Reference) => Value | undefined): Value {
  const find = (resource: string, path: string) =>
    lookup({ resource, attribute: path.replaceAll("[0]", "").replace(/\[(\d+)\]/g, ".$1") });
  const [lone] = expression.text.matchAll(LONE_PATH);
  if (lone && lone[0] === expression.text) {
    const value = find(lone[1]!, lone[2]!);
    return isScalar(value) ? value : expression;
  }
  const text = expression.text.replace(LONE_PATH, (whole, resource, path) => {
    const value = find(resource, path);
    return isScalar(value) ? String(value) : whole;
  });
  return text === expression.text ? expression : templateToValue(text);
}

function isScalar(value: Value | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A copy in which every expression went through `change`. */
export function mapExpressions(value: Value, change: (expression: Expression) => Value): Value {
  if (value instanceof Expression) return change(value);
  if (isArray(value)) return value.map((item) => mapExpressions(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, child === undefined ? undefined : mapExpressions(child, change)]),
  );
}

/** Every expression with the schema path it stands at. */
export function* expressionsIn(value: Value | undefined, path = ""): Generator<readonly [string, Expression]> {
  if (value instanceof Expression) yield [path, value];
  else if (isArray(value)) for (const item of value) yield* expressionsIn(item, path);
  else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) yield* expressionsIn(child, path === "" ? key : `${path}.${key}`);
  }
}
