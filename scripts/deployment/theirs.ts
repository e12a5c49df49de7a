import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type StackFacts, stackFacts } from "../../sandbox/runtime";

export const PROJECT = "acme-theirs";
export const LOCATION = "europe-west1-b";
export const CLUSTER = "legacy-cluster-1";

const TERRAFORM = { backend: { local: {} } };
const google = { source: "google", version: "6.50.0" };
/** Not theirs: it is needed once the cluster is adopted, and found with the others. */
const kubernetes = { source: "kubernetes", version: "2.38.0" };
const helm = { source: "helm", version: "3.1.1" };

/** What somebody else made, by Terraform written by hand: none of this library's names, defaults or choices. */
const CLOUD = {
  terraform: { ...TERRAFORM, required_providers: { google } },
  provider: { google: [{ project: PROJECT }] },
  resource: {
    google_compute_network: { vpc: { name: "corp-vpc", auto_create_subnetworks: false } },
    google_compute_subnetwork: {
      nodes: {
        name: "corp-gke",
        region: "europe-west1",
        network: "${google_compute_network.vpc.id}",
        ip_cidr_range: "10.80.0.0/20",
        secondary_ip_range: [
          { range_name: "gke-pods", ip_cidr_range: "10.84.0.0/16" },
          { range_name: "gke-services", ip_cidr_range: "10.88.0.0/20" },
        ],
      },
    },
    google_service_account: { nodes: { account_id: "corp-gke-nodes" } },
    google_container_cluster: {
      cluster: {
        name: CLUSTER,
        location: LOCATION,
        network: "${google_compute_network.vpc.id}",
        subnetwork: "${google_compute_subnetwork.nodes.id}",
        networking_mode: "VPC_NATIVE",
        ip_allocation_policy: {
          cluster_secondary_range_name: "gke-pods",
          services_secondary_range_name: "gke-services",
        },
        default_snat_status: { disabled: true },
        private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: false },
        control_plane_endpoints_config: { dns_endpoint_config: { allow_external_traffic: true } },
        release_channel: { channel: "STABLE" },
        logging_config: { enable_components: ["SYSTEM_COMPONENTS"] },
        resource_labels: { team: "payments" },
        deletion_protection: false,
        initial_node_count: 1,
        remove_default_node_pool: true,
        workload_identity_config: { workload_pool: `${PROJECT}.svc.id.goog` },
      },
    },
    google_container_node_pool: {
      // The name that Google's own first pool has, and which must outlive the adoption.
      first: {
        name: "default-pool",
        cluster: "${google_container_cluster.cluster.id}",
        node_count: 1,
        node_config: {
          machine_type: "e2-standard-4",
          disk_size_gb: 50,
          service_account: "${google_service_account.nodes.email}",
          oauth_scopes: [
            "https://www.googleapis.com/auth/devstorage.read_only",
            "https://www.googleapis.com/auth/logging.write",
          ],
        },
      },
      batch: {
        name: "batch-spot",
        cluster: "${google_container_cluster.cluster.id}",
        autoscaling: { min_node_count: 0, max_node_count: 3 },
        node_config: {
          machine_type: "n2-standard-8",
          spot: true,
          service_account: "${google_service_account.nodes.email}",
          oauth_scopes: ["https://www.googleapis.com/auth/cloud-platform"],
          taint: [{ key: "dedicated", value: "batch", effect: "NO_SCHEDULE" }],
          labels: { purpose: "batch" },
        },
      },
    },
  },
};

/** Cilium as a guide has it, with a choice or two of their own. */
const CILIUM = {
  terraform: { ...TERRAFORM, required_providers: { google, helm, kubernetes } },
  data: { google_container_cluster: { theirs: { name: CLUSTER, location: LOCATION, project: PROJECT } } },
  provider: {
    google: [{ project: PROJECT }],
    helm: [
      {
        kubernetes: {
          host: "https://${data.google_container_cluster.theirs.control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint}",
          exec: { api_version: "client.authentication.k8s.io/v1beta1", command: "gke-gcloud-auth-plugin" },
        },
      },
    ],
  },
  resource: {
    helm_release: {
      cilium: {
        name: "cilium",
        namespace: "kube-system",
        repository: "https://helm.cilium.io",
        chart: "cilium",
        version: "1.20.2",
        values: [
          JSON.stringify({
            cni: { binPath: "/home/kubernetes/bin" },
            ipam: { mode: "kubernetes" },
            routingMode: "native",
            ipv4NativeRoutingCIDR: "10.84.0.0/16",
            kubeProxyReplacement: true,
            k8sServiceHost: "${data.google_container_cluster.theirs.private_cluster_config[0].private_endpoint}",
            k8sServicePort: 443,
            hubble: { relay: { enabled: true }, metrics: { enabled: ["dns", "drop"] } },
            agentNotReadyTaintKey: "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready",
            // On GKE addresses are Google's to give; a rule of this library's insists on it.
            defaultLBServiceIPAM: "none",
            upgradeCompatibility: "1.20",
            operator: { replicas: 1 },
            debug: { enabled: true },
          }),
        ],
      },
    },
  },
};

/** Writes both as stacks of an output directory of cdktf would lie. */
export function writeTheirs(output: string): readonly StackFacts[] {
  return Object.entries({ cloud: CLOUD, cilium: CILIUM }).map(([name, stack]) => {
    const directory = join(output, "stacks", name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack, null, 2));
    return stackFacts(name, stack as never);
  });
}
