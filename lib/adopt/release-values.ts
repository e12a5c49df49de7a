import { type EffectiveRelease, effectiveValue } from "../cilium";
import { describeEnvironment } from "../environment";
import { ChartKeys, nearestMinorOf } from "../facts/cilium";
import { type HelmValue, type HelmValues, valueAt } from "../helm";
import { isKnown } from "../validation";
import { leavesOf, without, withValue } from "./dataplane";
import { definitionOf, type LeftOut, soundDraft } from "./definition";
import { type Draft, isSame } from "./draft";

/** A value of the chart that the first deployment changes. */
export interface ValueChange {
  readonly path: string;
  /** What the running release has, the chart's default included; undefined for nothing. */
  readonly live: HelmValue | undefined;
  /** What it will have. */
  readonly wanted: HelmValue | undefined;
}

/** Values that depend on the version alone, or on what only Terraform knows. */
const OURS = new Set(["upgradeCompatibility", "agentNotReadyTaintKey", "k8sServiceHost", "k8sServicePort"]);

/**
 * Writes into a draft every value that differs from the running release, so that its first deployment by this library
 * changes nothing that this library's rules do not insist on.
 */
export function keepValues(
  draft: Draft,
  live: HelmValues,
): { readonly draft: Draft; readonly leftOut: readonly LeftOut[]; readonly changes: readonly ValueChange[] } {
  // Not judged yet: what is wrong without the values may be right with them.
  const ours = releaseOf({ ...draft, dataplane: { ...draft.dataplane, values: {} } });
  // What the dataplane gives the chart anyway need not be written.
  const written = leavesOf(draft.dataplane.values)
    .filter(([path, value]) => !isSame(valueAt(ours.values, path), value))
    .map(([path]) => path);
  let values = without(
    draft.dataplane.values,
    leavesOf(draft.dataplane.values)
      .map(([path]) => path)
      .filter((path) => !written.includes(path)),
  );
  for (const { path, live: before } of changesBetween(ours, live))
    if (valueAt(values, path) === undefined && !OURS.has(path))
      values =
        before === undefined
          ? withValue(values, sectionWithout(path, live, ours), null)
          : withValue(values, path, before);
  const kept = soundDraft({ ...draft, dataplane: { ...draft.dataplane, values } });
  return { ...kept, changes: changesBetween(releaseOf(kept.draft), live) };
}

/** What is different between a release as it would be and the values of the one that runs. */
export function changesBetween(release: EffectiveRelease, live: HelmValues): ValueChange[] {
  const running = { ...release, values: live };
  const paths = new Set([...leavesOf(release.values), ...leavesOf(live)].map(([path]) => path));
  return [...paths].sort().flatMap((path): ValueChange[] => {
    const wanted = effectiveValue(release, path) ?? undefined;
    const before = effectiveValue(running, path) ?? undefined;
    if (!isKnown(wanted) && wanted !== undefined) return [];
    if (isSame(before, wanted) || (isNothing(before) && isNothing(wanted))) return [];
    return [{ path, live: before, wanted }];
  });
}

/** The outermost section around a path that the running release does not have: without it, not with an empty inside. */
function sectionWithout(path: string, live: HelmValues, { version }: EffectiveRelease): string {
  const known = ChartKeys.of(nearestMinorOf(version)).paths;
  const keys = path.split(".");
  const prefixes = keys.map((_, index) => keys.slice(0, index + 1).join("."));
  return prefixes.find((prefix) => valueAt(live, prefix) === undefined && !known.has(prefix)) ?? path;
}

/** To the chart an empty section is no section. */
function isNothing(value: HelmValue | undefined): boolean {
  return (
    value === undefined ||
    value === "" ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

function releaseOf(draft: Draft): EffectiveRelease {
  const release = describeEnvironment(definitionOf(draft)).dataplane?.release;
  if (release === undefined) throw new Error("the dataplane has no release");
  return release;
}
