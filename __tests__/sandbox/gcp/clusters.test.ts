import { at, type JsonObject } from "../../../sandbox/gcp/json";
import {
  clusterRequest,
  makeCluster,
  makeNetwork,
  messageOf,
  PROJECT,
  paths,
  REGION,
  reasonOf,
  start,
  stopAll,
} from "./client";

afterEach(stopAll);

const DEV = `${paths.clusters}/dev`;
const update = (value: JsonObject): JsonObject => ({ update: value });

describe("a new cluster", () => {
  test("gets what Google fills in", async () => {
    const cluster = await makeCluster(await start());
    expect(cluster).toMatchObject({
      status: "RUNNING",
      location: REGION,
      locations: ["a", "b", "c"].map((zone) => `${REGION}-${zone}`),
      network: "main",
      subnetwork: "nodes",
      clusterIpv4Cidr: "10.20.0.0/14",
      servicesIpv4Cidr: "10.24.0.0/20",
      releaseChannel: { channel: "REGULAR" },
      currentMasterVersion: "1.33.13-gke.1000",
      currentNodeCount: 3,
      defaultMaxPodsConstraint: { maxPodsPerNode: "110" },
      addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: true }, networkPolicyConfig: { disabled: true } },
      loggingConfig: { componentConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] } },
      monitoringConfig: { managedPrometheusConfig: { enabled: true } },
      shieldedNodes: { enabled: true },
      databaseEncryption: { state: "DECRYPTED", currentState: "CURRENT_STATE_DECRYPTED" },
      nodePools: [{ name: "default-pool", initialNodeCount: 1, version: "1.33.13-gke.1000", podIpv4CidrSize: 24 }],
      selfLink: `https://container.googleapis.com/v1/projects/${PROJECT}/locations/${REGION}/clusters/dev`,
    });
    expect(cluster["zone"]).toBeUndefined();
  });

  test("shows no field that holds its type's zero value, apart from those the API calls optional", async () => {
    const cluster = await makeCluster(await start(), { legacyAbac: { enabled: false }, description: "" });
    expect(cluster["legacyAbac"]).toEqual({});
    expect(cluster["description"]).toBeUndefined();
    expect(at(cluster, "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic")).toBe(false);
  });

  test("a message that the request brings without its fields means their zero values", async () => {
    const cluster = await makeCluster(await start(), {
      monitoringConfig: {
        componentConfig: { enableComponents: ["SYSTEM_COMPONENTS", "POD"] },
        managedPrometheusConfig: {},
      },
      addonsConfig: { networkPolicyConfig: {} },
    });
    expect(at(cluster, "monitoringConfig.managedPrometheusConfig")).toEqual({});
    expect(at(cluster, "addonsConfig.networkPolicyConfig")).toEqual({});
  });

  test("in a zone has paths with that zone", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    const zone = `${REGION}-b`;
    const path = `/container/v1/projects/${PROJECT}/locations/${zone}/clusters`;
    const operation = await cloud.ok("POST", path, { cluster: clusterRequest() });
    expect(operation["zone"]).toBe(zone);
    expect(await cloud.ok("GET", `${path}/dev`)).toMatchObject({
      zone,
      locations: [zone],
      selfLink: `https://container.googleapis.com/v1/projects/${PROJECT}/zones/${zone}/clusters/dev`,
    });
    const all = await cloud.ok("GET", `/container/v1/projects/${PROJECT}/locations/-/clusters`);
    expect(all["clusters"]).toHaveLength(1);
    expect((await cloud.ok("GET", paths.clusters))["clusters"]).toEqual([]);
  });

  test("adds the ranges that it is not given to its subnetwork, and takes them away in the end", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    const before = await cloud.ok("GET", `${paths.subnetworks}/nodes`);
    const ipAllocationPolicy = { clusterIpv4CidrBlock: "/17", servicesIpv4CidrBlock: "/22" };
    await cloud.ok("POST", paths.clusters, { cluster: clusterRequest({ ipAllocationPolicy }) });
    const during = await cloud.ok("GET", `${paths.subnetworks}/nodes`);
    const added = (during["secondaryIpRanges"] as JsonObject[]).slice(2);
    expect(added.map((range) => String(range["rangeName"]).replace(/[0-9a-f]{8}$/, "H"))).toEqual([
      "gke-dev-pods-H",
      "gke-dev-services-H",
    ]);
    expect(added.map((range) => String(range["ipCidrRange"]).split("/")[1])).toEqual(["17", "22"]);
    await cloud.ok("DELETE", DEV);
    const after = await cloud.ok("GET", `${paths.subnetworks}/nodes`);
    expect(after["secondaryIpRanges"]).toEqual(before["secondaryIpRanges"]);
  });

  test("is an Autopilot cluster with what that brings", async () => {
    expect(await makeCluster(await start(), { autopilot: { enabled: true }, initialNodeCount: 0 + 1 })).toMatchObject({
      autopilot: { enabled: true },
      networkConfig: { datapathProvider: "ADVANCED_DATAPATH", gatewayApiConfig: { channel: "CHANNEL_STANDARD" } },
      verticalPodAutoscaling: { enabled: true },
      workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` },
      addonsConfig: { dnsCacheConfig: { enabled: true } },
    });
  });

  test.each([
    ["without nodes", { initialNodeCount: 0 }, "initial_node_count must be greater than zero"],
    ["of a name that cannot be", { name: "Dev" }, 'Invalid value for field "cluster.name"'],
    ["in a network that is not there", { network: "global/networks/no" }, 'has no network named "no"'],
    ["in a subnetwork that is not there", { subnetwork: `regions/${REGION}/subnetworks/no` }, 'subnetwork named "no"'],
    [
      "with a pods range that is not there",
      { ipAllocationPolicy: { clusterSecondaryRangeName: "no" } },
      'Pod secondary range "no" not found in subnet "nodes"',
    ],
    ["of a version that is not on offer", { initialClusterVersion: "1.12" }, 'Master version "1.12" is unsupported'],
    ["in a zone of another region", { locations: ["us-east1-b"] }, "not a zone of the region"],
    [
      "with network policy on Dataplane V2",
      { networkConfig: { datapathProvider: "ADVANCED_DATAPATH" }, networkPolicy: { enabled: true } },
      "is not allowed",
    ],
    [
      "with CiliumClusterwideNetworkPolicy on the legacy datapath",
      { networkConfig: { enableCiliumClusterwideNetworkPolicy: true } },
      "requires DatapathProvider=ADVANCED_DATAPATH",
    ],
    [
      "with another project's workload pool",
      { workloadIdentityConfig: { workloadPool: "x.svc.id.goog" } },
      "workload pool",
    ],
    [
      "without any way in",
      { controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } },
      "At least one of the IP endpoints",
    ],
    [
      "with a topic that is not there",
      { notificationConfig: { pubsub: { enabled: true, topic: `projects/${PROJECT}/topics/no` } } },
      "was not found",
    ],
    [
      "with a service account that is not there",
      { nodeConfig: { serviceAccount: `no-one@${PROJECT}.iam.gserviceaccount.com` } },
      "does not exist",
    ],
    [
      "that does not upgrade its nodes",
      { initialNodeCount: 0, nodePools: [{ name: "p", management: { autoRepair: true } }] },
      "Auto_upgrade must be true",
    ],
  ])("is refused %s", async (_, more, message) => {
    const cloud = await start();
    await makeNetwork(cloud);
    const answer = await cloud.call("POST", paths.clusters, { cluster: clusterRequest(more as JsonObject) });
    expect([answer.status >= 400, messageOf(answer)]).toEqual([true, expect.stringContaining(message)]);
    expect((await cloud.ok("GET", paths.clusters))["clusters"]).toEqual([]);
  });

  test("is refused where one of its name exists", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    const answer = await cloud.call("POST", paths.clusters, { cluster: clusterRequest() });
    expect([answer.status, reasonOf(answer)]).toEqual([409, "alreadyExists"]);
  });
});

describe("encryption of secrets", () => {
  const ring = `/kms/v1/projects/${PROJECT}/locations/${REGION}/keyRings`;
  const keyName = `projects/${PROJECT}/locations/${REGION}/keyRings/r/cryptoKeys/k`;
  const encrypted = { databaseEncryption: { state: "ENCRYPTED", keyName } };

  test("needs the key, and the right of GKE's own account to use it", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    const create = (): ReturnType<typeof cloud.call> =>
      cloud.call("POST", paths.clusters, { cluster: clusterRequest(encrypted) });
    expect(messageOf(await create())).toContain("was not found");
    await cloud.ok("POST", `${ring}?keyRingId=r`);
    await cloud.ok("POST", `${ring}/r/cryptoKeys?cryptoKeyId=k`, { purpose: "ENCRYPT_DECRYPT" });
    expect(messageOf(await create())).toContain("lacks roles/cloudkms.cryptoKeyEncrypterDecrypter");
    const agent = `service-${cloud.simulator.projects()[0]!.number}@container-engine-robot.iam.gserviceaccount.com`;
    await cloud.ok("POST", `/kms/v1/${keyName}:setIamPolicy`, {
      policy: {
        bindings: [{ role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", members: [`serviceAccount:${agent}`] }],
      },
    });
    expect((await create()).status).toBe(200);
    await cloud.ok("PUT", DEV, update({ desiredDatabaseEncryption: { state: "DECRYPTED" } }));
    expect((await cloud.ok("GET", DEV))["databaseEncryption"]).toEqual({
      state: "DECRYPTED",
      currentState: "CURRENT_STATE_DECRYPTED",
      decryptionKeys: [keyName],
    });
  });
});

describe("endpoints", () => {
  const access = { endpoint: "127.0.0.11", privateEndpoint: "127.0.0.12", clusterCaCertificate: "Y2E=" };
  const hooks = { onClusterCreating: () => access };

  test("are those that the hook gives; the public one is shown only where it is enabled", async () => {
    const cloud = await start({ hooks });
    const cluster = await makeCluster(cloud);
    expect(cluster["endpoint"]).toBe("127.0.0.11");
    expect(at(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig")).toMatchObject({
      publicEndpoint: "127.0.0.11",
      privateEndpoint: "127.0.0.12",
    });
    const ipEndpointsConfig = { enabled: true, enablePublicEndpoint: false, globalAccess: true };
    await cloud.ok("PUT", DEV, update({ desiredControlPlaneEndpointsConfig: { ipEndpointsConfig } }));
    const closed = await cloud.ok("GET", DEV);
    expect(closed).toMatchObject({ endpoint: "127.0.0.12", privateClusterConfig: { enablePrivateEndpoint: true } });
    expect(at(closed, "controlPlaneEndpointsConfig.ipEndpointsConfig.publicEndpoint")).toBeUndefined();
  });

  test("by name alone is possible, and then the endpoint is that name", async () => {
    const cloud = await start({ hooks });
    const cluster = await makeCluster(cloud, {
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true },
        ipEndpointsConfig: { enabled: false },
      },
    });
    expect(cluster["endpoint"]).toMatch(/^gke-[0-9a-f]{32}-\d{12}\.asia-northeast1\.gke\.goog$/);
    expect(at(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig")).toEqual({ enabled: false });
  });

  test("can be said anew, e.g. after the control plane was started on another port", async () => {
    const cloud = await start({ hooks });
    await makeCluster(cloud);
    const identity = { project: PROJECT, location: REGION, name: "dev" };
    await cloud.simulator.setClusterAccess(identity, { endpoint: "127.0.0.1:7443", clusterCaCertificate: "eA==" });
    expect(await cloud.ok("GET", DEV)).toMatchObject({
      endpoint: "127.0.0.1:7443",
      masterAuth: { clusterCaCertificate: "eA==" },
    });
  });
});

describe("updates", () => {
  test.each<[string, JsonObject, string, unknown]>([
    ["desiredAddonsConfig", { dnsCacheConfig: { enabled: true } }, "addonsConfig.dnsCacheConfig.enabled", true],
    ["desiredLoggingConfig", { componentConfig: {} }, "loggingService", undefined],
    ["desiredMonitoringConfig", { managedPrometheusConfig: {} }, "monitoringConfig.managedPrometheusConfig", {}],
    ["desiredReleaseChannel", { channel: "RAPID" }, "releaseChannel.channel", "RAPID"],
    ["desiredReleaseChannel", { channel: "UNSPECIFIED" }, "releaseChannel", {}],
    ["desiredVerticalPodAutoscaling", { enabled: true }, "verticalPodAutoscaling.enabled", true],
    ["desiredShieldedNodes", { enabled: false }, "shieldedNodes", {}],
    ["desiredIntraNodeVisibilityConfig", { enabled: true }, "networkConfig.enableIntraNodeVisibility", true],
    ["desiredDnsConfig", { clusterDns: "CLOUD_DNS" }, "networkConfig.dnsConfig.clusterDns", "CLOUD_DNS"],
    [
      "desiredGatewayApiConfig",
      { channel: "CHANNEL_STANDARD" },
      "networkConfig.gatewayApiConfig.channel",
      "CHANNEL_STANDARD",
    ],
    ["desiredCostManagementConfig", { enabled: true }, "costManagementConfig.enabled", true],
    ["desiredSecurityPostureConfig", { mode: "DISABLED" }, "securityPostureConfig.mode", "DISABLED"],
    ["desiredBinaryAuthorization", { evaluationMode: "DISABLED" }, "binaryAuthorization.evaluationMode", "DISABLED"],
    [
      "desiredWorkloadIdentityConfig",
      { workloadPool: `${PROJECT}.svc.id.goog` },
      "workloadIdentityConfig.workloadPool",
      `${PROJECT}.svc.id.goog`,
    ],
    [
      "additionalPodRangesConfig",
      { podRangeNames: ["services"] },
      "ipAllocationPolicy.additionalPodRangesConfig.podRangeNames",
      ["services"],
    ],
    [
      "desiredNodePoolLoggingConfig",
      { variantConfig: { variant: "MAX_THROUGHPUT" } },
      "nodePoolDefaults.nodeConfigDefaults.loggingConfig.variantConfig.variant",
      "MAX_THROUGHPUT",
    ],
  ])("%s %j changes %s", async (field, value, path, wanted) => {
    const cloud = await start();
    await makeCluster(cloud);
    const { etag } = await cloud.ok("GET", DEV);
    const operation = await cloud.ok("PUT", DEV, update({ [field]: value }));
    expect(operation).toMatchObject({ operationType: "UPDATE_CLUSTER", status: "DONE" });
    const cluster = await cloud.ok("GET", DEV);
    if (field === "desiredLoggingConfig") expect(cluster).toMatchObject({ loggingService: "none" });
    else expect(at(cluster, path)).toEqual(wanted);
    expect(cluster["etag"]).not.toBe(etag);
    expect(cluster["status"]).toBe("RUNNING");
  });

  test.each([
    ["nothing", {}, "Must specify a field to update"],
    ["two things", { desiredShieldedNodes: {}, desiredDnsConfig: {} }, "Only one update can be applied"],
    ["what does not fit the datapath", { desiredEnableFqdnNetworkPolicy: true }, "requires DatapathProvider"],
    ["an older state", { desiredDnsConfig: { clusterDns: "CLOUD_DNS" }, etag: "stale" }, "etag does not match"],
  ])("of %s are refused", async (_, value, message) => {
    const cloud = await start();
    await makeCluster(cloud);
    const answer = await cloud.call("PUT", DEV, update(value));
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(message)]);
  });

  test("of a field that is not simulated are answered 501", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    expect((await cloud.call("PUT", DEV, update({ desiredImage: "mine" }))).status).toBe(501);
  });

  test("L4 subsetting cannot be taken back", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    await cloud.ok("PUT", DEV, update({ desiredL4ilbSubsettingConfig: { enabled: true } }));
    const answer = await cloud.call("PUT", DEV, update({ desiredL4ilbSubsettingConfig: { enabled: false } }));
    expect(messageOf(answer)).toContain("cannot be disabled");
  });

  test("that fail leave the cluster as it was", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    cloud.simulator.addFault({ method: "PUT", operation: { error: { code: "INTERNAL", message: "broken" } } });
    await cloud.ok("PUT", DEV, update({ desiredVerticalPodAutoscaling: { enabled: true } }));
    const cluster = await cloud.ok("GET", DEV);
    expect([cluster["status"], cluster["verticalPodAutoscaling"]]).toEqual(["RUNNING", undefined]);
  });
});

describe("methods that set one thing", () => {
  test("labels change under a fingerprint", async () => {
    const cloud = await start();
    const { labelFingerprint } = await makeCluster(cloud);
    const body = { resourceLabels: { env: "dev" }, labelFingerprint: labelFingerprint! };
    await cloud.ok("POST", `${DEV}:setResourceLabels`, body);
    expect(await cloud.ok("GET", DEV)).toMatchObject({ resourceLabels: { env: "dev" } });
    expect(messageOf(await cloud.call("POST", `${DEV}:setResourceLabels`, body))).toContain("fingerprint mismatch");
  });

  test("a maintenance policy changes under its version, and is shown without what is the default", async () => {
    const cloud = await start();
    const cluster = await makeCluster(cloud);
    const resourceVersion = at(cluster, "maintenancePolicy.resourceVersion")!;
    const exclusion = { startTime: "2026-12-20T00:00:00Z", endTime: "2027-01-05T00:00:00Z" };
    const maintenancePolicy = {
      resourceVersion,
      window: {
        dailyMaintenanceWindow: { startTime: "03:00" },
        maintenanceExclusions: { freeze: { ...exclusion, maintenanceExclusionOptions: { scope: "NO_UPGRADES" } } },
      },
    };
    await cloud.ok("POST", `${DEV}:setMaintenancePolicy`, { maintenancePolicy });
    expect(at(await cloud.ok("GET", DEV), "maintenancePolicy.window")).toEqual({
      dailyMaintenanceWindow: { startTime: "03:00", duration: "PT4H0M0S" },
      maintenanceExclusions: { freeze: { ...exclusion, maintenanceExclusionOptions: {} } },
    });
    expect((await cloud.call("POST", `${DEV}:setMaintenancePolicy`, { maintenancePolicy })).status).toBe(400);
  });

  test("network policy needs its addon first", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    const networkPolicy = { enabled: true, provider: "CALICO" };
    expect(messageOf(await cloud.call("POST", `${DEV}:setNetworkPolicy`, { networkPolicy }))).toContain(
      "addon must be",
    );
    await cloud.ok("PUT", DEV, update({ desiredAddonsConfig: { networkPolicyConfig: { disabled: false } } }));
    await cloud.ok("POST", `${DEV}:setNetworkPolicy`, { networkPolicy });
    expect(await cloud.ok("GET", DEV)).toMatchObject({ networkPolicy });
  });

  test("legacy authorisation can be switched", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    await cloud.ok("POST", `${DEV}:setLegacyAbac`, { enabled: true });
    expect(await cloud.ok("GET", DEV)).toMatchObject({ legacyAbac: { enabled: true } });
  });
});

describe("versions", () => {
  test("the control plane goes up one minor at a time and never down", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    const to = (version: string): ReturnType<typeof cloud.call> =>
      cloud.call("PUT", DEV, update({ desiredMasterVersion: version }));
    expect(messageOf(await to("1.35"))).toContain("more than a minor version at a time");
    expect((await to("1.34")).body).toMatchObject({ operationType: "UPGRADE_MASTER" });
    expect(await cloud.ok("GET", DEV)).toMatchObject({
      currentMasterVersion: "1.34.4-gke.1000",
      currentNodeVersion: "1.33.13-gke.1000",
    });
    expect(messageOf(await to("1.33"))).toContain("cannot be downgraded");
    expect(messageOf(await to("1.2"))).toContain("is unsupported");
  });

  test("what is on offer is told by channel, newest first", async () => {
    const { ok } = await start();
    const config = await ok("GET", `/container/v1/projects/${PROJECT}/locations/${REGION}/serverConfig`);
    const channels = config["channels"] as JsonObject[];
    expect(channels.map((each) => each["channel"])).toEqual(["RAPID", "REGULAR", "STABLE", "EXTENDED"]);
    expect((config["validMasterVersions"] as string[])[0]).toBe("1.36.3-gke.1000");
  });
});

describe("one thing at a time", () => {
  test("while an operation runs, every other change of the cluster is refused", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    cloud.simulator.addFault({ method: "PUT", operation: { stuck: true } });
    const { name } = await cloud.ok("PUT", DEV, update({ desiredVerticalPodAutoscaling: { enabled: true } }));
    expect(await cloud.ok("GET", DEV)).toMatchObject({ status: "RECONCILING" });
    for (const [method, path, body] of [
      ["PUT", DEV, update({ desiredDnsConfig: { clusterDns: "CLOUD_DNS" } })],
      ["DELETE", DEV, undefined],
      ["POST", `${DEV}/nodePools`, { nodePool: { name: "p", initialNodeCount: 1 } }],
      ["POST", `${DEV}/nodePools/default-pool:setSize`, { nodeCount: 2 }],
    ] as const) {
      const answer = await cloud.call(method, path, body);
      expect([answer.status, reasonOf(answer)]).toEqual([400, "failedPrecondition"]);
      expect(messageOf(answer)).toBe(`Cluster is running incompatible operation ${name}.`);
      expect(JSON.stringify(answer.body)).toContain("CLUSTER_ALREADY_HAS_OPERATION");
    }
    await cloud.simulator.releaseOperation(String(name));
    expect(await cloud.ok("GET", DEV)).toMatchObject({ status: "RUNNING", verticalPodAutoscaling: { enabled: true } });
  });

  test("an operation can be found, listed and cancelled", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    cloud.simulator.addFault({ method: "PUT", operation: { stuck: true } });
    const { name } = await cloud.ok("PUT", DEV, update({ desiredVerticalPodAutoscaling: { enabled: true } }));
    const operations = `/container/v1/projects/${PROJECT}/locations/${REGION}/operations`;
    expect(((await cloud.ok("GET", operations))["operations"] as JsonObject[]).map((each) => each["name"])).toContain(
      name,
    );
    await cloud.ok("POST", `${operations}/${name}:cancel`);
    expect(await cloud.ok("GET", `${operations}/${name}`)).toMatchObject({ status: "DONE", error: { code: 1 } });
    expect((await cloud.call("GET", `${operations}/operation-0`)).status).toBe(404);
  });
});

describe("fleet", () => {
  test("a cluster that names a project becomes a member, and leaves in the end", async () => {
    const cloud = await start();
    const cluster = await makeCluster(cloud, { fleet: { project: PROJECT } });
    const membership = `projects/${PROJECT}/locations/${REGION}/memberships/dev`;
    expect(cluster["fleet"]).toEqual({ project: PROJECT, membership: `//gkehub.googleapis.com/${membership}` });
    expect((await cloud.call("GET", `/gkehub/v1/${membership}`)).status).toBe(200);
    expect((await cloud.call("DELETE", `/gkehub/v1/${membership}`)).status).toBe(400);
    await cloud.ok("PUT", DEV, update({ desiredFleet: {} }));
    expect((await cloud.ok("GET", DEV))["fleet"]).toBeUndefined();
    expect((await cloud.call("GET", `/gkehub/v1/${membership}`)).status).toBe(404);
  });
});

test("a deleted cluster leaves nothing behind", async () => {
  const cloud = await start();
  await makeNetwork(cloud);
  const before = cloud.simulator.resources();
  await cloud.ok("POST", paths.clusters, { cluster: clusterRequest({ fleet: { project: PROJECT } }) });
  await cloud.ok("DELETE", DEV);
  expect(cloud.simulator.resources()).toEqual(before);
});
