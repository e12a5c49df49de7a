import { durationSeconds } from "../durations";
import { AgentConfig } from "./agent-config";
import type { ValueRule } from "./rule";

/** What the operator of 1.20.2 refuses to start with, or is told otherwise than it was meant. */
export const OPERATOR_RULES: readonly ValueRule[] = [
  {
    path: "operator.endpointGCInterval",
    source: "operator/cmd/root.go:256",
    broken: (at) =>
      new AgentConfig(at).identityMode !== "kvstore" &&
      durationSeconds(at.text("operator.endpointGCInterval") || "0s") === 0,
    rule: "is 0: the operator does not start, as collecting identities needs collecting endpoints",
    remedy: "leave it out for 5m0s",
  },
  {
    path: "operator.unmanagedPodWatcher.selector",
    source: "templates/cilium-configmap.yaml:1427; https://github.com/cilium/cilium/issues/47952",
    broken: (at) =>
      at.at("operator.unmanagedPodWatcher.selector") !== undefined &&
      !isPlainYamlText(at.text("operator.unmanagedPodWatcher.selector")),
    rule: "is rendered without quotes, so that YAML takes it for something else: an empty one for null (cilium/cilium#47952)",
    remedy: "leave it out, or give a selector that matches every pod, e.g. cilium.io/restart-unmanaged notin (false)",
  },
];

/** Whether YAML reads a text without quotes as that text. */
function isPlainYamlText(text: string): boolean {
  return (
    /^[^\s!&*?|>@`"'#%{}[\],:-]/.test(text) &&
    !/:(\s|$)|\s#|\s$|[\n\r]/.test(text) &&
    !/^(true|false|yes|no|on|off|null|~|[\d.+-]+)$/i.test(text)
  );
}
