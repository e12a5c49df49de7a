import { gunzipSync } from "node:zlib";
import type { HelmValues } from "../helm";

/** A Secret, as far as it is read here. */
export interface Secret {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
}

/** A release of Helm's as the cluster has it. */
export interface LiveRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly chartVersion: string;
  readonly status: string;
  /** The values that it was given, without the chart's own. */
  readonly values: HelmValues;
}

/**
 * The release in a Secret of Helm's: gzip inside of base64, inside of what every Secret is encoded with.
 *
 * @returns undefined where the Secret holds something else.
 */
export function decodeRelease({ data }: Secret): LiveRelease | undefined {
  const encoded = data?.["release"];
  if (encoded === undefined) return undefined;
  try {
    const inner = Buffer.from(Buffer.from(encoded, "base64").toString("latin1"), "base64");
    // Helm 2 and early versions of 3 did not compress.
    const text = (inner[0] === 0x1f && inner[1] === 0x8b ? gunzipSync(inner) : inner).toString("utf8");
    const release = JSON.parse(text) as {
      name?: string;
      namespace?: string;
      info?: { status?: string };
      chart?: { metadata?: { name?: string; version?: string } };
      config?: HelmValues | null;
    };
    return {
      name: release.name ?? "",
      namespace: release.namespace ?? "",
      chart: release.chart?.metadata?.name ?? "",
      chartVersion: release.chart?.metadata?.version ?? "",
      status: release.info?.status ?? "",
      values: release.config ?? {},
    };
  } catch {
    return undefined;
  }
}

/** The release of Cilium's chart among the Secrets of a namespace: the deployed one, else the last that was tried. */
export function ciliumRelease(secrets: readonly Secret[]): LiveRelease | undefined {
  const revision = ({ metadata }: Secret) => Number(metadata?.labels?.["version"] ?? 0);
  const releases = [...secrets]
    .sort((a, b) => revision(b) - revision(a))
    .flatMap((secret) => decodeRelease(secret) ?? [])
    .filter(({ chart }) => chart === "cilium");
  return releases.find(({ status }) => status === "deployed") ?? releases[0];
}
