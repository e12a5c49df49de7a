import { durationSeconds } from "../durations";
import type { ValueRule } from "./rule";

/** What the agent of 1.20.2 refuses of Hubble, or does without in silence. */
export const AGENT_HUBBLE_RULES: readonly ValueRule[] = [
  {
    path: "hubble.metrics.dynamic.enabled",
    source: "pkg/hubble/metrics/cell/cell.go:64",
    broken: (at) => at.isOn("hubble.metrics.dynamic.enabled") && at.isSet("hubble.metrics.enabled"),
    rule: "does not go with hubble.metrics.enabled: the agents take only one of the two",
    remedy: "set hubble.metrics.enabled to [] (the option metrics), or leave it out",
  },
  {
    path: "hubble.lostEventSendInterval",
    source: "pkg/hubble/observer/observeroption/option.go:147",
    broken: (at) => (durationSeconds(at.text("hubble.lostEventSendInterval")) ?? 1) <= 0,
    rule: "is not above 0: Hubble does not start, and the agents go on without flows",
    remedy: "leave it out for 1s",
  },
  {
    path: "hubble.eventBufferCapacity",
    source: "pkg/hubble/container/ring.go:82",
    broken: (at) => {
      const capacity = at.number("hubble.eventBufferCapacity");
      return (
        capacity !== undefined && !(capacity >= 1 && capacity <= 65535 && Number.isInteger(Math.log2(capacity + 1)))
      );
    },
    rule: "is not one less than a power of two, from 1 to 65535",
    remedy: "give 4095, or leave it out",
  },
];
