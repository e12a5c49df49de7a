const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/** Seconds of a duration as Go writes it, `1h30m`, `500ms`; undefined for everything else. */
export function durationSeconds(text: string): number | undefined {
  const [, sign = "", rest = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === "0") return 0;
  let seconds = 0;
  PART.lastIndex = 0;
  for (let at = 0; at < rest.length; at = PART.lastIndex) {
    const match = PART.exec(rest);
    if (!match) return undefined;
    seconds += Number(match[1]) * (UNITS[match[2] ?? ""] ?? 0);
  }
  return rest === "" ? undefined : sign === "-" ? -seconds : seconds;
}

/** Whether Go's time.ParseDuration reads a text. */
export function isDuration(text: string): boolean {
  return durationSeconds(text) !== undefined;
}
