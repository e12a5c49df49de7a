import { RENAMED_METRICS } from "../../facts/cilium";
import type { ValueReader, ValueRule } from "./rule";

/** Metrics that are switched on or off by a name of before: the agents know none of it and say so in their log only. */
export const METRIC_RULES: readonly ValueRule[] = Object.entries(RENAMED_METRICS)
  .filter(([name]) => name.startsWith("cilium_"))
  .map(
    ([name, today]): ValueRule => ({
      path: "prometheus.metrics",
      source: "https://docs.cilium.io/en/stable/operations/upgrade/ (metrics)",
      broken: (at: ValueReader) =>
        at.list("prometheus.metrics").some((item) => String(item).replace(/^[+-]/, "") === name),
      rule: `has ${name}, which there is none of any more`,
      remedy: `write ${today}, with the sign before it`,
    }),
  );
