import { type HelmValues, valueAt } from "../helm";
import type { Problem } from "../validation";
import type { CiliumValues } from "./cilium-values";
import { GKE_CNI_BIN_PATH, hasSafeKubeletWrapper } from "./features";
import type { CiliumVersion } from "./version";

/** Every risk that can be accepted. */
export const CILIUM_RISKS = ["l2-announcements", "load-balancer-ipam"] as const;

/**
 * Something that is refused on GKE because it breaks ordinary clusters, and can be accepted by name by those who have
 * arranged for it.
 *
 * - `l2-announcements`: ARP announcements. A VPC routes; nodes own a /32, and the fabric answers ARP.
 * - `load-balancer-ipam`: Cilium's address management for every LoadBalancer Service without a class. It takes the
 *   addresses away that Google's controller gave.
 */
export type CiliumRisk = (typeof CILIUM_RISKS)[number];

/** What in the merged values cannot work on GKE, as seen by the chart: absent keys have the chart's defaults. */
export function gkeRuleProblems(
  values: HelmValues,
  version: CiliumVersion,
  accept: readonly CiliumRisk[] = [],
): Problem[] {
  const known = values as CiliumValues;
  const problems: Problem[] = [];
  const refuse = (path: string, rule: string, remedy: string) =>
    problems.push({ property: `values.${path}`, value: valueAt(values, path), rule, remedy });

  for (const key of ["devices", "egressMasqueradeInterfaces"]) {
    if (isSet(valueAt(values, key)))
      refuse(
        key,
        "has broken GKE clusters: nodes have one interface, eth0, and Cilium finds it by itself",
        "leave it out",
      );
  }
  const binPath = valueAt(values, "cni.binPath");
  if (isSet(binPath) && binPath !== GKE_CNI_BIN_PATH)
    refuse(
      "cni.binPath",
      "is not where GKE's nodes look for plugins, and read-only on Container-Optimized OS (cilium/cilium#35336)",
      `leave it out for ${GKE_CNI_BIN_PATH}`,
    );
  if (valueAt(values, "autoDirectNodeRoutes") === true)
    refuse("autoDirectNodeRoutes", "needs nodes on one layer 2 network; GKE's VPC routes pods itself", "leave it out");
  if (known.gke?.enabled === true && known.routingMode !== undefined && known.routingMode !== "native")
    refuse("routingMode", "must be native where gke.enabled is true: the chart refuses to render", "use native");
  if (valueAt(values, "installNoConntrackIptablesRules") === true)
    refuse(
      "installNoConntrackIptablesRules",
      "needs masquerading in BPF for all traffic, which GKE's endpoint routes rule out; the chart ignores it there",
      "leave it out",
    );
  if (
    known.bpf?.masquerade === true &&
    isTrue(valueAt(values, "kubeProxyReplacement")) &&
    known.bpf.hostLegacyRouting === undefined
  )
    refuse(
      "bpf.hostLegacyRouting",
      "must be said where Cilium masquerades in BPF: BPF host routing passes by the metadata server that Workload Identity needs (cilium/cilium#28655)",
      "set it to true, or to false on a cluster without Workload Identity",
    );
  if (valueAt(values, "keepDeprecatedLabels") === true && known.gke?.enabled === true)
    refuse("keepDeprecatedLabels", "is refused by the chart where gke.enabled is true", "leave it out");
  if (known.nodeinit?.enabled && known.nodeinit.reconfigureKubelet && !hasSafeKubeletWrapper(version))
    refuse(
      "nodeinit.reconfigureKubelet",
      `crash-loops on GKE 1.36.2 and later with Cilium ${version}, and then no agent starts (cilium/cilium#47884)`,
      "set it to false, or use Cilium 1.20.2 or later",
    );
  if (isChained(known)) problems.push(...chainingRuleProblems(values));
  if (valueAt(values, "l2announcements.enabled") === true && !accept.includes("l2-announcements"))
    refuse(
      "l2announcements.enabled",
      "cannot work on GKE: the VPC routes and answers ARP itself",
      "leave it out, or accept l2-announcements",
    );
  const byDefault = known.defaultLBServiceIPAM ?? "lbipam";
  if ((known.enableLBIPAM ?? true) && byDefault === "lbipam" && !accept.includes("load-balancer-ipam"))
    refuse(
      "enableLBIPAM",
      "would manage every LoadBalancer Service without a class and clear the addresses Google gave (cilium/cilium#39805)",
      "set defaultLBServiceIPAM to none, or accept load-balancer-ipam",
    );
  return problems;
}

/** Chained behind GKE's CNI, with Calico beside it. */
function chainingRuleProblems(values: HelmValues): Problem[] {
  const known = values as CiliumValues;
  const problems: Problem[] = [];
  if (known.cni?.customConf !== true && known.cni?.exclusive !== false)
    problems.push({
      property: "values.cni.exclusive",
      value: known.cni?.exclusive,
      rule: "renames the CNI configuration that Cilium is chained to; GKE's installer then switches Calico off",
      remedy: "set it to false",
    });
  if (known.nodeinit?.enabled && known.nodeinit.reconfigureKubelet)
    problems.push({
      property: "values.nodeinit.reconfigureKubelet",
      value: true,
      rule: "deletes every CNI configuration but Cilium's from the nodes, and with it the one Cilium is chained to",
      remedy: "leave nodeinit off",
    });
  return problems;
}

/** A target alone implies the mode. */
function isChained({ cni }: CiliumValues): boolean {
  return cni?.chainingMode === "generic-veth" || (!isSet(cni?.chainingMode) && isSet(cni?.chainingTarget));
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}
