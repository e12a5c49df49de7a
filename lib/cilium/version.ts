import { NEWEST_PATCH, type SupportedMinor, supportedMinorOf } from "../facts/cilium";
import { compareVersions, minorText, parseVersion } from "../facts/semver";
import { ConfigurationError, describeProblem, type Problem } from "../validation";

/** How a chart version is written: no `v` before it, no build after it. */
const CHART_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/**
 * Version of Cilium and of its Helm chart; the two are released together under one number.
 *
 * Use a constant to move along with this library's tested patch, or {@link CiliumVersion.of} to pin another one.
 */
export class CiliumVersion {
  /** Newest known patch of Cilium 1.18. */
  public static readonly V1_18 = CiliumVersion.of(NEWEST_PATCH["1.18"]);
  /** Newest known patch of Cilium 1.19. */
  public static readonly V1_19 = CiliumVersion.of(NEWEST_PATCH["1.19"]);
  /** Newest known patch of Cilium 1.20. */
  public static readonly V1_20 = CiliumVersion.of(NEWEST_PATCH["1.20"]);
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
    const parsed = CHART_VERSION.test(version) ? parseVersion(version) : undefined;
    if (parsed === undefined) {
      const problem: Problem = {
        property: "version",
        value: version,
        rule: "is not a chart version",
        remedy: "write it as major.minor.patch without a leading v, e.g. 1.20.2",
      };
      throw new ConfigurationError([describeProblem("CiliumVersion", problem)]);
    }
    return new CiliumVersion(parsed.major, parsed.minor, parsed.patch, parsed.prerelease);
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
    this.minorVersion = minorText(this);
  }

  /** The minor if this library's tests cover it. */
  public get supportedMinor(): SupportedMinor | undefined {
    return supportedMinorOf(this);
  }

  /** Negative where this version is older than the other, positive where newer, 0 where they are the same. */
  public compare(other: CiliumVersion): number {
    return compareVersions(this, other);
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
