import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../../sandbox/kubernetes/client";
import { packageRoot } from "../../../sandbox/paths";
import { check } from "../../harness/check";
import { PACKETS, type PacketRig } from "./packet-rig";

/** An object out of the files of an example. */
export interface Manifest extends KubernetesObject {
  readonly kind: string;
  readonly spec: {
    readonly ports?: readonly { readonly port: number; readonly targetPort?: number }[];
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly { readonly env?: readonly { readonly value: string }[] }[] };
    };
  };
}

const COLLECTIONS: Readonly<Record<string, string>> = {
  NetworkPolicy: `/apis/networking.k8s.io/v1/namespaces/${PACKETS}/networkpolicies`,
  CiliumNetworkPolicy: `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`,
};

/** The objects of a file below `examples`. */
export function readExample(path: string): Manifest[] {
  const text = readFileSync(join(packageRoot(), "examples", path), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** Applies an example's policies as they stand in their files, in the namespace of the tests. @returns how they are taken back. */
export async function applyPolicies(rig: PacketRig, directory: string): Promise<() => Promise<void>> {
  const applied: string[] = [];
  for (const file of readdirSync(join(packageRoot(), "examples", directory)))
    for (const policy of readExample(`${directory}/${file}`)) {
      const collection = COLLECTIONS[policy.kind];
      check(collection !== undefined, `${file} has a ${policy.kind}`);
      await rig.apply(collection, { ...policy, metadata: { ...policy.metadata, namespace: PACKETS } });
      applied.push(`${collection}/${policy.metadata.name}`);
    }
  return async () => {
    for (const path of applied) await rig.client.delete(path);
  };
}
