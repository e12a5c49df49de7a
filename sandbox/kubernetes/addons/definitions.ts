import { setTimeout as sleep } from "node:timers/promises";
import { type Condition, hasCondition, type KubernetesClient, type KubernetesObject } from "../client";
import { waitWhileEnding } from "./ending";

const PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const TIMEOUT = 30_000;

interface Definition extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Registers custom resource definitions and waits until objects of theirs can be written. */
export async function applyDefinitions(
  client: KubernetesClient,
  definitions: readonly KubernetesObject[],
): Promise<void> {
  await Promise.all(
    definitions.map(async (definition) => {
      const path = `${PATH}/${definition.metadata.name}`;
      await waitWhileEnding(client, path);
      await client.apply(path, definition);
    }),
  );
  const deadline = Date.now() + TIMEOUT;
  for (const { metadata } of definitions) {
    while (!hasCondition(await client.get<Definition>(`${PATH}/${metadata.name}`), "Established")) {
      if (Date.now() > deadline) throw new Error(`the definition ${metadata.name} was not established in 30 s`);
      await sleep(50);
    }
  }
}
