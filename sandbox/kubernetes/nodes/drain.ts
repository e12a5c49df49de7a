import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type KubernetesClient, type Pod, unless } from "../client";

const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/**
 * Evicts the pods of a node, but for those of DaemonSets and static ones, and waits until they are gone.
 *
 * @param timeout How long what may not be evicted is tried again, in milliseconds. It stays after that.
 */
export async function drain(client: KubernetesClient, node: string, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const pods = (await podsOn(client, node)).filter(isEvictable);
    await Promise.all(pods.map((pod) => evict(client, pod)));
    if (pods.length === 0 || Date.now() >= deadline) return;
    await sleep(100);
  }
}

/** Takes away what is still bound to a node that is gone, as the garbage collector would after a minute. */
export async function removePods(client: KubernetesClient, node: string): Promise<void> {
  for (const pod of await podsOn(client, node))
    await client.delete(pathOf(pod), { gracePeriodSeconds: 0, propagationPolicy: "Background" });
}

/** Whether a drain moves a pod. */
export function isEvictable(pod: Pod): boolean {
  if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return false;
  if (pod.metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet")) return false;
  return pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed";
}

async function evict(client: KubernetesClient, pod: Pod): Promise<void> {
  if (pod.metadata.deletionTimestamp) return;
  const { name, namespace } = pod.metadata;
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
  await client
    .create(`${pathOf(pod)}/eviction`, eviction)
    .catch(unless(404))
    .catch((error: unknown) => {
      // A PodDisruptionBudget says "not now"; the next round asks again.
      if (!(error instanceof ApiError && error.status === 429)) throw error;
    });
}

function podsOn(client: KubernetesClient, node: string): Promise<Pod[]> {
  return client.list<Pod>(`/api/v1/pods?fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`);
}

function pathOf({ metadata }: Pod): string {
  return `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
}
