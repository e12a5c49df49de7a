import type { JsonObject } from "../../../../sandbox/gcp/json";
import { clusterRequest, makeCluster, makeNetwork, paths, REGION, start, stopAll, type TestCloud } from "../client";
import { type Case, expectRefused } from "./refused";

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await start();
  await makeNetwork(cloud);
});
afterAll(stopAll);

const LIMITS = [
  { resourceType: "cpu", maximum: "10" },
  { resourceType: "memory", maximum: "64" },
];
const provisioning = (autoprovisioningNodePoolDefaults: JsonObject): JsonObject => ({
  autoscaling: { enableNodeAutoprovisioning: true, resourceLimits: LIMITS, autoprovisioningNodePoolDefaults },
});
const limits = (...more: JsonObject[]): JsonObject => ({
  autoscaling: { enableNodeAutoprovisioning: true, resourceLimits: [...LIMITS, ...more] },
});
const policy = (more: JsonObject): JsonObject => ({
  ipAllocationPolicy: {
    useIpAliases: true,
    clusterSecondaryRangeName: "pods",
    servicesSecondaryRangeName: "services",
    ...more,
  },
});

describe("a cluster is refused", () => {
  test.each<Case>([
    // AutoprovisioningNodePoolDefaults and ResourceLimit in the API's reference
    ["whose provisioned nodes have no disk", provisioning({ diskSizeGb: 5 }), "Disk size must be between 10 and 65536"],
    ["whose provisioned nodes are nobody's", provisioning({ serviceAccount: "builder" }), "Invalid service account"],
    ["whose provisioned nodes may do what is none", provisioning({ oauthScopes: ["all"] }), "not a valid OAuth scope"],
    [
      "whose provisioned nodes compute on what is none",
      provisioning({ minCpuPlatform: "Z80" }),
      'CPU platform "Z80" does not exist',
    ],
    [
      "with two limits of processors",
      limits({ resourceType: "cpu", maximum: "20" }),
      'limits for "cpu" are specified more than once',
    ],
    [
      "with a limit of what nodes have not",
      limits({ resourceType: "bananas", maximum: "2" }),
      'Resource type "bananas" is not supported',
    ],
    // Cluster.loggingService and monitoringService in the API's reference
    [
      "that logs nowhere",
      { loggingService: "logs.example.com" },
      'Invalid value for field "cluster.logging_service": "logs.example.com"',
    ],
    ["that is watched by nobody", { monitoringService: "prometheus" }, "cluster.monitoring_service"],
    // https://cloud.google.com/kubernetes-engine/docs/how-to/alpha-beta-apis
    ["with a beta API of no group", { enableK8sBetaApis: { enabledApis: ["x"] } }, "<group>/<version>/<resource>"],
    [
      "with tags in capitals",
      { nodePoolAutoConfig: { networkTags: { tags: ["GKE"] } } },
      'Invalid value for field "config.tags": "GKE"',
    ],
    [
      "watched automatically, without Prometheus",
      { monitoringConfig: { managedPrometheusConfig: { enabled: false, autoMonitoringConfig: { scope: "ALL" } } } },
      "Auto-monitoring requires managed collection",
    ],
    [
      "with another DNS domain and no Cloud DNS",
      { networkConfig: { dnsConfig: { clusterDns: "KUBE_DNS", additiveVpcScopeDnsDomain: "acme.example" } } },
      "can only be set with Cloud DNS",
    ],
    // https://cloud.google.com/kubernetes-engine/docs/how-to/alias-ips: private nodes and named ranges need VPC-native
    [
      "of private nodes with routes",
      { ipAllocationPolicy: { useRoutes: true }, privateClusterConfig: { enablePrivateNodes: true } },
      "Private nodes require a VPC-native cluster",
    ],
    [
      "with ranges that routes do not have",
      { ipAllocationPolicy: { useRoutes: true, clusterSecondaryRangeName: "pods" } },
      "Secondary ranges can only be named",
    ],
    // https://cloud.google.com/kubernetes-engine/docs/how-to/dual-stack-clusters: the subnetwork must be dual-stack
    [
      "of two stacks on a subnetwork of one",
      policy({ stackType: "IPV4_IPV6" }),
      'requires a dual-stack subnetwork; "nodes" is IPV4_ONLY',
    ],
    [
      "on a second subnetwork that does not exist",
      policy({ additionalIpRangesConfigs: [{ subnetwork: "gone", podIpv4RangeNames: ["pods"] }] }),
      'Additional subnetwork "gone" was not found',
    ],
  ])("%s", async (_, more, words) => {
    await expectRefused(cloud, "POST", paths.clusters, { cluster: clusterRequest(more) }, words);
  });

  test.each<Case>([
    ["to log nowhere", { desiredLoggingService: "logs.example.com" }, "cluster.logging_service"],
    ["to be watched by nobody", { desiredMonitoringService: "prometheus" }, "cluster.monitoring_service"],
    [
      "to have two stacks on a subnetwork of one",
      { desiredStackType: "IPV4_IPV6" },
      "requires a dual-stack subnetwork",
    ],
    [
      "to lose a pods range that it has not",
      { removedAdditionalPodRangesConfig: { podRangeNames: ["more"] } },
      'Pod range "more" is not an additional pod range',
    ],
    [
      "to have tags in capitals",
      { desiredNodePoolAutoConfigNetworkTags: { tags: ["GKE"] } },
      'Invalid value for field "config.tags": "GKE"',
    ],
  ])("when it changes, %s", async (_, update, words) => {
    const own = await start();
    await makeCluster(own);
    await expectRefused(own, "PUT", `${paths.clusters}/dev`, { update }, words);
  });

  test("where there is no such place", async () => {
    const path = paths.clusters.replace(REGION, "mars-north1");
    await expectRefused(cloud, "GET", path, undefined, 'Location "mars-north1" does not exist.');
  });
});

describe("a cluster is accepted", () => {
  test.each<[string, JsonObject]>([
    ["with limits of GPUs", limits({ resourceType: "nvidia-tesla-t4", maximum: "4" })],
    ["with provisioned nodes as they are by default", provisioning({ serviceAccount: "default", diskSizeGb: 100 })],
    ["that logs nothing", { loggingService: "none", monitoringService: "none" }],
    [
      "with a beta API",
      { enableK8sBetaApis: { enabledApis: ["networking.k8s.io/v1beta1/ipaddresses", "rbac.example/v1beta2/x"] } },
    ],
  ])("%s", async (_, more) => {
    await cloud.ok("POST", paths.clusters, { cluster: clusterRequest(more) });
    await cloud.ok("DELETE", `${paths.clusters}/dev`);
  });
});
