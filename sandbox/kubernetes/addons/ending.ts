import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesClient, KubernetesObject } from "../client";

const TIMEOUT = 60_000;

/**
 * Waits until an object that was deleted is gone. A namespace or a definition that is on its way out takes along whatever is
 * written meanwhile, or refuses it.
 *
 * @returns the object, where there is one that stays.
 * @throws Error where it is there after a minute.
 */
export async function waitWhileEnding<T extends KubernetesObject>(
  client: KubernetesClient,
  path: string,
): Promise<T | undefined> {
  const deadline = Date.now() + TIMEOUT;
  for (;;) {
    const found = await client.find<T>(path);
    if (found?.metadata.deletionTimestamp === undefined) return found;
    if (Date.now() > deadline) throw new Error(`${path} was deleted and is still there after a minute`);
    await sleep(100);
  }
}
