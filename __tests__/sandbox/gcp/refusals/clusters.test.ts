import type { JsonObject } from "../../../../sandbox/gcp/json";
import {
  clusterRequest,
  makeCluster,
  makeNetwork,
  PROJECT,
  paths,
  REGION,
  start,
  stopAll,
  type TestCloud,
} from "../client";
import { type Case, expectRefused } from "./refused";

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await start();
  await makeNetwork(cloud);
});
afterAll(stopAll);

const AUTOPILOT = { autopilot: { enabled: true } };
const recurring = (hours: number, recurrence: string, from = "2026-01-03T00:00:00Z"): JsonObject => ({
  maintenancePolicy: {
    window: {
      recurringWindow: {
        recurrence,
        window: { startTime: from, endTime: new Date(Date.parse(from) + hours * 3_600_000).toISOString() },
      },
    },
  },
});
const exclusion = (days: number, scope?: string): JsonObject => ({
  startTime: "2026-06-01T00:00:00Z",
  endTime: new Date(Date.parse("2026-06-01T00:00:00Z") + days * 86_400_000).toISOString(),
  ...(scope ? { maintenanceExclusionOptions: { scope } } : {}),
});
const exclusions = (all: JsonObject): JsonObject => ({
  maintenancePolicy: { window: { maintenanceExclusions: all } },
});
const surge = (upgradeSettings: JsonObject): JsonObject => ({
  autoscaling: {
    enableNodeAutoprovisioning: true,
    resourceLimits: [
      { resourceType: "cpu", maximum: "10" },
      { resourceType: "memory", maximum: "64" },
    ],
    autoprovisioningNodePoolDefaults: { upgradeSettings },
  },
});
const authorized = (networks: readonly string[], more: JsonObject = {}): JsonObject => ({
  masterAuthorizedNetworksConfig: { enabled: true, cidrBlocks: networks.map((cidrBlock) => ({ cidrBlock })) },
  ...more,
});
const privately = (masterIpv4CidrBlock: string): JsonObject => ({
  privateClusterConfig: { enablePrivateNodes: true, masterIpv4CidrBlock },
});
const NOT_AUTOPILOT = /^Setting .* is not allowed on GKE Autopilot clusters$/;

