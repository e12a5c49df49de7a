import { readBody } from "../../../sandbox/gcp/discovery/check";
import { type DiscoveryDocument, extract } from "../../../sandbox/gcp/discovery/extract";
import { TypeNames } from "../../../sandbox/gcp/discovery/type-names";
import type { JsonObject } from "../../../sandbox/gcp/json";
import { clusterRequest, makeCluster, makeNetwork, messageOf, PROJECT, paths, start, stopAll } from "./client";

afterEach(stopAll);

/** A small API: a document as Google writes it, and the Go code that is generated from its protocol buffers. */
const DOCUMENT: DiscoveryDocument = {
  id: "zoo:v1",
  revision: "20260101",
  resources: {
    animals: {
      methods: {
        create: {
          httpMethod: "POST",
          path: "v1/{+parent}",
          flatPath: "v1/zoos/{zoo}/animals",
          request: { $ref: "Animal" },
        },
        get: { httpMethod: "GET", path: "v1/x" },
        feed: { httpMethod: "POST", path: "v1/zoos/{zoo}:feed", request: { $ref: "Animal" } },
      },
    },
  },
  schemas: {
    Animal: {
      properties: {
        name: { type: "string" },
        legCount: { type: "integer", format: "int32" },
        weight: { type: "string", format: "int64" },
        length: { type: "number", format: "double" },
        tame: { type: "boolean" },
        born: { type: "string", format: "google-datetime" },
        nap: { type: "string", format: "google-duration" },
        diet: { type: "string", enum: ["DIET_UNSPECIFIED", "PLANTS", "MEAT"] },
        nickNames: { type: "array", items: { type: "string" } },
        labels: { additionalProperties: { type: "string" } },
        young: { type: "array", items: { $ref: "Animal" } },
        home: { $ref: "Home" },
        extra: { type: "any" },
      },
    },
    Home: { properties: { roomCount: { type: "integer", format: "int32" } } },
    Unused: { properties: { x: { type: "string" } } },
  },
};

const CODE = [
  "type Animal struct {",
  '\tDiet Animal_Food `protobuf:"varint,1,opt,name=diet,proto3,enum=zoo.v1.Animal_Food" json:"diet,omitempty"`',
  '\tHome *Animal_Cage `protobuf:"bytes,2,opt,name=home,proto3" json:"home,omitempty"`',
  "}",
  "",
].join("\n");

const SCHEMA = {
  source: [],
  ...extract([DOCUMENT], new TypeNames("zoo.v1", CODE), "/zoo/", (_, path) => !path.endsWith(":feed")),
};

describe("the extract of a discovery document", () => {
  test("holds the requests that are wanted, and the messages that they reach", () => {
    expect(SCHEMA.methods).toEqual({ "POST v1/zoos/{zoo}/animals": "Animal" });
    expect(Object.keys(SCHEMA.messages)).toEqual(["Animal", "Home"]);
    expect(SCHEMA.messages["Animal"]!.fields).toMatchObject({
      legCount: "int32",
      born: "timestamp",
      diet: "#zoo.v1.Animal.Food",
      labels: "{}string",
      nickNames: "[]string",
      young: "[]@Animal",
    });
  });

  test("has full names from the generated code, and derives them where there is none", () => {
    expect(SCHEMA.messages["Home"]!.name).toBe("zoo.v1.Animal.Cage");
    const derived = extract([DOCUMENT], new TypeNames("zoo.v1"), "/zoo/", () => true);
    expect(derived.messages["Home"]!.name).toBe("zoo.v1.Home");
    expect(derived.messages["Animal"]!.fields["diet"]).toBe("#zoo.v1.Animal.Diet");
  });

  test("unites documents of different revisions", () => {
    const older: DiscoveryDocument = {
      ...DOCUMENT,
      schemas: {
        Animal: { properties: { species: { type: "string" }, diet: { type: "string", enum: ["FISH"] } } },
      },
    };
    const both = extract([DOCUMENT, older], new TypeNames("zoo.v1", CODE), "/zoo/", () => true);
    expect(both.messages["Animal"]!.fields).toMatchObject({ species: "string", name: "string" });
    expect(both.enums["zoo.v1.Animal.Food"]).toEqual(["DIET_UNSPECIFIED", "PLANTS", "MEAT", "FISH"]);
  });
});

