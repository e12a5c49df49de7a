/** A release number; what comes after a dash or plus does not decide about upgrade paths. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Reads `1.20.2`, `v1.20.2`, `1.33.5-gke.1080000` and `1.33`. */
export function parseVersion(text: unknown): Version | undefined {
  const match = typeof text === "string" ? /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text) : null;
  if (!match) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

/** Negative where `a` is older. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** How many minors lie between; positive where `to` is newer. A change of the major counts as many. */
export function minorSteps(from: Version, to: Version): number {
  return (to.major - from.major) * 100 + to.minor - from.minor;
}
