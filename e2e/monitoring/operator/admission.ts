import { ApiError, type KubernetesClient, type KubernetesObject } from "../../../sandbox/kubernetes/client";

interface Workload extends KubernetesObject {
  readonly spec?: {
    readonly template?: { readonly metadata?: object; readonly spec?: { readonly volumes?: readonly object[] } };
    readonly volumeClaimTemplates?: readonly KubernetesObject[];
  };
}

/** Copy of the monitoring namespace in which pods are only tried: its quota would refuse them in the other one. */
const TRIAL = "admission-trial";

/**
 * Why the API server would refuse pods of the monitoring namespace: its Pod Security Standard, or anything else that a
 * dry run finds. Pods of every workload, also those of the StatefulSets that the operator made.
 */
export async function admissionFaults(client: KubernetesClient, namespace: string): Promise<readonly string[]> {
  const { metadata } = await client.get<KubernetesObject>(`/api/v1/namespaces/${namespace}`);
  const labels = Object.fromEntries(
    Object.entries(metadata.labels ?? {}).filter(([name]) => name.startsWith("pod-security.kubernetes.io/")),
  );
  await client.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: TRIAL, labels } });
  const workloads = (
    await Promise.all(
      ["deployments", "statefulsets"].map((kind) =>
        client.list<Workload>(`/apis/apps/v1/namespaces/${namespace}/${kind}`),
      ),
    )
  ).flat();
  const faults = await Promise.all(
    workloads.map(async ({ metadata: { name }, spec }) => {
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...spec?.template?.metadata, name },
        spec: {
          ...spec?.template?.spec,
          // As the controller of StatefulSets adds them.
          volumes: [
            ...(spec?.template?.spec?.volumes ?? []),
            ...(spec?.volumeClaimTemplates ?? []).map(({ metadata: { name: claimName } }) => ({
              name: claimName,
              persistentVolumeClaim: { claimName },
            })),
          ],
          // The service accounts live in the other namespace.
          serviceAccountName: "default",
          serviceAccount: "default",
        },
      };
      return client.create(`/api/v1/namespaces/${TRIAL}/pods?dryRun=All`, pod).then(
        () => [],
        (error: unknown) => {
          if (error instanceof ApiError) return [error.message];
          throw error;
        },
      );
    }),
  );
  const missing = ["prometheus", "alertmanager", "grafana", "operator"].filter(
    (part) => !workloads.some(({ metadata: { name } }) => name.includes(part)),
  );
  return [...faults.flat(), ...missing.map((part) => `there is no workload of ${part}`)];
}
