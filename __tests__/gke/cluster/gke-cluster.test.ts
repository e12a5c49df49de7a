import { TerraformStack } from "cdktf";
import { GkeCluster, GkeNetwork } from "../../../lib/gke";
import { testApp } from "../../support/app";
import { googleAttributeProblems } from "../../support/google-attributes";
import { DATAPLANE_V2, LEGACY } from "../support";
import { createCluster, type Json, NETWORK, only, synth } from "../synth";

const KEY = "projects/keys/locations/asia-northeast1/keyRings/ring/cryptoKeys/key";

/** What a stack keeps in its state of something, with the name of where. */
function remembered(json: Json, prefix: string): [string, Json] {
  const found = Object.entries(json.resource.terraform_data as Json).filter(([id]) => id.startsWith(prefix));
  expect(found).toHaveLength(1);
  return found[0] as [string, Json];
}

describe("a cluster of which nothing is said", () => {
  let json: Json;
  let cluster: Json;
  beforeAll(() => {
    json = synth(createCluster);
    cluster = only(json, "google_container_cluster");
  });

  test("is as hard as a scanner asks for", () => {
    expect(cluster).toMatchObject({
      networking_mode: "VPC_NATIVE",
      enable_shielded_nodes: true,
      enable_legacy_abac: false,
      master_auth: { client_certificate_config: { issue_client_certificate: false } },
      workload_identity_config: { workload_pool: "acme-staging.svc.id.goog" },
      rbac_binding_config: {
        enable_insecure_binding_system_authenticated: false,
        enable_insecure_binding_system_unauthenticated: false,
      },
      anonymous_authentication_config: { mode: "LIMITED" },
      service_external_ips_config: { enabled: false },
      private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: true },
      master_authorized_networks_config: { cidr_blocks: [], gcp_public_cidrs_access_enabled: false },
      node_pool_defaults: { node_config_defaults: { insecure_kubelet_readonly_port_enabled: "FALSE" } },
      deletion_protection: true,
    });
    expect(cluster).not.toHaveProperty("enable_kubernetes_alpha");
  });

  test("has no pool but the one that GKE insists on, which is removed and as hard as all others", () => {
    expect(cluster).not.toHaveProperty("node_config");
    expect(cluster).toMatchObject({
      remove_default_node_pool: true,
      default_max_pods_per_node: 110,
      node_pool: [
        {
          // The provider removes the pool of this name.
          name: "default-pool",
          initial_node_count: 1,
          max_pods_per_node: 16,
          node_config: {
            machine_type: "e2-medium",
            disk_type: "pd-standard",
            disk_size_gb: 20,
            image_type: "COS_CONTAINERD",
            shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
            workload_metadata_config: { mode: "GKE_METADATA" },
            metadata: { "disable-legacy-endpoints": "true" },
          },
        },
      ],
    });
  });

  test("ignores only changes of what was removed", () => {
    expect(cluster.lifecycle.ignore_changes).toEqual(["node_config", "node_pool", "initial_node_count"]);
  });

  test("is not destroyed by a plan, and not by one that would replace it", () => {
    expect(cluster.lifecycle.prevent_destroy).toBe(true);
    const unprotected = synth((stack) => createCluster(stack, { deletionProtection: false }));
    expect(only(unprotected, "google_container_cluster").lifecycle).not.toHaveProperty("prevent_destroy");
  });

  test("remembers the datapath it was made with, and refuses another in the plan", () => {
    const [id, memory] = remembered(json, "cluster_datapath");
    expect(memory).toEqual({ input: { provider: "LEGACY_DATAPATH" }, lifecycle: { ignore_changes: ["input"] } });
    expect(cluster.lifecycle.precondition[0]).toEqual({
      condition: `\${terraform_data.${id}.output.provider == "LEGACY_DATAPATH"}`,
      error_message: expect.stringContaining(
        `Cluster staging runs \${terraform_data.${id}.output.provider} and cannot be changed to LEGACY_DATAPATH`,
      ),
    });
  });

  test("remembers everything else that only a new cluster can have, and refuses a change of it in the plan", () => {
    const [id, memory] = remembered(json, "cluster_birth");
    expect(memory).toEqual({
      input: {
        location: "asia-northeast1",
        autopilot: "false",
        privateNodes: "true",
        maxPodsPerNode: "110",
        confidentialNodes: "none",
        controlPlane: "none",
        controlPlaneSubnetwork: "none",
        network: "one of its own",
        subnetwork: "one of its own",
        podsRangeName: "staging-pods",
        servicesRangeName: "staging-services",
      },
      lifecycle: { ignore_changes: ["input"] },
    });
    const { condition, error_message } = cluster.lifecycle.precondition[1];
    expect(condition).toContain(`try(terraform_data.${id}.output[name], value) == value`);
    expect(condition).toContain('location = "asia-northeast1"');
    expect(error_message).toMatch(/^Cluster staging cannot change .*docs\/mode-switch\.md has the steps\.$/);
  });

  test("gives its nodes an account with the least roles, before there are nodes", () => {
    expect(only(json, "google_service_account")).toEqual({
      account_id: "staging-nodes",
      display_name: "GKE nodes of staging",
      project: "acme-staging",
    });
    const members = Object.entries(json.resource.google_project_iam_member as Json);
    expect(members.map(([, member]) => (member as Json).role).sort()).toEqual([
      "roles/artifactregistry.reader",
      "roles/container.defaultNodeServiceAccount",
    ]);
    expect(cluster.depends_on).toEqual(
      expect.arrayContaining([
        ...members.map(([id]) => `google_project_iam_member.${id}`),
        expect.stringContaining("google_compute_router_nat."),
      ]),
    );
  });

  test("has addresses in the state that never change", () => {
    const ids = ["google_container_cluster", "google_service_account", "google_project_iam_member"].flatMap((type) =>
      Object.keys(json.resource[type]).map((id) => `${type}.${id}`),
    );
    expect(ids).toMatchInlineSnapshot(`
[
  "google_container_cluster.cluster",
  "google_service_account.cluster_node-service-account_B5377F90",
  "google_project_iam_member.cluster_node-service-account_artifactregistry-reader_6F26F6DB",
  "google_project_iam_member.cluster_node-service-account_container-defaultNodeServiceAccount_979D6364",
]
`);
  });
});

