import { Token } from "cdktf";
import type {
  AdvancedDatapath,
  ClusterDatapath,
  GkeClusterOptions,
  GkeClusterProps,
  LegacyDatapath,
} from "../../../lib/gke";
import { gkeClusterProblems } from "../../../lib/gke/cluster/problems";
import { DATAPLANE_V2, LEGACY, lines } from "../support";

type Variant = GkeClusterOptions & Partial<Pick<GkeClusterProps, "name" | "location" | "network">>;

const KEY = "projects/keys/locations/asia-northeast1/keyRings/ring/cryptoKeys/key";
const NETWORK = { controlPlane: "172.16.0.0/28" } as unknown as GkeClusterProps["network"];
const NETWORK_WITH_SUBNET = {
  controlPlane: "172.16.0.0/28",
  controlPlaneSubnetwork: "cp",
} as unknown as GkeClusterProps["network"];
const PRIVATE_ADDRESSES = Array.from({ length: 101 }, (_, index) => ({
  cidr: `10.0.${index}.0/24`,
  name: `n${index}`,
}));

test.each<[string, Variant, ClusterDatapath]>([
  ["nothing", {}, LEGACY],
  ["a name and a place", { name: "staging-1", location: "us-central1-a" }, LEGACY],
  ["zones", { location: "us-central1", nodeLocations: ["us-central1-a"] }, LEGACY],
  ["further zones of a zonal cluster", { location: "us-central1-a", nodeLocations: ["us-central1-b"] }, LEGACY],
  [
    "a public endpoint for some",
    { ipEndpoint: "public", authorizedNetworks: [{ cidr: "203.0.113.0/24", name: "office" }] },
    LEGACY,
  ],
  ["a public endpoint for Google Cloud", { ipEndpoint: "public", googlePublicAccess: true }, LEGACY],
  ["no IP endpoint", { ipEndpoint: "off" }, LEGACY],
  ["no IP endpoint and no networks", { ipEndpoint: "off", authorizedNetworks: [] }, LEGACY],
  ["no DNS-based endpoint", { dnsEndpoint: false }, LEGACY],
  ["a control plane's range with private nodes", { network: NETWORK }, LEGACY],
  ["a control plane's subnet without", { network: NETWORK_WITH_SUBNET, privateNodes: false }, LEGACY],
  ["100 networks", { authorizedNetworks: PRIVATE_ADDRESSES.slice(1) }, LEGACY],
  [
    "groups, keys and topics",
    {
      securityGroup: "gke-security-groups@acme.com",
      secretsEncryptionKey: KEY,
      bootDiskKmsKey: KEY,
      notificationTopic: "projects/p/topics/t",
      notificationEvents: ["UPGRADE_EVENT"],
    },
    LEGACY,
  ],
  ["nothing to log or measure", { logging: [], monitoring: [] }, LEGACY],
  [
    "auto-provisioning",
    {
      location: "us-central1",
      autoProvisioning: {
        maxCpu: 1,
        maxMemoryGb: 1,
        minCpu: 0,
        minMemoryGb: 0,
        diskSizeGb: 10,
        zones: ["us-central1-a", "us-central1-b"],
        accelerators: [{ type: "nvidia-l4", max: 1 }],
      },
    },
    LEGACY,
  ],
  [
    "everything of Dataplane V2",
    {},
    {
      ...DATAPLANE_V2,
      flowMetrics: true,
      flowRelay: true,
      fqdnNetworkPolicy: true,
      clusterwideNetworkPolicy: true,
      inTransitEncryption: true,
      multiNetworking: true,
    },
  ],
  ["Calico on the legacy datapath", {}, { ...LEGACY, calicoNetworkPolicy: true }],
  ["Autopilot", { autopilot: true, location: "us-central1" }, DATAPLANE_V2],
  [
    "Autopilot with what it has anyway",
    {
      autopilot: true,
      nodeLocalDns: true,
      verticalPodAutoscaling: true,
      managedPrometheus: true,
      httpLoadBalancing: true,
      intranodeVisibility: true,
    },
    DATAPLANE_V2,
  ],
  ["few and many pods a node", { maxPodsPerNode: 8 }, LEGACY],
  ["an account of somebody else", { nodeServiceAccount: "n@p.iam.gserviceaccount.com" }, LEGACY],
  [
    "further roles",
    { extraNodeRoles: ["roles/storage.objectViewer", "projects/p/roles/custom.one", "organizations/1/roles/two"] },
    LEGACY,
  ],
  ["tags and labels", { nodeTags: ["a-b"], labels: { team: "platform" } }, LEGACY],
  [
    "what Terraform decides",
    {
      secretsEncryptionKey: Token.asString({ resolve: () => "x" }),
      notificationTopic: Token.asString({ resolve: () => "x" }),
      nodeServiceAccount: Token.asString({ resolve: () => "x" }),
    },
    LEGACY,
  ],
])("%s: no problem", (_, variant, datapath) => {
  expect(lines(gkeClusterProblems(variant, datapath))).toEqual([]);
});

