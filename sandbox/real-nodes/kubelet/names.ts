import { readFileSync, writeFileSync } from "node:fs";
import { makeDirectories } from "../../../lib/make-directories";
import type { KubernetesObject } from "../../kubernetes/client";
import type { RealNode } from "../node/real-node";
import type { Mount } from "./container";
import type { FullPod } from "./pod";
import { VOLUMES } from "./volumes";

/** Domain of GKE's clusters. */
const DOMAIN = "cluster.local";

/** Where a node has the names of the cluster's Services, for the DNS server of its pods. */
export const NAMES_FILE = "/run/sandbox/names";

/** A Service, as far as its name leads somewhere. */
export interface NamedService extends KubernetesObject {
  readonly spec?: { readonly clusterIP?: string };
}

/** A line for each Service that has a ClusterIP: `name.namespace.svc.cluster.local=address`. */
export function namesOfServices(services: readonly NamedService[]): string {
  return services
    .filter(({ spec }) => /^\d/.test(spec?.clusterIP ?? ""))
    .map(({ metadata, spec }) => `${metadata.name}.${metadata.namespace}.svc.${DOMAIN}=${spec?.clusterIP}\n`)
    .sort()
    .join("");
}

/** Tells a node the names. */
export function tellNames(node: RealNode, names: string): void {
  writeFileSync(node.file(NAMES_FILE), names);
}

/** The `resolv.conf` of a pod; undefined where it has its node's. */
export function resolverOf(pod: FullPod, dns: string): string | undefined {
  const { dnsPolicy = "ClusterFirst", hostNetwork = false } = pod.spec;
  const asksCluster = dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  if (!asksCluster) return undefined;
  const search = [`${pod.metadata.namespace}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN];
  return `search ${search.join(" ")}\nnameserver ${dns}\noptions ndots:5\n`;
}

/** Names of a pod's own (`hostAliases`), as lines behind those of its node's `/etc/hosts`; undefined where it has none. */
export function hostsOf({ spec }: FullPod, nodeHosts: string): string | undefined {
  if (!spec.hostAliases || spec.hostAliases.length === 0) return undefined;
  const lines = spec.hostAliases.map(({ ip, hostnames = [] }) => `${[ip, ...hostnames].join("\t")}\n`);
  return `${nodeHosts}${lines.join("")}`;
}

/**
 * What containers of a pod see in place of their node's `/etc/hosts` and `/etc/resolv.conf`.
 *
 * @param dns ClusterIP of the cluster's DNS. What has the node's own files has its resolver as well: then there is none.
 */
export function nameMounts(node: RealNode, pod: FullPod, dns: string | undefined): Mount[] {
  const texts = {
    hosts: hostsOf(pod, readFileSync(node.file("/etc/hosts"), "utf8")),
    "resolv.conf": dns === undefined ? undefined : resolverOf(pod, dns),
  };
  const directory = `${VOLUMES}/${pod.metadata.uid}`;
  return Object.entries(texts).flatMap(([name, text]) => {
    if (text === undefined) return [];
    makeDirectories(node.file(directory));
    writeFileSync(node.file(`${directory}/${name}`), text);
    return [{ source: `${directory}/${name}`, target: `/etc/${name}`, readOnly: true }];
  });
}
