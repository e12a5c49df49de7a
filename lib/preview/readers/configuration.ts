import { ProviderSchema } from "../../facts/providers/schema";
import { type DiffOptions, diffDocuments } from "../diff/fields";
import type { Secrets } from "../diff/secrets";
import { type ConfiguredBlock, isEffective, type Mode, type ResourceChange, type StackConfig } from "../model/changes";
import { mapExpressions } from "../model/expressions";
import type { FieldChange } from "../model/report";
import { Expression, isEqual, isObject, type Value } from "../model/value";
import { diffFiles } from "./files";

export interface ConfigurationReading {
  readonly stack: string;
  readonly mode: Mode;
  readonly secrets: Secrets;
  /** Resources of the base under the names that they have in the head. */
  readonly names?: ReadonlyMap<string, string>;
}

/** Every block that is no resource and differs: providers, variables, outputs, modules, the backend, checks. */
export function diffConfiguration(
  base: StackConfig | undefined,
  head: StackConfig | undefined,
  reading: ConfigurationReading,
): readonly ResourceChange[] {
  if (!base || !head) return [];
  const old = new Map(base.blocks.map((block) => [block.address, block]));
  const kept = new Set(head.blocks.map(({ address }) => address));
  const pairs = [
    ...head.blocks.map((block) => [old.get(block.address), block] as const),
    ...base.blocks.filter(({ address }) => !kept.has(address)).map((block) => [block, undefined] as const),
  ];
  return pairs.flatMap(([from, to]) => {
    const before = from && renamed(from.value, reading.names);
    if (from && to && isEqual(before, to.value)) return [];
    return [blockChange(from, to, before, reading)];
  });
}

/**
 * What is left to say where two configurations differ and nothing else tells so: a reviewer must never be told that
 * nothing changes. The files beside the template are part of the configuration.
 */
export function withRest(
  changes: readonly ResourceChange[],
  base: StackConfig | undefined,
  head: StackConfig | undefined,
  reading: ConfigurationReading,
): readonly ResourceChange[] {
  if (!base || !head) return changes;
  const files = diffFiles(base.files ?? new Map(), head.files ?? new Map()).map(({ path, kind }) => ({
    ...plain(reading, "file", `file.${path}`),
    fields: [{ path, kind, note: kind === "added" ? "is new" : kind === "removed" ? "is gone" : "has other content" }],
  }));
  const told = [...changes, ...files];
  if (base.fingerprint === head.fingerprint || told.some(isEffective)) return told;
  const note =
    reading.mode === "plan"
      ? "differs from the base, and the plan finds nothing to do: it is applied already, or touches no object"
      : "differs in a way that no object shows";
  return [
    ...told,
    { ...plain(reading, "terraform", "terraform"), fields: [{ path: "configuration", kind: "changed", note }] },
  ];
}

/** Terraform says that there is something to apply, and names nothing: it refreshes the state, or reads during the apply. */
export function untold(reading: ConfigurationReading): ResourceChange {
  const note =
    "Terraform finds something to apply that its plan does not name: the state alone, or data read during the apply";
  return { ...plain(reading, "terraform", "terraform"), fields: [{ path: "plan", kind: "changed", note }] };
}

function blockChange(
  from: ConfiguredBlock | undefined,
  to: ConfiguredBlock | undefined,
  before: Value | undefined,
  reading: ConfigurationReading,
): ResourceChange {
  const { address, type, constructPath } = (to ?? from)!;
  const name = address.slice(address.indexOf(".") + 1);
  const [old, current] = [before, to?.value].map((value) => nameScalar(name, value));
  const fields = diffBlock(old, current, reading.secrets);
  const fallback: FieldChange = { path: address, kind: from ? (to ? "changed" : "removed") : "added" };
  return {
    ...plain(reading, type, address),
    constructPath,
    before: from ? { value: before } : null,
    after: to ? { value: to.value } : null,
    fields: fields.length > 0 ? fields : [{ ...fallback, note: to ? (from ? "differs" : "is new") : "is gone" }],
  };
}

/** A block that is a single value, as a local is, is told by its name. */
function nameScalar(name: string, value: Value | undefined): Value | undefined {
  return value === undefined || isObject(value) ? value : { [name]: value };
}

/** The lines of a block of Terraform's own, where nothing is the same as something else. */
export function diffBlock(
  before: Value | undefined,
  after: Value | undefined,
  secrets: Secrets,
): readonly FieldChange[] {
  const options: DiffOptions = { type: "", schema: ProviderSchema.load(), secrets };
  return diffDocuments("", before, after, options).fields;
}

function plain({ stack, mode }: ConfigurationReading, type: string, address: string): ResourceChange {
  return {
    stack,
    mode,
    address,
    kind: "config",
    type,
    name: address.slice(type.length + 1),
    action: "configure",
    actions: [],
    replacePaths: [],
    before: null,
    after: null,
    fields: [],
    recomputed: [],
  };
}

/** A value of the base with resources called as in the head. */
export function renamed(value: Value, names: ReadonlyMap<string, string> | undefined): Value {
  if (!names || names.size === 0) return value;
  const rename = (text: string) =>
    text.replace(/\b(?:data\.)?[a-z][\w-]*\.[A-Za-z_][\w-]*/g, (address) => names.get(address) ?? address);
  return mapExpressions(value, ({ text }) => new Expression(rename(text)));
}
