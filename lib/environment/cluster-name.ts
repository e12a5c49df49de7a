/** The cluster of an environment carries the environment's name, unless it has another of its own. */
export function clusterName(definition: {
  readonly name: string;
  readonly cluster?: { readonly name?: string };
}): string {
  return definition.cluster?.name ?? definition.name;
}
