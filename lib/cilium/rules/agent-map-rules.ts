import { durationSeconds } from "../durations";
import type { ValueReader, ValueRule } from "./rule";

const CONFIG = "pkg/option/config.go";

/** pkg/option/config.go:541 and 544: entries that a table of connections or of NAT may have. */
const LEAST_ENTRIES = 1 << 10;
const MOST_ENTRIES = 1 << 24;
/** pkg/option/config.go: what the agents take where neither values nor memory decide. */
const DEFAULT_TCP_ENTRIES = 1 << 19;
const DEFAULT_ANY_ENTRIES = 1 << 18;

/** pkg/maps/nodemap/node_map_v2.go:27. */
const LEAST_NODES = 16384;
/** pkg/maps/nat/stats/cell.go:22. */
const MOST_NAT_STATISTICS = 4096;

/** What the agent of 1.20.2 refuses to start with: the sizes of its BPF maps. */
export const AGENT_MAP_RULES: readonly ValueRule[] = [
  size("bpf.authMapMax", 1 << 8, MOST_ENTRIES, `${CONFIG}:2932`),
  size("bpf.ctTcpMax", LEAST_ENTRIES, MOST_ENTRIES, `${CONFIG}:2939`),
  size("bpf.ctAnyMax", LEAST_ENTRIES, MOST_ENTRIES, `${CONFIG}:2939`),
  size("bpf.natMax", LEAST_ENTRIES, MOST_ENTRIES, `${CONFIG}:2948`),
  {
    path: "bpf.natMax",
    source: `${CONFIG}:2960`,
    broken: (at) => {
      const [tcp, any] = [at.number("bpf.ctTcpMax"), at.number("bpf.ctAnyMax")];
      // Sized by memory where only one of them is given.
      if (tcp === undefined || any === undefined) return false;
      return (entries(at, "bpf.natMax") ?? 0) > (tcp || DEFAULT_TCP_ENTRIES) + (any || DEFAULT_ANY_ENTRIES);
    },
    rule: "is more than both tables of connections together (bpf.ctTcpMax and bpf.ctAnyMax)",
    remedy: "leave it out",
  },
  {
    path: "bpf.nodeMapMax",
    source: "pkg/maps/nodemap/cell.go:39",
    broken: (at) => {
      const given = entries(at, "bpf.nodeMapMax");
      return given !== undefined && given < LEAST_NODES;
    },
    rule: `is below ${LEAST_NODES}, or the agents do not start`,
    remedy: `leave it out for ${LEAST_NODES}`,
  },
  {
    path: "nat.mapStatsEntries",
    source: "pkg/maps/nat/stats/stats.go:134",
    broken: (at) => {
      const given = at.number("nat.mapStatsEntries");
      const counts = durationSeconds(at.text("nat.mapStatsInterval")) !== 0;
      return counts && given !== undefined && !(given >= 1 && given <= MOST_NAT_STATISTICS);
    },
    rule: `is not a number from 1 to ${MOST_NAT_STATISTICS}, or the agents do not start`,
    remedy: "leave it out for 32",
  },
  {
    path: "bpf.mapDynamicSizeRatio",
    source: `${CONFIG}:3082-3086`,
    broken: (at) => {
      const text = at.text("bpf.mapDynamicSizeRatio");
      const ratio = Number(text);
      return text !== "" && !(ratio >= 0 && ratio <= 1);
    },
    rule: "is not a share of the memory, from 0 to 1",
    remedy: "leave it out for 0.0025",
  },
];

function size(path: string, least: number, most: number, source: string): ValueRule {
  return {
    path,
    source,
    broken: (at) => {
      const given = entries(at, path);
      return given !== undefined && !(given >= least && given <= most);
    },
    rule: `is not a number of entries from ${least} to ${most}`,
    remedy: "leave it out",
  };
}

/** What is 0 or empty is left to the agents. */
function entries(at: ValueReader, path: string): number | undefined {
  return at.isSet(path) ? at.number(path) : undefined;
}
