/** The three stacks of an environment, in the order in which they are deployed. */
export const LAYERS = ["cluster", "networking", "monitoring"] as const;
export type Layer = (typeof LAYERS)[number];

/** Id of a stack, and of its folder in cdktf.out. */
export function stackId(environment: string, layer: Layer): string {
  return `${environment}-${layer}`;
}
