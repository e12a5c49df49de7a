/**
 * A version number as the tools around here write it. One comparator for all of them, of our own: the package `semver`
 * takes `1.33.5-gke.1080000` for a pre-release of 1.33.5, which it is not, and refuses `1.33`.
 */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `rc.1` of 1.20.0-rc.1; undefined for a release, and for GKE's patches of one. */
  readonly prerelease?: string;
  /** 1080000 of 1.33.5-gke.1080000; undefined where GKE had no hand in it. */
  readonly gke?: number;
}

const VERSION = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const GKE_PATCH = /^gke\.(\d{1,15})$/;

/** Reads `1.20.2`, `v1.20.2`, `1.20.0-rc.1`, `1.33.5-gke.1080000` and `1.33`; undefined for everything else. */
export function parseVersion(text: unknown): Version | undefined {
  const match = typeof text === "string" ? VERSION.exec(text) : null;
  if (!match) return undefined;
  const [, major, minor, patch = "0", suffix] = match;
  const numbers = { major: Number(major), minor: Number(minor), patch: Number(patch) };
  if (suffix === undefined) return numbers;
  const gke = GKE_PATCH.exec(suffix)?.[1];
  return gke === undefined ? { ...numbers, prerelease: suffix } : { ...numbers, gke: Number(gke) };
}

/** Negative where `a` is older, positive where it is newer, 0 where both are the same; as semver.org, §11, orders them. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePrereleases(a.prerelease, b.prerelease) ||
    (a.gke ?? 0) - (b.gke ?? 0)
  );
}

/** How many minors lie between; positive where `to` is newer. A change of the major counts as many. */
export function minorSteps(from: Version, to: Version): number {
  return (to.major - from.major) * 100 + to.minor - from.minor;
}

/** `1.33` of 1.33.5-gke.1080000. */
export function minorText(version: Version): string {
  return `${version.major}.${version.minor}`;
}

/** A release is newer than its pre-releases; these are ordered part by part, numbers as numbers and before words. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const [first, second] = [a.split("."), b.split(".")];
  for (let index = 0; index < Math.max(first.length, second.length); index++) {
    const [x, y] = [first[index], second[index]];
    if (x === y) continue;
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    const [isNumber, isOther] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (isNumber && isOther && Number(x) !== Number(y)) return Number(x) - Number(y);
    if (isNumber !== isOther) return isNumber ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}
