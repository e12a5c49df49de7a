import type { ConfiguredBlock, ResourceChange, StackChanges, StackConfig } from "../model/changes";
import { isEqual, isObject, own, type Value, type ValueObject } from "../model/value";
import { providerOf } from "../readers/labels";
import { Resolver } from "../readers/resolve";
import { eachStack, type Hit, type Rule, show } from "./rule";

/** Arguments of a provider that do not decide whom it talks to, or as whom. */
const HARMLESS = new Set([
  "alias",
  "default_labels",
  "default_tags",
  "add_terraform_attribution_label",
  "terraform_attribution_label_addition_strategy",
  "batching",
  "request_timeout",
  "request_reason",
  "poll_interval",
  "external_credentials_timeout",
  "burst_limit",
  "qps",
  "debug",
  "ignore_annotations",
  "ignore_labels",
  "ignore_tags",
  "experiments",
  "plugins_path",
  "repository_cache",
  "repository_config_path",
  "registry_config_path",
  "helm_driver",
  "max_retries",
  "apply_retry_count",
]);

export const PROVIDER_RULES: readonly Rule[] = [
  {
    id: "ST12",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A provider points at another project, cluster or identity",
    consequence:
      "Terraform looks for, changes and creates the same resources somewhere else, or as somebody else. What is in the state may not exist there and is then planned as new; the old objects stay behind, unmanaged.",
    remedy:
      "Make sure that this is intended. To move, let a new stack with a state of its own manage the new place, and destroy the old one from the old configuration.",
    source: "https://developer.hashicorp.com/terraform/language/providers/configuration; measured with google 6.50.0",
    check: eachStack(({ base, head }) => (base && head ? [...changedTargets(base, head)] : undefined)),
  },
  {
    id: "ST18",
    severity: "high",
    modes: ["offline"],
    title: "A module leaves the stack, or changes its source, version or number",
    consequence:
      "A synth does not show what is inside a module. If it goes, or one of its instances does, everything it made is destroyed; from another source or version, its objects may be replaced.",
    remedy: "Look at a real plan of this stack before merging.",
    source: "https://developer.hashicorp.com/terraform/language/modules",
    check: eachStack(({ mode, base, head, resources }) => {
      // A plan has everything that is in it.
      if (mode === "plan" || !base || !head) return undefined;
      const modules = base.blocks.filter(({ type }) => type === "module");
      return modules.flatMap((block) => moduleChanged(block, base, head, resources));
    }),
  },
];

function moduleChanged(
  { address, value }: ConfiguredBlock,
  base: StackConfig,
  head: StackConfig,
  changes: readonly ResourceChange[],
): Hit[] {
  const now = head.blocks.find((block) => block.address === address);
  if (!now) return goneModule(address, head);
  const lost = lostInstances(value, now.value, base, head);
  if (lost !== undefined) return [{ detail: `${address}: ${lost}` }];
  const fields = changes.find((change) => change.kind === "config" && change.address === address)?.fields ?? [];
  const providers = fields.filter(({ path }) => /^providers\b/.test(path));
  const from = fields.filter(({ path }) => path === "source" || path === "version");
  const told = [...from, ...providers].map(
    (field) => `${field.path}: ${field.before ?? "(not set)"} → ${field.after ?? "(not set)"}`,
  );
  if (told.length === 0) return [];
  if (providers.length === 0) return [{ detail: `${address}: ${told.join("; ")}`, severity: "medium" }];
  return [
    {
      detail: `${address}: ${told.join("; ")}`,
      consequence:
        "Everything in the module is looked for, changed and created by way of another provider: elsewhere, or as somebody else.",
    },
  ];
}

function goneModule(address: string, head: StackConfig): Hit[] {
  if (head.moved.some(({ from }) => from === address)) return [];
  if (!head.released.includes(address)) return [{ detail: `${address} is gone` }];
  return [
    {
      detail: `${address} leaves the state`,
      severity: "medium",
      consequence: "What it made keeps running and costing money, but nobody manages it any more.",
      remedy: "Make sure that somebody else owns it.",
    },
  ];
}

/** Instances of a module that are there no more, or that nobody can count on, as far as `count` and `for_each` tell. */
function lostInstances(
  before: Value | undefined,
  after: Value | undefined,
  base: StackConfig,
  head: StackConfig,
): string | undefined {
  const [from, to] = [metaOf(before), metaOf(after)];
  const [old, current] = [new Resolver(base).keys(from), new Resolver(head).keys(to)];
  if (!old || !current)
    return isEqual(from, to) ? undefined : "its count or for_each changes, and which instances stay cannot be told";
  // `m` and `m[0]` are one: Terraform moves what is in them.
  const kept = new Set(current.map((key) => key ?? 0));
  const lost = old.filter((key) => !kept.has(key ?? 0));
  return lost.length > 0
    ? `without ${lost.map((key) => (key === undefined ? "what has no key" : JSON.stringify(key))).join(", ")}`
    : undefined;
}

