import type { ConfiguredResource, StackConfig } from "../model/changes";
import { addressOf } from "./resolve";

/**
 * Blocks whose objects Terraform replaces create-first: those that say so, and everything they depend on, directly or
 * through others. Terraform forces it on these, whatever they say themselves, because the old dependant is still there
 * while the new one is made (`ForcedCBDTransformer`; recorded with Terraform 1.11).
 */
export function createFirst(config: StackConfig | undefined): ReadonlySet<string> {
  return config ? reached(config, config.resources.filter(saysSo).map(addressOf)) : new Set();
}

/** Everything that a block depends on, directly or through others, and the block itself. */
export function dependencies(config: StackConfig, address: string): ReadonlySet<string> {
  return reached(config, [address]);
}

function reached(config: StackConfig, from: readonly string[]): ReadonlySet<string> {
  const references = new Map<string, readonly string[]>();
  for (const block of config.resources)
    references.set(addressOf(block), [...block.references, `provider.${block.provider ?? block.type.split("_")[0]}`]);
  for (const block of config.blocks) {
    if (block.type === "local" || block.type === "provider") references.set(block.address, namesIn(block.value));
  }
  const found = new Set<string>();
  const waiting = [...from];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (found.has(address)) continue;
    found.add(address);
    waiting.push(...(references.get(address) ?? []));
  }
  return found;
}

function saysSo({ lifecycle }: ConfiguredResource): boolean {
  return lifecycle["create_before_destroy"] === true || lifecycle["create_before_destroy"] === "true";
}

function namesIn(value: unknown): readonly string[] {
  return JSON.stringify(value)?.match(/\b(?:data\.)?[a-z][\w-]*\.[A-Za-z_][\w-]*/g) ?? [];
}
