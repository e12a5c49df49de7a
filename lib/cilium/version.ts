import { ConfigurationError, describeProblem, type Problem } from "../validation";

const SEMANTIC_VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/;

/** Minors whose charts this library renders in its tests, oldest first. */
export const SUPPORTED_MINORS = ["1.18", "1.19", "1.20"] as const;

/** A minor whose chart keys and behaviour this library knows. */
export type SupportedMinor = (typeof SUPPORTED_MINORS)[number];

/**
 * Version of Cilium and of its Helm chart; the two are released together under one number.
 *
 * Use a constant to move along with this library's tested patch, or {@link CiliumVersion.of} to pin another one.
 */
export class CiliumVersion {
  /** Newest known patch of Cilium 1.18. */
  public static readonly V1_18 = new CiliumVersion(1, 18, 14);
  /** Newest known patch of Cilium 1.19. */
  public static readonly V1_19 = new CiliumVersion(1, 19, 7);
  /** Newest known patch of Cilium 1.20. */
  public static readonly V1_20 = new CiliumVersion(1, 20, 2);
  /** What is installed where nothing else is asked for. */
  public static readonly DEFAULT = CiliumVersion.V1_20;

  /**
   * Any other version, e.g. `CiliumVersion.of("1.19.6")`. Outside 1.18 to 1.20 the release carries a warning and its
   * values are only checked for keys that Cilium has removed.
   *
   * @param version `major.minor.patch`, without a leading `v`, pre-release suffix allowed.
   * @throws ConfigurationError where the text is no such version.
   */
  public static of(version: string): CiliumVersion {
    const match = SEMANTIC_VERSION.exec(version);
    if (!match) {
      const problem: Problem = {
        property: "version",
        value: version,
        rule: "is not a chart version",
        remedy: "write it as major.minor.patch without a leading v, e.g. 1.20.2",
      };
      throw new ConfigurationError([describeProblem("CiliumVersion", problem)]);
    }
    return new CiliumVersion(Number(match[1]), Number(match[2]), Number(match[3]), match[4]);
  }

  /** Major and minor, e.g. `1.20`. */
  public readonly minorVersion: string;

  private constructor(
    public readonly major: number,
    public readonly minor: number,
    public readonly patch: number,
    /** `rc.1` of 1.20.0-rc.1; undefined for a release. */
    public readonly prerelease?: string,
  ) {
    this.minorVersion = `${major}.${minor}`;
  }

  /** The minor if this library's tests cover it. */
  public get supportedMinor(): SupportedMinor | undefined {
    return SUPPORTED_MINORS.find((minor) => minor === this.minorVersion);
  }

  /** Negative where this version is older than the other, positive where newer, 0 where they are the same. */
  public compare(other: CiliumVersion): number {
    return (
      this.major - other.major ||
      this.minor - other.minor ||
      this.patch - other.patch ||
      comparePrereleases(this.prerelease, other.prerelease)
    );
  }

  /** Whether this is the given version or a newer one. */
  public isAtLeast(other: CiliumVersion): boolean {
    return this.compare(other) >= 0;
  }

  /** As the chart repository writes it: `1.20.2`. */
  public toString(): string {
    return `${this.major}.${this.minor}.${this.patch}${this.prerelease === undefined ? "" : `-${this.prerelease}`}`;
  }
}

/** What to tell the user about a version that this library's tests do not cover; nothing where they do. */
export function ciliumVersionWarnings(version: CiliumVersion): string[] {
  if (version.supportedMinor !== undefined) return [];
  const range = `${SUPPORTED_MINORS[0]} to ${SUPPORTED_MINORS[SUPPORTED_MINORS.length - 1]}`;
  return [
    `Cilium ${version} is outside the tested range ${range}: its values are only checked for removed keys; ` +
      `try the release on a cluster you can lose first`,
  ];
}

/** A release is newer than its pre-releases; these are ordered by their parts, numbers as numbers. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a.localeCompare(b, "en", { numeric: true });
}