describe("an Autopilot cluster is refused", () => {
  test("in a zone", async () => {
    // GoogleCloudPlatform/ai-on-gke#628, and TestAccContainerCluster_errorAutopilotLocation of the google provider.
    const path = `/container/v1/projects/${PROJECT}/locations/${REGION}-a/clusters`;
    await expectRefused(
      cloud,
      "POST",
      path,
      { cluster: clusterRequest(AUTOPILOT) },
      "Autopilot clusters must be regional clusters.",
    );
  });

  test.each<Case>([
    // terraform-google-modules/terraform-google-kubernetes-engine#2075, GoogleCloudPlatform/ai-on-gke#820
    [
      "with kubelet defaults",
      {
        nodePoolDefaults: { nodeConfigDefaults: { nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: false } } },
      },
      "Setting node_pool_defaults.node_config_defaults.node_kubelet_config is not allowed on GKE Autopilot clusters",
    ],
    // pulumi/pulumi-gcp#714
    [
      "with a number of pods",
      { defaultMaxPodsConstraint: { maxPodsPerNode: "110" } },
      "Max pods constraint on node pools for Autopilot clusters should be 32.",
    ],
    // What cannot be configured: https://cloud.google.com/kubernetes-engine/docs/resources/autopilot-standard-feature-comparison
    ["with node pools", { nodePools: [{ name: "p", initialNodeCount: 1 }] }, NOT_AUTOPILOT],
    [
      "with limits of its autoscaler",
      { autoscaling: { resourceLimits: [{ resourceType: "cpu", maximum: "5" }] } },
      NOT_AUTOPILOT,
    ],
    ["with a machine type", { nodeConfig: { machineType: "e2-standard-4" } }, NOT_AUTOPILOT],
    ["with taints", { nodeConfig: { taints: [{ key: "a", value: "b", effect: "NO_SCHEDULE" }] } }, NOT_AUTOPILOT],
    ["with the network policy addon", { networkPolicy: { enabled: true } }, "cannot be enabled in Autopilot clusters."],
    [
      "on the legacy datapath",
      { networkConfig: { datapathProvider: "LEGACY_DATAPATH" } },
      "must be used in Autopilot clusters.",
    ],
    ["with routes", { ipAllocationPolicy: { useRoutes: true } }, "must be used in Autopilot clusters."],
    ["without shielded nodes", { shieldedNodes: { enabled: false } }, "must be enabled in Autopilot clusters."],
    [
      "without vertical autoscaling",
      { verticalPodAutoscaling: { enabled: false } },
      "must be enabled in Autopilot clusters.",
    ],
    [
      "without HTTP load balancing",
      { addonsConfig: { httpLoadBalancing: { disabled: true } } },
      "must be enabled in Autopilot clusters.",
    ],
    ["with legacy ABAC", { legacyAbac: { enabled: true } }, "cannot be enabled in Autopilot clusters."],
    [
      "outside of release channels",
      { releaseChannel: { channel: "UNSPECIFIED" } },
      "must be used in Autopilot clusters.",
    ],
  ])("%s", async (_, more, words) => {
    await expectRefused(cloud, "POST", paths.clusters, { cluster: clusterRequest({ ...AUTOPILOT, ...more }) }, words);
  });

  test("when its pools are asked for, changed or deleted", async () => {
    // gke-labs/kube-agents#920
    const own = await start();
    await makeCluster(own, AUTOPILOT);
    const pools = `${paths.clusters}/dev/nodePools`;
    const words = "Autopilot node pools cannot be accessed or modified.";
    for (const [method, path, body] of [
      ["GET", pools, undefined],
      ["GET", `${pools}/default-pool`, undefined],
      ["POST", pools, { nodePool: { name: "p" } }],
      ["PUT", `${pools}/default-pool`, { nodeVersion: "1.33.13-gke.1000" }],
      ["POST", `${pools}/default-pool:setSize`, { nodeCount: 2 }],
      ["DELETE", `${pools}/default-pool`, undefined],
      ["PUT", `${paths.clusters}/dev`, { update: { desiredNodeVersion: "-", desiredNodePoolId: "default-pool" } }],
    ] as const) {
      await expectRefused(own, method, path, body, words);
    }
    await expectRefused(
      own,
      "PUT",
      `${paths.clusters}/dev`,
      { update: { desiredVerticalPodAutoscaling: { enabled: false } } },
      "must be enabled in Autopilot clusters.",
    );
  });
});

