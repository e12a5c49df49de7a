import { agentFlag, ChartKeys, nearestMinorOf } from "../../facts/cilium";
import { type HelmValue, isValuesMap, valueAt } from "../../helm";
import { isKnown, type Problem } from "../../validation";
import { type CiliumMode, derivedKeys } from "../derived-keys";
import { type EffectiveRelease, effectiveValue } from "../effective-release";
import { type CiliumRisk, isAccepted } from "../risks";

/** What an author's values undo of what the dataplane derives. */
export function overrideProblems(release: EffectiveRelease, mode: CiliumMode): Problem[] {
  return derivedKeys(mode).flatMap(([path, { rule, instead, canBeAccepted, only }]) => {
    // What failed a check of its own is unknown among the merged values, and told already.
    const written = valueAt(release.written, path) === undefined ? undefined : valueAt(release.values, path);
    if (written === undefined || !isKnown(written) || isSame(written, derivedAt(release, path))) return [];
    if (only !== undefined && !only.includes(String(written))) return [];
    const risk = `override:${path}` as CiliumRisk;
    if (canBeAccepted && isAccepted(release.accept, risk)) return [];
    const accepting = canBeAccepted ? `, or accept { risk: "${risk}", reason: "..." }` : "";
    return [{ property: path, value: written, rule, remedy: `${instead}${accepting}` }];
  });
}

/**
 * Flags of the agents that are given past the chart's own keys. They would win over everything that was judged, so they
 * are answered with the key that means the same.
 */
export function passedByProblems(release: EffectiveRelease): Problem[] {
  const problems: Problem[] = [];
  const extraConfig = valueAt(release.values, "extraConfig");
  for (const [name, value] of Object.entries(isValuesMap(extraConfig) ? extraConfig : {})) {
    if (value === undefined) continue;
    const property = `extraConfig[${JSON.stringify(name)}]`;
    if (isKnown(value) && typeof value !== "string")
      problems.push({
        property,
        ...(isValuesMap(value) ? {} : { value }),
        rule: "is not text, and a ConfigMap holds nothing else",
        remedy: "write it in quotes",
      });
    problems.push(...flagProblems(release, property, name, value));
  }
  for (const [path, list] of [
    ["extraArgs", valueAt(release.values, "extraArgs")],
    ["operator.extraArgs", valueAt(release.values, "operator.extraArgs")],
  ] as const)
    if (Array.isArray(list))
      list.forEach((item: HelmValue, index) => {
        const name = typeof item === "string" ? /^--([a-z0-9-]+)/.exec(item)?.[1] : undefined;
        if (name !== undefined) problems.push(...flagProblems(release, `${path}[${index}]`, name, item));
      });
  return problems;
}

function flagProblems(release: EffectiveRelease, property: string, name: string, value: HelmValue): Problem[] {
  const flag = agentFlag(name);
  if (flag === undefined) return [];
  // The flags are those of the newest minor: an older chart may have no key for one.
  const { paths } = ChartKeys.of(nearestMinorOf(release.version));
  if (flag.path !== undefined && !paths.has(flag.path)) return [];
  return [
    {
      property,
      ...(isValuesMap(value) ? {} : { value }),
      rule: "goes past the chart's own key, which everything else here follows",
      remedy: flag.path === undefined ? "use the chart's keys that lead to it" : `use ${flag.path}`,
    },
  ];
}

/** What stands at a path without the author: the dataplane's value, else the chart's. */
function derivedAt(release: EffectiveRelease, path: string): HelmValue | undefined {
  return effectiveValue({ ...release, values: release.derived }, path);
}

/** `true` and "true" are one to the chart, and so are null and nothing. */
function isSame(a: HelmValue, b: HelmValue | undefined): boolean {
  if (!isKnown(b)) return (a === null || a === "") && b === undefined;
  return String(a) === String(b) || ((a === null || a === "") && (b === null || b === ""));
}
