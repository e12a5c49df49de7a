import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentDefinition } from "../../../lib/environment";
import type { ClusterView, NodePoolView } from "../../../sandbox/gcp/hooks";
import { type Cluster, LocalKubernetes } from "../../../sandbox/kubernetes";
import { CertificateAuthority } from "../../../sandbox/pki";
import { ProcessLedger } from "../../../sandbox/processes";
import { ciliumCrds, KUBERNETES_GIT_VERSION, kwokStages, type ProgramName } from "../../../sandbox/toolchain";

/** Programs of a control plane and of what is installed into it. */
export const CLUSTER_PROGRAMS = [
  "helm",
  "etcd",
  "kwok",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
] as const satisfies readonly ProgramName[];
export type ClusterPrograms = Readonly<Record<(typeof CLUSTER_PROGRAMS)[number], string>>;

/** A cluster of the proof. */
export interface RunningCluster {
  readonly cluster: Cluster;
  /** Holds a token that the API server takes. */
  readonly tokenFile: string;
  readonly ledger: ProcessLedger;
  readonly stop: () => Promise<void>;
}

const NODES = 2;
const ZONE = "asia-northeast1-a";

/** Where the processes of a cluster in a directory are written down. */
export function ledgerFile(directory: string): string {
  return join(directory, "processes.json");
}

/** A real control plane with fake nodes, as the environment's cluster would have them. Stop it after use. */
export async function startCluster(
  definition: EnvironmentDefinition,
  programs: ClusterPrograms,
  directory: string,
): Promise<RunningCluster> {
  mkdirSync(directory, { recursive: true });
  const token = randomBytes(24).toString("hex");
  const tokenFile = join(directory, "token");
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const ledger = new ProcessLedger(ledgerFile(directory));
  const kubernetes = new LocalKubernetes(join(directory, "clusters"), {
    programs,
    ledger,
    machineAuthority: await CertificateAuthority.open(join(directory, "pki"), "monitoring proof on this machine"),
    users: { [token]: "prometheus" },
    stages: await kwokStages(),
    ciliumDefinitions: await ciliumCrds(),
  });
  const view = clusterView(definition);
  try {
    await kubernetes.onClusterCreating(view);
    await kubernetes.onNodePoolChanged(view, nodePool(view), "created");
    return { cluster: kubernetes.find(view)!, tokenFile, ledger, stop: () => kubernetes.stop() };
  } catch (error) {
    await kubernetes.stop();
    throw error;
  }
}

/** The cluster as Google's API would show it, as far as the sandbox looks at it. */
function clusterView({ name, project, location, network, dataplane }: EnvironmentDefinition): ClusterView {
  const datapath = dataplane.clusterDatapath;
  const { provider } = datapath;
  const flowMetrics = datapath.provider === "ADVANCED_DATAPATH" && (datapath.flowMetrics ?? false);
  const calicoNetworkPolicy = datapath.provider === "LEGACY_DATAPATH" && datapath.calicoNetworkPolicy;
  return {
    project,
    location,
    name,
    id: createHash("sha256").update(`${project}/${name}/${process.pid}`).digest("hex"),
    version: KUBERNETES_GIT_VERSION.slice(1),
    dnsEndpoint: `gke-${name}.${location}.gke.goog`,
    podsCidr: rangeOf(network.pods),
    servicesCidr: rangeOf(network.services),
    resource: {
      networkConfig: { datapathProvider: provider },
      networkPolicy: { enabled: calicoNetworkPolicy },
      monitoringConfig: { advancedDatapathObservabilityConfig: { enableMetrics: flowMetrics } },
    },
  };
}

/** A range of a network that the environment makes itself; those that the examples ship all do. */
function rangeOf(range: unknown): string {
  if (typeof range === "string") return range;
  throw new Error("the proof needs an environment that writes its ranges down");
}

function nodePool({ version, name }: ClusterView): NodePoolView {
  return {
    name: "general",
    version,
    machineType: "e2-standard-4",
    labels: {},
    taints: [],
    spot: false,
    maxPodsPerNode: 110,
    nodes: Array.from({ length: NODES }, (_, index) => ({
      name: `gke-${name}-general-${index}`,
      zone: ZONE,
      version,
      instanceId: String(1000 + index),
    })),
    resource: {},
  };
}
