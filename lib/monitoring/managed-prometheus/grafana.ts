import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import type { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { HelmValues } from "../../helm";
import { type Manifest, ManifestRelease } from "../../kubernetes";
import type { MonitoringContext } from "../facts";
import { grafanaValues, stackRelease, withTolerations } from "../stack";
import type { ManagedGrafanaOptions } from "./options";

const DEFAULT_FRONTEND_IMAGE = "gke.gcr.io/prometheus-engine/frontend:v0.17.3-gke.0";
/** Also the name of its Service and of its service account. */
const FRONTEND = "prometheus-frontend";
const FRONTEND_PORT = 9090;

/**
 * Grafana on the data of Managed Service for Prometheus: Google's frontend answers like a Prometheus server and adds
 * the credentials of its own service account, so that Grafana itself holds none.
 */
export function managedGrafana(
  scope: Construct,
  context: MonitoringContext,
  options: ManagedGrafanaOptions,
  props: { readonly namespace: string; readonly dependsOn: readonly ITerraformDependable[] },
): Release {
  const { helmProvider } = context.connection;
  const { namespace } = props;
  // Workload Identity gives the role to the service account itself. All clusters of a project share one pool: the same
  // namespace and name in another cluster of it would have the role too.
  const project = new DataGoogleProject(scope, "project", { projectId: context.project });
  const access = new ProjectIamMember(scope, "frontend-access", {
    project: context.project,
    role: "roles/monitoring.viewer",
    member: `principal://iam.googleapis.com/projects/${project.number}/locations/global/workloadIdentityPools/${context.project}.svc.id.goog/subject/ns/${namespace}/sa/${FRONTEND}`,
  });
  const frontend = new ManifestRelease(scope, "frontend", {
    name: FRONTEND,
    namespace,
    manifests: frontendManifests(context, options.frontendImage ?? DEFAULT_FRONTEND_IMAGE),
    dependsOn: [...props.dependsOn, access],
    provider: helmProvider,
  });
  // The same resource as Prometheus in the cluster: one release by this name must never be made by one resource while it
  // is removed by another.
  return stackRelease(scope, "stack", {
    namespace,
    options,
    values: withTolerations(grafanaOnlyValues(options, namespace), context.tolerations),
    dependsOn: [frontend.release],
    provider: helmProvider,
  });
}

/** Values of kube-prometheus-stack that leave nothing but Grafana of it. */
export function grafanaOnlyValues(options: ManagedGrafanaOptions, namespace: string): HelmValues {
  const off = { enabled: false };
  return {
    crds: off,
    defaultRules: { create: false },
    prometheus: off,
    prometheusOperator: { ...off, admissionWebhooks: off, kubeletService: off },
    alertmanager: off,
    kubernetesServiceMonitors: off,
    kubeStateMetrics: off,
    nodeExporter: off,
    grafana: {
      ...grafanaValues(options, namespace, `http://${FRONTEND}.${namespace}.svc:${FRONTEND_PORT}/`),
      defaultDashboardsEnabled: false,
      serviceMonitor: off,
    },
  };
}

function frontendManifests({ project, tolerations = [] }: MonitoringContext, image: string): Manifest[] {
  const labels = { "app.kubernetes.io/name": FRONTEND, "app.kubernetes.io/part-of": "cilium-monitoring" };
  const metadata = { name: FRONTEND, labels };
  const probe = (path: string) => ({ httpGet: { path, port: "web" } });
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ name: "web", port: FRONTEND_PORT, targetPort: "web" }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: FRONTEND,
            ...(tolerations.length > 0 && { tolerations: tolerations.map((toleration) => ({ ...toleration })) }),
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              runAsGroup: 1000,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "frontend",
                image,
                args: [`--web.listen-address=:${FRONTEND_PORT}`, `--query.project-id=${project}`],
                ports: [{ name: "web", containerPort: FRONTEND_PORT }],
                livenessProbe: probe("/-/healthy"),
                readinessProbe: probe("/-/ready"),
                resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    },
  ];
}
