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

/** What the provider decides by itself: Terraform leaves no such attribute alone. */
const COMPUTED = new Set(["effective_labels", "terraform_labels", "id", "self_link"]);

/** Attributes that a plan would change, at most one block deep. */
export function differencesOf({ change }: ResourceChange): Difference[] {
  const before = blockOf(change.before);
  const after = blockOf(change.after);
  const unknown = blockOf(change.after_unknown);
  const found: Difference[] = [];
  for (const name of Object.keys(after)) {
    if (COMPUTED.has(name) || unknown[name] === true) continue;
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

/** Nothing, an empty list and an empty text are one where a provider reads back what it was never told. */
function isOther(live: unknown, wanted: unknown): boolean {
  return JSON.stringify(live ?? null) !== JSON.stringify(wanted ?? null);
}

function blockOf(value: unknown): Block {
  return isBlock(value) ? value : {};
}

function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
