import { readFactTable } from "../table";

/** A flag of the agent or the operator, as the chart's ConfigMap gives it. */
export interface AgentFlag {
  readonly flag: string;
  /** Path of the value that becomes it by itself; undefined where the chart composes it. */
  readonly path?: string;
  /**
   * As what it is read, in the words of Cilium's command reference: `bool`, `int`, `uint`, `duration`, `float`, `string`,
   * `strings`; undefined where the reference does not list it.
   */
  readonly type?: string;
}

const NONE = "-";

let byFlag: ReadonlyMap<string, AgentFlag> | undefined;
let byPath: ReadonlyMap<string, AgentFlag> | undefined;

/** Every flag that the chart of Cilium 1.20 sets. */
export function agentFlags(): readonly AgentFlag[] {
  return [...flags().values()];
}

/** The flag of this name, if the chart of Cilium 1.20 sets it. */
export function agentFlag(name: string): AgentFlag | undefined {
  return flags().get(name);
}

/** The flag that a value becomes by itself, in Cilium 1.20. */
export function agentFlagOf(path: string): AgentFlag | undefined {
  byPath ??= new Map([...flags().values()].flatMap((each) => (each.path === undefined ? [] : [[each.path, each]])));
  return byPath.get(path);
}

function flags(): ReadonlyMap<string, AgentFlag> {
  byFlag ??= new Map(
    readFactTable("lib/facts/cilium/data/agent-flags.tsv").rows.map(([flag = "", path = NONE, type = NONE]) => [
      flag,
      { flag, ...(path === NONE ? {} : { path }), ...(type === NONE ? {} : { type }) },
    ]),
  );
  return byFlag;
}
