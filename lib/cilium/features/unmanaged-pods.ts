import { type CheckTable, decided, flag, isKnown, type Problem, text, wholeNumber } from "../../validation";
import type { CiliumValues } from "../cilium-values";
import { CiliumVersion } from "../version";

const DEFAULT_WATCH_INTERVAL_SECONDS = 15;

/**
 * Pods of Deployments: the operator deletes whatever matches, without asking who brings it back, and this label is put on
 * pods by the controller of Deployments alone. A selector cannot say "or", so that pods of StatefulSets, DaemonSets and
 * Jobs are left, as are pods of nobody, which would be gone for good.
 */
const PODS_OF_DEPLOYMENTS = "pod-template-hash,cilium.io/restart-unmanaged notin (false)";

/** First version whose operator can be told which pods to restart; before, it only minds kube-dns. */
const FIRST_WITH_SELECTOR = CiliumVersion.of("1.19.0");

export interface UnmanagedPodsOptions {
  /**
   * Whether the operator deletes pods that Cilium does not manage, so that their controllers bring them back on Cilium:
   * one in `unmanagedPodIntervalSeconds` in the whole cluster, whatever disruption budgets say. Without it nothing counts
   * them either: `cilium_operator_unmanaged_pods` has no data.
   *
   * @default true
   */
  readonly restartUnmanagedPods?: boolean;

  /**
   * Which of them it deletes and counts, as a label selector in kubectl's syntax. It does not ask whether anything brings
   * a pod back: what matches and belongs to nobody is gone. Cilium 1.18 only knows `k8s-app=kube-dns`.
   *
   * @default - pods of Deployments but those labelled cilium.io/restart-unmanaged=false
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
  restartUnmanagedPods: decided(flag()),
  unmanagedPodSelector: text({
    matches: /\S/,
    rule: "selects nothing: the chart renders an empty selector as null (cilium/cilium#47952)",
    remedy: "leave it out for the pods of Deployments, or set restartUnmanagedPods to false for none",
  }),
  unmanagedPodIntervalSeconds: wholeNumber({ from: 1, remedy: "give a number of seconds" }),
};

/** What is wrong with the options for this version of Cilium. */
export function unmanagedPodsProblems(options: UnmanagedPodsOptions, version: CiliumVersion): Problem[] {
  if (options.restartUnmanagedPods === false)
    return (["unmanagedPodSelector", "unmanagedPodIntervalSeconds"] as const)
      .filter((property) => options[property] !== undefined)
      .map((property) => ({
        property,
        value: options[property],
        rule: "has no effect where 'restartUnmanagedPods' is false",
        remedy: "leave it out",
      }));
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
 * Restart pods that a node started before Cilium was there: they run on GKE's own CNI, where no policy holds, and with
 * addresses that Cilium may give again. For clusters whose only CNI is Cilium.
 */
export function unmanagedPodsValues(options: UnmanagedPodsOptions, version: CiliumVersion): CiliumValues {
  if (options.restartUnmanagedPods === false) return { operator: { unmanagedPodWatcher: { restart: false } } };
  return {
    operator: {
      unmanagedPodWatcher: {
        restart: true,
        intervalSeconds: options.unmanagedPodIntervalSeconds ?? DEFAULT_WATCH_INTERVAL_SECONDS,
        ...(version.isAtLeast(FIRST_WITH_SELECTOR)
          ? { selector: options.unmanagedPodSelector ?? PODS_OF_DEPLOYMENTS }
          : {}),
      },
    },
  };
}
