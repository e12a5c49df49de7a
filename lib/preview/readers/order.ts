import type { ConfiguredResource, StackConfig } from "../model/changes";
import { addressOf } from "./resolve";

/**
 * Blocks whose objects Terraform replaces create-first: those that say so, and everything they depend on, directly or
 * through others. Terraform forces it on these, whatever they say themselves, because the old dependant is still there
 * while the new one is made (`ForcedCBDTransformer`; recorded with Terraform 1.11).
 */
export function createFirst(config: StackConfig | undefined): ReadonlySet<string> {
  if (!config) return new Set();
  const references = new Map<string, readonly string[]>();
  for (const block of config.resources)
    references.set(addressOf(block), [...block.references, `provider.${block.provider ?? block.type.split("_")[0]}`]);
  for (const block of config.blocks) {
    if (block.type === "local" || block.type === "provider") references.set(block.address, namesIn(block.value));
  }
  const first = new Set<string>();
  const waiting = config.resources.filter(saysSo).map(addressOf);
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (first.has(address)) continue;
    first.add(address);
    waiting.push(...(references.get(address) ?? []));
  }
  return first;
}

function saysSo({ lifecycle }: ConfiguredResource): boolean {
  return lifecycle["create_before_destroy"] === true || lifecycle["create_before_destroy"] === "true";
}

function namesIn(value: unknown): readonly string[] {
  return JSON.stringify(value)?.match(/\b(?:data\.)?[a-z][\w-]*\.[A-Za-z_][\w-]*/g) ?? [];
}
