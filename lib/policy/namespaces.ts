import type { Manifest } from "../kubernetes";
import { isFields } from "./check/fault";
import type { PoliciesOptions } from "./options";
import type { SoundPolicy } from "./source";

/** Namespaces that every cluster has, or that are Google's own. */
const THERE = /^(default|kube-.*|gke-.*|gmp-.*|cilium-secrets)$/;

/** Keeps Helm from deleting a namespace, and everything in it, with the policies. */
const KEEP = { "helm.sh/resource-policy": "keep" } as const;

/** Namespaces that policies are in, each once, and those that stand in the files themselves. */
export function namespaceManifests(policies: readonly SoundPolicy[], options: PoliciesOptions): Manifest[] {
  const manifests = new Map<string, Manifest>();
  if (options.createNamespaces !== false)
    for (const { namespace } of policies)
      if (namespace !== undefined && !THERE.test(namespace)) manifests.set(namespace, named(namespace));
  for (const { kind, name, object } of policies) {
    if (kind !== "Namespace") continue;
    const metadata = isFields(object["metadata"]) ? object["metadata"] : {};
    const annotations = isFields(metadata["annotations"]) ? metadata["annotations"] : {};
    const own = { ...object, metadata: { ...metadata, annotations: { ...KEEP, ...annotations } } };
    manifests.set(name, own as unknown as Manifest);
  }
  return [...manifests.values()];
}

function named(name: string): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, annotations: KEEP } };
}
