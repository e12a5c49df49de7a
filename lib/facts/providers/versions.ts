import { compareVersions, parseVersion } from "../semver";

/** The providers whose version an environment can choose. */
export const PROVIDERS = ["google", "helm", "kubernetes"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** What is known of a provider's versions. */
export interface ProviderVersionFacts {
  /** What the bindings are made of, and what is used where nothing is chosen. Older ones lack what is written. */
  readonly bound: string;
  /** Newest version of each newer major that was deployed with, in the sandbox. */
  readonly tried: readonly string[];
}

/**
 * Versions of the providers. `bound` is what `@cdktf/provider-*` pins (a test compares), `tried` is what
 * `npm run test:providers` deploys, upgrades to and destroys with.
 */
export const PROVIDER_VERSIONS: Readonly<Record<ProviderName, ProviderVersionFacts>> = {
  google: { bound: "6.50.0", tried: ["7.45.0"] },
  helm: { bound: "3.1.1", tried: [] },
  kubernetes: { bound: "2.38.0", tried: ["3.2.1"] },
};

/** Whether a version is older than what the bindings were made of, so that attributes may be unknown to it. */
export function isOlderThanBindings(provider: ProviderName, version: string): boolean {
  const [given, bound] = [parseVersion(version), parseVersion(PROVIDER_VERSIONS[provider].bound)];
  return given !== undefined && bound !== undefined && compareVersions(given, bound) < 0;
}

/** The majors that were tried, oldest first. */
export function triedMajors(provider: ProviderName): readonly number[] {
  const { bound, tried } = PROVIDER_VERSIONS[provider];
  return [bound, ...tried].flatMap((version) => parseVersion(version)?.major ?? []);
}
