import { compareVersions as compare, parseVersion, type Version } from "../../../lib/facts/semver";
import { badRequest } from "../http/errors";

/** Release channels, fastest first. */
export const CHANNELS = ["RAPID", "REGULAR", "STABLE", "EXTENDED"] as const;

/** What a cluster is in that names none. */
export const DEFAULT_CHANNEL = "REGULAR";

/** Name of a release channel. */
export type Channel = (typeof CHANNELS)[number];

/** Versions on offer in one place: a channel, or no channel. */
export interface Offer {
  /** What a cluster gets that asks for none. */
  readonly defaultVersion: string;
  /** Newest first, e.g. `1.34.4-gke.1000`. */
  readonly versions: readonly string[];
}

/** Every version on offer. */
export interface VersionCatalogue {
  readonly channels: Readonly<Record<Channel, Offer>>;
  /** For clusters in no channel. */
  readonly unspecified: Offer;
}

/** What is on offer unless the options say otherwise. */
export const DEFAULT_VERSIONS: VersionCatalogue = {
  channels: {
    RAPID: {
      defaultVersion: "1.34.4-gke.1000",
      versions: ["1.36.3-gke.1000", "1.35.4-gke.1000", "1.34.4-gke.1000", "1.33.13-gke.1000"],
    },
    REGULAR: {
      defaultVersion: "1.33.13-gke.1000",
      versions: ["1.35.4-gke.1000", "1.34.4-gke.1000", "1.33.13-gke.1000", "1.33.12-gke.1000"],
    },
    STABLE: {
      defaultVersion: "1.33.13-gke.1000",
      versions: ["1.35.4-gke.1000", "1.34.4-gke.1000", "1.33.13-gke.1000", "1.33.12-gke.1000", "1.32.13-gke.1000"],
    },
    EXTENDED: {
      defaultVersion: "1.33.13-gke.1000",
      versions: ["1.34.4-gke.1000", "1.33.13-gke.1000", "1.33.12-gke.1000", "1.32.13-gke.1000", "1.31.14-gke.1000"],
    },
  },
  unspecified: {
    defaultVersion: "1.33.13-gke.1000",
    versions: [
      "1.36.3-gke.1000",
      "1.35.4-gke.1000",
      "1.34.4-gke.1000",
      "1.33.13-gke.1000",
      "1.33.12-gke.1000",
      "1.32.13-gke.1000",
    ],
  },
};

/** What a cluster in a channel (or in none) can have. */
export function offerFor(catalogue: VersionCatalogue, channel: string | undefined): Offer {
  return catalogue.channels[channel as Channel] ?? catalogue.unspecified;
}

/**
 * The version that a request means: exact, the newest of a prefix (`1.34`, `1.34.4`), `latest`, or the default (`-`,
 * empty).
 *
 * @throws ApiError 400 where it is not on offer.
 */
export function resolveVersion(offer: Offer, requested: string | undefined, what: string): string {
  if (!requested || requested === "-") return offer.defaultVersion;
  const sorted = [...offer.versions].sort((a, b) => compareVersions(b, a));
  const found =
    requested === "latest"
      ? sorted[0]
      : sorted.find((v) => v === requested || v.startsWith(`${requested}.`) || v.startsWith(`${requested}-`));
  if (!found) throw badRequest(`${what} version "${requested}" is unsupported.`);
  return found;
}

/** Order of two versions: negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  return compare(read(a), read(b));
}

/** The minor of a version: 34 of `1.34.4-gke.1000`. */
export function minorOf(version: string): number {
  return read(version).minor;
}

function read(version: string): Version {
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Error(`not a version: ${version}`);
  return parsed;
}