describe("a body", () => {
  const told = (body: JsonObject): string[] =>
    readBody(SCHEMA, "Animal", body).violations.map((each) => each.description);

  // Words as in ansible/ansible#50252, kubeflow/pipelines#2211 and protocol buffers' own JSON parser.
  test.each<[string, JsonObject, string]>([
    [
      "a field that does not exist",
      { tail: 1 },
      'Invalid JSON payload received. Unknown name "tail": Cannot find field.',
    ],
    [
      "a field that does not exist further in",
      { young: [{}, { home: { doors: 1 } }] },
      `Invalid JSON payload received. Unknown name "doors" at 'young[1].home': Cannot find field.`,
    ],
    [
      "a list where one thing is expected",
      { home: { roomCount: [1] } },
      `Invalid JSON payload received. Unknown name "roomCount" at 'home': Proto field is not repeating, cannot start list.`,
    ],
    [
      "a value that is none of an enum",
      { diet: "GLASS" },
      `Invalid value at 'diet' (type.googleapis.com/zoo.v1.Animal.Food), "GLASS"`,
    ],
    ["words for a number", { legCount: "many" }, `Invalid value at 'leg_count' (TYPE_INT32), "many"`],
    ["half a number", { legCount: 1.5 }, "Invalid value at 'leg_count' (TYPE_INT32), 1.5"],
    ["a number beyond its type", { legCount: 2 ** 31 }, "Invalid value at 'leg_count' (TYPE_INT32), 2147483648"],
    ["a number for a text", { name: 5 }, "Invalid value at 'name' (TYPE_STRING), 5"],
    ["a text for a flag", { tame: "yes" }, `Invalid value at 'tame' (TYPE_BOOL), "yes"`],
    [
      "a text for a message",
      { home: "cave" },
      `Invalid value at 'home' (type.googleapis.com/zoo.v1.Animal.Cage), "cave"`,
    ],
    [
      "a message for a text",
      { name: {} },
      "Invalid value at 'name' (TYPE_STRING), Starting an object on a scalar field",
    ],
    ["a number among texts", { nickNames: ["a", 7] }, "Invalid value at 'nick_names[1]' (TYPE_STRING), 7"],
    ["a number among labels", { labels: { a: 7 } }, "Invalid value at 'labels[0].value' (TYPE_STRING), 7"],
    [
      "a time that is none",
      { born: "yesterday" },
      "Invalid value at 'born' (type.googleapis.com/google.protobuf.Timestamp), Field 'born', Invalid time format: yesterday",
    ],
    [
      "a duration without its unit",
      { nap: "60" },
      "Invalid value at 'nap' (type.googleapis.com/google.protobuf.Duration), Field 'nap', Illegal duration format; duration must end with 's'",
    ],
  ])("with %s is refused", (_, body, message) => {
    expect(told(body)).toEqual([message]);
  });

  test("is told about everything that is wrong with it at once", () => {
    expect(told({ tail: 1, name: 5, home: { doors: 1 } })).toHaveLength(3);
  });

  test("may be written in each way that protocol buffers' JSON allows", () => {
    const written = {
      leg_count: "4",
      weight: 12,
      length: "1.5",
      tame: "true",
      diet: "meat",
      nick_names: "Leo",
      home: null,
      labels: { a: "b" },
      extra: [1, { b: 2 }],
      nap: "3.5s",
      born: "2026-01-01T00:00:00Z",
    };
    const { body, violations } = readBody(SCHEMA, "Animal", written);
    expect(violations).toEqual([]);
    expect(body).toEqual({
      legCount: 4,
      weight: 12,
      length: 1.5,
      tame: true,
      diet: "MEAT",
      nickNames: ["Leo"],
      home: null,
      labels: { a: "b" },
      extra: [1, { b: 2 }],
      nap: "3.5s",
      born: "2026-01-01T00:00:00Z",
    });
  });
});

