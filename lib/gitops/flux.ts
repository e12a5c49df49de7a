import type { Installation, KubernetesObject } from "./installation";

/**
 * A repository and a HelmRelease of the same name in Helm's eyes, so that Flux goes on with the release that is there.
 *
 * A failed upgrade is tried again and not rolled back, as with Terraform: going back from a first installation would take
 * the CNI off the cluster.
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export function fluxObjects(installation: Installation): KubernetesObject[] {
  const { environment, release, releaseNamespace, repository, chart, version, values, namespace } = installation;
  const name = `${environment}-cilium`;
  const isOci = repository.startsWith("oci://");
  return [
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "HelmRepository",
      metadata: { name, namespace },
      spec: { interval: "1h", ...(isOci ? { type: "oci" } : {}), url: repository },
    },
    {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name, namespace },
      spec: {
        interval: "10m",
        timeout: `${installation.timeoutSeconds}s`,
        releaseName: release,
        targetNamespace: releaseNamespace,
        // Where Helm keeps its record of the release that is there.
        storageNamespace: releaseNamespace,
        chart: {
          spec: { chart, version, sourceRef: { kind: "HelmRepository", name, namespace } },
        },
        install: { remediation: { retries: -1 } },
        upgrade: { cleanupOnFail: false, remediation: { retries: 3, remediateLastFailure: false } },
        values,
      },
    },
  ];
}
