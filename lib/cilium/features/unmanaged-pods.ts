import type { Problem } from "../../validation";
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

/** What is wrong with the options for this version of Cilium. */
export function unmanagedPodsProblems(options: UnmanagedPodsOptions, version: CiliumVersion): Problem[] {
  const problems: Problem[] = [];
  const { unmanagedPodSelector: selector, unmanagedPodIntervalSeconds: seconds } = options;
  if (selector !== undefined && !version.isAtLeast(FIRST_WITH_SELECTOR))
    problems.push({
      property: "unmanagedPodSelector",
      value: selector,
      rule: `has no effect on Cilium ${version}, whose operator only restarts kube-dns`,
      remedy: `leave it out, or use Cilium ${FIRST_WITH_SELECTOR} or later`,
    });
  if (selector === "")
    problems.push({
      property: "unmanagedPodSelector",
      value: selector,
      rule: "selects nothing: the chart renders an empty selector as null (cilium/cilium#47952)",
      remedy: "leave it out for every pod",
    });
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds < 1))
    problems.push({
      property: "unmanagedPodIntervalSeconds",
      value: seconds,
      rule: "is not a number of seconds",
      remedy: "use a whole number from 1",
    });
  return problems;
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
