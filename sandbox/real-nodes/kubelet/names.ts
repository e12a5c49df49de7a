import { writeFileSync } from "node:fs";
import { makeDirectories } from "../../../lib/make-directories";
import type { KubernetesObject } from "../../kubernetes/client";
import type { RealNode } from "../node/real-node";
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

/** Where a node has the resolver's configuration of a pod; undefined where the node's own is it. */
export function resolverFile(node: RealNode, pod: FullPod, dns: string): string | undefined {
  const text = resolverOf(pod, dns);
  if (text === undefined) return undefined;
  const directory = `${VOLUMES}/${pod.metadata.uid}`;
  makeDirectories(node.file(directory));
  writeFileSync(node.file(`${directory}/resolv.conf`), text);
  return `${directory}/resolv.conf`;
}
