import { ApiError, type KubeNode, type KubernetesClient, unless } from "../client";

const ATTEMPTS = 10;

/**
 * Changes a node by a merge patch made from what it is now; lists such as taints have several writers, so the patch is
 * made again if somebody was faster. A node that is gone meanwhile needs no change.
 */
export async function changeNode(
  client: KubernetesClient,
  name: string,
  patchFor: (node: KubeNode) => object | undefined,
): Promise<void> {
  const path = `/api/v1/nodes/${name}`;
  for (let attempt = 1; ; attempt += 1) {
    const node = await client.find<KubeNode>(path);
    const patch = node && (patchFor(node) as { metadata?: object } | undefined);
    if (!node || !patch) return;
    const metadata = { ...patch.metadata, resourceVersion: node.metadata.resourceVersion };
    try {
      await client.patch(path, { ...patch, metadata }).catch(unless(404));
      return;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409) || attempt === ATTEMPTS) throw error;
    }
  }
}
