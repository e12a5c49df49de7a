import type { FieldChange } from "../model/report";

/** Differences of one document or text that are shown one by one; a dashboard has hundreds. */
const MOST_OF_DOCUMENT = 12;
/** What is set for a chart is what the change is about. */
const MOST_OF_VALUES = 60;
/** Attributes of something new that are shown one by one. */
const MOST_OF_NEW = 40;

export interface Kind {
  /** The object is replaced: the provider tells every attribute anew, also in another spelling. */
  readonly replaced: boolean;
  readonly created: boolean;
}

/**
 * What a reader needs of an object's attributes: what forces a replacement first, documents in one line where they
 * differ in more places than anybody reads, and no attribute that is only written another way.
 */
export function condense(fields: readonly FieldChange[], { replaced, created }: Kind): readonly FieldChange[] {
  const telling = replaced ? fields.filter((field) => field.forces || !isNoise(field)) : fields;
  const short = withoutLongDocuments(withShortConditions(telling));
  const ordered = [...short.filter(({ forces }) => forces), ...short.filter(({ forces }) => !forces)];
  if (!created || ordered.length <= MOST_OF_NEW) return ordered;
  const rest = ordered.length - MOST_OF_NEW;
  return [...ordered.slice(0, MOST_OF_NEW), { path: `${rest} more attributes`, kind: "added", note: "not shown" }];
}

/** A condition that a resource sets, or part of it: expressions that nobody reads in a diff. */
const CONDITION = /^lifecycle\.((?:pre|post)condition(?:\[\d+\])?)\.(?:condition|error_message)$/;

/** Of a condition that is worded differently, one line says so. One that is new or gone is shown as it is. */
function withShortConditions(fields: readonly FieldChange[]): readonly FieldChange[] {
  const told = new Set<string>();
  return fields.flatMap((field) => {
    const [, condition] = (field.kind === "changed" && CONDITION.exec(field.path)) || [];
    if (condition === undefined) return [field];
    if (told.has(condition)) return [];
    told.add(condition);
    return [{ path: `lifecycle.${condition}`, kind: "changed" as const, note: "asks for something else now" }];
  });
}

/** Nothing and nothing's other spellings; one object under its long and its short name. */
function isNoise({ before, after, lines, note }: FieldChange): boolean {
  if (lines || note !== undefined) return false;
  if (isZero(before) && isZero(after)) return true;
  return before !== undefined && after !== undefined && before !== after && shortName(before) === shortName(after);
}

function isZero(text: string | undefined): boolean {
  return text === undefined || ["", "false", "0", "[]", "{}", "null", '""'].includes(text);
}

/** `https://www.googleapis.com/compute/v1/projects/p/global/networks/n` and `projects/p/global/networks/n` are one. */
function shortName(text: string): string {
  return text.replace(/^https:\/\/[\w.-]*googleapis\.com\/(?:[\w-]+\/)?(?:v\d\w*|beta|alpha)\//, "");
}

/** `data["a.json"] › panels[3].title` belongs to the document `data["a.json"]`. */
function documentOf({ path }: FieldChange): string | undefined {
  const at = path.indexOf(" › ");
  return at < 0 ? undefined : path.slice(0, at);
}

function withoutLongDocuments(fields: readonly FieldChange[]): readonly FieldChange[] {
  const sizes = new Map<string, number>();
  for (const field of fields) {
    const document = documentOf(field);
    if (document !== undefined) sizes.set(document, (sizes.get(document) ?? 0) + 1);
  }
  const told = new Set<string>();
  return fields.flatMap((field) => {
    const document = documentOf(field);
    const size = document === undefined ? 0 : sizes.get(document)!;
    if (document === undefined || size <= (document === "values" ? MOST_OF_VALUES : MOST_OF_DOCUMENT)) return [field];
    if (field.forces) return [field];
    if (told.has(document)) return [];
    told.add(document);
    return [{ path: document, kind: kindOf(fields, document), note: `a document that differs in ${size} places` }];
  });
}

/** A document all of which is new was added. */
function kindOf(fields: readonly FieldChange[], document: string): FieldChange["kind"] {
  const kinds = new Set(fields.filter((field) => documentOf(field) === document).map(({ kind }) => kind));
  return kinds.size === 1 ? [...kinds][0]! : "changed";
}
