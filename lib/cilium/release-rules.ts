import { Token } from "cdktf";
import { type HelmValues, renderProblems } from "../helm";
import type { Problem } from "../validation";
import { chartRuleProblems } from "./chart-rules";
import type { CiliumValues } from "./cilium-values";
import { hubbleMetricProblems, imageRegistryProblems } from "./features";
import { type CiliumRisk, gkeRuleProblems } from "./gke-rules";
import { ciliumValueProblems } from "./value-problems";
import { CiliumVersion, ciliumVersionWarnings } from "./version";

/** Options of a release that only decide which rules hold for it. */
export interface CiliumReleaseRuleOptions {
  /**
   * Minor of Cilium that was installed first on this cluster, e.g. `1.19`. The chart then keeps that minor's defaults
   * when `version` moves on. Write it down before the first upgrade.
   *
   * @default - the minor of `version`
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
 * Everything that is wrong with a release and its merged values.
 *
 * @param values The values after all merging.
 * @param optionValues The same without the caller's own `values`. What is wrong with these already is left out: for
 *   whoever checks the options they come from under the options' own names, so that one mistake is told once.
 */
export function ciliumReleaseProblems(
  release: CiliumReleaseRuleInput,
  values: HelmValues,
  optionValues?: HelmValues,
): Problem[] {
  const version = release.version ?? CiliumVersion.DEFAULT;
  const told = new Set(optionValues === undefined ? [] : valuesProblems(release, optionValues).map(identityOf));
  const problems = [
    ...upgradeCompatibilityProblems(version, release.upgradeCompatibility),
    ...(release.imageRegistry === undefined ? [] : imageRegistryProblems(release.imageRegistry)),
    ...valuesProblems(release, values).filter((problem) => !told.has(identityOf(problem))),
  ];
  const timeout = release.timeoutSeconds;
  if (timeout !== undefined && (!Number.isInteger(timeout) || timeout < 1))
    problems.push({
      property: "timeoutSeconds",
      value: timeout,
      rule: "is not a number of seconds",
      remedy: "use a whole number, e.g. 900",
    });
  return problems;
}

function valuesProblems(release: CiliumReleaseRuleInput, values: HelmValues): Problem[] {
  const version = release.version ?? CiliumVersion.DEFAULT;
  return [
    ...ciliumValueProblems(values, version),
    ...chartRuleProblems(values),
    ...gkeRuleProblems(values, version, release.accept),
    ...metricValueProblems(values, version),
    ...renderProblems(values, "values"),
  ];
}

function identityOf({ property, rule }: Problem): string {
  return `${property} ${rule}`;
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
  if (upgradeCompatibility === undefined) return [];
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
