import type { Problem } from "../../validation";
import type { CiliumValues } from "../cilium-values";

/** Registry that the chart names for Cilium's images. */
const UPSTREAM = "quay.io/cilium";

const REGISTRY_PATH = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._/-]*[a-z0-9])?$/;

/**
 * Values that take all of Cilium's images from a mirror, e.g. `europe-docker.pkg.dev/acme/cilium`. The mirror keeps
 * the images' names, tags and digests: `quay.io/cilium/hubble-relay` becomes `<registry>/hubble-relay`.
 *
 * For clusters whose nodes have no way to the internet.
 */
export function imageRegistryValues(registry: string): CiliumValues {
  const image = (name: string) => ({ image: { repository: `${registry}/${name}` } });
  return {
    ...image("cilium"),
    certgen: image("certgen"),
    envoy: image("cilium-envoy"),
    hubble: {
      relay: image("hubble-relay"),
      ui: { backend: image("hubble-ui-backend"), frontend: image("hubble-ui") },
    },
    nodeinit: image("startup-script"),
    // The chart appends the cloud's name: operator-generic.
    operator: image("operator"),
  };
}

/** What is wrong with the registry. */
export function imageRegistryProblems(registry: string, property = "imageRegistry"): Problem[] {
  if (REGISTRY_PATH.test(registry)) return [];
  return [
    {
      property,
      value: registry,
      rule: "is not a registry path",
      remedy: `write host and path without scheme and trailing slash, as in ${UPSTREAM}`,
    },
  ];
}