describe("a cluster is refused", () => {
  test.each<Case>([
    // GKE's limits of private clusters: https://cloud.google.com/kubernetes-engine/docs/how-to/legacy/network-isolation
    ["whose control plane has no /28", privately("172.16.0.0/24"), "the master CIDR block must be a valid /28"],
    [
      "whose control plane has no range at all",
      privately("172.16.0.300/28"),
      "the master CIDR block must be a valid /28",
    ],
    ["whose control plane lies in the subnetwork", privately("10.16.0.0/28"), "it conflicts with 10.16.0.0/20"],
    ["whose control plane lies among the pods", privately("10.21.0.0/28"), "it conflicts with 10.20.0.0/14"],
    ["whose control plane is on the internet", privately("8.8.8.0/28"), "must be in a private range"],
    [
      "with a range for a control plane of public nodes",
      { privateClusterConfig: { masterIpv4CidrBlock: "172.16.0.0/28" } },
      "Cannot specify master_ipv4_cidr_block without enable_private_nodes",
    ],
    // terraform-google-modules/terraform-google-kubernetes-engine#2119
    [
      "with two places for its control plane",
      {
        privateClusterConfig: {
          enablePrivateNodes: true,
          masterIpv4CidrBlock: "172.16.0.0/28",
          privateEndpointSubnetwork: `regions/${REGION}/subnetworks/nodes`,
        },
      },
      "When masterIpv4Cidr is set, privateEndpointSubnetwork must be unset.",
    ],
    // terraform-google-modules/terraform-google-kubernetes-engine, README of beta-private-cluster: authorized networks
    [
      "that opens its private endpoint to the internet",
      authorized(["73.89.231.174/32"], {
        privateClusterConfig: { enablePrivateEndpoint: true, enablePrivateNodes: true },
      }),
      'Invalid master authorized networks: network "73.89.231.174/32" is not a reserved network, which is required for private endpoints.',
    ],
    ["that lets in what is no range", authorized(["10.0.0.0/33"]), 'network "10.0.0.0/33" is not a valid CIDR block'],
    ["that lets in a range with host bits", authorized(["10.0.0.1/8"]), "is not a valid CIDR block"],
    ["that lets in the same range twice", authorized(["10.0.0.0/8", "10.0.0.0/8"]), "specified more than once"],
    [
      "that lets in more than a hundred ranges",
      authorized(Array.from({ length: 101 }, (_, i) => `10.0.${i}.0/24`)),
      "at most 100 networks are allowed",
    ],

    // hashicorp/terraform-provider-google#7895
    [
      "on the subnetwork of another region",
      { subnetwork: `projects/${PROJECT}/regions/us-east1/subnetworks/elsewhere` },
      `Subnetwork "projects/${PROJECT}/regions/us-east1/subnetworks/elsewhere" is not valid for Network "main".`,
    ],

    // "maintenance policy would go longer than 32d…": several public reports, and
    // https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions#restrictions
    [
      "that can be maintained four hours a week",
      recurring(4, "FREQ=WEEKLY;BYDAY=SU"),
      'maintenance policy would go longer than 32d without 48h maintenance availability of ">=4h" contiguous duration',
    ],
    ["that can be maintained three hours a day", recurring(3, "FREQ=DAILY"), "would go longer than 32d without 48h"],
    [
      "that can be maintained every other weekend",
      recurring(8, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU"),
      "would go longer than 32d without 48h",
    ],
    [
      "that can be maintained once a month",
      recurring(24, "FREQ=MONTHLY;BYDAY=1SU"),
      "would go longer than 32d without 48h",
    ],
    [
      "whose window ends before it begins",
      recurring(-1, "FREQ=DAILY"),
      'end time of "recurring window" must be after its start time',
    ],
    [
      "whose window recurs as nobody knows",
      recurring(8, "FREQ=SOMETIMES"),
      'recurrence "FREQ=SOMETIMES" is not supported',
    ],
    [
      "whose daily window begins at no time",
      { maintenancePolicy: { window: { dailyMaintenanceWindow: { startTime: "25:00" } } } },
      'daily maintenance window start time "25:00" is not in the format HH:MM',
    ],
    [
      "that is not upgraded for 31 days",
      exclusions({ freeze: exclusion(31) }),
      'maintenance exclusion "freeze" is longer than 30 days',
    ],
    [
      "that stays on a minor for 181 days",
      exclusions({ freeze: exclusion(181, "NO_MINOR_UPGRADES") }),
      "is longer than 180 days",
    ],
    [
      "with more than three exclusions of everything",
      exclusions({ a: exclusion(1), b: exclusion(1), c: exclusion(1), d: exclusion(1) }),
      "at most 3 maintenance exclusions with scope NO_UPGRADES",
    ],
    [
      "whose exclusion ends before it begins",
      exclusions({ freeze: exclusion(-1) }),
      'end time of "freeze" must be after its start time',
    ],

    // hashicorp/terraform-provider-google#24232
    [
      "that provisions nodes without limits",
      { autoscaling: { enableNodeAutoprovisioning: true } },
      "Resource limits for cpu, memory must be specified when enabling node autoprovisioning.",
    ],
    [
      "that provisions nodes without a limit of memory",
      { autoscaling: { enableNodeAutoprovisioning: true, resourceLimits: [{ resourceType: "cpu", maximum: "10" }] } },
      "Resource limits for memory must be specified when enabling node autoprovisioning.",
    ],
    [
      "with limits for nodes that are not provisioned",
      { autoscaling: { resourceLimits: [{ resourceType: "cpu", maximum: "10" }] } },
      "Resource limits can only be specified when node autoprovisioning is enabled",
    ],
    [
      "with a limit below its minimum",
      {
        autoscaling: {
          enableNodeAutoprovisioning: true,
          resourceLimits: [{ resourceType: "cpu", minimum: "10", maximum: "5" }],
        },
      },
      "minimum 10 is greater than maximum 5",
    ],
    // TestAccContainerCluster_autoprovisioningDefaultsUpgradeSettings of the google provider
    [
      "that surges with a blue-green upgrade",
      surge({ strategy: "BLUE_GREEN", maxSurge: 2, maxUnavailable: 1 }),
      "Surge upgrade settings max_surge/max_unavailable can only be used when strategy is set to SURGE",
    ],
    // https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr: 8 to 256 pods
    ["with five pods a node", { defaultMaxPodsConstraint: { maxPodsPerNode: "5" } }, "it must be between 8 and 256"],
    ["with 257 pods a node", { defaultMaxPodsConstraint: { maxPodsPerNode: "257" } }, "it must be between 8 and 256"],
    ["with a negative number of nodes", { initialNodeCount: -1 }, "must be greater than or equal to zero"],
    ["with more nodes than a zone of a pool holds", { initialNodeCount: 1001 }, "at most 1000 nodes per zone"],
    // NodePool and nodeConfig in the API's reference: only one of the two
    [
      "with pools and a number of nodes",
      { nodePools: [{ name: "p", initialNodeCount: 1 }] },
      "Only one of cluster.node_pools and cluster.initial_node_count or cluster.node_config can be set.",
    ],
    [
      "with two pools of one name",
      { initialNodeCount: 0, nodePools: [{ name: "p" }, { name: "p" }] },
      'Node pool names must be unique, found duplicate: "p"',
    ],
    [
      "with a password",
      { masterAuth: { username: "admin", password: "x" } },
      "Basic authentication was removed for GKE cluster versions >= 1.19",
    ],
    ["in one zone twice", { locations: [`${REGION}-a`, `${REGION}-a`] }, "is specified more than once"],
    [
      "that provisions nodes in another region",
      { autoscaling: { autoprovisioningLocations: ["us-east1-b"] } },
      'Location "us-east1-b" is not a zone of the region',
    ],
    [
      "whose pods and Services share a range",
      {
        ipAllocationPolicy: {
          useIpAliases: true,
          clusterSecondaryRangeName: "pods",
          servicesSecondaryRangeName: "pods",
        },
      },
      'Secondary range "pods" cannot be used for both Pods and Services',
    ],
    [
      "with a range for two pods",
      { ipAllocationPolicy: { clusterIpv4CidrBlock: "/30" } },
      "must be between /8 and /28",
    ],
    [
      "with Services in what is no range",
      { ipAllocationPolicy: { servicesIpv4CidrBlock: "10.0.0.0" } },
      "is not a valid CIDR block",
    ],
    [
      "with a range of a name and of a length",
      { ipAllocationPolicy: { clusterSecondaryRangeName: "pods", clusterIpv4CidrBlock: "/20" } },
      "Only one of cluster_ipv4_cidr_block and the name of a secondary range",
    ],
    ["in a fleet that does not exist", { fleet: { project: "nowhere" } }, 'Fleet project "nowhere" was not found'],
    [
      "of confidential nodes on machines without",
      { confidentialNodes: { enabled: true } },
      "Confidential nodes feature is not supported on machine type e2-medium",
    ],
    [
      "with additional pod ranges that do not exist",
      {
        ipAllocationPolicy: {
          clusterSecondaryRangeName: "pods",
          servicesSecondaryRangeName: "services",
          additionalPodRangesConfig: { podRangeNames: ["more"] },
        },
      },
      'Pod secondary range "more" not found in subnet "nodes"',
    ],
    // https://cloud.google.com/compute/docs/labeling-resources#requirements
    ["with a label in capitals", { resourceLabels: { Team: "core" } }, /Invalid field 'resource_labels': "Team"/],
    [
      "with a label's value in capitals",
      { resourceLabels: { team: "Core" } },
      /Invalid field 'resource_labels': "Core"/,
    ],
    [
      "with 65 labels",
      { resourceLabels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, "x"])) },
      "at most 64 labels",
    ],
    [
      "that logs workloads and not the system",
      { loggingConfig: { componentConfig: { enableComponents: ["WORKLOADS"] } } },
      "SYSTEM_COMPONENTS must be enabled",
    ],
    [
      "with a gateway and no load balancing",
      {
        addonsConfig: { httpLoadBalancing: { disabled: true } },
        networkConfig: { gatewayApiConfig: { channel: "CHANNEL_STANDARD" } },
      },
      "Gateway API requires the HTTP load balancing addon",
    ],
    [
      "with a DNS scope and no Cloud DNS",
      { networkConfig: { dnsConfig: { clusterDns: "KUBE_DNS", clusterDnsScope: "VPC_SCOPE" } } },
      "can only be set with Cloud DNS",
    ],
    [
      "with DNS for the network and no domain",
      { networkConfig: { dnsConfig: { clusterDns: "CLOUD_DNS", clusterDnsScope: "VPC_SCOPE" } } },
      "requires a cluster DNS domain",
    ],
    ["of alpha features in a channel", { enableKubernetesAlpha: true }, "cannot be enrolled in a release channel"],
    [
      "encrypted with a key that is none",
      { databaseEncryption: { state: "ENCRYPTED", keyName: "mine" } },
      'Invalid Cloud KMS key name "mine"',
    ],
    [
      "with flows relayed on the legacy datapath",
      { monitoringConfig: { advancedDatapathObservabilityConfig: { enableRelay: true } } },
      "requires DatapathProvider=ADVANCED_DATAPATH",
    ],
    [
      "with a group that is not GKE's",
      { authenticatorGroupsConfig: { enabled: true, securityGroup: "devs@example.com" } },
      "gke-security-groups@yourdomain.com",
    ],
  ])("%s", async (_, more, words) => {
    if (String(more["subnetwork"]).includes("elsewhere")) {
      await cloud.ok("POST", `/compute/v1/projects/${PROJECT}/regions/us-east1/subnetworks`, {
        name: "elsewhere",
        network: `projects/${PROJECT}/global/networks/main`,
        ipCidrRange: "10.99.0.0/24",
      });
    }
    await expectRefused(cloud, "POST", paths.clusters, { cluster: clusterRequest(more) }, words);
  });

  test("that the region has no quota for, with every quota that is too small", async () => {
    // googlecodelabs/feedback#950: one quota is told in a sentence, several as a list
    const own = await start({ quotas: { N2_CPUS: 8, INSTANCES: 2 } });
    await makeNetwork(own);
    const nodeConfig = { machineType: "n2-standard-4" };
    await expectRefused(
      own,
      "POST",
      paths.clusters,
      { cluster: clusterRequest({ nodeConfig }) },
      `\n\t(1) insufficient regional quota to satisfy request: resource "N2_CPUS": request requires '12.0' and is short '4.0'. project has a quota of '8.0' with '8.0' available. View and manage quotas at https://console.cloud.google.com/iam-admin/quotas?usage=USED&project=${PROJECT}\n\t(2) insufficient regional quota to satisfy request: resource "INSTANCES"`,
      403,
    );
    await own.ok("POST", paths.clusters, { cluster: clusterRequest({ nodeConfig, locations: [`${REGION}-a`] }) });
    await expectRefused(
      own,
      "POST",
      `${paths.clusters}/dev/nodePools/default-pool:setSize`,
      { nodeCount: 3 },
      `\n\t(1) insufficient regional quota to satisfy request: resource "N2_CPUS": request requires '8.0' and is short '4.0'. project has a quota of '8.0' with '4.0' available.`,
      403,
    );
    const region = await own.ok("GET", `/compute/v1/projects/${PROJECT}/regions/${REGION}`);
    expect(region["quotas"]).toContainEqual({ metric: "N2_CPUS", limit: 8, usage: 4 });
  });
});

