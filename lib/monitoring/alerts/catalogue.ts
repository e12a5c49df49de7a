import type { AlertGroup } from "./rule";
import { AGENT_RULES } from "./rules/agents";
import { CONTROL_PLANE_RULES } from "./rules/control-plane";
import { DATAPATH_RULES } from "./rules/datapath";
import { DATAPLANE_V2_RULES } from "./rules/dataplane-v2";
import { ENDPOINT_RULES } from "./rules/endpoints";
import { HUBBLE_RULES } from "./rules/hubble";
import { KUBE_PROXY_RULES } from "./rules/kube-proxy";
import { POLICY_RULES } from "./rules/policy";

/** Every alert that this library knows, by topic. Which of them an environment gets depends on its dataplane. */
export const ALERT_GROUPS = [
  { name: "cilium.agents", rules: AGENT_RULES },
  { name: "cilium.kube-proxy", rules: KUBE_PROXY_RULES },
  { name: "cilium.endpoints", rules: ENDPOINT_RULES },
  { name: "cilium.datapath", rules: DATAPATH_RULES },
  { name: "cilium.policy", rules: POLICY_RULES },
  { name: "cilium.control-plane", rules: CONTROL_PLANE_RULES },
  { name: "cilium.hubble", rules: HUBBLE_RULES },
  { name: "cilium.dataplane-v2", rules: DATAPLANE_V2_RULES },
] as const satisfies readonly AlertGroup[];

/** Name of an alert. */
export type AlertName = (typeof ALERT_GROUPS)[number]["rules"][number]["name"];
