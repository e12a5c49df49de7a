import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type HelmValues, helmValues, mergeValues, renderValues } from "../helm";
import {
  addWarnings,
  assertSound,
  type CheckTable,
  decided,
  examine,
  isJudged,
  isKnown,
  listOf,
  madeBy,
  nested,
  type Problem,
  text,
  textJudgedBy,
  wholeNumber,
} from "../validation";
import { CILIUM_HELM_REPOSITORY, type CiliumChartSource } from "./chart-source";
import type { CiliumValues } from "./cilium-values";
import { type EffectiveRelease, effectiveRelease, type ReleaseLayers } from "./effective-release";
import {
  canWaitForPods,
  gkeDefaultValues,
  imageRegistryProblems,
  imageRegistryValues,
  resourceValues,
  rollOutValues,
} from "./features";
import { firstMinor } from "./first-minor";
import { type CiliumReleaseRuleOptions, ciliumReleaseProblems } from "./release-rules";
import { ciliumReleaseWarnings } from "./release-warnings";
import { riskAcceptance } from "./risks";
import { CiliumVersion } from "./version";

const DEFAULT_NAMESPACE = "kube-system";
const DEFAULT_RELEASE_NAME = "cilium";
const DEFAULT_TIMEOUT_SECONDS = 900;
/** Enough to go back after a bad change; each revision is a Secret of some 100 KB. */
const MAX_HISTORY = 10;

/** What the author of an environment may say about the release, in every dataplane that has one. */
export interface CiliumReleaseOptions extends CiliumReleaseRuleOptions {
  /**
   * Version of Cilium and its chart.
   *
   * @default CiliumVersion.DEFAULT
   */
  readonly version?: CiliumVersion;

  /**
   * Where the chart comes from.
   *
   * @default - Cilium's own chart repository
   */
  readonly chartSource?: CiliumChartSource;

  /**
   * Registry path that mirrors `quay.io/cilium`, e.g. `europe-docker.pkg.dev/acme/cilium`.
   *
   * @default - quay.io/cilium
   */
  readonly imageRegistry?: string;

  /**
   * Seconds that Helm waits for the pods. Nodes that are created meanwhile count.
   *
   * @default 900
   */
  readonly timeoutSeconds?: number;

  /**
   * Any values of the chart, in its own names. Merged last: they win over everything this library sets, lists are
   * replaced and not appended to, and `null` takes the chart's own default out. Checked against the chart's keys. Text
   * reaches the chart as it is written, `${...}` included: for what only Terraform knows, use tokens.
   *
   * @default - none
   */
  readonly values?: HelmValues;
}

/** What the options must look like. */
export const CILIUM_RELEASE_OPTIONS: CheckTable<CiliumReleaseOptions> = {
  version: madeBy((value) => value instanceof CiliumVersion, "CiliumVersion.of()"),
  chartSource: nested<CiliumChartSource>({ repository: text(), chart: text() }),
  imageRegistry: textJudgedBy(imageRegistryProblems, "write host and path, e.g. europe-docker.pkg.dev/acme/cilium"),
  timeoutSeconds: wholeNumber({ from: 1, remedy: "give a number of seconds, e.g. 900" }),
  upgradeCompatibility: text(),
  accept: decided(listOf(riskAcceptance())),
  // Judged key by key, merged with everything else.
  values: helmValues(() => []),
};

export interface CiliumReleaseProps extends CiliumReleaseOptions {
  /**
   * Values that the caller's `values` are merged over: the union of feature functions such as `hubbleValues()`.
   *
   * @default - what every release on GKE gets: pods restart when their configuration changes, resources,
   *   the plugin where nodes let it be written, no load balancer IPAM
   */
  readonly baseValues?: HelmValues;

  /**
   * Namespace of the release. Created where it is not kube-system; GKE then needs the ResourceQuota for critical pods
   * that the chart adds with `gke.enabled`.
   *
   * @default "kube-system"
   */
  readonly namespace?: string;

  /**
   * What must exist before Cilium is installed.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];

  /**
   * The helm provider to use.
   *
   * @default - the stack's only one
   */
  readonly provider?: TerraformProvider;
}

/**
 * Cilium as a Helm release, on any GKE cluster that the helm provider can reach.
 *
 * Not atomic: rolling back a failed first installation would take the CNI off the cluster again, and every pod's
 * network with it. Where a first installation timed out, the next run adopts it.
 *
 * @throws ConfigurationError with every problem in the values, before anything is created.
 */
export class CiliumRelease extends Construct {
  /** The underlying resource. */
  public readonly release: Release;
  public readonly version: CiliumVersion;
  public readonly namespace: string;
  /** The values after all merging, tokens included. */
  public readonly values: HelmValues;
  /** The release as it will run, each value with who decided it. */
  public readonly effective: EffectiveRelease;

  public constructor(scope: Construct, id: string, props: CiliumReleaseProps = {}) {
    super(scope, id);
    assertSound(this.node.path, props, () => propsProblems(props));
    this.version = props.version ?? CiliumVersion.DEFAULT;
    this.namespace = props.namespace ?? DEFAULT_NAMESPACE;
    const first = firstMinor(this, { ...props, version: this.version });
    this.values = ciliumReleaseValues({ ...props, upgradeCompatibility: first.minor });
    this.effective = effectiveRelease(releaseLayers(props));
    if (!isJudged(props)) addWarnings(this, this.node.path, ciliumReleaseWarnings(this.effective));

    this.release = new Release(this, "Default", {
      name: DEFAULT_RELEASE_NAME,
      namespace: this.namespace,
      createNamespace: this.namespace !== DEFAULT_NAMESPACE,
      repository: props.chartSource?.repository ?? CILIUM_HELM_REPOSITORY,
      chart: props.chartSource?.chart ?? "cilium",
      version: this.version.toString(),
      values: renderValues(this.values),
      atomic: false,
      cleanupOnFail: false,
      maxHistory: MAX_HISTORY,
      timeout: props.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      // Provider 3.1.1 forgets a release whose first installation failed; without this the name would be taken for good.
      upgradeInstall: true,
      wait: canWaitForPods(this.version, this.values as CiliumValues),
      dependsOn: props.dependsOn === undefined ? undefined : [...props.dependsOn],
      provider: props.provider,
      lifecycle: first.precondition && { precondition: [first.precondition] },
    });
  }
}

/** Everything that is wrong with the props of a release. */
function propsProblems({ baseValues, namespace, dependsOn, provider, ...given }: CiliumReleaseProps): Problem[] {
  const { problems, options } = examine(given, CILIUM_RELEASE_OPTIONS);
  const release = effectiveRelease(releaseLayers({ ...options, baseValues, namespace }));
  return [...problems, ...ciliumReleaseProblems(options, release)];
}

/** What a release is put together from. */
export function releaseLayers(props: CiliumReleaseProps): ReleaseLayers {
  const version = isKnown(props.version) ? props.version : CiliumVersion.DEFAULT;
  return {
    version,
    namespace: props.namespace,
    accept: props.accept,
    defaults: mergeValues(
      rollOutValues(),
      resourceValues(),
      gkeDefaultValues(),
      { upgradeCompatibility: props.upgradeCompatibility ?? version.minorVersion },
      props.imageRegistry === undefined ? {} : imageRegistryValues(props.imageRegistry),
    ),
    baseValues: props.baseValues,
    values: props.values,
  };
}

/** The values of a release after all merging. */
export function ciliumReleaseValues(props: CiliumReleaseProps): HelmValues {
  return effectiveRelease(releaseLayers(props)).values;
}
