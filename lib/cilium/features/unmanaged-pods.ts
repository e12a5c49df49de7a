import { type CheckTable, isKnown, type Problem, text, wholeNumber } from "../../validation";
import type { CiliumValues } from "../cilium-values";
import { CiliumVersion } from "../version";

const DEFAULT_WATCH_INTERVAL_SECONDS = 15;

/**
 * Matches every pod, in a form the chart renders: an empty selector becomes null
 * (https://github.com/cilium/cilium/pull/47952).
 */
const EVERY_POD = "cilium.io/restart-unmanaged notin (false)";

/** First version whose operator can be told which pods to restart; before, it only minds kube-dns. */
const FIRST_WITH_SELECTOR = CiliumVersion.of("1.19.0");

export interface UnmanagedPodsOptions {
  /**
   * Which pods the operator restarts when Cilium does not manage them, as a label selector in kubectl's syntax. It
   * deletes one pod at a time and does not ask disruption budgets. Cilium 1.18 only knows `k8s-app=kube-dns`.
   *
   * @default - every pod but those labelled cilium.io/restart-unmanaged=false
   */
  readonly unmanagedPodSelector?: string;

  /**
   * Seconds between two looks at the pods.
   *
   * @default 15
   */
  readonly unmanagedPodIntervalSeconds?: number;
}

/** What the options must look like. */
export const UNMANAGED_PODS_OPTIONS: CheckTable<UnmanagedPodsOptions> = {
  unmanagedPodSelector: text({
    matches: /\S/,
    rule: "selects nothing: the chart renders an empty selector as null (cilium/cilium#47952)",
    remedy: "leave it out for every pod",
  }),
  unmanagedPodIntervalSeconds: wholeNumber({ from: 1, remedy: "give a number of seconds" }),
};

/** What is wrong with the options for this version of Cilium. */
export function unmanagedPodsProblems(options: UnmanagedPodsOptions, version: CiliumVersion): Problem[] {
  const { unmanagedPodSelector: selector } = options;
  if (!isKnown(selector) || version.isAtLeast(FIRST_WITH_SELECTOR)) return [];
  return [
    {
      property: "unmanagedPodSelector",
      value: selector,
      rule: `has no effect on Cilium ${version}, whose operator only restarts kube-dns`,
      remedy: `leave it out, or use Cilium ${FIRST_WITH_SELECTOR} or later`,
    },
  ];
}

/**
 * Restart pods that a rebooted node started before Cilium was back: they run on GKE's own CNI, where no policy holds.
 * For clusters whose only CNI is Cilium.
 */
export function unmanagedPodsValues(options: UnmanagedPodsOptions, version: CiliumVersion): CiliumValues {
  return {
    operator: {
      unmanagedPodWatcher: {
        restart: true,
        intervalSeconds: options.unmanagedPodIntervalSeconds ?? DEFAULT_WATCH_INTERVAL_SECONDS,
        ...(version.isAtLeast(FIRST_WITH_SELECTOR) ? { selector: options.unmanagedPodSelector ?? EVERY_POD } : {}),
      },
    },
  };
}