describe("requests to the simulated API", () => {
  const DEV = `${paths.clusters}/dev`;
  const cluster = (more: JsonObject): JsonObject => ({ cluster: clusterRequest(more) });

  test.each<[string, string, string, JsonObject, string]>([
    [
      "a field of a cluster",
      "POST",
      paths.clusters,
      cluster({ nodeConfig: { machine: "e2-medium" } }),
      `Invalid JSON payload received. Unknown name "machine" at 'cluster.node_config': Cannot find field.`,
    ],
    [
      "an enum of a cluster",
      "POST",
      paths.clusters,
      cluster({ networkConfig: { datapathProvider: "EBPF" } }),
      `Invalid value at 'cluster.network_config.datapath_provider' (type.googleapis.com/google.container.v1.DatapathProvider), "EBPF"`,
    ],
    [
      "an enum of a taint",
      "POST",
      `${DEV}/nodePools`,
      { nodePool: { name: "p", config: { taints: [{ key: "a", value: "b", effect: "NoExecute" }] } } },
      `Invalid value at 'node_pool.config.taints[0].effect' (type.googleapis.com/google.container.v1.NodeTaint.Effect), "NoExecute"`,
    ],
    [
      "a field of an update",
      "PUT",
      DEV,
      { update: { desiredTpuConfig: {} } },
      `Invalid JSON payload received. Unknown name "desiredTpuConfig" at 'update': Cannot find field.`,
    ],
    [
      "a type of a method",
      "POST",
      `${DEV}/nodePools/default-pool:setSize`,
      { nodeCount: "three" },
      `Invalid value at 'node_count' (TYPE_INT32), "three"`,
    ],
    [
      "a field of a network",
      "POST",
      paths.networks,
      { name: "other", jumboFrames: true },
      'Invalid JSON payload received. Unknown name "jumboFrames": Cannot find field.',
    ],
    [
      "an enum of a firewall",
      "POST",
      paths.firewalls,
      { name: "f", direction: "SIDEWAYS" },
      `Invalid value at 'direction' (type.googleapis.com/google.cloud.compute.v1.Firewall.Direction), "SIDEWAYS"`,
    ],
    [
      "a field of a service account",
      "POST",
      `/iam/v1/projects/${PROJECT}/serviceAccounts`,
      { accountId: "builder", serviceAccount: { title: "x" } },
      `Invalid JSON payload received. Unknown name "title" at 'service_account': Cannot find field.`,
    ],
    [
      "a field of a policy",
      "POST",
      `/cloudresourcemanager/v1/projects/${PROJECT}:setIamPolicy`,
      { policy: { binding: [] } },
      `Invalid JSON payload received. Unknown name "binding" at 'policy': Cannot find field.`,
    ],
    [
      "a type of a key",
      "POST",
      `/kms/v1/projects/${PROJECT}/locations/global/keyRings?keyRingId=r`,
      { createTime: "today" },
      "Invalid value at 'create_time' (type.googleapis.com/google.protobuf.Timestamp), Field 'createTime', Invalid time format: today",
    ],
  ])("are held to %s", async (_, method, path, body, message) => {
    const cloud = await start();
    await makeCluster(cloud);
    const before = cloud.simulator.resources();
    const answer = await cloud.call(method, path, body);
    expect([answer.status, messageOf(answer)]).toEqual([400, message]);
    expect(JSON.stringify(answer.body)).toContain("type.googleapis.com/google.rpc.BadRequest");
    expect(cloud.simulator.resources()).toEqual(before);
  });

  test("are understood in snake case", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    const { ipAllocationPolicy, initialNodeCount, ...rest } = clusterRequest();
    await cloud.ok("POST", paths.clusters, {
      cluster: { ...rest, ip_allocation_policy: ipAllocationPolicy, initial_node_count: initialNodeCount },
    });
    expect(await cloud.ok("GET", DEV)).toMatchObject({ ipAllocationPolicy: { clusterSecondaryRangeName: "pods" } });
  });

  // What the google provider 7.45 sends besides what 6.50 does.
  test.each<[JsonObject, string, JsonObject | string]>([
    [{ desiredAutoIpamConfig: { enabled: true } }, "ipAllocationPolicy", { autoIpamConfig: { enabled: true } }],
    [{ desiredEmulatedVersion: "1.33" }, "currentEmulatedVersion", "1.33"],
    [
      { desiredNetworkTierConfig: { networkTier: "NETWORK_TIER_STANDARD" } },
      "ipAllocationPolicy",
      { networkTierConfig: { networkTier: "NETWORK_TIER_STANDARD" } },
    ],
    [
      { desiredNodeCreationConfig: { nodeCreationMode: "VIA_KUBELET" } },
      "nodeCreationConfig",
      { nodeCreationMode: "VIA_KUBELET" },
    ],
    [
      { desiredRollbackSafeUpgrade: { controlPlaneSoakDuration: "3600s" } },
      "rollbackSafeUpgrade",
      { controlPlaneSoakDuration: "3600s" },
    ],
    [{ desiredSecretSyncConfig: { enabled: true } }, "secretSyncConfig", { enabled: true }],
    [
      { desiredAutopilotClusterPolicyConfig: { noSystemImpersonation: true } },
      "autopilot",
      { clusterPolicyConfig: { noSystemImpersonation: true } },
    ],
    [
      { desiredPrivilegedAdmissionConfig: { allowlistPaths: ["gke://*"] } },
      "autopilot",
      { privilegedAdmissionConfig: { allowlistPaths: ["gke://*"] } },
    ],
  ])("of the newer provider are served: %j", async (update, field, shown) => {
    const cloud = await start();
    await makeCluster(cloud);
    await cloud.ok("PUT", DEV, { update });
    expect((await cloud.ok("GET", DEV))[field]).toEqual(
      typeof shown === "string" ? shown : expect.objectContaining(shown),
    );
  });

  test.each<[JsonObject, string, JsonObject]>([
    [
      { nodeDrainConfig: { respectPdbDuringNodePoolDeletion: true } },
      "nodeDrainConfig",
      { respectPdbDuringNodePoolDeletion: true },
    ],
    [
      { taintConfig: { architectureTaintBehavior: "ARM" } },
      "config",
      { taintConfig: { architectureTaintBehavior: "ARM" } },
    ],
  ])("of the newer provider for a pool are served: %j", async (body, field, shown) => {
    const cloud = await start();
    await makeCluster(cloud);
    await cloud.ok("PUT", `${DEV}/nodePools/default-pool`, body);
    expect((await cloud.ok("GET", `${DEV}/nodePools/default-pool`))[field]).toMatchObject(shown);
  });
});
