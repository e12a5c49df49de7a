import { makeCluster, makeNetwork, messageOf, PROJECT, paths, REGION, reasonOf, start, stopAll } from "./client";

afterEach(stopAll);

const NETWORK = `projects/${PROJECT}/global/networks/main`;
const SUBNETWORK = `projects/${PROJECT}/regions/${REGION}/subnetworks/nodes`;
const LINK = "https://www.googleapis.com/compute/v1/";

describe("networks", () => {
  test("get what Google fills in, and a default route", async () => {
    const { ok } = await start();
    await ok("POST", paths.networks, { name: "main", autoCreateSubnetworks: false, mtu: null });
    const network = await ok("GET", `${paths.networks}/main`);
    expect(network).toMatchObject({
      kind: "compute#network",
      autoCreateSubnetworks: false,
      networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL",
      routingConfig: { routingMode: "REGIONAL", bgpBestPathSelectionMode: "LEGACY" },
      selfLink: LINK + NETWORK,
      selfLinkWithId: `${LINK}projects/${PROJECT}/global/networks/${network["id"]}`,
    });
    expect(network["mtu"]).toBeUndefined();
    const filter = encodeURIComponent(`(network="${LINK + NETWORK}") AND (destRange="0.0.0.0/0")`);
    const routes = await ok("GET", `/compute/v1/projects/${PROJECT}/global/routes?filter=${filter}`);
    expect(routes["items"]).toHaveLength(1);
  });

  test.each([
    ["Main", "Must be a match of regex"],
    ["", "Must be a match of regex"],
  ])("a name that cannot be (%p) is refused", async (name, rule) => {
    const { call } = await start();
    const answer = await call("POST", paths.networks, { name });
    expect([answer.status, reasonOf(answer)]).toEqual([400, "invalid"]);
    expect(messageOf(answer)).toContain(rule);
  });

  test("a name that is taken is refused with 409", async () => {
    const { ok, call } = await start();
    await ok("POST", paths.networks, { name: "main" });
    const answer = await call("POST", paths.networks, { name: "main" });
    expect([answer.status, reasonOf(answer)]).toEqual([409, "alreadyExists"]);
  });

  test("what cannot change is refused", async () => {
    const { ok, call } = await start();
    await ok("POST", paths.networks, { name: "main", autoCreateSubnetworks: false });
    const answer = await call("PATCH", `${paths.networks}/main`, { autoCreateSubnetworks: true });
    expect(messageOf(answer)).toContain("immutable");
  });

  test.each([
    ["a subnetwork", paths.subnetworks, { name: "x", network: NETWORK, ipCidrRange: "10.99.0.0/24" }],
    ["a router", paths.routers, { name: "x", network: NETWORK }],
    ["a firewall", paths.firewalls, { name: "x", network: NETWORK, allowed: [{ IPProtocol: "tcp" }] }],
  ])("cannot be deleted while %s needs them", async (_, path, body) => {
    const { ok, call } = await start();
    await ok("POST", paths.networks, { name: "main", autoCreateSubnetworks: false });
    await ok("POST", path, body);
    // The request is accepted, and the operation fails: "Error waiting for Deleting Network: The network resource …".
    const { error } = await ok("DELETE", `${paths.networks}/main`);
    const message = `The network resource '${NETWORK}' is already being used by '${path.replace("/compute/v1/", "")}/x'`;
    expect(error).toEqual({ errors: [{ code: "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE", message }] });
    expect((await call("GET", `${paths.networks}/main`)).status).toBe(200);
    await ok("DELETE", `${path}/x`);
    await ok("DELETE", `${paths.networks}/main`);
  });

  test("take their default route with them", async () => {
    const { ok, simulator } = await start();
    const before = simulator.resources();
    await ok("POST", paths.networks, { name: "main" });
    await ok("DELETE", `${paths.networks}/main`);
    expect(simulator.resources()).toEqual(before);
  });

  test("can be peered, and cannot be deleted while they are", async () => {
    const { ok, call } = await start();
    for (const name of ["main", "hub"]) await ok("POST", paths.networks, { name, autoCreateSubnetworks: false });
    const networkPeering = { name: "p", network: `projects/${PROJECT}/global/networks/hub` };
    await ok("POST", `${paths.networks}/main/addPeering`, { networkPeering });
    expect((await call("POST", `${paths.networks}/main/addPeering`, { networkPeering })).status).toBe(400);
    expect(await ok("GET", `${paths.networks}/main`)).toMatchObject({ peerings: [{ name: "p", state: "ACTIVE" }] });
    expect(await ok("DELETE", `${paths.networks}/main`)).toMatchObject({ httpErrorStatusCode: 400 });
    await ok("POST", `${paths.networks}/main/removePeering`, { name: "p" });
    await ok("DELETE", `${paths.networks}/main`);
  });
});

