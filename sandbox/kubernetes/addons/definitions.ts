import { setTimeout as sleep } from "node:timers/promises";
import { type Condition, hasCondition, type KubernetesClient, type KubernetesObject } from "../client";
import { waitWhileEnding } from "./ending";

const PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const TIMEOUT = 30_000;

interface Definition extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** What definitions were when they had been written: identity and generation by name. */
export type WrittenDefinitions = Map<string, string>;

/**
 * Registers custom resource definitions and waits until objects of theirs can be written.
 *
 * @param written What earlier calls wrote: where nobody has changed it since, it is not written again.
 */
export async function applyDefinitions(
  client: KubernetesClient,
  definitions: readonly KubernetesObject[],
  written: WrittenDefinitions = new Map(),
): Promise<void> {
  const registered = await Promise.all(
    definitions.map(async (definition) => {
      const path = `${PATH}/${definition.metadata.name}`;
      const found = await waitWhileEnding<Definition>(client, path);
      if (found && written.get(definition.metadata.name) === versionOf(found)) return found;
      return client.apply<Definition>(path, definition);
    }),
  );
  const deadline = Date.now() + TIMEOUT;
  for (let definition of registered) {
    const { name } = definition.metadata;
    while (!hasCondition(definition, "Established")) {
      if (Date.now() > deadline) throw new Error(`the definition ${name} was not established in 30 s`);
      await sleep(50);
      definition = await client.get<Definition>(`${PATH}/${name}`);
    }
    written.set(name, versionOf(definition));
  }
}

/** Changes when somebody writes another definition, or makes it anew. */
function versionOf({ metadata }: Definition): string {
  return `${metadata.uid} ${metadata.generation}`;
}
