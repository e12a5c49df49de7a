import { Token } from "cdktf";
import {
  ChartKeys,
  leadsToRemovedKey,
  minorsWith,
  nearestMinorOf,
  type RemovedKey,
  removedKeyAt,
  successorOf,
} from "../facts/cilium";
import { type HelmValue, type HelmValues, isValuesMap } from "../helm";
import type { Problem } from "../validation";
import { globalSectionProblems } from "./global-values";
import { suggestNames, suggestPaths } from "./suggestions";
import { typeProblems } from "./value-type-problems";
import type { CiliumVersion } from "./version";

/** Helm's own map for charts within charts; this chart has none and reads none of it. */
const HELMS_GLOBAL = "global";

/**
 * Every key of the values that the chart of this version does not know, and every value of a type that its schema or the
 * agent refuses. Helm and the schema accept unknown keys in silence, and the setting would never take effect.
 *
 * Outside the tested range only removed keys are found: what newer or older charts know is not listed here.
 *
 * @param values Values of the chart, e.g. `{ hubble: { rellay: { enabled: true } } }`.
 * @param nameOf How the author wrote what stands at a path.
 */
export function ciliumValueProblems(
  values: HelmValues,
  version: CiliumVersion,
  nameOf: (path: string) => string = (path) => `values.${path}`,
): Problem[] {
  const minor = version.supportedMinor;
  const keys = minor === undefined ? undefined : ChartKeys.of(minor);
  return sectionProblems(values, "", { version, keys, nameOf });
}

interface Context {
  readonly version: CiliumVersion;
  readonly keys: ChartKeys | undefined;
  readonly nameOf: (path: string) => string;
}

function sectionProblems(section: HelmValues, parent: string, context: Context): Problem[] {
  return Object.entries(section).flatMap(([key, value]) =>
    value === undefined ? [] : keyProblems(parent === "" ? key : `${parent}.${key}`, key, value, context),
  );
}

function keyProblems(path: string, key: string, value: HelmValue, context: Context): Problem[] {
  const { keys, version } = context;
  if (path === HELMS_GLOBAL && isValuesMap(value)) return globalSectionProblems(value, version, keys);
  if (key.includes(".") && isInSection(path, key, context)) return [dottedKeyProblem(path, key, value, context)];
  if (keys === undefined || !keys.paths.has(path)) return unknownKeyProblems(path, value, context);
  const property = context.nameOf(path);
  if (!keys.isSection(path)) return typeProblems(keys, path, value, property);
  if (isValuesMap(value)) return sectionProblems(value, path, context);
  if (Token.isUnresolved(value) || keys.takesTextForSection(path)) return [];
  return [
    {
      property,
      value,
      rule: "is a section of keys in the chart, which its templates would miss",
      remedy:
        typeof value === "boolean" && keys.namesBelow(path).includes("enabled")
          ? `use ${path}.enabled: ${value}`
          : `write a key below it, such as ${path}.${firstBelow(path, keys)}`,
    },
  ];
}

/** Names of the user's own, such as annotations, may have dots; keys of a section have none, whatever the minor. */
function isInSection(path: string, key: string, { keys, version }: Context): boolean {
  const parent = path.slice(0, Math.max(0, path.length - key.length - 1));
  return parent === "" || (keys ?? ChartKeys.of(nearestMinorOf(version))).isSection(parent);
}

function unknownKeyProblems(path: string, value: HelmValue, context: Context): Problem[] {
  const { keys, version, nameOf } = context;
  const removed = removedKeyAt(path, version);
  if (removed !== undefined) return removedProblems(path, value, removed, nameOf);
  if (isValuesMap(value) && leadsToRemovedKey(path, version)) return sectionProblems(value, path, context);
  if (keys === undefined) return isValuesMap(value) ? sectionProblems(value, path, context) : [];
  const property = nameOf(path);
  const other = minorsWith(path);
  if (other.length > 0)
    return [
      {
        property,
        value: shown(value),
        rule: `is no key of the Cilium ${version.minorVersion} chart, only of ${other.join(" and ")}`,
        remedy: `leave it out, or use Cilium ${other.join(" or ")}`,
      },
    ];
  const meant = suggestPaths(path, keys);
  return [
    {
      property,
      value: shown(value),
      rule: `is no key of the Cilium ${version.minorVersion} chart, which would ignore it`,
      remedy: meant.length > 0 ? `did you mean ${meant.join(" or ")}?` : "look it up in the chart's values.yaml",
    },
  ];
}

/** One answer for each key that is written below a removed section: each has a successor, or none, of its own. */
function removedProblems(
  path: string,
  value: HelmValue,
  removed: RemovedKey,
  nameOf: (path: string) => string,
): Problem[] {
  const instead = successorOf(removed, path, value);
  return [
    {
      property: nameOf(path),
      value: shown(value),
      rule: `was removed from the chart in Cilium ${removed.since}`,
      remedy: instead === undefined ? "leave it out" : `use ${instead}`,
    },
  ];
}

/** `{"hubble.relay.enabled": true}`: how --set writes it, not how values do. */
function dottedKeyProblem(path: string, key: string, value: HelmValue, context: Context): Problem {
  const { keys, version } = context;
  const removed = removedKeyAt(path, version);
  const instead = removed && successorOf(removed, path, value);
  const isKey = keys === undefined || keys.paths.has(path);
  const parent = path.slice(0, path.length - key.length).replace(/\.$/, "");
  const meant = isKey || keys === undefined ? [] : suggestNames(key, keys.namesBelow(parent));
  return {
    property: context.nameOf(path),
    value: shown(value),
    rule: `is written as one key '${key}', which the chart would ignore`,
    remedy:
      removed !== undefined
        ? `${key} was removed in Cilium ${removed.since}; ${instead === undefined ? "leave it out" : `use ${instead}, nested`}`
        : meant.length > 0
          ? `did you mean ${meant.join(" or ")}?`
          : `nest it: ${key.split(".").join(": { ")}: ...${" }".repeat(key.split(".").length - 1)}`,
  };
}

function firstBelow(path: string, keys: ChartKeys): string {
  const names = keys.namesBelow(path);
  return (names.includes("enabled") ? "enabled" : [...names].sort()[0]) ?? "";
}

/** A section is too long to show. */
function shown(value: HelmValue): HelmValue | undefined {
  return isValuesMap(value) ? undefined : value;
}
