import { packageText } from "../package-files";

export { contentHash, terraformText } from "../terraform-text";

/** The script that a node's pod runs, and those it calls. */
export const MAIN_SCRIPT = "kube-proxy-disabler.sh";
const NODE_SCRIPTS = [MAIN_SCRIPT, "node-state.sh", "kube-proxy-rules.sh"] as const;
const AGENT_GATE = "agent-gate.sh";

/** The scripts of the DaemonSet, by file name. */
export function nodeScripts(): Readonly<Record<string, string>> {
  return Object.fromEntries(NODE_SCRIPTS.map((name) => [name, read(name)]));
}

/** The script of the agent's init container. */
export function agentGateScript(): string {
  return read(AGENT_GATE);
}

const cache = new Map<string, string>();

function read(name: string): string {
  const text = cache.get(name) ?? packageText(`lib/kube-proxy/${name}`);
  cache.set(name, text);
  return text;
}