describe("subnetworks", () => {
  test("get what Google fills in", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    expect(await cloud.ok("GET", `${paths.subnetworks}/nodes`)).toMatchObject({
      kind: "compute#subnetwork",
      network: LINK + NETWORK,
      region: `${LINK}projects/${PROJECT}/regions/${REGION}`,
      gatewayAddress: "10.16.0.1",
      privateIpGoogleAccess: true,
      purpose: "PRIVATE",
      stackType: "IPV4_ONLY",
      logConfig: { enable: false },
      fingerprint: expect.stringMatching(/^.{11}=$/),
    });
  });

  test("a PATCH needs the fingerprint of now", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    const path = `${paths.subnetworks}/nodes`;
    const { fingerprint } = await cloud.ok("GET", path);
    const logConfig = { enable: true, flowSampling: 0.1 };
    expect(reasonOf(await cloud.call("PATCH", path, { logConfig }))).toBe("required");
    await cloud.ok("PATCH", path, { logConfig, fingerprint: fingerprint! });
    expect(await cloud.ok("GET", path)).toMatchObject({
      logConfig: { enable: true, flowSampling: 0.1, metadata: "INCLUDE_ALL_METADATA" },
    });
    const stale = await cloud.call("PATCH", path, { logConfig, fingerprint: fingerprint! });
    expect([stale.status, reasonOf(stale)]).toEqual([412, "conditionNotMet"]);
  });

  test("their range can grow and not shrink", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    const path = `${paths.subnetworks}/nodes`;
    await cloud.ok("POST", `${path}/expandIpCidrRange`, { ipCidrRange: "10.16.0.0/19" });
    expect(await cloud.ok("GET", path)).toMatchObject({ ipCidrRange: "10.16.0.0/19" });
    expect((await cloud.call("POST", `${path}/expandIpCidrRange`, { ipCidrRange: "10.16.0.0/20" })).status).toBe(400);
  });

  test("private access to Google can be switched", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    const path = `${paths.subnetworks}/nodes`;
    await cloud.ok("POST", `${path}/setPrivateIpGoogleAccess`, { privateIpGoogleAccess: true });
    expect(await cloud.ok("GET", path)).toMatchObject({ privateIpGoogleAccess: true });
  });

  test.each([
    ["another subnetwork's range", "10.16.8.0/24"],
    ["another subnetwork's secondary range", "10.21.0.0/24"],
  ])("a range that overlaps %s fails as an operation", async (_, ipCidrRange) => {
    const cloud = await start();
    await makeNetwork(cloud);
    const operation = await cloud.ok("POST", paths.subnetworks, { name: "x", network: NETWORK, ipCidrRange });
    expect(operation).toMatchObject({ error: { errors: [{ code: "INVALID_USAGE" }] } });
    expect(JSON.stringify(operation)).toContain(`${ipCidrRange} conflicts with existing subnetwork 'nodes'`);
  });

  test.each([
    ["without a network", { name: "x", ipCidrRange: "10.0.0.0/24" }, 400],
    ["in a network that is not there", { name: "x", ipCidrRange: "10.0.0.0/24", network: "global/networks/no" }, 404],
    ["with a range that is none", { name: "x", ipCidrRange: "10.0.0.1/24", network: NETWORK }, 400],
    ["without a range", { name: "x", network: NETWORK }, 400],
  ])("are refused %s", async (_, body, status) => {
    const cloud = await start();
    await makeNetwork(cloud);
    expect((await cloud.call("POST", paths.subnetworks, body)).status).toBe(status);
  });

  test("cannot be deleted, nor lose a range, while a cluster uses them", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    const path = `${paths.subnetworks}/nodes`;
    const refused = await cloud.call("DELETE", path);
    expect(reasonOf(refused)).toBe("resourceInUseByAnotherResource");
    expect(messageOf(refused)).toContain(`The subnetwork resource '${SUBNETWORK}' is already being used by`);
    const { fingerprint } = await cloud.ok("GET", path);
    const shrunk = await cloud.call("PATCH", path, {
      fingerprint: fingerprint!,
      secondaryIpRanges: [{ rangeName: "services", ipCidrRange: "10.24.0.0/20" }],
    });
    expect(messageOf(shrunk)).toContain("secondary range 'pods' is already being used");
    await cloud.ok("DELETE", `${paths.clusters}/dev`);
    await cloud.ok("DELETE", path);
  });

  test("an unknown region is refused", async () => {
    const { call } = await start();
    const answer = await call("GET", `/compute/v1/projects/${PROJECT}/regions/atlantis-1/subnetworks`);
    expect(messageOf(answer)).toContain("Unknown region");
  });
});

