import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterView, NodePoolView, NodeView } from "../../gcp/hooks";
import { at, stringOf } from "../../gcp/json";
import { hasCondition, type KubeNode, type KubernetesClient, unless } from "../client";
import { changeNode } from "./change";
import { drain, removePods } from "./drain";
import { isReal, type NodeMachines, REAL_MARK } from "./machines";
import { nodeObject, nodeStatus, POOL_LABEL } from "./node-object";
import { nodePatch, planNodes, withPoolTaints } from "./plan";
import { firstFreeAddress, firstFreeRange, podsPrefix } from "./ranges";

const NODES = "/api/v1/nodes";
/** Where nodes get addresses from if the cloud does not tell the range of their subnetwork. */
const DEFAULT_NODES_CIDR = "10.128.0.0/16";
/** A machine that is busy boots slowly; one that hangs is told. */
const READY_TIMEOUT = 300_000;
/**
 * How long evictions are tried again where a PodDisruptionBudget forbids them, in milliseconds. GKE tries for an hour;
 * what cannot be evicted goes without asking afterwards, here as there.
 */
const DRAIN_TIMEOUT = 15_000;

/**
 * Makes a pool have exactly the nodes that it should have: new ones first, and old ones drained before they go.
 *
 * @param machines Gives nodes a real network; without it all are played.
 */
export async function reconcileNodes(
  client: KubernetesClient,
  cluster: ClusterView,
  pool: NodePoolView,
  machines?: NodeMachines,
): Promise<void> {
  const existing = await client.list<KubeNode>(NODES);
  const plan = planNodes(cluster, pool, existing);
  const nodes = [...existing];
  for (const view of plan.create) nodes.push(await createNode(client, cluster, pool, view, nodes, machines));
  // Those of an earlier sandbox as well: their machines ended with it.
  for (const node of nodes.filter(isReal)) {
    const view = pool.nodes.find(({ name }) => name === node.metadata.name);
    if (view) await machines?.boot(node, view, pool);
  }
  await Promise.all(plan.create.map((view) => waitUntilReady(client, view.name)));
  for (const view of plan.update) await changeNode(client, view.name, (node) => nodePatch(cluster, pool, view, node));
  await removeNodes(client, plan.remove, machines);
}

/** Puts the taints of a pool on its nodes again. */
export async function reapplyTaints(client: KubernetesClient, pool: NodePoolView): Promise<void> {
  for (const node of await poolNodes(client, pool.name))
    await changeNode(client, node.metadata.name, (now) => ({ spec: { taints: withPoolTaints(pool, now) } }));
}

/** Takes every node of a pool away. */
export async function removePool(client: KubernetesClient, pool: string, machines?: NodeMachines): Promise<void> {
  const nodes = await poolNodes(client, pool);
  await removeNodes(
    client,
    nodes.map((node) => node.metadata.name),
    machines,
  );
}

function poolNodes(client: KubernetesClient, pool: string): Promise<KubeNode[]> {
  return client.list<KubeNode>(`${NODES}?labelSelector=${encodeURIComponent(`${POOL_LABEL}=${pool}`)}`);
}

async function createNode(
  client: KubernetesClient,
  cluster: ClusterView,
  pool: NodePoolView,
  view: NodeView,
  others: readonly KubeNode[],
  machines?: NodeMachines,
): Promise<KubeNode> {
  const taken = others.map((node) => node.spec?.podCIDR).filter((cidr) => cidr !== undefined);
  const addresses = others.flatMap((node) => node.status?.addresses ?? []);
  const placement = {
    // A pool may have a range of its own for its pods.
    podCidr: firstFreeRange(
      stringOf(at(pool.resource, "networkConfig.podIpv4CidrBlock")) || cluster.podsCidr,
      podsPrefix(pool.maxPodsPerNode),
      taken,
    ),
    address: firstFreeAddress(cluster.nodesCidr ?? DEFAULT_NODES_CIDR, [
      ...(machines?.reserved ?? []),
      ...addresses.filter(({ type }) => type === "InternalIP").map(({ address }) => address),
    ]),
  };
  const object = nodeObject(cluster, pool, view, placement);
  const annotations = { ...object.metadata.annotations, ...(machines?.wants(others) ? REAL_MARK : {}) };
  await client.create<KubeNode>(NODES, { ...object, metadata: { ...object.metadata, annotations } }).catch(unless(409));
  return client.patch<KubeNode>(`${NODES}/${view.name}/status`, nodeStatus(cluster, pool, view, placement));
}

async function waitUntilReady(client: KubernetesClient, name: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT;
  while (!hasCondition(await client.get<KubeNode>(`${NODES}/${name}`), "Ready")) {
    if (Date.now() > deadline)
      throw new Error(`node ${name} did not register with the control plane in ${READY_TIMEOUT / 1000} s`);
    await sleep(50);
  }
}

async function removeNodes(client: KubernetesClient, names: readonly string[], machines?: NodeMachines): Promise<void> {
  if (names.length === 0) return;
  // All are cordoned before any is drained, so that no pod moves from one to the next.
  for (const name of names) await client.patch(`${NODES}/${name}`, { spec: { unschedulable: true } });
  const remaining = (await client.list<KubeNode>(NODES)).filter((node) => !node.spec?.unschedulable);
  await Promise.all(
    names.map(async (name) => {
      // Where pods have nowhere to go, waiting for a disruption budget to allow it is in vain.
      await drain(client, name, remaining.length > 0 ? DRAIN_TIMEOUT : 0);
      await client.delete(`${NODES}/${name}`);
      await machines?.remove(name);
      await removePods(client, name);
    }),
  );
}