test("effective values can be read from it", () => {
  const stack = new TerraformStack(testApp(), "stack");
  const cluster = createCluster(stack, { location: "asia-northeast1-a", nodeTags: ["mine"] });
  expect(cluster).toMatchObject({
    name: "staging",
    project: "acme-staging",
    location: "asia-northeast1-a",
    autopilot: false,
    privateNodes: true,
    dnsEndpoint: true,
    ipEndpoint: "private",
    releaseChannel: "REGULAR",
    maxPodsPerNode: 110,
    deletionProtection: true,
    workloadPool: "acme-staging.svc.id.goog",
    nodeTags: ["gke-staging", "mine"],
    zoneCount: 1,
    podRangeNames: ["staging-pods"],
    datapath: LEGACY,
  });
});

test("an existing account is used as it is", () => {
  const json = synth((stack) => createCluster(stack, { nodeServiceAccount: "n@p.iam.gserviceaccount.com" }));
  expect(json.resource).not.toHaveProperty("google_service_account");
  expect(json.resource).not.toHaveProperty("google_project_iam_member");
});

test("further projects and roles are granted to the account of its own", () => {
  const json = synth((stack) =>
    createCluster(stack, { imageProjects: ["acme-images"], extraNodeRoles: ["roles/storage.objectViewer"] }),
  );
  expect(
    Object.values(json.resource.google_project_iam_member as Json).map((member) => [
      (member as Json).role,
      (member as Json).project,
    ]),
  ).toEqual(
    expect.arrayContaining([
      ["roles/artifactregistry.reader", "acme-images"],
      ["roles/storage.objectViewer", "acme-staging"],
    ]),
  );
});

describe("with a key for Secrets", () => {
  let cluster: Json;
  beforeAll(() => {
    cluster = only(
      synth((stack) => createCluster(stack, { secretsEncryptionKey: KEY })),
      "google_container_cluster",
    );
  });

  test("the state that newer GKE answers is no change", () => {
    expect(cluster.lifecycle.ignore_changes).toContain("database_encryption[0].state");
  });

  test("a cluster whose Secrets are not encrypted fails the plan, with the command that encrypts them", () => {
    expect(cluster.lifecycle.postcondition).toEqual([
      {
        condition: '${self.database_encryption[0].state != "DECRYPTED"}',
        error_message: `Secrets of cluster staging are not encrypted yet. Switch it on once with: gcloud container clusters update staging --project acme-staging --location asia-northeast1 --database-encryption-key ${KEY}`,
      },
    ]);
  });
});

describe("Autopilot", () => {
  let json: Json;
  let cluster: Json;
  beforeAll(() => {
    json = synth((stack) => createCluster(stack, { autopilot: true, datapath: DATAPLANE_V2 }));
    cluster = only(json, "google_container_cluster");
  });

  test("has nothing that the provider refuses beside enable_autopilot", () => {
    expect(googleAttributeProblems(json)).toEqual([]);
    for (const attribute of [
      "remove_default_node_pool",
      "initial_node_count",
      "node_config",
      "node_pool_defaults",
      "enable_shielded_nodes",
      "network_policy",
      "default_max_pods_per_node",
      "enable_intranode_visibility",
    ]) {
      expect(cluster).not.toHaveProperty(attribute);
    }
    expect(cluster.lifecycle).not.toHaveProperty("ignore_changes");
    expect(cluster.cluster_autoscaling).not.toHaveProperty("enabled");
    expect(Object.keys(cluster.addons_config).sort()).toEqual([
      "gke_backup_agent_config",
      "horizontal_pod_autoscaling",
      "http_load_balancing",
    ]);
  });

  test("its nodes have the account, the tag and the closed kubelet port of all others", () => {
    expect(cluster.cluster_autoscaling.auto_provisioning_defaults.service_account).toContain("google_service_account.");
    expect(cluster.node_pool_auto_config).toEqual({
      network_tags: { tags: ["gke-staging"] },
      node_kubelet_config: { insecure_kubelet_readonly_port_enabled: "FALSE" },
    });
  });
});

test("the resource stays open to what the options lack, and the check sees it", () => {
  const json = synth((stack) => {
    const { cluster } = createCluster(stack);
    cluster.addOverride("dns_config.cluster_dns", "CLOUD_DNS");
    cluster.addOverride("dns_config.colour", "red");
  });
  expect(only(json, "google_container_cluster").dns_config.cluster_dns).toBe("CLOUD_DNS");
  expect(googleAttributeProblems(json)).toEqual([
    "google_container_cluster.cluster: 'dns_config.colour' is not an attribute",
  ]);
});

test("all that is wrong is told at once, with the path of the construct, and nothing is created", () => {
  const stack = new TerraformStack(testApp(), "stack");
  const network = new GkeNetwork(stack, "network", NETWORK);
  const create = () =>
    new GkeCluster(stack, "cluster", { name: "A", project: "acme-p", location: "nowhere", network, datapath: LEGACY });
  expect(create).toThrow(
    /^2 problems:\n {2}- stack\/cluster: 'name' \(A\).*\n {2}- stack\/cluster: 'location' \(nowhere\)/,
  );
  expect(stack.node.tryFindChild("cluster")?.node.children).toEqual([]);
});
