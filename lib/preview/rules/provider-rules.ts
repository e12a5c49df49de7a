import type { StackChanges, StackConfig } from "../model/changes";
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
    modes: ["plan", "offline"],
    title: "A module leaves the stack, or changes its source or version",
    consequence:
      "A synth does not show what is inside a module. If it goes, everything it made is destroyed; from another source or version, its objects may be replaced.",
    remedy: "Look at a real plan of this stack before merging.",
    source: "https://developer.hashicorp.com/terraform/language/modules",
    check: eachStack(({ resources }) =>
      resources
        .filter(({ kind, type }) => kind === "config" && type === "module")
        .flatMap(({ address, before, after, fields }): Hit[] => {
          if (!before) return [];
          if (!after) return [{ detail: `${address} is gone` }];
          const from = fields.filter(({ path }) => path === "source" || path === "version");
          if (from.length === 0) return [];
          const told = from.map(
            (field) => `${field.path}: ${field.before ?? "(not set)"} → ${field.after ?? "(not set)"}`,
          );
          return [{ detail: `${address}: ${told.join("; ")}`, severity: "medium" }];
        }),
    ),
  },
];

/** Every provider that something already managed is reached through and whose target is another one now. */
function* changedTargets(base: StackConfig, head: StackConfig): Generator<string> {
  const logins = new Map<string, string[]>();
  const [before, after] = [base, head].map((config) => new Resolver(config).providers()) as [ValueObject, ValueObject];
  for (const name of sharedProviders(base, head)) {
    // What no block says the provider takes from its surroundings, which a synth does not tell.
    const [from, to] = [own(before, name) ?? {}, own(after, name) ?? {}];
    if (!isObject(from) || !isObject(to)) continue;
    const told = differences(from, to);
    if (told.length > 0) yield `provider ${name}: ${told.join("; ")}`;
    const source = told.length === 0 ? changedSource(from, base, head) : undefined;
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

/** A data source that a provider's arguments refer to and that finds something else now. */
function changedSource(provider: Value, base: StackConfig, head: StackConfig): string | undefined {
  for (const [address] of JSON.stringify(provider).matchAll(/\bdata\.[a-z]\w*\.[\w-]+/g)) {
    const find = ({ resources }: StackConfig) =>
      resources.find(({ kind, type, name }) => kind === "data" && `data.${type}.${name}` === address);
    const [old, current] = [find(base), find(head)];
    if (old && current && !isEqual(old.config, current.config)) return address;
  }
  return undefined;
}

/** Whether a stack is planned as if nothing of it existed, although the base had it. */
export function findsNothing({ mode, base, resources }: StackChanges): number {
  const managed = resources.filter(({ kind }) => kind === "managed");
  const known = new Set(base?.resources.map(({ type, name }) => `${type}.${name}`));
  if (mode !== "plan" || managed.length === 0 || managed.some(({ before }) => before !== null)) return 0;
  return managed.filter(({ type, name, action }) => action === "create" && known.has(`${type}.${name}`)).length;
}
