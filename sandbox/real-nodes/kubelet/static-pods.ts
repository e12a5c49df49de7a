import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { type KubernetesClient, unless } from "../../kubernetes/client";
import type { RealNode } from "../node/real-node";
import type { FullPod } from "./pod";

const MANIFESTS = "/etc/kubernetes/manifests";

/** A static pod: the file says what it is, and its text which one. */
export interface StaticPod {
  readonly file: string;
  readonly hash: string;
  readonly pod: FullPod;
}

/** The pods of a node's manifest directory. Files whose names begin with a dot are none, and neither are broken ones. */
export function readStaticPods(node: RealNode): StaticPod[] {
  return readdirSync(node.file(MANIFESTS)).flatMap((file) => {
    if (file.startsWith(".")) return [];
    try {
      const text = readFileSync(node.file(`${MANIFESTS}/${file}`), "utf8");
      const pod = parse(text) as FullPod | null;
      if (pod?.kind !== "Pod") return [];
      const hash = createHash("md5").update(text).digest("hex");
      const name = `${pod.metadata.name}-${node.machine.name}`;
      const metadata = { ...pod.metadata, name, namespace: pod.metadata.namespace ?? "default", uid: hash };
      return [{ file, hash, pod: { ...pod, metadata, spec: { ...pod.spec, nodeName: node.machine.name } } }];
    } catch {
      return [];
    }
  });
}

/** Shows a static pod in the API, as a kubelet does. */
export async function createMirror(client: KubernetesClient, { pod, hash }: StaticPod, nodeUid: string): Promise<void> {
  const { name, namespace, labels, annotations } = pod.metadata;
  await client
    .create(`/api/v1/namespaces/${namespace}/pods`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name,
        namespace,
        ...(labels ? { labels } : {}),
        annotations: {
          ...annotations,
          "kubernetes.io/config.hash": hash,
          "kubernetes.io/config.mirror": hash,
          "kubernetes.io/config.source": "file",
        },
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: pod.spec.nodeName, uid: nodeUid, controller: true }],
      },
      spec: { tolerations: [{ operator: "Exists" }], ...pod.spec },
    })
    .catch(unless(409));
}

export async function deleteMirror(client: KubernetesClient, { pod }: StaticPod): Promise<void> {
  const { name, namespace } = pod.metadata;
  await client.delete(`/api/v1/namespaces/${namespace}/pods/${name}`, { gracePeriodSeconds: 0 });
}
