import { createHash } from "node:crypto";
import { packageText } from "../package-files";

/** The script that a node's pod runs, and those it calls. */
export const MAIN_SCRIPT = "kube-proxy-disabler.sh";
const NODE_SCRIPTS = [MAIN_SCRIPT, "node-state.sh", "kube-proxy-rules.sh"] as const;
const AGENT_GATE = "agent-gate.sh";
const HASH_LENGTH = 10;

/** The scripts of the DaemonSet, by file name. */
export function nodeScripts(): Readonly<Record<string, string>> {
  return Object.fromEntries(NODE_SCRIPTS.map((name) => [name, read(name)]));
}

/** The script of the agent's init container. */
export function agentGateScript(): string {
  return read(AGENT_GATE);
}

/** A few characters that change whenever a file's name or content does. */
export function contentHash(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const [name, text] of Object.entries(files)) hash.update(`${name}\0${text}\0`);
  return hash.digest("hex").slice(0, HASH_LENGTH);
}

/** A text as Terraform reads it back unchanged: Bash's `${...}` would be an expression otherwise. */
export function terraformText(text: string): string {
  return text.replaceAll("${", "$$${").replaceAll("%{", "%%{");
}

const cache = new Map<string, string>();

function read(name: string): string {
  const text = cache.get(name) ?? packageText(`lib/kube-proxy/${name}`);
  cache.set(name, text);
  return text;
}
