import { minorsWith, removedKeys, successorOf } from "../facts/cilium";
import type { Problem } from "../validation";

/** What `examine` says of a name that an interface does not have. */
const NO_OPTION = "is no option";

/** Options of Cilium's releases by other names: keys of the chart that an option decides, and flags of helm. */
export const RELEASE_OPTIONS_ELSEWHERE: Readonly<Record<string, string>> = {
  namespace: "leave it out: Cilium lies in kube-system, where GKE admits its priority classes",
  kubeProxyReplacement:
    'leave it out: Dataplane.kubeProxyFree() replaces kube-proxy, and keeps it beside Cilium with kubeProxy: "coexist"',
  ipam: "leave it out: addresses come from each node's range, which is all that the VPC routes",
  routingMode: "leave it out: routing is native on Google Cloud",
  global: "write what is below it in values: Cilium 1.9 took the prefix away",
  rollOutCiliumPods: "leave it out: agents, operator, Envoy, relay and UI restart for what changes by themselves",
  restartPods: "use restartUnmanagedPods, or existingPods",
  unmanagedPodWatcher: "use restartUnmanagedPods, unmanagedPodSelector and unmanagedPodIntervalSeconds",
  replicas: "use operatorReplicas",
  nativeRoutingCIDR: "use ipv4NativeRoutingCIDR",
  chainingMode: "leave it out: Dataplane.cniChaining() is generic-veth, Dataplane.kubeProxyFree() none",
};

/**
 * Problems of a dataplane's options, of which those that another kind has are answered with that kind: a policy or a chart
 * is often carried over from there.
 *
 * @param theirs Tables of the other kinds, by the factory that makes them.
 */
export function withForeignOptions(
  problems: readonly Problem[],
  theirs: Readonly<Record<string, object>>,
): readonly Problem[] {
  return problems.map((problem) => {
    if (problem.rule !== NO_OPTION) return problem;
    const factories = Object.entries(theirs).flatMap(([factory, table]) =>
      Object.hasOwn(table, problem.property) ? [factory] : [],
    );
    if (factories.length === 0) return problem;
    return {
      ...problem,
      rule: "is no option here",
      remedy: `leave it out, or use ${factories.join(" or ")}, which has it (docs/datapath.md has a table)`,
    };
  });
}

/** Problems of options, of which keys of the chart are answered with the place where those are written. */
export function withChartKeys(problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => {
    const { property, remedy, rule, value } = problem;
    // A name that differs in case alone is the option that was meant.
    const isMeant = remedy.toLowerCase() === `did you mean ${property.toLowerCase()}?`;
    if (rule !== NO_OPTION || isMeant) return problem;
    const removed = removedKeys().find(({ key }) => key === property);
    const successor = removed && successorOf(removed, property, value);
    if (removed !== undefined)
      return {
        ...problem,
        rule: `was a key of the chart, which Cilium ${removed.since} took away`,
        remedy: successor === undefined ? "leave it out" : `use ${successor}, below values`,
      };
    if (minorsWith(property).length === 0) return problem;
    return { ...problem, rule: "is a key of the chart and no option", remedy: "write it below values" };
  });
}
