import { relative, resolve } from "node:path";
import { isObject } from "../model/value";

/** Where a template was written, as far as it is known: both differ from checkout to checkout. */
export interface Checkout {
  /** The stack's directory. */
  readonly directory: string;
  /** The app that was synthesized. */
  readonly root?: string;
}

/** Top-level blocks by how many labels stand before their body. */
const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  action: 2,
  provider: 1,
  module: 1,
  output: 1,
  variable: 1,
  check: 1,
};

/** How many labels stand before the body of a block; 0 where it has none, as `locals` and `terraform`. */
export function labelsOf(block: string): number {
  return Object.hasOwn(LABELS, block) ? LABELS[block]! : 0;
}

/**
 * The configuration as Terraform takes it. Left out is only what it does not read: comments (`"//"`) in the file and at
 * the top of a block, the order of keys, and of a local state's path what is above the app, which is another directory in
 * every checkout.
 */
export function templateFingerprint(template: Readonly<Record<string, unknown>>, checkout?: Checkout): string {
  const entries = Object.entries(template).flatMap(([block, value]): [string, unknown][] => {
    if (block === "//") return [];
    const plain = withoutComments(value, labelsOf(block));
    return [[block, block === "terraform" ? withoutCheckout(plain, checkout) : plain]];
  });
  return canonical(Object.fromEntries(entries));
}

/** JSON in which the order of keys means nothing. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) =>
    isObject(child) ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1))) : child,
  );
}

function withoutComments(value: unknown, labels: number): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutComments(item, labels));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (labels === 0) return Object.fromEntries(entries.filter(([key]) => key !== "//"));
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutComments(child, labels - 1)]));
}

function withoutCheckout(terraform: unknown, checkout?: Checkout): unknown {
  if (Array.isArray(terraform)) return terraform.map((item) => withoutCheckout(item, checkout));
  const backend = isObject(terraform) ? terraform["backend"] : undefined;
  if (!isObject(terraform) || !isObject(backend)) return terraform;
  return { ...terraform, backend: portableBackend(backend, checkout) };
}

/** A backend whose local path is the same in every checkout. */
export function portableBackend(backend: unknown, checkout?: Checkout): unknown {
  const local = isObject(backend) ? backend["local"] : undefined;
  const path = isObject(local) ? local["path"] : undefined;
  if (!isObject(backend) || !isObject(local) || typeof path !== "string") return backend;
  return { ...backend, local: { ...local, path: portablePath(path, checkout) } };
}

/** A path as seen from the app; where that is not known, without what leads out of the stack's directory. */
function portablePath(path: string, checkout?: Checkout): string {
  const plain = path.replaceAll("\\", "/");
  if (checkout?.root !== undefined) {
    const seen = relative(resolve(checkout.root), resolve(checkout.directory, plain)).replaceAll("\\", "/");
    if (!seen.startsWith("../")) return seen;
  }
  return /^(\/|[A-Za-z]:\/)/.test(plain) ? (plain.split("/").pop() ?? plain) : plain.replace(/^(\.\.?\/)+/, "");
}
