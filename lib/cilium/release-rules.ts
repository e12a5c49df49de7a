import { Token } from "cdktf";
import { compareVersions, parseVersion } from "../facts/semver";
import { type HelmValue, type HelmValues, isValuesMap, renderProblems, valueAt, valueFaults } from "../helm";
import { isKnown, type Problem } from "../validation";
import type { CiliumMode } from "./derived-keys";
import { type EffectiveRelease, effectiveRelease, writtenAs } from "./effective-release";
import { hubbleMetricProblems, textOfDynamicMetric } from "./features";
import type { RiskAcceptance } from "./risks";
import { brokenRules, gkeRules, overrideProblems, passedByProblems, UPSTREAM_RULES } from "./rules";
import { withUnknown } from "./unknown-values";
import { ciliumValueProblems } from "./value-problems";
import type { CiliumVersion } from "./version";

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
   * Risks taken knowingly: each turns one refusal off, and stands among the warnings with its reason. Values written over
   * what the dataplane derives need a reason: `{ risk: "override:ipam.mode", reason: "..." }`.
   *
   * @default - none
   */
  readonly accept?: readonly RiskAcceptance[];
}

/** What the rules of a release look at. */
export interface CiliumReleaseRuleInput extends CiliumReleaseRuleOptions {
  readonly version?: CiliumVersion;
  readonly imageRegistry?: string;
  readonly timeoutSeconds?: number;
}

/** What is around a release, as far as its rules look at it. */
export interface CiliumReleaseContext {
  /**
   * The dataplane that the release is for.
   *
   * @default - none: nothing is derived that values could undo
   */
  readonly mode?: CiliumMode;
  /** Whether GKE's own Gateway controller runs on the cluster. @default false */
  readonly gkeGatewayApi?: boolean;
  /** Whether the definitions of the Gateway API are installed before the release. @default false */
  readonly gatewayDefinitions?: boolean;
  /** Whether GKE's own ip-masq-agent runs on the nodes. @default false */
  readonly gkeMasquerades?: boolean;
  /** Version of the control plane, e.g. `1.35` or `1.33.5-gke.1080000`. @default - not known */
  readonly kubernetesVersion?: string;
}

/**
 * Everything that is wrong with a release: each rule reads the merged values once, whoever wrote them, and is told under
 * the name that its author wrote.
 */
export function ciliumReleaseProblems(
  options: CiliumReleaseRuleInput,
  release: EffectiveRelease,
  context: CiliumReleaseContext = {},
): Problem[] {
  const { version, values, accept } = release;
  const path = (property: string) => property;
  // What is no value at all stands in the values as a token: neither keys nor rules say anything about it.
  const byThemselves = [...valueFaults(values, ""), ...ciliumValueProblems(values, version, path)];
  const judged = withUnknown(
    values,
    byThemselves.map(({ property }) => property),
  );
  const effective = { ...release, values: judged };
  const found = [
    ...byThemselves,
    ...brokenRules([...UPSTREAM_RULES, ...gkeRules(accept)], judged, version, context.mode),
    ...passedByProblems(effective),
    ...(context.mode === undefined ? [] : overrideProblems(effective, context.mode)),
    ...contextProblems(effective, context),
    ...metricValueProblems(judged, version),
    ...renderProblems(judged, "").map((problem) => ({ ...problem, property: problem.property.replace(/^\./, "") })),
  ];
  return [
    ...writtenProblems(release.written),
    ...upgradeCompatibilityProblems(version, options.upgradeCompatibility),
    ...once(found).map((problem) => ({ ...problem, property: named(release, problem.property) })),
  ];
}

/** Values that are no map by themselves, or only known to Terraform, would leave no trace among the merged ones. */
function writtenProblems(written: unknown): Problem[] {
  if (isValuesMap(written as HelmValues)) return [];
  const [rule, remedy] = isKnown(written)
    ? ["is not a map of the chart's keys", "write the chart's keys in braces"]
    : [
        "is not known at synth, so that nothing could be merged",
        "write the keys here, with tokens for what is not known",
      ];
  return [
    {
      property: "values",
      ...(typeof written === "string" && isKnown(written) ? { value: written } : {}),
      rule,
      remedy,
    },
  ];
}

