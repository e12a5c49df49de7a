import type { JsonObject } from "../../../../sandbox/gcp/json";
import { makeNetwork, PROJECT, paths, REGION, start, stopAll, type TestCloud } from "../client";
import { type Case, expectRefused } from "./refused";

const NETWORK = `projects/${PROJECT}/global/networks/main`;
const SUBNETWORK = `projects/${PROJECT}/regions/${REGION}/subnetworks/nodes`;
const GLOBAL = `/compute/v1/projects/${PROJECT}/global/addresses`;

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await start();
  await makeNetwork(cloud);
  await cloud.ok("POST", paths.addresses, { name: "outside" });
  await cloud.ok("POST", paths.addresses, { name: "inside", addressType: "INTERNAL", subnetwork: SUBNETWORK });
});
afterAll(stopAll);

const address = (name: string): string => `projects/${PROJECT}/regions/${REGION}/addresses/${name}`;
const nat = (more: JsonObject, name = "n"): JsonObject => ({
  name,
  natIpAllocateOption: "AUTO_ONLY",
  sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
  ...more,
});
const listed = (served: JsonObject, name = "n"): JsonObject =>
  nat({ sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS", subnetworks: [{ name: SUBNETWORK, ...served }] }, name);

describe("a router is refused", () => {
  // https://cloud.google.com/nat/docs/ports-and-addresses and https://cloud.google.com/nat/docs/nat-rules-overview
  test.each<[string, JsonObject[], string]>([
    [
      "whose NAT has an internal address",
      [nat({ natIpAllocateOption: "MANUAL_ONLY", natIps: [address("inside")] })],
      "NAT IPs must be external addresses",
    ],
    [
      "whose NAT has an address twice",
      [nat({ natIpAllocateOption: "MANUAL_ONLY", natIps: [address("outside"), address("outside")] })],
      "NAT IPs must be unique",
    ],
    [
      "whose NAT drains addresses that it did not choose",
      [nat({ drainNatIps: [address("outside")] })],
      "'resource.nats[0].drainNatIps'",
    ],
    [
      "whose NAT serves a range that does not exist",
      [listed({ sourceIpRangesToNat: ["LIST_OF_SECONDARY_IP_RANGES"], secondaryIpRangeNames: ["gone"] })],
      "'resource.nats[0].subnetworks[0].secondaryIpRangeNames': 'gone'",
    ],
    [
      "with two NATs for one range",
      [listed({ sourceIpRangesToNat: ["ALL_IP_RANGES"] }), listed({ sourceIpRangesToNat: ["PRIMARY_IP_RANGE"] }, "m")],
      "The subnetwork is already configured with ALL_IP_RANGES for Nat which conflicts",
    ],
    [
      "with a rule beyond the last",
      [nat({ rules: [{ ruleNumber: 70_000, match: "true", action: {} }] })],
      "Must be between 0 and 65000",
    ],
  ])("%s", async (_, nats, words) => {
    await expectRefused(cloud, "POST", paths.routers, { name: "r", network: NETWORK, nats }, words);
  });

  test("unlike one whose NATs share a subnetwork", async () => {
    const nats = [
      listed({ sourceIpRangesToNat: ["PRIMARY_IP_RANGE"] }),
      listed({ sourceIpRangesToNat: ["LIST_OF_SECONDARY_IP_RANGES"], secondaryIpRangeNames: ["pods"] }, "m"),
    ];
    await cloud.ok("POST", paths.routers, { name: "shared", network: NETWORK, nats });
    await cloud.ok("DELETE", `${paths.routers}/shared`);
  });

  describe("beside a router that serves already", () => {
    const pods = { sourceIpRangesToNat: ["LIST_OF_SECONDARY_IP_RANGES"], secondaryIpRangeNames: ["pods"] };
    const primary = { sourceIpRangesToNat: ["PRIMARY_IP_RANGE"] };
    const every = { sourceIpRangesToNat: ["ALL_IP_RANGES"] };
    const refused: [string, JsonObject, JsonObject, string][] = [
      ["all, and something", nat({}), listed(pods), "since a Nat with option ALL_SUBNETWORKS_ALL_IP_RANGES exists"],
      ["something, and all", listed(pods), nat({}), "since other Nats exist"],
      [
        "a primary range, and it again",
        listed(primary),
        listed(primary),
        "'resource.nats[0].subnetworks[0].sourceIpRangesToNat[0]': 'PRIMARY_IP_RANGE'. Can not specify",
      ],
      ["a primary range, and the whole subnet", listed(primary), listed(every), "is already configured with PRIMARY"],
      [
        "a whole subnet, and the range of pods",
        listed(every),
        listed(pods),
        "is already configured with ALL_IP_RANGES",
      ],
      ["the range of pods, and it again", listed(pods), listed(pods), "'pods'. The range is already configured"],
    ];
    test.each(refused)("%s", async (_, first, second, words) => {
      await cloud.ok("POST", paths.routers, { name: "first", network: NETWORK, nats: [first] });
      await expectRefused(cloud, "POST", paths.routers, { name: "r", network: NETWORK, nats: [second] }, words);
      // The router itself is no other one.
      await cloud.ok("PATCH", `${paths.routers}/first`, { nats: [first] });
      await cloud.ok("DELETE", `${paths.routers}/first`);
    });

    const served: [string, JsonObject, JsonObject][] = [
      ["a primary range, and the range of pods", listed(primary), listed(pods)],
      ["all, and privately", nat({}), nat({ type: "PRIVATE", natIpAllocateOption: undefined })],
      ["privately, and all", nat({ type: "PRIVATE", natIpAllocateOption: undefined }), nat({})],
    ];
    test.each(served)("unlike %s", async (_, first, second) => {
      await cloud.ok("POST", paths.routers, { name: "first", network: NETWORK, nats: [first] });
      await cloud.ok("POST", paths.routers, { name: "second", network: NETWORK, nats: [second] });
      for (const name of ["first", "second"]) await cloud.ok("DELETE", `${paths.routers}/${name}`);
    });
  });
});

describe("a subnetwork is refused", () => {
  // https://cloud.google.com/vpc/docs/subnets#purpose and #ipv6-ranges
  test.each<Case>([
    ["with a role that it cannot have", { role: "ACTIVE" }, "The purpose PRIVATE has no role"],
    ["of proxies without a role", { purpose: "REGIONAL_MANAGED_PROXY" }, "needs the role ACTIVE or BACKUP"],
    [
      "of proxies with flow logs",
      { purpose: "REGIONAL_MANAGED_PROXY", role: "ACTIVE", logConfig: { enable: true } },
      "Flow logs are not supported",
    ],
    ["of two stacks and no access", { stackType: "IPV4_IPV6" }, "The stack type IPV4_IPV6 needs an access type"],
    [
      "with internal IPv6 in a network without",
      { stackType: "IPV4_IPV6", ipv6AccessType: "INTERNAL" },
      "The network has no internal IPv6 range",
    ],
    ["of another region", { region: "us-east1" }, `The request is for regions/${REGION}`],
  ])("%s", async (_, more, words) => {
    const subnetwork = { name: "s", network: NETWORK, ipCidrRange: "10.50.0.0/24", ...more };
    await expectRefused(cloud, "POST", paths.subnetworks, subnetwork, words);
  });
});

describe("a firewall rule is refused", () => {
  // https://cloud.google.com/firewall/docs/quotas#per_firewall_rule
  test.each<Case>([
    [
      "for more tags than it holds",
      { targetTags: Array.from({ length: 71 }, (_, i) => `t${i}`) },
      "'resource.targetTags': '71'. At most 70 are allowed",
    ],
    ["of an account that is none", { sourceServiceAccounts: ["builder"] }, "Must be the e-mail address"],
    [
      "from both families of addresses",
      { sourceRanges: ["10.0.0.0/8", "fd20::/20"] },
      "IPv4 and IPv6 ranges cannot be used in the same rule",
    ],
  ])("%s", async (_, more, words) => {
    const rule = { name: "f", network: NETWORK, allowed: [{ IPProtocol: "tcp" }], ...more };
    await expectRefused(cloud, "POST", paths.firewalls, rule, words);
  });

  test("of the default network, where there is none", async () => {
    const rule = { name: "f", allowed: [{ IPProtocol: "tcp" }] };
    const words = `The resource 'projects/${PROJECT}/global/networks/default' was not found`;
    await expectRefused(cloud, "POST", paths.firewalls, rule, words, 404);
  });
});

describe("an address is refused", () => {
  const peering = { addressType: "INTERNAL", purpose: "VPC_PEERING", network: NETWORK, prefixLength: 16 };
  test.each<[string, string, JsonObject, string]>([
    // https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet
    ...["10.16.0.0", "10.16.0.1", "10.16.15.254", "10.16.15.255"].map((ip): [string, string, JsonObject, string] => [
      `that Google keeps, ${ip}`,
      paths.addresses,
      { addressType: "INTERNAL", subnetwork: SUBNETWORK, address: ip },
      "the last two addresses of a subnetwork are reserved",
    ]),
    ["that is external and inside", paths.addresses, { subnetwork: SUBNETWORK }, "for internal addresses and for IPv6"],
    ["with a label in capitals", paths.addresses, { labels: { Team: "x" } }, "'resource.labels': 'Team'"],
    // https://cloud.google.com/vpc/docs/configure-private-services-access#allocating-range
    ["that is a range for nothing", GLOBAL, { addressType: "INTERNAL" }, "need the purpose VPC_PEERING"],
    ["that is a range of no network", GLOBAL, { ...peering, network: "" }, "need a network"],
    ["that is a range of no length", GLOBAL, { ...peering, prefixLength: 0 }, "needs a prefix length"],
    ["that is a range of the pods", GLOBAL, { ...peering, address: "10.20.0.0" }, "overlaps 10.20.0.0/14"],
  ])("%s", async (_, path, body, words) => {
    await expectRefused(cloud, "POST", path, { name: "a", ...body }, words);
  });

  test("unlike a range beside the others", async () => {
    await cloud.ok("POST", GLOBAL, { name: "services", ...peering, address: "10.200.0.0" });
    await cloud.ok("DELETE", `${GLOBAL}/services`);
  });
});

test("a network takes what the google provider 7.45 says of it, documented or not", async () => {
  // google/services/compute/resource_compute_network.go of 7.45: deleteBgpAlwaysCompareMed, which no discovery document has
  const routingConfig = { routingMode: "GLOBAL", bgpBestPathSelectionMode: "STANDARD", bgpAlwaysCompareMed: true };
  await cloud.ok("POST", paths.networks, { name: "other", autoCreateSubnetworks: false, routingConfig });
  await cloud.ok("PATCH", `${paths.networks}/other`, { routingConfig: { deleteBgpAlwaysCompareMed: true } });
  const network = await cloud.ok("GET", `${paths.networks}/other`);
  expect(network["routingConfig"]).toEqual({ routingMode: "GLOBAL", bgpBestPathSelectionMode: "STANDARD" });
  const words = "Must be a /48 range within fd20::/20";
  const ula = { name: "n", enableUlaInternalIpv6: true, internalIpv6Range: "fd00::/48" };
  await expectRefused(cloud, "POST", paths.networks, ula, words);
});
