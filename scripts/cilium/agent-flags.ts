/** A key of the ConfigMap, and what the chart writes there. */
const LINE = /^ {2}([a-z0-9-]+):(.*)$/;
/** One value, or a value in one of the forms the chart writes it in. */
const ONE_VALUE = /^\s*"?\{\{-?\s*(.*?)\s*-?\}\}"?\s*$/;
/** What may stand around the value without changing what kind of thing it is. */
const AROUND = /include "validateDuration"|\b(?:quote|int|toString|lower)\b|[|\s]/g;
/** A flag in the reference, with its type; those without one are switches. */
const FLAG = /^\s+(?:-\w, )?--([a-z0-9-]+)(?: (\w+))?\s{2,}/gm;

/** What a row says where the chart composes the value of a flag, or the reference does not list the flag. */
const NONE = "-";

/**
 * The keys of the ConfigMap that the agent and the operator read their flags from: rows of flag, path of the one value
 * that becomes it, and the type as which it is read. Flags that the chart composes have no path: rules judge them.
 *
 * @param references Documentation/cmdref/cilium-agent.md, then cilium-operator-generic.md.
 * @param configMap templates/cilium-configmap.yaml.
 */
export function agentFlags(references: readonly string[], configMap: string): string[][] {
  const types = new Map<string, string>();
  for (const reference of references)
    for (const [, flag = "", type = "bool"] of reference.matchAll(FLAG)) if (!types.has(flag)) types.set(flag, type);
  const [, data = ""] = configMap.split(/^data:$/m);
  const found = new Map<string, string>();
  const [first = ""] = data.split(/^---$/m);
  for (const line of first.split("\n")) {
    const [, flag, written = ""] = LINE.exec(line) ?? [];
    if (flag === undefined) continue;
    const action = ONE_VALUE.exec(written)?.[1] ?? "";
    const path = /^\.Values\.([\w.]+)$/.exec(action.replaceAll(AROUND, ""))?.[1] ?? NONE;
    if ((found.get(flag) ?? NONE) === NONE) found.set(flag, path);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([flag, path]) => [flag, path, types.get(flag) ?? NONE]);
}
