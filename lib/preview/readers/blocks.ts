import type { ConfiguredBlock } from "../model/changes";
import { isObject, Sensitive, type Value } from "../model/value";
import { type Checkout, canonical, labelsOf, portableBackend } from "./fingerprint";

/** A block of JSON syntax: its labels, and its body. */
export interface Labelled {
  readonly labels: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** Every body below a block's keyword, however objects and lists are mixed above it. */
export function bodiesOf(value: unknown, labels: number): readonly Labelled[] {
  if (Array.isArray(value)) return value.flatMap((item) => bodiesOf(item, labels));
  if (!isObject(value)) return [];
  if (labels === 0) return [{ labels: [], body: value }];
  return Object.entries(value).flatMap(([label, child]) =>
    bodiesOf(child, labels - 1).map((inner) => ({ ...inner, labels: [label, ...inner.labels] })),
  );
}

/** The body of a block that occurs once. */
export function firstBlock(value: unknown): Readonly<Record<string, unknown>> {
  return bodiesOf(value, 0)[0]?.body ?? {};
}

/** Every block but those of resources and data sources, each under an address of its own. */
export function blocksOf(
  template: Readonly<Record<string, unknown>>,
  read: (raw: unknown) => Value,
  checkout?: Checkout,
): readonly ConfiguredBlock[] {
  const taken = new Map<string, number>();
  return Object.entries(template)
    .filter(([keyword]) => keyword !== "//" && keyword !== "resource" && keyword !== "data")
    .flatMap(([keyword, value]) => [...entriesOf(keyword, value, checkout)])
    .map(({ path, type, raw }) => {
      const count = (taken.get(path) ?? 0) + 1;
      taken.set(path, count);
      const value = read(isObject(raw) ? withoutComment(raw) : raw);
      return {
        address: count === 1 ? path : `${path}[${count - 1}]`,
        type,
        constructPath: isObject(raw) ? pathOf(raw["//"]) : undefined,
        value: isObject(raw) && raw["sensitive"] === true ? withoutSecret(value) : value,
      };
    });
}

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly raw: unknown;
}

function* entriesOf(keyword: string, value: unknown, checkout?: Checkout): Generator<Entry> {
  if (keyword === "locals" || keyword === "terraform") {
    const type = keyword === "locals" ? "local" : keyword;
    for (const { body } of bodiesOf(value, 0)) {
      for (const [name, raw] of Object.entries(body)) {
        if (name === "//") continue;
        yield { path: `${type}.${name}`, type, raw: name === "backend" ? portableBackend(raw, checkout) : raw };
      }
    }
    return;
  }
  const labels = labelsOf(keyword);
  const bodies = bodiesOf(value, labels);
  for (const { labels: names, body } of bodies) {
    const alias = keyword === "provider" && typeof body["alias"] === "string" ? [body["alias"]] : [];
    const to = body["to"] ?? body["from"];
    const target = labels === 0 && typeof to === "string" ? [to] : [];
    yield { path: [keyword, ...names, ...alias, ...target].join("."), type: keyword, raw: body };
  }
  // Something no version of Terraform that is known here would write.
  if (bodies.length === 0 && canonical(value) !== "{}" && canonical(value) !== "[]")
    yield { path: keyword, type: keyword, raw: value };
}

/** Construct path of a block, which cdktf writes beside it as a comment. */
export function pathOf(comment: unknown): string | undefined {
  const metadata = isObject(comment) ? comment["metadata"] : undefined;
  const path = isObject(metadata) ? metadata["path"] : undefined;
  return typeof path === "string" ? path : undefined;
}

function withoutComment(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== "//"));
}

/** A variable's default, an output's value. */
function withoutSecret(value: Value): Value {
  if (!isObject(value)) return value;
  const hide = (key: string) => (typeof value[key] === "string" ? { [key]: new Sensitive(value[key]) } : {});
  return { ...value, ...hide("default"), ...hide("value") };
}
