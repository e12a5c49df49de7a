import { AGENT_FEATURE_RULES } from "./agent-feature-rules";
import { AGENT_HUBBLE_RULES } from "./agent-hubble-rules";
import { AGENT_MAP_RULES } from "./agent-map-rules";
import { AGENT_ROUTING_RULES } from "./agent-routing-rules";
import { AGENT_SERVICE_RULES } from "./agent-service-rules";
import { CHART_RULES } from "./chart-rules";
import { METRIC_RULES } from "./metric-rules";
import { OPERATOR_RULES } from "./operator-rules";
import type { ValueRule } from "./rule";

export { gkeRules } from "./gke-rules";
export { overrideProblems, passedByProblems } from "./override-rules";
export { brokenRules, ValueReader, type ValueRule } from "./rule";

/** What the chart refuses to render and the agent to start with, wherever they run. */
export const UPSTREAM_RULES: readonly ValueRule[] = [
  ...CHART_RULES,
  ...AGENT_ROUTING_RULES,
  ...AGENT_SERVICE_RULES,
  ...AGENT_FEATURE_RULES,
  ...AGENT_HUBBLE_RULES,
  ...AGENT_MAP_RULES,
  ...METRIC_RULES,
  ...OPERATOR_RULES,
];
