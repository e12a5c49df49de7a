import { isObject } from "../model/value";

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
 * the top of a block, the order of keys, and the directory of a local state whose path is absolute, which is another one
 * in every checkout.
 */
export function templateFingerprint(template: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(template).flatMap(([block, value]): [string, unknown][] => {
    if (block === "//") return [];
    const plain = withoutComments(value, labelsOf(block));
    return [[block, block === "terraform" ? withoutCheckout(plain) : plain]];
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

function withoutCheckout(terraform: unknown): unknown {
  if (Array.isArray(terraform)) return terraform.map(withoutCheckout);
  const backend = isObject(terraform) ? terraform["backend"] : undefined;
  const local = isObject(backend) ? backend["local"] : undefined;
  const path = isObject(local) ? local["path"] : undefined;
  if (!isObject(terraform) || !isObject(backend) || !isObject(local) || typeof path !== "string") return terraform;
  return { ...terraform, backend: { ...backend, local: { ...local, path: portablePath(path) } } };
}

/** An absolute path without its directory. */
export function portablePath(path: string): string {
  return /^([\\/]|[A-Za-z]:[\\/])/.test(path) ? (path.split(/[\\/]/).pop() ?? path) : path;
}
