import { ChartKeys, nearestMinorOf } from "../facts/cilium";
import { lookUp } from "../facts/look-up";
import { type HelmValue, type HelmValues, mergeValues, valueAt } from "../helm";
import { isKnown } from "../validation";
import type { RiskAcceptance } from "./risks";
import { CiliumVersion } from "./version";

/** What a release is put together from. */
export interface ReleaseLayers {
  readonly version?: CiliumVersion;
  readonly namespace?: string;
  readonly accept?: readonly RiskAcceptance[];
  /** What this library sets, whatever the options: the first layer. */
  readonly defaults?: HelmValues;
  /** What the options and the dataplane make of it. */
  readonly baseValues?: HelmValues;
  /** What the author wrote in the chart's own names: the last layer. */
  readonly values?: HelmValues;
  /**
   * Options that decide base values: path of the value, or of a section, to the option's name.
   *
   * @default - none: base values are named `baseValues`
   */
  readonly optionOf?: Readonly<Record<string, string>>;
}

/**
 * A release as it will run: values merged once, whoever wrote them. Rules, telemetry, alerts and tables read this and
 * nothing else, so that a value and the option that sets it are the same to all of them.
 *
 * Plain data; tokens stay tokens.
 */
export interface EffectiveRelease {
  readonly version: CiliumVersion;
  readonly namespace: string;
  readonly accept: readonly RiskAcceptance[];
  /** All layers merged, without the chart's own defaults: {@link effectiveValue} knows these too. */
  readonly values: HelmValues;
  /** The same without what the author wrote as values. */
  readonly derived: HelmValues;
  /** What the author wrote as values. */
  readonly written: HelmValues;
  readonly optionOf?: Readonly<Record<string, string>>;
}

/** Merges the layers of a release. */
export function effectiveRelease(layers: ReleaseLayers): EffectiveRelease {
  const { defaults = {}, baseValues = {}, values: written = {} } = layers;
  const derived = mergeValues(defaults, baseValues);
  return {
    version: isKnown(layers.version) ? layers.version : CiliumVersion.DEFAULT,
    namespace: layers.namespace ?? "kube-system",
    accept: layers.accept ?? [],
    values: mergeValues(derived, written),
    derived,
    written,
    ...(layers.optionOf === undefined ? {} : { optionOf: layers.optionOf }),
  };
}

/**
 * What the chart reads at a path: the merged value, else the chart's own default; undefined where neither says anything.
 * Versions outside the tested range are read with the defaults of the nearest minor inside it.
 */
export function effectiveValue(release: EffectiveRelease, path: string): HelmValue | undefined {
  const value = valueAt(release.values, path);
  return value === undefined ? chartDefault(release.version, path) : value;
}

/** The chart's default at a path. */
export function chartDefault(version: CiliumVersion, path: string): HelmValue | undefined {
  return ChartKeys.of(nearestMinorOf(version)).defaultOf(path) as HelmValue | undefined;
}

/**
 * The name under which the author can change what stands at a path: `values.hubble.relay.enabled` where it was written
 * so, `hubble.relay` where that option decides it.
 */
export function writtenAs(release: EffectiveRelease, path: string): string {
  if (isWritten(release.written, path)) return `values.${path}`;
  const exact = lookUp(release.optionOf ?? {}, path);
  if (exact !== undefined) return exact;
  if (valueAt(release.derived, path) === undefined) return `values.${path}`;
  if (release.optionOf === undefined) return `baseValues.${path}`;
  for (let prefix = path; prefix !== ""; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf(".")))) {
    const option = lookUp(release.optionOf, prefix);
    if (option !== undefined) return option;
  }
  return `values.${path}`;
}

/** Whether the author wrote something at a path, or in place of a section above it. */
function isWritten(written: HelmValues, path: string): boolean {
  if (valueAt(written, path) !== undefined) return true;
  for (let at = path.lastIndexOf("."); at > 0; at = path.lastIndexOf(".", at - 1)) {
    const above = valueAt(written, path.slice(0, at));
    if (above !== undefined) return above === null || typeof above !== "object" || Array.isArray(above);
  }
  return false;
}
