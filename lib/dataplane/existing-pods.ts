import type { Construct } from "constructs";
import { type CiliumRelease, type EffectiveRelease, effectiveValue } from "../cilium";
import {
  EXISTING_PODS_OPTIONS,
  ExistingPods,
  existingPodsRules,
  type ExistingPodsOptions as RestartOptions,
} from "../existing-pods";
import { type CheckTable, isKnown, judged, nested, nestProblems, type Problem } from "../validation";
import type { DataplaneContext } from "./facts";

/** What is done about pods that ran before Cilium. */
export interface RestartExistingPodsOptions {
  /**
   * Restart the pods that Cilium does not manage, because they ran before it: a Job does, once, controller by controller
   * and by evictions, so that disruption budgets are asked. `{}` for all of them.
   *
   * @default - they are left
   */
  readonly existingPods?: RestartOptions;
}

/** What the option must look like. */
const OPTION: CheckTable<RestartExistingPodsOptions> = {
  existingPods: nested(EXISTING_PODS_OPTIONS),
};

/** What is wrong with the option beyond its kind. */
function problems({ existingPods }: RestartExistingPodsOptions): Problem[] {
  return existingPods === undefined || !isKnown(existingPods)
    ? []
    : nestProblems("existingPods", existingPodsRules(existingPods));
}

/** What works but deserves a sentence. */
function warnings(
  { existingPods, imageRegistry }: RestartExistingPodsOptions & { readonly imageRegistry?: string },
  release: EffectiveRelease,
): Problem[] {
  if (existingPods === undefined) return [];
  const found: Problem[] = [];
  const watcher = "operator.unmanagedPodWatcher";
  // Without a selector the operator minds kube-dns alone.
  if (effectiveValue(release, `${watcher}.restart`) === true && effectiveValue(release, `${watcher}.selector`))
    found.push({
      property: "existingPods",
      rule: "asks disruption budgets, but the operator meanwhile deletes the same pods of Deployments without asking any, one every few seconds",
      remedy: "set restartUnmanagedPods to false until the Job is done",
    });
  if (imageRegistry !== undefined && existingPods.image === undefined)
    found.push({
      property: "existingPods.image",
      rule: "is Docker Hub's, although Cilium's images come from 'imageRegistry'",
      remedy: "name an image of your registry that has Node 20 or later",
    });
  return found;
}

/** Declares the Job, if it is asked for, for when the release is there. */
function declare(
  scope: Construct,
  { existingPods }: RestartExistingPodsOptions,
  cilium: CiliumRelease,
  { connection }: DataplaneContext,
): ExistingPods | undefined {
  if (existingPods === undefined) return undefined;
  return new ExistingPods(
    scope,
    "existing-pods",
    judged({
      ...existingPods,
      namespace: cilium.namespace,
      dependsOn: [cilium.release],
      provider: connection.kubernetesProvider,
    }),
  );
}

/** Everything that both kinds of dataplane with a Cilium of one's own need for the option. */
export const EXISTING_PODS = { table: OPTION, problems, warnings, declare } as const;
