import { CiliumVersion } from "../cilium";
import { Dataplane } from "../dataplane";
import type { EnvironmentDefinition } from "../environment";
import { describeEnvironment } from "../environment";
import { type HelmValues, valueAt } from "../helm";
import { without } from "./dataplane";
import { type Draft, isSame, type Plain, type PlainMap } from "./draft";

/** What could not be carried into a definition, and why. */
export interface LeftOut {
  /** The property, as the definition would have named it. */
  readonly property: string;
  readonly value: unknown;
  readonly why: string;
}

/** Why a risk is accepted that somebody else took. */
const FOUND = "as the cluster was found when it was adopted";

/** The definition that a draft stands for. Checked by {@link soundDraft}, not by the compiler: its data comes from APIs. */
export function definitionOf(draft: Draft): EnvironmentDefinition {
  const { name, project, location, network, cluster, nodePools, connection } = draft;
  return {
    name,
    project,
    location,
    network,
    cluster,
    nodePools,
    connection,
    dataplane: dataplaneOfDraft(draft),
  } as unknown as EnvironmentDefinition;
}

function dataplaneOfDraft({ dataplane: { kind, version, options, values } }: Draft): Dataplane {
  if (kind === "v2") return Dataplane.v2(options);
  const release = {
    ...options,
    ...(version === undefined ? {} : { version: CiliumVersion.of(version) }),
    ...(Object.keys(values).length > 0 ? { values } : {}),
  };
  return kind === "kubeProxyFree" ? Dataplane.kubeProxyFree(release) : Dataplane.cniChaining(release);
}

/**
 * Takes out of a draft what this library refuses, property by property, until the rest is sound. What is left out stays in
 * the cluster as it is, or is what the first deployment changes; both is told.
 *
 * @throws Error with everything that is wrong where it cannot be left out: ranges, a name, a machine type.
 */
export function soundDraft(draft: Draft): { readonly draft: Draft; readonly leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  let current = draft;
  for (;;) {
    const { problems } = describeEnvironment(definitionOf(current));
    if (problems.length === 0) return { draft: current, leftOut };
    let next = current;
    for (const problem of problems) {
      const risk = /or accept \{ risk: "([^"]+)"/.exec(problem)?.[1];
      if (risk !== undefined) {
        next = accepting(next, risk);
        continue;
      }
      const property = /^[^']*'([^']+)'/.exec(problem)?.[1] ?? "";
      const found = takeOut(next, property);
      if (found === undefined) continue;
      next = found.draft;
      leftOut.push({ property: found.property, value: found.value, why: problem.replace(/^[^:]*: /, "") });
    }
    if (next === current)
      throw new Error(
        `what exists cannot be said in a definition:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
      );
    current = next;
  }
}

/** What runs that way already is no new risk. It stands among the warnings from now on. */
function accepting(draft: Draft, risk: string): Draft {
  const { dataplane } = draft;
  const before = Array.isArray(dataplane.options["accept"]) ? (dataplane.options["accept"] as readonly Plain[]) : [];
  if (before.some((each) => isSame(each, { risk, reason: FOUND }))) return draft;
  return {
    ...draft,
    dataplane: { ...dataplane, options: { ...dataplane.options, accept: [...before, { risk, reason: FOUND }] } },
  };
}

interface Taken {
  readonly draft: Draft;
  readonly property: string;
  readonly value: unknown;
}

/** The draft without a property, or without the option that the property is a part of. */
function takeOut(draft: Draft, property: string): Taken | undefined {
  const [, pool, poolOption] = /^nodePools\[(\d+)\]\.(\w+)/.exec(property) ?? [];
  if (pool !== undefined && poolOption !== undefined) {
    const index = Number(pool);
    const options = draft.nodePools[index] ?? {};
    if (poolOption === "name" || !(poolOption in options)) return undefined;
    const nodePools = draft.nodePools.map((each, at) => (at === index ? withoutKey(each, poolOption) : each));
    return { draft: { ...draft, nodePools }, property: `nodePools[${pool}].${poolOption}`, value: options[poolOption] };
  }
  const [section, ...rest] = property.split(".");
  if (section === "cluster" && rest[0] !== undefined && rest[0] in draft.cluster && rest[0] !== "name")
    return {
      draft: { ...draft, cluster: withoutKey(draft.cluster, rest[0]) },
      property: `cluster.${rest[0]}`,
      value: draft.cluster[rest[0]],
    };
  return section === "dataplane" ? takeOutOfDataplane(draft, rest) : undefined;
}

function takeOutOfDataplane(draft: Draft, [option = "", ...rest]: readonly string[]): Taken | undefined {
  const { dataplane } = draft;
  if (option === "values") {
    // A problem may be told of something within a list, or of one key of a section.
    for (let length = rest.length; length > 0; length -= 1) {
      const path = rest.slice(0, length).join(".").replace(/\[.*$/, "");
      const value = valueAt(dataplane.values, path);
      if (value === undefined) continue;
      const values: HelmValues = without(dataplane.values, [path]);
      return { draft: { ...draft, dataplane: { ...dataplane, values } }, property: `dataplane.values.${path}`, value };
    }
    return undefined;
  }
  const name = option.replace(/\[.*$/, "");
  if (!(name in dataplane.options)) return undefined;
  const options = withoutKey(dataplane.options, name);
  return {
    draft: { ...draft, dataplane: { ...dataplane, options } },
    property: `dataplane.${name}`,
    value: dataplane.options[name],
  };
}

function withoutKey(map: PlainMap, key: string): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}
