import type { KubernetesClient } from "../../kubernetes/client";
import type { EnvironmentVariable, FullContainer, FullPod, KeyReference } from "./pod";

/** What the pod's node tells it. */
export interface NodeFacts {
  readonly address: string;
  /** Address of the pod, once it has one. */
  readonly podAddress: string;
  /** ClusterIP of `default/kubernetes`. */
  readonly kubernetesService: string;
}

/** The environment of a container, as the pod asks for it. References that are optional and missing are left out. */
export async function containerEnvironment(
  client: KubernetesClient,
  pod: FullPod,
  container: FullContainer,
  facts: NodeFacts,
): Promise<Record<string, string>> {
  const environment: Record<string, string> = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    HOSTNAME: pod.spec.hostNetwork ? (pod.spec.nodeName ?? "") : pod.metadata.name,
    KUBERNETES_SERVICE_HOST: facts.kubernetesService,
    KUBERNETES_SERVICE_PORT: "443",
  };
  for (const variable of container.env ?? []) {
    const value = await valueFor(client, pod, variable, facts);
    if (value !== undefined) environment[variable.name] = expand(value, environment);
  }
  return environment;
}

/** Replaces `$(NAME)` by variables that are known; what is unknown stays as it is, as Kubernetes has it. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([-A-Za-z0-9_.]+)\))/g, (whole, kind: string, name: string) =>
    kind === "$" ? "$" : (variables[name] ?? whole),
  );
}

/** A field of the pod, by a path of the downward API. */
export function fieldOf(pod: FullPod, path: string, facts?: NodeFacts): string {
  const keyed = path.match(/^metadata\.(labels|annotations)\['(.+)'\]$/);
  if (keyed) return pod.metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2] ?? ""] ?? "";
  switch (path) {
    case "metadata.name":
      return pod.metadata.name;
    case "metadata.namespace":
      return pod.metadata.namespace ?? "";
    case "metadata.uid":
      return pod.metadata.uid ?? "";
    case "spec.nodeName":
      return pod.spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "default";
    case "status.hostIP":
    case "status.hostIPs":
      return facts?.address ?? "";
    case "status.podIP":
    case "status.podIPs":
      return facts?.podAddress ?? "";
    default:
      return "";
  }
}

async function valueFor(
  client: KubernetesClient,
  pod: FullPod,
  { value, valueFrom }: EnvironmentVariable,
  facts: NodeFacts,
): Promise<string | undefined> {
  if (value !== undefined || !valueFrom) return value ?? "";
  if (valueFrom.fieldRef) return fieldOf(pod, valueFrom.fieldRef.fieldPath, facts);
  // Containers without limits see the node's: a number that no program minds.
  if (valueFrom.resourceFieldRef) return valueFrom.resourceFieldRef.resource.includes("memory") ? "4294967296" : "2";
  if (valueFrom.configMapKeyRef) return keyOf(client, pod, "configmaps", valueFrom.configMapKeyRef, (text) => text);
  if (valueFrom.secretKeyRef)
    return keyOf(client, pod, "secrets", valueFrom.secretKeyRef, (text) => Buffer.from(text, "base64").toString());
  return undefined;
}

async function keyOf(
  client: KubernetesClient,
  pod: FullPod,
  kind: "configmaps" | "secrets",
  { name, key, optional }: KeyReference,
  decode: (text: string) => string,
): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/${kind}/${name}`;
  const text = (await client.find<{ data?: Record<string, string> }>(path))?.data?.[key];
  if (text !== undefined) return decode(text);
  if (optional) return undefined;
  throw new Error(`${kind} "${name}" has no key "${key}"`);
}
