const PREFIXES = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "K"],
] as const;
const SUFFIXES: Readonly<Record<string, string>> = {
  bps: "b/s",
  pps: " p/s",
  ops: " ops/s",
  opm: " opm",
  reqps: " req/s",
  cps: " c/s",
  bytes: "B",
  short: "",
  none: "",
};

/** A value in a unit, about as Grafana writes it. */
export function formatValue(value: number, unit: string): string {
  if (unit === "percentunit") return `${round(value * 100)}%`;
  if (unit === "percent") return `${round(value)}%`;
  if (unit === "s") return formatSeconds(value);
  const [factor, prefix] = PREFIXES.find(([factor]) => Math.abs(value) >= factor) ?? [1, ""];
  return `${round(value / factor)}${prefix ? ` ${prefix}` : ""}${SUFFIXES[unit] ?? ""}`;
}

function formatSeconds(value: number): string {
  if (value === 0) return "0s";
  if (value < 1e-3) return `${round(value * 1e6)}µs`;
  if (value < 1) return `${round(value * 1e3)}ms`;
  return value < 60 ? `${round(value)}s` : `${round(value / 60)}min`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
