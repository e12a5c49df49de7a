/** One resource of a plan, as `terraform show -json` has it. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly mode?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: { readonly id?: string };
  };
}

/** An attribute that is otherwise in the cloud than the definition would have it. */
export interface Difference {
  /** As `lifecycle.ignore_changes` takes it: `node_config[0].oauth_scopes`. */
  readonly path: string;
  readonly live: unknown;
  readonly wanted: unknown;
  /** Whether the change would make the resource anew. */
  readonly replaces: boolean;
}

type Block = Readonly<Record<string, unknown>>;

/**
 * What the provider decides by itself, or never asks the cloud for. Labels are read back only as far as they were written,
 * so that those of the definition look new and are not.
 */
const NOT_KEPT = new Set(["effective_labels", "terraform_labels", "id", "self_link", "timeouts"]);
const NOT_KEPT_OF_TYPE: Readonly<Record<string, readonly string[]>> = { google_container_cluster: ["resource_labels"] };

/**
 * Attributes that a plan would change, at most one block deep.
 *
 * @param thorough Whether nothing, false, 0 and an empty text are different from each other. To most attributes of a provider
 *   they are not; where a plan stays although nothing else differs, they are.
 */
export function differencesOf({ change, type }: ResourceChange, thorough = false): Difference[] {
  const isOther = (live: unknown, wanted: unknown) => text(live, thorough) !== text(wanted, thorough);
  const before = blockOf(change.before);
  const after = blockOf(change.after);
  const unknown = blockOf(change.after_unknown);
  const found: Difference[] = [];
  for (const name of Object.keys(after)) {
    if (NOT_KEPT.has(name) || NOT_KEPT_OF_TYPE[type]?.includes(name) || unknown[name] === true) continue;
    const [live, wanted] = [before[name], after[name]];
    const inner = onlyBlocks(live, wanted);
    if (inner === undefined) {
      if (isOther(live, wanted)) found.push({ path: name, live, wanted, replaces: replaces(change, [name]) });
      continue;
    }
    const hidden = blockOf(Array.isArray(unknown[name]) ? unknown[name][0] : undefined);
    for (const key of Object.keys(inner.wanted))
      if (hidden[key] !== true && isOther(inner.live[key], inner.wanted[key]))
        found.push({
          path: `${name}[0].${key}`,
          live: inner.live[key],
          wanted: inner.wanted[key],
          replaces: replaces(change, [name, 0, key]),
        });
  }
  return found;
}

/** Labels that the provider adds to what it is told, by a change in place. */
export function addedLabels({ change }: ResourceChange): Readonly<Record<string, unknown>> {
  const before = blockOf(blockOf(change.before)["effective_labels"]);
  const after = blockOf(blockOf(change.after)["effective_labels"]);
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
}

/** A block on both sides, of which there is one: its attributes can be left alone one by one. */
function onlyBlocks(live: unknown, wanted: unknown): { readonly live: Block; readonly wanted: Block } | undefined {
  if (!Array.isArray(live) || !Array.isArray(wanted) || live.length !== 1 || wanted.length !== 1) return undefined;
  const [a, b] = [live[0] as unknown, wanted[0] as unknown];
  return isBlock(a) && isBlock(b) ? { live: a, wanted: b } : undefined;
}

function replaces(
  { replace_paths: paths = [] }: ResourceChange["change"],
  path: readonly (string | number)[],
): boolean {
  return paths.some((each) => path.every((part, index) => each.length <= index || each[index] === part));
}

function text(value: unknown, thorough: boolean): string {
  return JSON.stringify(thorough ? (value ?? null) : meaning(value)) ?? "nothing";
}

/** A value without what says nothing. How many blocks there are says something, even of empty ones. */
function meaning(value: unknown): unknown {
  if (value === null || value === "" || value === false || value === 0) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((each) => meaning(each) ?? {});
  if (!isBlock(value)) return value;
  const entries = Object.entries(value)
    // GKE's own labels, which the provider reads and never writes.
    .filter(([key]) => !key.startsWith("goog-"))
    .map(([key, each]) => [key, meaning(each)] as const)
    .filter(([, each]) => each !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function blockOf(value: unknown): Block {
  return isBlock(value) ? value : {};
}

function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