describe("routers and NAT", () => {
  test("a NAT lives in its router and gets what Google fills in", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    await cloud.ok("POST", paths.routers, { name: "r", network: NETWORK, bgp: null });
    await cloud.ok("PATCH", `${paths.routers}/r`, {
      nats: [
        {
          name: "nat",
          natIpAllocateOption: "AUTO_ONLY",
          sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
          subnetworks: [{ name: SUBNETWORK, sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
        },
      ],
    });
    const router = await cloud.ok("GET", `${paths.routers}/r`);
    expect(router).toMatchObject({
      nats: [{ type: "PUBLIC", endpointTypes: ["ENDPOINT_TYPE_VM"], subnetworks: [{ name: LINK + SUBNETWORK }] }],
    });
    expect(reasonOf(await cloud.call("DELETE", `${paths.subnetworks}/nodes`))).toBe("resourceInUseByAnotherResource");
    await cloud.ok("PATCH", `${paths.routers}/r`, { nats: [] });
    expect((await cloud.ok("GET", `${paths.routers}/r`))["nats"]).toBeUndefined();
    await cloud.ok("DELETE", `${paths.subnetworks}/nodes`);
  });

  test("an address that a NAT uses cannot be deleted", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    await cloud.ok("POST", paths.addresses, { name: "ip" });
    const nat = {
      name: "nat",
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: [`regions/${REGION}/addresses/ip`],
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    };
    await cloud.ok("POST", paths.routers, { name: "r", network: NETWORK, nats: [nat] });
    expect(messageOf(await cloud.call("DELETE", `${paths.addresses}/ip`))).toContain("/routers/r");
  });

  const PRIVATE = { name: "a", sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES", type: "PRIVATE" };
  test.each([
    ["two of one name", [PRIVATE, PRIVATE], "must be unique"],
    ["manual without addresses", [{ name: "a", natIpAllocateOption: "MANUAL_ONLY" }], "needs at least one NAT IP"],
    [
      "automatic with addresses",
      [{ name: "a", natIpAllocateOption: "AUTO_ONLY", natIps: [`regions/${REGION}/addresses/ip`] }],
      "takes no NAT IPs",
    ],
    [
      "a list of no subnetworks",
      [{ name: "a", sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS" }],
      "needs at least one subnetwork",
    ],
  ])("a router with NATs of %s is refused", async (_, nats, rule) => {
    const cloud = await start();
    await makeNetwork(cloud);
    await cloud.ok("POST", paths.addresses, { name: "ip" });
    const answer = await cloud.call("POST", paths.routers, { name: "r", network: NETWORK, nats });
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(rule)]);
  });
});

describe("firewalls", () => {
  test("get a direction, a priority and sources", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    await cloud.ok("POST", paths.firewalls, { name: "f", network: NETWORK, allowed: [{ IPProtocol: "tcp" }] });
    expect(await cloud.ok("GET", `${paths.firewalls}/f`)).toMatchObject({
      direction: "INGRESS",
      priority: 1000,
      disabled: false,
      sourceRanges: ["0.0.0.0/0"],
    });
  });

  test.each([
    ["neither allow nor deny", {}],
    ["allow and deny", { allowed: [{ IPProtocol: "tcp" }], denied: [{ IPProtocol: "udp" }] }],
    ["sources for egress", { direction: "EGRESS", denied: [{ IPProtocol: "all" }], sourceRanges: ["10.0.0.0/8"] }],
  ])("are refused with %s", async (_, rule) => {
    const cloud = await start();
    await makeNetwork(cloud);
    expect((await cloud.call("POST", paths.firewalls, { name: "f", network: NETWORK, ...rule })).status).toBe(400);
  });
});

