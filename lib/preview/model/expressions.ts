import { Expression, isArray, isObject, type Value } from "./value";

/** A string of `cdk.tf.json`: an expression if it has one, else what it stands for once `$${` and `%%{` are read. */
export function templateToValue(text: string): Value {
  if (/(^|[^$])\$\{|(^|[^%])%\{/.test(text)) return new Expression(text);
  return text.includes("{") ? text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{") : text;
}

/** The same for every string below. */
export function resolveTemplates(value: Value): Value {
  if (typeof value === "string") return templateToValue(value);
  if (isArray(value)) return value.map(resolveTemplates);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, child === undefined ? undefined : resolveTemplates(child)]),
  );
}

/** A reference to an attribute of a resource: `${google_container_cluster.main.id}`. */
export interface Reference {
  /** `type.name`, with `data.` in front of a data source. */
  readonly resource: string;
  /** Index or key of one of several, as it is written: `[0]`, `["a"]`. */
  readonly key?: string;
  readonly attribute: string;
}

const REFERENCE =
  /\b((?:data\.)?[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+\.[A-Za-z_][\w-]*)(\[(?:\d+|"[^"\]]*")\])?\.([a-z_]\w*)/g;

/** Every attribute an expression refers to. */
export function referencesOf(expression: Expression): readonly Reference[] {
  return [...expression.text.matchAll(REFERENCE)].map(([, resource, key, attribute]) => ({
    resource: resource!,
    key,
    attribute: attribute!,
  }));
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
