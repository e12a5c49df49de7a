/** Variable that says which nodes a sandbox has. */
export const NODES_VARIABLE = "SANDBOX_NODES";
/** How many nodes of each cluster are real where nobody says how many. */
const DEFAULT_COUNT = 2;

/** How many nodes of each cluster are real: `real` is two, `real:3` three; none where the variable is not set. */
export function realNodesWanted(environment: NodeJS.ProcessEnv): number {
  const value = environment[NODES_VARIABLE] ?? "";
  if (value === "" || value === "played") return 0;
  const count = value.match(/^real(?::([1-9]\d?))?$/);
  if (!count) {
    throw new Error(
      `${NODES_VARIABLE} is '${value}'; set it to 'real' (two nodes of each cluster), 'real:<number>' (so many) or 'played' (none)`,
    );
  }
  return count[1] ? Number(count[1]) : DEFAULT_COUNT;
}