describe("addresses", () => {
  test("are different, and none is one that somebody has", async () => {
    const { ok } = await start();
    for (const name of ["a", "b"]) await ok("POST", paths.addresses, { name });
    const [a, b] = await Promise.all(["a", "b"].map((name) => ok("GET", `${paths.addresses}/${name}`)));
    expect(a!["address"]).toMatch(/^203\.0\.113\./);
    expect(b!["address"]).not.toBe(a!["address"]);
  });

  test("inside a subnetwork come from its range", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    await cloud.ok("POST", paths.addresses, { name: "a", addressType: "INTERNAL", subnetwork: SUBNETWORK });
    expect(await cloud.ok("GET", `${paths.addresses}/a`)).toMatchObject({
      address: "10.16.0.2",
      purpose: "GCE_ENDPOINT",
    });
  });

  test("their labels change under a fingerprint", async () => {
    const { ok, call } = await start();
    await ok("POST", paths.addresses, { name: "a", labels: { a: "b" } });
    const { labelFingerprint } = await ok("GET", `${paths.addresses}/a`);
    const body = { labels: { a: "c" }, labelFingerprint: labelFingerprint! };
    await ok("POST", `${paths.addresses}/a/setLabels`, body);
    expect(await ok("GET", `${paths.addresses}/a`)).toMatchObject({ labels: { a: "c" } });
    expect((await call("POST", `${paths.addresses}/a/setLabels`, body)).status).toBe(412);
  });
});

describe("places", () => {
  test("a region has its zones, and zones can be listed by region", async () => {
    const { ok, url } = await start();
    const region = await ok("GET", `/compute/v1/projects/${PROJECT}/regions/${REGION}`);
    expect(region["zones"]).toHaveLength(3);
    // The provider writes the region with the endpoint that it was told to use.
    const filter = encodeURIComponent(`(region eq ${url}/compute/v1/projects/${PROJECT}/regions/${REGION})`);
    const zones = await ok("GET", `/compute/v1/projects/${PROJECT}/zones?filter=${filter}`);
    expect((zones["items"] as { name: string }[]).map(({ name }) => name)).toEqual(
      ["a", "b", "c"].map((z) => `${REGION}-${z}`),
    );
  });

  test("a filter that is not understood is refused", async () => {
    const { call } = await start();
    expect((await call("GET", `/compute/v1/projects/${PROJECT}/zones?filter=NOT%20name`)).status).toBe(400);
  });
});

test("a service project can be attached to a host project, and to nothing else", async () => {
  const { ok, call } = await start({ projects: [PROJECT, "acme-hub"] });
  const body = { xpnResource: { id: PROJECT, type: "PROJECT" } };
  expect((await call("POST", "/compute/v1/projects/acme-hub/enableXpnResource", body)).status).toBe(400);
  await ok("POST", "/compute/v1/projects/acme-hub/enableXpnHost");
  await ok("POST", "/compute/v1/projects/acme-hub/enableXpnResource", body);
  expect(await ok("GET", `/compute/v1/projects/${PROJECT}/getXpnHost`)).toMatchObject({ name: "acme-hub" });
  const attached = await ok("GET", "/compute/v1/projects/acme-hub/getXpnResources");
  expect(attached["resources"]).toEqual([{ id: PROJECT, type: "PROJECT" }]);
});

test("instance groups show the node pools", async () => {
  const cloud = await start();
  const cluster = await makeCluster(cloud, { locations: [`${REGION}-a`], initialNodeCount: 2 });
  const url = (cluster["instanceGroupUrls"] as string[])[0]!;
  const path = url.replace("https://www.googleapis.com", "");
  const manager = await cloud.ok("GET", path);
  expect(manager).toMatchObject({ targetSize: 2, zone: `${LINK}projects/${PROJECT}/zones/${REGION}-a` });
  const group = (manager["instanceGroup"] as string).replace("https://www.googleapis.com", "");
  expect(await cloud.ok("GET", group)).toMatchObject({ size: 2, subnetwork: LINK + SUBNETWORK });
  expect((await cloud.ok("POST", `${group}/listInstances`))["items"]).toHaveLength(2);
  expect((await cloud.ok("GET", path.replace(/\/[^/]+$/, "")))["items"]).toHaveLength(1);
  expect((await cloud.call("GET", `${path}x`)).status).toBe(404);
});
