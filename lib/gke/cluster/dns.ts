import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { type CheckTable, isKnown, oneOf, type Problem, required, text } from "../../validation";
import type { EffectiveCluster } from "./effective";

/** What answers DNS in the cluster. https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns */
export interface ClusterDns {
  /** kube-dns in the cluster, Cloud DNS outside of it, or what GKE takes for the kind of cluster. */
  readonly provider: "KUBE_DNS" | "CLOUD_DNS" | "PLATFORM_DEFAULT";

  /**
   * Who can ask for names of the cluster: its pods, or everybody in the VPC. Only with Cloud DNS.
   *
   * @default - "CLUSTER_SCOPE" with Cloud DNS
   */
  readonly scope?: "CLUSTER_SCOPE" | "VPC_SCOPE";

  /**
   * Domain of the cluster's names, unique in the VPC. Required with `VPC_SCOPE`, and only there.
   *
   * @default "cluster.local"
   */
  readonly domain?: string;

  /**
   * Domain under which headless services are answered in the whole VPC, too. Only with `CLUSTER_SCOPE`.
   *
   * @default - none
   */
  readonly additiveVpcDomain?: string;
}

const domain = text({
  matches: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  rule: "is not a domain",
  remedy: "give one such as staging.acme.internal",
});

/** The checks of these options, each by itself. */
export const CLUSTER_DNS: CheckTable<ClusterDns> = {
  provider: required(oneOf(["KUBE_DNS", "CLOUD_DNS", "PLATFORM_DEFAULT"]), "say what answers"),
  scope: oneOf(["CLUSTER_SCOPE", "VPC_SCOPE"]),
  domain,
  additiveVpcDomain: domain,
};

/** Options to the cluster's attribute. */
export function dnsConfig({ dns }: EffectiveCluster): Pick<ContainerClusterConfig, "dnsConfig"> {
  if (dns === undefined) return {};
  return {
    dnsConfig: {
      clusterDns: dns.provider,
      clusterDnsScope: dns.scope ?? (dns.provider === "CLOUD_DNS" ? "CLUSTER_SCOPE" : undefined),
      clusterDnsDomain: dns.domain,
      additiveVpcScopeDnsDomain: dns.additiveVpcDomain,
    },
  };
}

/** What is wrong with them beside each other. */
export function dnsProblems({ dns, autopilot }: EffectiveCluster): Problem[] {
  if (dns === undefined || !isKnown(dns) || !isKnown(dns.provider)) return [];
  const problems: Problem[] = [];
  if (autopilot && dns.provider === "KUBE_DNS")
    problems.push({
      property: "dns.provider",
      value: dns.provider,
      rule: "is not to be had with Autopilot, where Cloud DNS answers",
      remedy: "leave dns out, or choose CLOUD_DNS",
    });
  if (dns.provider !== "CLOUD_DNS") {
    for (const property of ["scope", "domain", "additiveVpcDomain"] as const)
      if (dns[property] !== undefined)
        problems.push({
          property: `dns.${property}`,
          value: dns[property],
          rule: "has no effect without Cloud DNS",
          remedy: 'leave it out, or set dns.provider to "CLOUD_DNS"',
        });
    return problems;
  }
  const scope = dns.scope ?? "CLUSTER_SCOPE";
  if (scope === "VPC_SCOPE" && dns.domain === undefined)
    problems.push({
      property: "dns.domain",
      rule: "is missing: names that the whole VPC can ask for need a domain of their own",
      remedy: "give one such as staging.acme.internal",
    });
  const other = scope === "VPC_SCOPE" ? "additiveVpcDomain" : scope === "CLUSTER_SCOPE" ? "domain" : undefined;
  if (other !== undefined && dns[other] !== undefined)
    problems.push({
      property: `dns.${other}`,
      value: dns[other],
      rule: `has no effect with scope ${scope}`,
      remedy: scope === "VPC_SCOPE" ? "leave it out" : "leave it out, or use VPC_SCOPE or additiveVpcDomain",
    });
  return problems;
}

/** What works, but deserves a sentence. */
export function dnsWarnings({ dns }: EffectiveCluster, managed: boolean): Problem[] {
  if (managed || dns?.provider !== "CLOUD_DNS") return [];
  return [
    {
      property: "dns.provider",
      value: dns.provider,
      rule: "takes kube-dns out of the way of queries, so that policies which allow DNS by the labels of kube-dns match nothing",
      remedy: "let policies allow DNS to 169.254.169.254/32 as well; no run of this library has proven it",
    },
  ];
}
