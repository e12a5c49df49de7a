import { Token } from "cdktf";
import { type HelmValues, renderProblems } from "../helm";
import { isKnown, type Problem } from "../validation";
import { chartRuleProblems } from "./chart-rules";
import type { CiliumValues } from "./cilium-values";
import { type EffectiveRelease, writtenAs } from "./effective-release";
import { hubbleMetricProblems } from "./features";
import { type CiliumRisk, gkeRuleProblems } from "./gke-rules";
import { ciliumValueProblems } from "./value-problems";
import { CiliumVersion, ciliumVersionWarnings } from "./version";

/** Options of a release that only decide which rules hold for it. */
export interface CiliumReleaseRuleOptions {
  /**
   * Minor of Cilium that was installed first on this cluster, e.g. `1.19`. The chart then keeps that minor's defaults
   * when `version` moves on. Only needed where Cilium ran on the cluster before this library did.
   *
   * @default - the minor of `version` at the first apply, which the state remembers
   * @see https://docs.cilium.io/en/stable/operations/upgrade/
   */
  readonly upgradeCompatibility?: string;

  /**
   * Risks taken knowingly: each turns one refusal off.
   *
   * @default - none
   */
  readonly accept?: readonly CiliumRisk[];
}

/** What the rules of a release look at. */
export interface CiliumReleaseRuleInput extends CiliumReleaseRuleOptions {
  readonly version?: CiliumVersion;
  readonly imageRegistry?: string;
  readonly timeoutSeconds?: number;
}

/**
 * Everything that is wrong with a release: each rule reads the merged values once, whoever wrote them, and is told under
 * the name that its author wrote.
 */
export function ciliumReleaseProblems(options: CiliumReleaseRuleInput, release: EffectiveRelease): Problem[] {
  const { version, values, accept } = release;
  const found = [
    ...ciliumValueProblems(values, version),
    ...chartRuleProblems(values),
    ...gkeRuleProblems(values, version, accept),
    ...metricValueProblems(values, version),
    ...renderProblems(values, "values"),
  ];
  return [
    ...upgradeCompatibilityProblems(version, options.upgradeCompatibility),
    ...found.map((problem) => ({ ...problem, property: named(release, problem.property) })),
  ];
}

/** `values.hubble.metrics.enabled[0]` as its author wrote it. */
function named(release: EffectiveRelease, property: string): string {
  const match = /^values\.([^[]+)(.*)$/.exec(property);
  return match === null ? property : `${writtenAs(release, match[1] as string)}${match[2]}`;
}

/** What to tell the user about a release that works as far as we know. */
export function ciliumReleaseWarnings(version: CiliumVersion): string[] {
  return ciliumVersionWarnings(version);
}

/**
 * What is wrong with the minor that was installed first. Cilium goes back by one minor after an upgrade, but not below
 * what a cluster began with: the older agents would not know its state.
 */
export function upgradeCompatibilityProblems(version: CiliumVersion, upgradeCompatibility?: string): Problem[] {
  if (!isKnown(upgradeCompatibility)) return [];
  const match = /^(\d+)\.(\d+)$/.exec(upgradeCompatibility);
  const problem = (rule: string, remedy: string): Problem[] => [
    { property: "upgradeCompatibility", value: upgradeCompatibility, rule, remedy },
  ];
  if (!match) return problem("is not a minor version", `write major and minor, e.g. ${version.minorVersion}`);
  const first = CiliumVersion.of(`${upgradeCompatibility}.0`);
  if (first.major > version.major || (first.major === version.major && first.minor > version.minor))
    return problem(
      `is newer than the version to install (${version}), a downgrade below what the cluster began with`,
      `raise version to ${upgradeCompatibility} or later, or correct upgradeCompatibility`,
    );
  return [];
}

/** Metric handlers are checked wherever they were written: the agent only logs a misspelt one. */
function metricValueProblems(values: HelmValues, version: CiliumVersion): Problem[] {
  const enabled: unknown = (values as CiliumValues).hubble?.metrics?.enabled;
  if (!Array.isArray(enabled)) return [];
  const texts = enabled.filter((text): text is string => typeof text === "string" && !Token.isUnresolved(text));
  return hubbleMetricProblems(texts, version).map((problem) => ({
    ...problem,
    property: `values.hubble.metrics.enabled${problem.property}`,
  }));
}
