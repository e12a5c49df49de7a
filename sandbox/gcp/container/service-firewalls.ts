import type { Cloud } from "../cloud";
import { computeName, selfLink } from "../compute/links";
import type { ServiceFirewall } from "../hooks";
import { at, type JsonObject, stringOf } from "../json";
import { partsOf } from "./names";
import { type ClusterRecord, ClusterStore } from "./records";

/**
 * Brings the firewall rules of a cluster's Services to what they must be. When the cluster goes they stay, and hold its
 * network, unless its Services went before.
 */
export function setServiceFirewalls(cloud: Cloud, name: string, wanted: readonly ServiceFirewall[]): void {
  const records = new ClusterStore(cloud);
  const record = records.cluster(name);
  const network = stringOf(at(record?.api, "networkConfig.network"));
  if (!record || !network) return;
  const path = (rule: string): string => computeName(network.replace(/\/networks\/.*/, `/firewalls/${rule}`));
  const before = record.serviceFirewalls ?? [];
  for (const rule of before) if (!wanted.some((each) => each.name === rule)) cloud.store.delete(path(rule));
  const tag = `gke-${partsOf(name).cluster}-${record.hash}-node`;
  for (const rule of wanted) {
    if (!cloud.store.has(path(rule.name))) cloud.store.put(path(rule.name), firewall(cloud, network, rule, tag));
  }
  records.change<ClusterRecord>(name, (changed) => {
    changed.serviceFirewalls = wanted.map((rule) => rule.name);
  });
}

function firewall(cloud: Cloud, network: string, rule: ServiceFirewall, tag: string): JsonObject {
  const protocols = [...new Set(rule.ports.map(({ protocol }) => protocol))];
  return {
    kind: "compute#firewall",
    id: cloud.identity.id(),
    creationTimestamp: new Date().toISOString(),
    name: rule.name,
    description: rule.service === "" ? "" : JSON.stringify({ "kubernetes.io/service-name": rule.service }),
    allowed: protocols.map((IPProtocol) => ({
      IPProtocol,
      ports: rule.ports.filter(({ protocol }) => protocol === IPProtocol).map(({ port }) => String(port)),
    })),
    direction: "INGRESS",
    disabled: false,
    logConfig: { enable: false },
    network: selfLink(network),
    priority: 1000,
    sourceRanges: [...rule.sourceRanges],
    targetTags: [tag],
    selfLink: selfLink(network.replace(/\/networks\/.*/, `/firewalls/${rule.name}`)),
  };
}
