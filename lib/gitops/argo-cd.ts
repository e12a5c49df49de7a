import type { Installation, KubernetesObject } from "./installation";

/** Before everything that needs a network, whatever else is in the same repository. */
const FIRST_WAVE = "-20";

/**
 * An Application that renders the same chart with the same values.
 *
 * It has no finalizer: who deletes the Application must not take the network off the cluster with it. Nothing is pruned by
 * itself, for the same reason.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
 */
export function argoApplication(installation: Installation): KubernetesObject {
  const { environment, release, releaseNamespace, repository, chart, version, values, namespace, project } =
    installation;
  const isOci = repository.startsWith("oci://");
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: `${environment}-cilium`,
      namespace,
      annotations: { "argocd.argoproj.io/sync-wave": FIRST_WAVE },
    },
    spec: {
      project,
      destination: { server: "https://kubernetes.default.svc", namespace: releaseNamespace },
      source: {
        // Argo CD writes the address of an OCI registry without a scheme.
        repoURL: isOci ? repository.replace("oci://", "") : repository,
        chart,
        targetRevision: version,
        helm: { releaseName: release, valuesObject: values },
      },
      syncPolicy: {
        automated: { prune: false, selfHeal: true },
        syncOptions: ["ServerSideApply=true", "ApplyOutOfSyncOnly=true"],
        retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "3m" } },
      },
    },
  };
}
