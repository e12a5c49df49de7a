import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { type HelmValues, helmValues, mergeValues, renderValues } from "../../helm";
import { type CheckTable, text, wholeNumber } from "../../validation";

/** Version of kube-prometheus-stack whose values this library knows. */
export const DEFAULT_CHART_VERSION = "88.5.3";
const CHART_REPOSITORY = "https://prometheus-community.github.io/helm-charts";
const CHART = "kube-prometheus-stack";
/** Also the beginning of the names of most objects of the chart. */
const RELEASE_NAME = "kube-prometheus-stack";
const DEFAULT_TIMEOUT_SECONDS = 600;
const MAX_HISTORY = 10;

/** Where the chart of Prometheus and Grafana comes from, and what is changed about it. */
export interface StackChartOptions {
  /**
   * Version of the chart kube-prometheus-stack. Helm does not update custom resource definitions with it: see the
   * chart's notes when going to another major version.
   *
   * @default "88.5.3"
   */
  readonly chartVersion?: string;

  /**
   * Chart repository, or an OCI registry path (`oci://...`) that holds the chart.
   *
   * @default "https://prometheus-community.github.io/helm-charts"
   */
  readonly chartRepository?: string;

  /**
   * Any values of the chart, in its own names. Merged last: they win over everything this library sets, and lists are
   * replaced.
   *
   * @default none
   */
  readonly values?: HelmValues;

  /**
   * Seconds that Helm waits for the pods.
   *
   * @default 600
   */
  readonly timeoutSeconds?: number;
}

/** What the options must look like. */
export const STACK_CHART_OPTIONS: CheckTable<StackChartOptions> = {
  chartVersion: text({
    matches: /^\d+\.\d+\.\d+$/,
    rule: "is not a version of a chart",
    remedy: `write it as ${DEFAULT_CHART_VERSION}`,
  }),
  chartRepository: text({
    matches: /^(https?|oci):\/\/[^\s]+$/,
    rule: "is neither a chart repository nor an OCI registry",
    remedy: "write it as https://host/path or oci://host/path",
  }),
  values: helmValues(),
  timeoutSeconds: wholeNumber({ from: 1, remedy: `give a number of seconds, e.g. ${DEFAULT_TIMEOUT_SECONDS}` }),
};

/** Declares the release of kube-prometheus-stack. */
export function stackRelease(
  scope: Construct,
  id: string,
  props: {
    readonly namespace: string;
    readonly options: StackChartOptions;
    /** What this library sets. */
    readonly values: HelmValues;
    readonly dependsOn: readonly ITerraformDependable[];
    readonly provider: TerraformProvider;
  },
): Release {
  const { options } = props;
  return new Release(scope, id, {
    name: RELEASE_NAME,
    namespace: props.namespace,
    repository: options.chartRepository ?? CHART_REPOSITORY,
    chart: CHART,
    version: options.chartVersion ?? DEFAULT_CHART_VERSION,
    values: renderValues(mergeValues(props.values, options.values ?? {})),
    maxHistory: MAX_HISTORY,
    timeout: options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    // As for every release: a first installation that failed is adopted by the next run.
    upgradeInstall: true,
    wait: true,
    dependsOn: [...props.dependsOn],
    provider: props.provider,
  });
}
