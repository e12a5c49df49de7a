export type Template = Record<string, unknown>;

/** Resources of a stack: type, name, attributes. */
export type Blocks = Record<string, Record<string, Record<string, unknown>>>;

export type Change = (resource: Blocks) => void;

/**
 * How an apply ends:
 * - `done`: it succeeds;
 * - `refused`: it fails, and what was there is there still;
 * - `half way`: it fails, and something that was there is gone;
 * - `left over`: it fails between the new object and the end of the old one, which is left;
 * - `lost`: it succeeds, and the new object went with the old one.
 */
export type End = "done" | "refused" | "half way" | "left over" | "lost";

/** One change of a stack that replaces something. */
export interface Replacement {
  readonly what: string;
  /** What is put in place before, on top of what earlier cases left. @default nothing */
  readonly setUp?: Change;
  readonly change: Change;
  /** What is to be created needs what another object has, or had and keeps: its name or a range. The preview says so. */
  readonly stays: boolean;
  /** @default "refused" where something is taken, else "done" */
  readonly ends?: End;
  /** As `change`, without what made the apply fail. */
  readonly mend?: Change;
  /** Where IAM restores what was deleted, by the type of the one resource that finds it again by that name. */
  readonly restored?: Readonly<Record<string, string>>;
}

/** Changes every object of a type, or those whose names match. */
export function each(
  type: string,
  change: (attributes: Record<string, unknown>, name: string) => void,
  names = /./,
): Change {
  return (resource) => {
    for (const [name, attributes] of Object.entries(resource[type] ?? {}))
      if (names.test(name)) change(attributes, name);
  };
}

/** Several changes at once. */
export function all(...changes: readonly Change[]): Change {
  return (resource) => {
    for (const change of changes) change(resource);
  };
}

/** Sets attributes, by their path: `metadata.name`. */
export function set(type: string, values: Readonly<Record<string, unknown>>, names = /./): Change {
  return each(
    type,
    (attributes) => {
      for (const [path, value] of Object.entries(values)) setPath(attributes, path, value);
    },
    names,
  );
}

/** Puts something at the end of a text. */
export function append(type: string, path: string, more: string, names = /./): Change {
  return each(type, (attributes) => setPath(attributes, path, `${at(attributes, path)}${more}`), names);
}

/** Something that others are made anew with. */
export function witness(resource: Blocks): void {
  resource["terraform_data"] = { ...resource["terraform_data"], witness: { input: 0 } };
}

/** Makes objects anew as they are. */
export function anew(types: RegExp, lifecycle: object = {}, names = /./): Change {
  return (resource) => {
    each("terraform_data", (data) => Object.assign(data, { input: Number(data["input"]) + 1 }), /^witness$/)(resource);
    const triggers = { replace_triggered_by: ["terraform_data.witness"] };
    for (const type of Object.keys(resource).filter((name) => types.test(name)))
      each(
        type,
        (block) =>
          Object.assign(block, { lifecycle: { ...(block["lifecycle"] as object), ...lifecycle, ...triggers } }),
        names,
      )(resource);
  };
}

function at(attributes: Record<string, unknown>, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], attributes);
}

function setPath(attributes: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  let within = attributes;
  for (const key of keys) {
    within[key] ??= {};
    within = within[key] as Record<string, unknown>;
  }
  within[last] = value;
}