/** `count` and `for_each` of a module. */
function metaOf(value: Value | undefined): ValueObject {
  const meta = isObject(value) ? value : {};
  return Object.fromEntries(
    ["count", "for_each"].filter((name) => Object.hasOwn(meta, name)).map((name) => [name, meta[name]]),
  );
}

/** Every provider that something already managed is reached through and whose target is another one now. */
function* changedTargets(base: StackConfig, head: StackConfig): Generator<string> {
  const logins = new Map<string, string[]>();
  const [before, after] = [base, head].map((config) => new Resolver(config).providers()) as [ValueObject, ValueObject];
  const sources = [sourcesOf(base), sourcesOf(head)] as const;
  for (const name of sharedProviders(base, head)) {
    // What no block says the provider takes from its surroundings, which a synth does not tell.
    const [from, to] = [own(before, name) ?? {}, own(after, name) ?? {}];
    if (!isObject(from) || !isObject(to)) continue;
    const told = differences(from, to);
    if (told.length > 0) yield `provider ${name}: ${told.join("; ")}`;
    const source = told.length === 0 ? changedSource(from, sources) : undefined;
    if (source) logins.set(source, [...(logins.get(source) ?? []), name]);
  }
  for (const [source, names] of logins)
    yield `${names.join(" and ")}: ${names.length > 1 ? "they log in" : "it logs in"} with what ${source} finds, which is something else now`;
  const current = new Map(head.resources.map((block) => [`${block.kind}.${block.type}.${block.name}`, block]));
  const moved = new Map<string, string[]>();
  for (const old of base.resources) {
    const now = current.get(`${old.kind}.${old.type}.${old.name}`);
    if (!now || providerOf(old) === providerOf(now)) continue;
    const [from, to] = [own(before, providerOf(old)), own(after, providerOf(now))];
    if (isObject(from) && isObject(to) && differences(from, to).length === 0) continue;
    const way = `${providerOf(old)} → ${providerOf(now)}`;
    moved.set(way, [...(moved.get(way) ?? []), `${old.type}.${old.name}`]);
  }
  for (const [way, addresses] of moved) {
    const more = addresses.length > 3 ? ` and ${addresses.length - 3} more` : "";
    yield `${addresses.slice(0, 3).join(", ")}${more}: managed by provider ${way}`;
  }
}

/** Providers by which something is managed or looked up before and after. */
function sharedProviders(base: StackConfig, head: StackConfig): readonly string[] {
  const used = new Set(head.resources.map(providerOf));
  return [...new Set(base.resources.map(providerOf))].filter((name) => used.has(name)).sort();
}

function differences(from: ValueObject, to: ValueObject): readonly string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((key) => !HARMLESS.has(key) && !isEqual(from[key] ?? null, to[key] ?? null))
    .map((key) => `${key}: ${show(from[key])} → ${show(to[key])}`);
}

/** A data source that a provider's arguments refer to, directly or through others, and that finds something else now. */
function changedSource(provider: Value, [before, after]: readonly [Sources, Sources]): string | undefined {
  const seen = new Set<string>();
  const waiting = [...dataIn(provider)];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (seen.has(address)) continue;
    seen.add(address);
    const [old, current] = [before.get(address), after.get(address)];
    if (old && current && !isEqual(old, current)) return address;
    waiting.push(...dataIn(old ?? null), ...dataIn(current ?? null));
  }
  return undefined;
}

type Sources = ReadonlyMap<string, ValueObject>;

/** Data sources by address, with what they are asked for filled in as far as can be. */
function sourcesOf(config: StackConfig): Sources {
  const resolver = new Resolver(config);
  const sources = config.resources.filter(({ kind }) => kind === "data");
  return new Map(
    sources.map(({ type, name, config: asked }) => [`data.${type}.${name}`, resolver.resolve(asked) as ValueObject]),
  );
}

function dataIn(value: Value): readonly string[] {
  return [...JSON.stringify(value).matchAll(/\bdata\.[a-z]\w*\.[\w-]+/g)].map(([address]) => address);
}

/** Whether a stack is planned as if nothing of it existed, although the base had it. */
export function findsNothing({ mode, base, resources }: StackChanges): number {
  const managed = resources.filter(({ kind }) => kind === "managed");
  if (mode !== "plan" || managed.length === 0 || managed.some(({ before }) => before !== null)) return 0;
  const known = new Set(base?.resources.map(({ type, name }) => `${type}.${name}`));
  const modules = new Set(base?.blocks.filter(({ type }) => type === "module").map((block) => block.address));
  return managed.filter(({ address, type, name, action }) => {
    const within = /^module\.[\w-]+/.exec(address)?.[0];
    return action === "create" && (within === undefined ? known.has(`${type}.${name}`) : modules.has(within));
  }).length;
}
