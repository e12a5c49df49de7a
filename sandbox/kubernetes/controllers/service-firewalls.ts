import type { ServiceFirewall } from "../../gcp/hooks";
import type { Service } from "../client";

/** Where Google's health checks come from: https://cloud.google.com/load-balancing/docs/health-checks#fw-rule */
const HEALTH_CHECKS = ["130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22", "35.191.0.0/16"];
/** Where nodes say whether they take traffic for Services that any node serves. */
const HEALTH_PORT = 10256;
const ANYWHERE = ["0.0.0.0/0"];

/**
 * The firewall rules that Google's controller makes for Services of type LoadBalancer, and takes away with them; nobody does
 * where the cluster is deleted before its Services.
 *
 * @param clusterId Id of the cluster, of which the rule that Services share carries the beginning.
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules#service-fws
 */
export function serviceFirewalls(services: readonly Service[], clusterId: string): ServiceFirewall[] {
  const balanced = services.filter(
    ({ spec, metadata }) => spec?.type === "LoadBalancer" && !metadata.deletionTimestamp,
  );
  if (balanced.length === 0) return [];
  const own = balanced.map(({ metadata, spec }): ServiceFirewall => {
    const ranges = spec?.loadBalancerSourceRanges ?? [];
    return {
      name: `k8s-fw-${`a${(metadata.uid ?? "").replaceAll("-", "")}`.slice(0, 32)}`,
      service: `${metadata.namespace}/${metadata.name}`,
      sourceRanges: ranges.length > 0 ? ranges : ANYWHERE,
      ports: (spec?.ports ?? []).map(({ protocol = "TCP", port }) => ({ protocol: protocol.toLowerCase(), port })),
    };
  });
  const shared = {
    name: `k8s-${clusterId.slice(0, 16)}-node-http-hc`,
    service: "",
    sourceRanges: HEALTH_CHECKS,
    ports: [{ protocol: "tcp", port: HEALTH_PORT }],
  };
  return [...own, shared];
}