test.each<[Variant, string[]]>([
  [
    { name: "a".repeat(41) },
    [expect.stringContaining("has 41 characters where Google Cloud takes 1 to 40; shorten it")],
  ],
  [
    { location: "tokyo" },
    [expect.stringContaining("'location' (tokyo) is neither a region nor a zone of Google Cloud")],
  ],
  [
    { location: "us-central1", nodeLocations: ["us-east1-b"] },
    [
      "'nodeLocations[0]' (us-east1-b) is outside the cluster's region us-central1; choose zones that begin with us-central1-",
    ],
  ],
  [
    { location: "us-central1-a", nodeLocations: ["us-central1-a"] },
    [
      "'nodeLocations' ([\"us-central1-a\"]) names the cluster's own zone us-central1-a, which it has anyway; name the further zones only",
    ],
  ],
  [
    { dnsEndpoint: false, ipEndpoint: "off" },
    ["'ipEndpoint' (off) leaves no way to the control plane together with 'dnsEndpoint' off; switch one of the two on"],
  ],
  [
    { ipEndpoint: "public" },
    [
      "'ipEndpoint' (public) lets nobody in without 'authorizedNetworks'; name the networks (0.0.0.0/0 for everybody), or use \"private\"",
    ],
  ],
  [
    { ipEndpoint: "off", privateEndpointGlobalAccess: true },
    [
      '\'privateEndpointGlobalAccess\' (true) has no effect without an IP endpoint; leave it out or set ipEndpoint to "private" or "public"',
    ],
  ],
  [
    { ipEndpoint: "off", googlePublicAccess: false },
    [expect.stringContaining("'googlePublicAccess' (false) has no effect without an IP endpoint")],
  ],
  [
    { ipEndpoint: "off", enforceOnPrivateEndpoint: true },
    [expect.stringContaining("'enforceOnPrivateEndpoint' (true) has no effect without an IP endpoint")],
  ],
  [
    { ipEndpoint: "off", authorizedNetworks: [{ cidr: "10.0.0.0/8", name: "a" }] },
    [expect.stringContaining("'authorizedNetworks'")],
  ],
  [
    { authorizedNetworks: PRIVATE_ADDRESSES },
    ["'authorizedNetworks' (101 of them) is longer than the 100 that can be given; shorten it"],
  ],
  [
    { authorizedNetworks: [{ cidr: "10.0.0.1/8", name: "a" }] },
    [
      "'authorizedNetworks[0].cidr' (10.0.0.1/8) is not the first address of its range (did you mean 10.0.0.0/8?); give a range such as 10.16.0.0/20",
    ],
  ],
  [
    {
      authorizedNetworks: [
        { cidr: "10.0.0.0/8", name: "a" },
        { cidr: "10.0.0.0/8", name: "b" },
      ],
    },
    ["'authorizedNetworks[1].cidr' (10.0.0.0/8) is there twice; remove one of the two"],
  ],
  [
    { network: NETWORK, privateNodes: false },
    [
      "'network.controlPlane' (172.16.0.0/28) is used by GKE with private nodes only; leave it out, give controlPlaneSubnetwork, or set privateNodes to true",
    ],
  ],
  [
    { securityGroup: "admins@acme.com" },
    [
      "'securityGroup' (admins@acme.com) is not gke-security-groups@ followed by your domain, the one name GKE takes; make a group of that name and put your groups into it",
    ],
  ],
  [
    { secretsEncryptionKey: "key" },
    [
      "'secretsEncryptionKey' (key) is not the full name of a Cloud KMS key; give projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version",
    ],
  ],
  [{ bootDiskKmsKey: `${KEY}/cryptoKeyVersions/1` }, [expect.stringContaining("'bootDiskKmsKey'")]],
  [
    { logging: ["WORKLOADS"] },
    [
      "'logging' ([\"WORKLOADS\"]) lacks SYSTEM_COMPONENTS, which GKE requires beside any other; add it, or give an empty list",
    ],
  ],
  [
    { monitoring: ["POD"] },
    [
      "'monitoring' ([\"POD\"]) lacks SYSTEM_COMPONENTS, which GKE requires beside any other; add it, or give an empty list",
    ],
  ],
  [
    { monitoring: ["SYSTEM_COMPONENTS", "SYSTEM_COMPONENTS"] },
    ["'monitoring[1]' (SYSTEM_COMPONENTS) is there twice; remove one of the two"],
  ],
  [
    { notificationTopic: "upgrades" },
    ["'notificationTopic' (upgrades) is not the full name of a Pub/Sub topic; give projects/<project>/topics/<topic>"],
  ],
  [
    { notificationEvents: ["UPGRADE_EVENT"] },
    [
      "'notificationEvents' ([\"UPGRADE_EVENT\"]) has no effect without 'notificationTopic'; give the topic or leave it out",
    ],
  ],
  [
    { notificationTopic: "projects/p/topics/t", notificationEvents: [] },
    ["'notificationEvents' ([]) selects no message; leave it out for all messages"],
  ],
  [{ csiDrivers: ["gce-pd", "gce-pd"] }, ["'csiDrivers[1]' (gce-pd) is there twice; remove one of the two"]],
  [
    { gatewayApi: true, httpLoadBalancing: false },
    [
      "'gatewayApi' (true) needs GKE's load-balancing controller; leave httpLoadBalancing on, or set gatewayApi to false",
    ],
  ],
  [
    { autoProvisioning: { maxCpu: 0, maxMemoryGb: 1.5 } },
    [
      "'autoProvisioning.maxCpu' (0) is not a whole number of at least 1; give a larger one",
      "'autoProvisioning.maxMemoryGb' (1.5) is not a whole number of at least 1; give a larger one",
    ],
  ],
  [
    { autoProvisioning: { maxCpu: 4, maxMemoryGb: 8, minCpu: 5, minMemoryGb: 9, diskSizeGb: 5 } },
    [
      "'autoProvisioning.diskSizeGb' (5) is not a whole number of at least 10; give a larger one",
      "'autoProvisioning.minCpu' (5) exceeds 'maxCpu' (4); lower it or raise maxCpu",
      "'autoProvisioning.minMemoryGb' (9) exceeds 'maxMemoryGb' (8); lower it or raise maxMemoryGb",
    ],
  ],
  [
    { autoProvisioning: { maxCpu: 4, maxMemoryGb: 8, accelerators: [{ type: "nvidia-l4", max: 0 }] } },
    ["'autoProvisioning.accelerators[0].max' (0) is not a whole number of at least 1; give a larger one"],
  ],
  [
    { location: "us-central1", autoProvisioning: { maxCpu: 4, maxMemoryGb: 8, zones: ["us-east1-b"] } },
    [expect.stringContaining("'autoProvisioning.zones[0]' (us-east1-b) is outside")],
  ],
  [{ maxPodsPerNode: 7 }, ["'maxPodsPerNode' (7) is not a whole number from 8 to 256; choose another, such as 110"]],
  [
    { maxPodsPerNode: 257 },
    ["'maxPodsPerNode' (257) is not a whole number from 8 to 256; choose another, such as 110"],
  ],
  [
    { initialNodeCount: 0 },
    ["'initialNodeCount' (0) is not a whole number of at least 1; give the number of nodes a zone that you plan for"],
  ],
  [
    { nodeServiceAccount: "nodes" },
    [
      "'nodeServiceAccount' (nodes) is not the address of a service account; give one such as nodes@my-project.iam.gserviceaccount.com",
    ],
  ],
  [
    { nodeServiceAccount: "123-compute@developer.gserviceaccount.com" },
    [
      "'nodeServiceAccount' (123-compute@developer.gserviceaccount.com) is the Compute Engine default account, in many projects an editor of everything; leave it out for an account with the least roles that work",
    ],
  ],
  [
    { nodeServiceAccount: "n@p.iam.gserviceaccount.com", imageProjects: ["acme-images"] },
    [
      "'imageProjects' ([\"acme-images\"]) has no effect with 'nodeServiceAccount'; grant the roles where that account is managed",
    ],
  ],
  [
    { extraNodeRoles: ["roles/editor"] },
    [
      "'extraNodeRoles[0]' (roles/editor) gives every pod that reaches the node's credentials the whole project; grant single permissions, best to the workload's own account",
    ],
  ],
  [
    { extraNodeRoles: ["viewer"] },
    ["'extraNodeRoles[0]' (viewer) is not a role; give a role such as roles/storage.objectViewer"],
  ],
  [{ nodeTags: ["A"] }, [expect.stringContaining("'nodeTags[0]' (A) is not a lowercase letter")]],
  [{ labels: { Team: "a" } }, [expect.stringContaining("'labels[\"Team\"]' is not a valid label key")]],
])("%j", (variant, problems) => {
  expect(lines(gkeClusterProblems(variant, LEGACY))).toEqual(problems);
});