/** What to judge plain values by. */
export interface JudgedValues extends CiliumReleaseContext {
  readonly version?: CiliumVersion;
  readonly accept?: readonly RiskAcceptance[];
  /** What a dataplane or a module sets itself, below the values. @default - nothing */
  readonly baseValues?: HelmValues;
}

/**
 * Everything that is wrong with plain values of the chart, as Helm would be given them: what Helm refuses, the chart, the
 * agent when it starts, and GKE.
 *
 * @param values Whatever was written, of whatever type.
 */
export function ciliumValuesProblems(values: unknown, judge: JudgedValues = {}): Problem[] {
  const { version, accept, baseValues, ...context } = judge;
  const written = values as HelmValues;
  return ciliumReleaseProblems({}, effectiveRelease({ version, accept, baseValues, values: written }), context);
}

/** `hubble.metrics.enabled[0]` as its author wrote it. */
function named(release: EffectiveRelease, property: string): string {
  if (property.startsWith("values.") || property === "values") return property;
  const match = /^([^[]+)(.*)$/s.exec(property);
  return match === null ? `values${property}` : `${writtenAs(release, match[1] as string)}${match[2]}`;
}

/** The same said of the same key by two rules is one. */
function once(problems: readonly Problem[]): Problem[] {
  const said = new Set<string>();
  return problems.filter(({ property, rule }) => {
    const text = `${property} ${rule}`;
    return !said.has(text) && said.add(text);
  });
}

/** What the release does that something of GKE's does as well. */
function contextProblems(release: EffectiveRelease, context: CiliumReleaseContext): Problem[] {
  const problems: Problem[] = [];
  if (context.gkeGatewayApi && valueAt(release.values, "gatewayAPI.enabled") === true)
    problems.push({
      property: "gatewayAPI.enabled",
      value: true,
      rule: "is a second controller beside GKE's (cluster.gatewayApi): both would act on the same Gateways and fight over their CRDs (cilium/cilium#44611)",
      remedy: "leave one of the two out",
    });
  if (context.gkeMasquerades && valueAt(release.values, "ipMasqAgent.enabled") === true)
    problems.push({
      property: "ipMasqAgent.enabled",
      value: true,
      rule: "is a second agent beside GKE's: both read the ConfigMap ip-masq-agent, and GKE's puts its rules back every minute",
      remedy: "leave it out",
    });
  return problems;
}

/**
 * What is wrong with the minor that was installed first. Cilium goes back by one minor after an upgrade, but not below
 * what a cluster began with: the older agents would not know its state.
 */
export function upgradeCompatibilityProblems(version: CiliumVersion, upgradeCompatibility?: string): Problem[] {
  if (!isKnown(upgradeCompatibility)) return [];
  const problem = (rule: string, remedy: string): Problem[] => [
    { property: "upgradeCompatibility", value: upgradeCompatibility, rule, remedy },
  ];
  const first = /^\d+\.\d+$/.test(upgradeCompatibility) ? parseVersion(upgradeCompatibility) : undefined;
  if (first === undefined)
    return problem("is not a minor version", `write major and minor, e.g. ${version.minorVersion}`);
  if (compareVersions(first, { major: version.major, minor: version.minor, patch: 0 }) > 0)
    return problem(
      `is newer than the version to install (${version}), a downgrade below what the cluster began with`,
      `raise version to ${upgradeCompatibility} or later, or correct upgradeCompatibility`,
    );
  return [];
}

/** Metric handlers are checked wherever they were written: the agent only logs a misspelt one. */
function metricValueProblems(values: HelmValues, version: CiliumVersion): Problem[] {
  const content = valueAt(values, "hubble.metrics.dynamic.config.content");
  return [
    ["hubble.metrics.enabled", valueAt(values, "hubble.metrics.enabled")] as const,
    [
      "hubble.metrics.dynamic.config.content",
      Array.isArray(content) ? content.map((metric: HelmValue) => textOfDynamicMetric(metric) ?? null) : undefined,
    ] as const,
  ].flatMap(([path, list]) => {
    if (!Array.isArray(list)) return [];
    const texts = list.filter((text): text is string => typeof text === "string" && !Token.isUnresolved(text));
    return hubbleMetricProblems(texts, version).map((problem) => ({
      ...problem,
      property: `${path}${problem.property}`,
    }));
  });
}
