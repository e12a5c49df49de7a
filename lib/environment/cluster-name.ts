/** The cluster of an environment carries the environment's name. */
export function clusterName(definition: { readonly name: string }): string {
  return definition.name;
}