test.each<Exclude<keyof AdvancedDatapath, keyof LegacyDatapath>>([
  "flowMetrics",
  "flowRelay",
  "fqdnNetworkPolicy",
  "clusterwideNetworkPolicy",
  "inTransitEncryption",
  "multiNetworking",
])("%s needs Dataplane V2", (feature) => {
  expect(lines(gkeClusterProblems({}, { ...LEGACY, [feature]: true } as ClusterDatapath))).toEqual([
    expect.stringContaining(`'datapath.${feature}' (true) is no option`),
  ]);
  expect(lines(gkeClusterProblems({}, { ...DATAPLANE_V2, [feature]: true }))).toEqual([]);
});

test("Calico cannot be combined with Dataplane V2", () => {
  expect(lines(gkeClusterProblems({}, { ...DATAPLANE_V2, calicoNetworkPolicy: true } as ClusterDatapath))).toEqual([
    expect.stringContaining("'datapath.calicoNetworkPolicy' (true) is no option"),
  ]);
});

test.each<[string, unknown, string]>([
  ["none", undefined, "'datapath' is missing"],
  ["a text", "LEGACY_DATAPATH", "'datapath' (LEGACY_DATAPATH) is not an object"],
  ["one of no kind", {}, "'datapath.provider' is missing"],
  ["one of another kind", { ...LEGACY, provider: "EBPF" }, "'datapath.provider' (EBPF) is not one of LEGACY_DATAPATH"],
  ["one without answers", { provider: "ADVANCED_DATAPATH" }, "'datapath.managed' is missing"],
])("a datapath that is %s is told, and the rest of the cluster is judged", (_, datapath, problem) => {
  const found = lines(gkeClusterProblems({ name: "A" }, datapath as ClusterDatapath));
  expect(found).toContainEqual(expect.stringContaining(problem));
  expect(found).toContainEqual(expect.stringContaining("'name' (A)"));
});

