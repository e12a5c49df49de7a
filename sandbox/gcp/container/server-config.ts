import type { JsonObject } from "../json";
import { CHANNELS, compareVersions, type VersionCatalogue } from "./versions";

/** `GET …/serverConfig`: what versions are on offer. */
export function serverConfig(catalogue: VersionCatalogue): JsonObject {
  const newestFirst = (versions: readonly string[]): string[] => [...versions].sort((a, b) => compareVersions(b, a));
  return {
    defaultClusterVersion: catalogue.unspecified.defaultVersion,
    validMasterVersions: newestFirst(catalogue.unspecified.versions),
    validNodeVersions: newestFirst(catalogue.unspecified.versions),
    defaultImageType: "COS_CONTAINERD",
    validImageTypes: ["COS_CONTAINERD", "UBUNTU_CONTAINERD", "WINDOWS_LTSC_CONTAINERD"],
    channels: CHANNELS.map((channel) => ({
      channel,
      defaultVersion: catalogue.channels[channel].defaultVersion,
      validVersions: newestFirst(catalogue.channels[channel].versions),
      upgradeTargetVersion: catalogue.channels[channel].defaultVersion,
    })),
  };
}
