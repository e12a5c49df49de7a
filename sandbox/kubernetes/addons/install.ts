import type { ClusterView } from "../../gcp/hooks";
import { Discovery, type KubernetesClient, type KubernetesObject, unless } from "../client";
import { applyDefinitions } from "./definitions";
import { waitWhileEnding } from "./ending";
import { ADDON_NAMES, type AddonName, addonsOf } from "./features";
import { addonObjects } from "./load";

/** GKE makes such an object once and leaves it alone from then on, whatever others write there. */
const ONCE_ANNOTATION = "sandbox.cdktf-gke-cilium/only-once";
const DEFINITION = "CustomResourceDefinition";
/** Kinds that others of the same addon refer to come first. */
const FIRST = ["Namespace", "PriorityClass", "ServiceAccount", "StorageClass", DEFINITION];

/**
 * Installs the objects that GKE keeps in a cluster, brings changed ones back to what they should be, and takes away
 * those of features that have been switched off.
 *
 * @param installed What an earlier call left installed.
 * @returns what is installed now.
 */
export async function reconcileAddons(
  client: KubernetesClient,
  cluster: ClusterView,
  ciliumDefinitions: readonly string[],
  installed: readonly AddonName[],
): Promise<AddonName[]> {
  const wanted = addonsOf(cluster);
  const load = (name: AddonName) => addonObjects(name, cluster, ciliumDefinitions);
  const discovery = new Discovery(client);
  await Promise.all(wanted.map((name) => install(client, discovery, load(name), !installed.includes(name))));
  for (const name of ADDON_NAMES.filter((name) => installed.includes(name) && !wanted.includes(name)).reverse())
    for (const object of inOrder(load(name)).reverse()) await remove(client, discovery, object);
  return wanted;
}

async function install(
  client: KubernetesClient,
  discovery: Discovery,
  objects: readonly KubernetesObject[],
  isFirst: boolean,
): Promise<void> {
  await applyDefinitions(
    client,
    objects.filter(({ kind }) => kind === DEFINITION),
  );
  for (const object of inOrder(objects).filter(({ kind }) => kind !== DEFINITION)) {
    const path = await discovery.pathOf(object);
    if (object.kind === "Namespace") await waitWhileEnding(client, path);
    if (object.metadata.annotations?.[ONCE_ANNOTATION] === undefined) await client.apply(path, object);
    else if (isFirst) await client.create(path.slice(0, path.lastIndexOf("/")), withoutMark(object)).catch(unless(409));
  }
}

async function remove(client: KubernetesClient, discovery: Discovery, object: KubernetesObject): Promise<void> {
  // Objects go with their definition, and may be gone with it already.
  const path = await discovery.pathOf(object).catch(() => undefined);
  if (path) await client.delete(path, { propagationPolicy: "Background" });
}

function inOrder(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const rank = ({ kind = "" }: KubernetesObject) => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
  return [...objects].sort((a, b) => rank(a) - rank(b));
}

function withoutMark(object: KubernetesObject): KubernetesObject {
  const { [ONCE_ANNOTATION]: _, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}
