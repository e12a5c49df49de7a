import type { Bench } from "../rig/bench";

const MEMORIES = new WeakMap<Bench, Map<string, unknown>>();

/** Keeps something that a later scenario compares with. */
export function remember(bench: Bench, name: string, value: unknown): void {
  const memory = MEMORIES.get(bench) ?? new Map<string, unknown>();
  MEMORIES.set(bench, memory.set(name, value));
}

/** @throws Error where nothing was kept under the name: the scenarios are in the wrong order. */
export function recall<T>(bench: Bench, name: string): T {
  const memory = MEMORIES.get(bench);
  if (!memory?.has(name)) throw new Error(`nothing is remembered as '${name}'`);
  return memory.get(name) as T;
}
