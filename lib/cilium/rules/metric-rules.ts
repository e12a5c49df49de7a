import { RENAMED_METRICS } from "../../facts/cilium";
import type { ValueReader, ValueRule } from "./rule";

const LIST = "prometheus.metrics";

/** What the agents leave out in silence, or with a line in their log. */
const UNREAD: readonly ValueRule[] = [
  {
    path: LIST,
    source: "pkg/metrics/registry.go:214",
    broken: (at) => at.list(LIST).some((item) => !/^[+-]/.test(String(item))),
    rule: "has an item that begins with neither + nor -, which the agents leave out",
    remedy: "write +cilium_... to switch a metric on, -cilium_... to switch it off",
  },
  {
    path: LIST,
    source: "pkg/metrics/registry.go:214",
    broken: (at) => at.list(LIST).some((item) => /^[+-](?!-?cilium_)/.test(String(item))),
    rule: "has a metric without the prefix cilium_, and the agents know none of that name",
    remedy: "write it in full, such as +cilium_node_health_connectivity_status",
  },
];

/** Metrics that are switched on or off by a name of before: the agents know none of it and say so in their log only. */
const RENAMED: readonly ValueRule[] = Object.entries(RENAMED_METRICS)
  .filter(([name]) => name.startsWith("cilium_"))
  .map(
    ([name, today]): ValueRule => ({
      path: LIST,
      source: "https://docs.cilium.io/en/stable/operations/upgrade/ (metrics)",
      broken: (at: ValueReader) =>
        at.list(LIST).some((item) => [name, name.replace("cilium_", "")].includes(String(item).replace(/^[+-]/, ""))),
      rule: `has ${name}, which there is none of any more`,
      remedy: `write ${today}, with the sign before it`,
    }),
  );

/** What is wrong with the metrics of the agents that are switched on or off one by one. */
export const METRIC_RULES: readonly ValueRule[] = [...RENAMED, ...UNREAD];
