import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDirectories } from "../../../lib/make-directories";
import type { KubernetesClient } from "../../kubernetes/client";
import type { RealNode } from "../node/real-node";
import { fieldOf } from "./environment";
import type { FullPod, Item, Volume, VolumeSource } from "./pod";

interface Keyed {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** A volume that cannot be filled yet. The kubelet tries again. */
export class VolumeNotReady extends Error {}

/** How often volumes are filled anew, in milliseconds. */
const REFRESH = 10_000;

/** Where a pod's volumes lie on its node. */
export const VOLUMES = "/run/sandbox/volumes";

/**
 * Directory on the node that a volume is, filled from the API where it is not the node's own.
 *
 * @throws VolumeNotReady where a ConfigMap or Secret is missing that is not optional.
 */
export async function prepareVolume(
  client: KubernetesClient,
  pod: FullPod,
  volume: Volume,
  node: RealNode,
): Promise<string> {
  if (volume.hostPath) {
    const { path, type = "" } = volume.hostPath;
    // On the node itself: from here, a link such as /var/run would lead to this machine's own directory.
    if (type === "FileOrCreate") await node.namespace.shell('mkdir -p "$(dirname "$0")"; : >>"$0"', path);
    else if (type === "DirectoryOrCreate" || type === "") await node.namespace.shell('mkdir -p "$0"', path);
    return path;
  }
  const root = node.file("/");
  const directory = `${VOLUMES}/${pod.metadata.uid}/${volume.name}`;
  makeDirectories(join(root, directory));
  const sources = volume.projected?.sources ?? (volume.emptyDir ? [] : [volume]);
  for (const source of sources) await fill(client, pod, source, join(root, directory));
  return directory;
}

/**
 * Fills volumes anew as long as a pod lasts: certificates come after the pods that wait for them, and are renewed. A kubelet
 * does it about once a minute.
 */
export async function keepFresh(
  client: KubernetesClient,
  pod: FullPod,
  node: RealNode,
  signal: AbortSignal,
): Promise<void> {
  const isKept = ({ configMap, secret }: VolumeSource) => configMap !== undefined || secret !== undefined;
  const kept = (pod.spec.volumes ?? [])
    .filter(({ hostPath, emptyDir }) => !hostPath && !emptyDir)
    .map((volume) => ({ name: volume.name, sources: (volume.projected?.sources ?? [volume]).filter(isKept) }))
    .filter(({ sources }) => sources.length > 0);
  if (kept.length === 0) return;
  for (;;) {
    await sleep(REFRESH, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted || !node.isUp) return;
    // What is gone or not to be had stays as it was, as on a node.
    for (const { name, sources } of kept)
      for (const source of sources) {
        // It may go down meanwhile.
        if (!node.isUp) return;
        await fill(client, pod, source, node.file(`${VOLUMES}/${pod.metadata.uid}/${name}`)).catch(() => {});
      }
  }
}

/** Takes away what was made for a pod. */
export function removeVolumes(pod: FullPod, root: string): void {
  rmSync(join(root, VOLUMES, pod.metadata.uid ?? "none"), { recursive: true, force: true });
}

async function fill(client: KubernetesClient, pod: FullPod, source: VolumeSource, directory: string): Promise<void> {
  const { namespace } = pod.metadata;
  const { configMap, secret, serviceAccountToken, downwardAPI } = source;
  if (configMap) {
    const object = await client.find<Keyed>(`/api/v1/namespaces/${namespace}/configmaps/${configMap.name}`);
    if (!object && !configMap.optional) throw new VolumeNotReady(`configmap "${configMap.name}" not found`);
    write(directory, { ...object?.data, ...decoded(object?.binaryData) }, configMap.items);
  }
  if (secret) {
    const name = secret.secretName ?? secret.name ?? "";
    const object = await client.find<Keyed>(`/api/v1/namespaces/${namespace}/secrets/${name}`);
    if (!object && !secret.optional) throw new VolumeNotReady(`secret "${name}" not found`);
    write(directory, decoded(object?.data), secret.items);
  }
  if (serviceAccountToken)
    write(directory, {
      [serviceAccountToken.path]: await serviceAccountTokenOf(client, pod, serviceAccountToken.audience),
    });
  for (const { path, fieldRef } of downwardAPI?.items ?? [])
    if (fieldRef) write(directory, { [path]: fieldOf(pod, fieldRef.fieldPath) });
}

async function serviceAccountTokenOf(client: KubernetesClient, pod: FullPod, audience?: string): Promise<string> {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      ...(audience ? { audiences: [audience] } : {}),
      expirationSeconds: 86_400,
      boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
    },
  };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  return (await client.create<{ status: { token: string } }>(path, request)).status.token;
}

function decoded(data: Readonly<Record<string, string>> = {}): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64")]));
}

function write(
  directory: string,
  data: Readonly<Record<string, string | Buffer>>,
  items: readonly Item[] = Object.keys(data).map((key) => ({ key, path: key })),
): void {
  for (const { key, path } of items) {
    const content = data[key];
    if (content === undefined) continue;
    const file = join(directory, path);
    // A script that runs is read as it goes on: what is the same stays, and what is not gets a file of its own.
    if (existsSync(file) && readFileSync(file).equals(Buffer.from(content))) continue;
    makeDirectories(dirname(file));
    writeFileSync(`${file}.new`, content);
    chmodSync(`${file}.new`, 0o755);
    renameSync(`${file}.new`, file);
  }
}
