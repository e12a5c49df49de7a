import { CiliumVersion } from "../cilium/version";
import { DEFAULT_CHART_VERSION } from "../monitoring/stack/chart";
import type { InitEnvironment, InitOptions } from "./options";

/** Environments that come and go, by their names. */
const SHORT_LIVED = /dev|test|sandbox|preview|play/;
/** A minor of GKE that every version of Cilium that this library installs by default is tested with. */
const GKE_MINOR = "1.34";
/** A /12 of 10.0.0.0/8 an environment: nodes in its first /20, pods in its second /14, services in its third. */
const SECOND_BYTE_STEP = 16;

const FACTORIES = { "dataplane-v2": "v2", "kube-proxy-free": "kubeProxyFree", "cni-chaining": "cniChaining" } as const;

/** Name of the constant that holds a definition: `preProd` of `pre-prod`. */
export function constantName(environment: string): string {
  return environment.replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Name of the bucket that holds the state of a project's environments. */
export function stateBucketOf(project: string): string {
  return `${project.replace(/[^a-z0-9-]/g, "-")}-terraform-state`;
}

/** `environments/<name>.ts`, the versions of everything that could change under a cluster written down in it. */
export function environmentFile(environment: InitEnvironment, index: number, options: InitOptions): string {
  const { name, project } = environment;
  const { location, dataplane, monitoring, state } = options;
  const byte = index * SECOND_BYTE_STEP;
  const imports = [
    ...(dataplane === "dataplane-v2" ? [] : ["CiliumVersion"]),
    "Dataplane",
    "defineEnvironment",
    ...(monitoring === "none" ? [] : ["Monitoring"]),
    ...(state === "bucket" ? ["StateBackend"] : []),
  ];
  return `import { ${imports.join(", ")} } from "cdktf-gke-cilium";

export const ${constantName(name)} = defineEnvironment({
  name: "${name}",
  project: "${project}",
  location: "${location}",
  // Yours to choose: they must fit into your address plan, and changing them later replaces the cluster.
  network: { nodes: "10.${byte}.0.0/20", pods: "10.${byte + 4}.0.0/14", services: "10.${byte + 8}.0.0/20" },
  dataplane: ${dataplaneCode(dataplane)},
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 3, maxNodes: 9 }],
  // The lowest minor of GKE; docs/upgrade.md of the library says how to go further.
  // renovate: datasource=endoflife-date depName=google-kubernetes-engine versioning=loose
  cluster: { minVersion: "${GKE_MINOR}"${SHORT_LIVED.test(name) ? ", deletionProtection: false" : ""} },
${monitoringCode(monitoring)}${
  state === "bucket" ? `  backend: StateBackend.gcs({ bucket: "${stateBucketOf(project)}" }),\n` : ""
}});
`;
}

function dataplaneCode(dataplane: InitOptions["dataplane"]): string {
  const factory = `Dataplane.${FACTORIES[dataplane]}`;
  if (dataplane === "dataplane-v2") return `${factory}({ flowMetrics: true, flowRelay: true })`;
  return `${factory}({
    // renovate: datasource=helm depName=cilium registryUrl=https://helm.cilium.io
    version: CiliumVersion.of("${CiliumVersion.DEFAULT}"),
    hubble: { relay: true, ui: true },
  })`;
}

function monitoringCode(monitoring: InitOptions["monitoring"]): string {
  switch (monitoring) {
    case "none":
      return "";
    case "managed-prometheus":
      return "  monitoring: Monitoring.managedPrometheus(),\n";
    case "prometheus":
      return `  monitoring: Monitoring.prometheus({
    // renovate: datasource=helm depName=kube-prometheus-stack registryUrl=https://prometheus-community.github.io/helm-charts
    chartVersion: "${DEFAULT_CHART_VERSION}",
  }),
`;
  }
}
