import { type ChartKeys, removedKeyAt, successorOf } from "../facts/cilium";
import { lookUp } from "../facts/look-up";
import { type HelmValue, type HelmValues, isValuesMap } from "../helm";
import type { Problem } from "../validation";
import { suggestPaths } from "./suggestions";
import type { CiliumVersion } from "./version";

/** Values that had another spelling when keys stood below `global`. */
const RESPELT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kubeProxyReplacement: { strict: "true", probe: "true", partial: "true", disabled: "false" },
};

/**
 * Charts up to 1.8 had their keys below `global`; since then Helm keeps that map for charts within charts, and this one
 * reads none of it. Each key is answered with what it is called today, all in one run.
 */
export function globalSectionProblems(
  section: HelmValues,
  version: CiliumVersion,
  keys: ChartKeys | undefined,
  parent = "",
): Problem[] {
  return Object.entries(section).flatMap(([key, value]): Problem[] => {
    const path = parent === "" ? key : `${parent}.${key}`;
    if (value === undefined) return [];
    if (isValuesMap(value) && removedKeyAt(path, version) === undefined && keys?.isCopied(path) !== true)
      return globalSectionProblems(value, version, keys, path);
    return [
      {
        property: `values.global.${path}`,
        ...(isValuesMap(value) ? {} : { value }),
        rule: "is read by no chart since Cilium 1.9, which took the prefix away",
        remedy: remedyFor(path, value, version, keys),
      },
    ];
  });
}

function remedyFor(path: string, value: HelmValue, version: CiliumVersion, keys: ChartKeys | undefined): string {
  const removed = removedKeyAt(path, version);
  if (removed !== undefined) {
    const instead = successorOf(removed, path, value);
    return instead === undefined ? `leave it out: it was removed in Cilium ${removed.since}` : `use ${instead}`;
  }
  if (keys === undefined || keys.paths.has(path)) {
    if (typeof value === "boolean" && keys?.isSection(path) && keys.namesBelow(path).includes("enabled"))
      return `use ${path}.enabled: ${value}`;
    const today = lookUp(lookUp(RESPELT, path) ?? {}, String(value));
    return `use ${path}${today === undefined ? "" : `: ${today}`}`;
  }
  const meant = suggestPaths(path, keys);
  return meant.length > 0 ? `did you mean ${meant.join(" or ")}?` : "look it up in the chart's values.yaml";
}