test.each<[Variant, string]>([
  [
    { autoProvisioning: { maxCpu: 4, maxMemoryGb: 8 } },
    "is decided by Autopilot; leave it out or set autopilot to false",
  ],
  [
    { autoscalingProfile: "BALANCED" },
    "'autoscalingProfile' (BALANCED) is decided by Autopilot; leave it out or set autopilot to false",
  ],
  [
    { confidentialNodes: "SEV" },
    "'confidentialNodes' (SEV) is decided by Autopilot; leave it out or set autopilot to false",
  ],
  [{ csiDrivers: ["gce-pd"] }, "is decided by Autopilot; leave it out or set autopilot to false"],
  [{ initialNodeCount: 1 }, "'initialNodeCount' (1) is decided by Autopilot; leave it out or set autopilot to false"],
  [{ maxPodsPerNode: 32 }, "'maxPodsPerNode' (32) is decided by Autopilot; leave it out or set autopilot to false"],
  [
    { httpLoadBalancing: false },
    "'httpLoadBalancing' (false) cannot be switched off with Autopilot; leave it out or set autopilot to false",
  ],
  [
    { intranodeVisibility: false },
    "'intranodeVisibility' (false) cannot be switched off with Autopilot; leave it out or set autopilot to false",
  ],
  [
    { managedPrometheus: false },
    "'managedPrometheus' (false) cannot be switched off with Autopilot; leave it out or set autopilot to false",
  ],
  [
    { nodeLocalDns: false },
    "'nodeLocalDns' (false) cannot be switched off with Autopilot; leave it out or set autopilot to false",
  ],
  [
    { verticalPodAutoscaling: false },
    "'verticalPodAutoscaling' (false) cannot be switched off with Autopilot; leave it out or set autopilot to false",
  ],
  [
    { releaseChannel: "UNSPECIFIED" },
    "'releaseChannel' (UNSPECIFIED) is not possible with Autopilot, which is always in a channel; choose RAPID, REGULAR or STABLE",
  ],
  [
    { location: "us-central1-a" },
    "'location' (us-central1-a) is a zone, and Autopilot clusters are regional; use us-central1",
  ],
])("Autopilot with %j", (variant, problem) => {
  expect(lines(gkeClusterProblems({ ...variant, autopilot: true }, DATAPLANE_V2))).toEqual([
    expect.stringContaining(problem),
  ]);
  expect(lines(gkeClusterProblems(variant, DATAPLANE_V2))).toEqual([]);
});

test("Autopilot runs no CNI of yours and encrypts nothing between nodes", () => {
  expect(lines(gkeClusterProblems({ autopilot: true }, LEGACY))).toEqual([
    "'autopilot' (true) always runs Dataplane V2: a CNI of your own needs the nodes, which Google keeps to itself; choose Dataplane V2 or set autopilot to false",
  ]);
  expect(lines(gkeClusterProblems({ autopilot: true }, { ...DATAPLANE_V2, inTransitEncryption: true }))).toEqual([
    "'autopilot' (true) cannot encrypt traffic between nodes; switch encryption off or set autopilot to false",
  ]);
});