test("a cluster is refused whose Services are another's", async () => {
  // https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing: a range of Services is for one cluster
  const own = await start();
  await makeCluster(own);
  const words = 'Services secondary range "services" is already in use by cluster "dev".';
  await expectRefused(own, "POST", paths.clusters, { cluster: clusterRequest({ name: "second" }) }, words);
});

test("a cluster is refused whose key is in another region", async () => {
  // https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets: in the location of the cluster
  const own = await start();
  await makeNetwork(own);
  const ring = `projects/${PROJECT}/locations/us-east1/keyRings/gke`;
  await own.ok("POST", `/kms/v1/projects/${PROJECT}/locations/us-east1/keyRings?keyRingId=gke`, {});
  await own.ok("POST", `/kms/v1/${ring}/cryptoKeys?cryptoKeyId=secrets`, { purpose: "ENCRYPT_DECRYPT" });
  const member = `serviceAccount:service-${own.simulator.projects()[0]!.number}@container-engine-robot.iam.gserviceaccount.com`;
  await own.ok("POST", `/kms/v1/${ring}/cryptoKeys/secrets:setIamPolicy`, {
    policy: { bindings: [{ role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", members: [member] }] },
  });
  const databaseEncryption = { state: "ENCRYPTED", keyName: `${ring}/cryptoKeys/secrets` };
  const body = { cluster: clusterRequest({ databaseEncryption }) };
  await expectRefused(own, "POST", paths.clusters, body, `must be in the same location as the cluster: ${REGION}.`);
});

test("Workload Identity stays while a pool needs it", async () => {
  const own = await start();
  await makeCluster(own, { workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` } });
  const update = { desiredWorkloadIdentityConfig: {} };
  await expectRefused(
    own,
    "PUT",
    `${paths.clusters}/dev`,
    { update },
    'while node pool "default-pool" uses GKE_METADATA',
  );
});

describe("a cluster is accepted", () => {
  test.each<[string, JsonObject]>([
    ["that can be maintained each weekend for six hours", recurring(6, "FREQ=WEEKLY;BYDAY=SA,SU")],
    ["that can be maintained each day for four hours", recurring(4, "FREQ=DAILY")],
    [
      "that can be maintained on two days of a month, for a day each",
      recurring(24, "FREQ=MONTHLY;BYMONTHDAY=1,15,16", "2026-01-01T00:00:00Z"),
    ],
    ["that lets the office in", authorized(["203.0.113.0/24"])],
    ["whose control plane has a range beside the others", privately("172.16.0.0/28")],
    ["of Autopilot with 32 pods a node", { ...AUTOPILOT, defaultMaxPodsConstraint: { maxPodsPerNode: "32" } }],
  ])("%s", async (_, more) => {
    await cloud.ok("POST", paths.clusters, { cluster: clusterRequest(more) });
    await cloud.ok("DELETE", `${paths.clusters}/dev`);
  });
});

describe("an update of a cluster is refused", () => {
  test.each<Case>([
    [
      "to provision nodes without limits",
      { desiredClusterAutoscaling: { enableNodeAutoprovisioning: true } },
      "must be specified when enabling node autoprovisioning",
    ],
    [
      "to let in what is no range",
      { desiredMasterAuthorizedNetworksConfig: { enabled: true, cidrBlocks: [{ cidrBlock: "office" }] } },
      'network "office" is not a valid CIDR block',
    ],
    [
      "to log workloads and not the system",
      { desiredLoggingConfig: { componentConfig: { enableComponents: ["WORKLOADS"] } } },
      "SYSTEM_COMPONENTS must be enabled",
    ],
    // TestAccContainerCluster_withFleetConfig of the google provider
    [
      "to another fleet",
      { desiredFleet: { project: "acme-hub" } },
      "changing existing fleet host project is not supported",
    ],
  ])("%s", async (_, update, words) => {
    const own = await start();
    await makeCluster(own, { fleet: { project: PROJECT } });
    await expectRefused(own, "PUT", `${paths.clusters}/dev`, { update }, words);
  });

  test("to be maintained four hours a week", async () => {
    const own = await start();
    await makeCluster(own);
    const body = { maintenancePolicy: recurring(4, "FREQ=WEEKLY;BYDAY=SU")["maintenancePolicy"]! };
    await expectRefused(
      own,
      "POST",
      `${paths.clusters}/dev:setMaintenancePolicy`,
      body,
      "would go longer than 32d without 48h",
    );
  });
});
