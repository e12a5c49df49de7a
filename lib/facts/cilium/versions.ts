/** Minors whose charts this library renders in its tests, oldest first. */
export const SUPPORTED_MINORS = ["1.18", "1.19", "1.20"] as const;

/** A minor whose chart keys and behaviour this library knows. */
export type SupportedMinor = (typeof SUPPORTED_MINORS)[number];

/** Newest known patch of each minor. */
export const NEWEST_PATCH: Readonly<Record<SupportedMinor, string>> = {
  "1.18": "1.18.14",
  "1.19": "1.19.7",
  "1.20": "1.20.2",
};

/** Which chart stands for a minor in the tables: the newest that could be read. */
export const TABLED_CHART: Readonly<Record<SupportedMinor, string>> = {
  "1.18": "1.18.12",
  "1.19": "1.19.6",
  "1.20": "1.20.2",
};

/** The Kubernetes minors, first and last, that Cilium's own end-to-end tests cover for one of its minors. */
export interface TestedKubernetes {
  readonly first: string;
  readonly last: string;
  readonly source: string;
}

/**
 * Cilium's requirements: older minors than the first are not supported, newer ones than the last "depend on the backward
 * compatibility offered by Kubernetes".
 */
export const TESTED_KUBERNETES: Readonly<Record<SupportedMinor, TestedKubernetes>> = {
  "1.18": {
    first: "1.30",
    last: "1.33",
    source: "cilium v1.18.14, Documentation/network/kubernetes/compatibility.rst",
  },
  "1.19": {
    first: "1.32",
    last: "1.35",
    source:
      "inferred: v1.19.3 is built with client libraries 0.35, and 1.18 (0.33) and 1.20 (0.36) list the four minors up to theirs",
  },
  "1.20": {
    first: "1.33",
    last: "1.36",
    source: "cilium v1.20.2, Documentation/network/kubernetes/requirements.rst:21",
  },
};

/** The minor in the tables for a version, or undefined outside the tested range. */
export function supportedMinorOf(version: {
  readonly major: number;
  readonly minor: number;
}): SupportedMinor | undefined {
  const minor = `${version.major}.${version.minor}`;
  return SUPPORTED_MINORS.find((supported) => supported === minor);
}

/** The minor in the tables that is nearest to a version: itself, else the oldest or the newest. */
export function nearestMinorOf(version: { readonly major: number; readonly minor: number }): SupportedMinor {
  const oldest = SUPPORTED_MINORS[0];
  const newest = SUPPORTED_MINORS[SUPPORTED_MINORS.length - 1] ?? oldest;
  const isOlder = version.major < 1 || (version.major === 1 && version.minor < Number(oldest.slice(2)));
  return supportedMinorOf(version) ?? (isOlder ? oldest : newest);
}
