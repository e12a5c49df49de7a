import { cdktfRuns } from "../../sandbox/cli/runs";

/** The three stacks of an environment, in the order in which they are deployed. */
export const LAYERS = ["cluster", "networking", "monitoring"] as const;
export type Layer = (typeof LAYERS)[number];

/** What `cdktf` is given for some of an environment's stacks. @throws Error where they take several runs. */
export function cdktfArguments(
  command: "deploy" | "destroy",
  environment: string,
  layers: readonly Layer[],
): readonly string[] {
  const all = LAYERS.map((layer, index) => ({
    layer,
    name: stackId(environment, layer),
    dependencies: LAYERS.slice(0, index).map((before) => stackId(environment, before)),
  }));
  const selected = all.filter(({ layer }) => layers.includes(layer));
  const [only = [], ...others] = cdktfRuns(command, selected, all);
  if (others.length > 0) throw new Error(`${command} of ${layers.join(", ")} takes several runs; name one at a time`);
  return only;
}

/** Id of a stack, and of its folder in cdktf.out. */
export function stackId(environment: string, layer: Layer): string {
  return `${environment}-${layer}`;
}
