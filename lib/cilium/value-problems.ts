import { Token } from "cdktf";
import { type HelmValue, type HelmValues, isValuesMap } from "../helm";
import type { Problem } from "../validation";
import { ChartKeys, type RemovedKey, removedKeys } from "./chart-keys";
import { suggestPaths } from "./suggestions";
import { type CiliumVersion, SUPPORTED_MINORS } from "./version";

/**
 * Every key of the values that the chart of this version does not know. Helm and the chart's schema would accept them
 * in silence, and the setting would never take effect.
 *
 * Outside the tested range only removed keys are found: what newer or older charts know is not listed here.
 *
 * @param values Values of the chart, e.g. `{ hubble: { rellay: { enabled: true } } }`.
 */
export function ciliumValueProblems(values: HelmValues, version: CiliumVersion): Problem[] {
  const minor = version.supportedMinor;
  const keys = minor === undefined ? undefined : ChartKeys.of(minor);
  return sectionProblems(values, "", { version, keys });
}

interface Context {
  readonly version: CiliumVersion;
  readonly keys: ChartKeys | undefined;
}

function sectionProblems(section: HelmValues, parent: string, context: Context): Problem[] {
  return Object.entries(section).flatMap(([key, value]) =>
    value === undefined ? [] : keyProblems(parent === "" ? key : `${parent}.${key}`, key, value, context),
  );
}

function keyProblems(path: string, key: string, value: HelmValue, context: Context): Problem[] {
  const { keys } = context;
  if (keys === undefined || !keys.paths.has(path)) return unknownKeyProblems(path, key, value, context);
  if (key.includes(".")) return [dottedKeyProblem(path, key, value)];
  if (keys.isSection(path)) {
    if (isValuesMap(value)) return sectionProblems(value, path, context);
    if (Token.isUnresolved(value) || keys.takesTextForSection(path)) return [];
    return [
      {
        property: `values.${path}`,
        value,
        rule: "is a section of keys in the chart, which its templates would miss",
        remedy: `write a key below it, such as ${path}.${firstBelow(path, keys)}`,
      },
    ];
  }
  if (isValuesMap(value) && !keys.takesMap(path))
    return [
      {
        property: `values.${path}`,
        value,
        rule: "is a single value in the chart, with no keys below it",
        remedy: "write the value itself",
      },
    ];
  return [];
}

function unknownKeyProblems(path: string, key: string, value: HelmValue, context: Context): Problem[] {
  const removed = removedIn(path, context.version);
  if (removed !== undefined) return [removedProblem(path, value, removed)];
  if (isValuesMap(value) && leadsToRemovedKey(path, context.version)) return sectionProblems(value, path, context);
  const { keys } = context;
  if (keys === undefined) return isValuesMap(value) ? sectionProblems(value, path, context) : [];
  if (key.includes(".") && keys.paths.has(path)) return [dottedKeyProblem(path, key, value)];
  const property = `values.${path}`;
  const other = otherMinors(path);
  if (other.length > 0)
    return [
      {
        property,
        value: shown(value),
        rule: `is no key of the Cilium ${context.version.minorVersion} chart, only of ${other.join(" and ")}`,
        remedy: `leave it out, or use Cilium ${other.join(" or ")}`,
      },
    ];
  const meant = suggestPaths(path, keys.paths);
  return [
    {
      property,
      value: shown(value),
      rule: `is no key of the Cilium ${context.version.minorVersion} chart, which would ignore it`,
      remedy: meant.length > 0 ? `did you mean ${meant.join(" or ")}?` : "look it up in the chart's values.yaml",
    },
  ];
}

function removedProblem(path: string, value: HelmValue, removed: RemovedKey): Problem {
  return {
    property: `values.${path}`,
    value: shown(value),
    rule: `was removed from the chart in Cilium ${removed.since}`,
    remedy: removed.instead === undefined ? "leave it out" : `use ${removed.instead}`,
  };
}

/** `{"hubble.relay.enabled": true}`: how --set writes it, not how values do. */
function dottedKeyProblem(path: string, key: string, value: HelmValue): Problem {
  return {
    property: `values.${path}`,
    value: shown(value),
    rule: `is written as one key '${key}', which the chart would ignore`,
    remedy: `nest it: ${key.split(".").join(": { ")}: ...${" }".repeat(key.split(".").length - 1)}`,
  };
}

function removedIn(path: string, version: CiliumVersion): RemovedKey | undefined {
  return removedKeys().find((removed) => removed.key === path && isRemoved(removed, version));
}

function leadsToRemovedKey(path: string, version: CiliumVersion): boolean {
  return removedKeys().some((removed) => removed.key.startsWith(`${path}.`) && isRemoved(removed, version));
}

function isRemoved(removed: RemovedKey, version: CiliumVersion): boolean {
  const [major, minor] = removed.since.split(".").map(Number) as [number, number];
  return version.major > major || (version.major === major && version.minor >= minor);
}

function otherMinors(path: string): string[] {
  return SUPPORTED_MINORS.filter((minor) => ChartKeys.of(minor).paths.has(path));
}

function firstBelow(path: string, keys: ChartKeys): string {
  const below = [...keys.paths].filter((other) => other.startsWith(`${path}.`)).sort();
  return (below[0] ?? "").slice(path.length + 1);
}

/** A section is too long to show. */
function shown(value: HelmValue): HelmValue | undefined {
  return isValuesMap(value) ? undefined : value;
}
