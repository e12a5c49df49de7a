import type { JsonObject } from "../../../../sandbox/gcp/json";
import { makeNetwork, PROJECT, paths, REGION, start, stopAll, type TestCloud } from "../client";
import { type Case, expectRefused } from "./refused";

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await start();
  await makeNetwork(cloud);
  await cloud.ok("POST", paths.addresses, {
    name: "taken",
    addressType: "INTERNAL",
    subnetwork: SUBNETWORK,
    address: "10.16.0.9",
  });
});
afterAll(stopAll);

const NETWORK = `projects/${PROJECT}/global/networks/main`;
const SUBNETWORK = `projects/${PROJECT}/regions/${REGION}/subnetworks/nodes`;
const TCP = [{ IPProtocol: "tcp", ports: ["443"] }];

describe("a firewall rule is refused", () => {
  // https://cloud.google.com/firewall/docs/firewalls#firewall_rule_components; words of Compute Engine as far as public
  test.each<Case>([
    [
      "of a priority that is too high",
      { allowed: TCP, priority: 70_000 },
      "Invalid value for field 'resource.priority': '70000'. Must be less than or equal to 65535",
    ],
    ["of a negative priority", { allowed: TCP, priority: -1 }, "Must be greater than or equal to 0"],
    // ansible's tests of gce_net: IPProtocol 'blah'
    [
      "of a protocol that does not exist",
      { allowed: [{ IPProtocol: "blah" }] },
      /Invalid value for field 'resource\.allowed\[0\]\.IPProtocol': 'blah'\. {1,2}Must be one of \["tcp", "udp", "icmp".*\] or an IP protocol number between 0 and 255/,
    ],
    [
      "of a protocol's number that does not exist",
      { denied: [{ IPProtocol: "256" }] },
      "resource.denied[0].IPProtocol",
    ],
    [
      "with ports of a protocol without",
      { allowed: [{ IPProtocol: "icmp", ports: ["80"] }] },
      "Ports may only be specified on rules whose protocol is one of [TCP, UDP, SCTP].",
    ],
    [
      "with a port that does not exist",
      { allowed: [{ IPProtocol: "tcp", ports: ["70000"] }] },
      "'resource.allowed[0].ports[0]': '70000'",
    ],
    [
      "with ports upside down",
      { allowed: [{ IPProtocol: "tcp", ports: ["90-80"] }] },
      "'resource.allowed[0].ports[0]': '90-80'",
    ],
    [
      "with a port's name",
      { allowed: [{ IPProtocol: "tcp", ports: ["https"] }] },
      "'resource.allowed[0].ports[0]': 'https'",
    ],
    [
      "from what is no range",
      { allowed: TCP, sourceRanges: ["10.0.0.0/33"] },
      "'resource.sourceRanges[0]': '10.0.0.0/33'. Must be a CIDR address range.",
    ],
    ["from a range with host bits", { allowed: TCP, sourceRanges: ["10.0.0.1/8"] }, "Must be a CIDR address range."],
    [
      "to what is no range",
      { direction: "EGRESS", allowed: TCP, destinationRanges: ["everywhere"] },
      "'resource.destinationRanges[0]': 'everywhere'",
    ],
    [
      "for a tag in capitals",
      { allowed: TCP, targetTags: ["GKE"] },
      "'resource.targetTags[0]': 'GKE'. Must be a match of regex",
    ],
    [
      "for tags and for service accounts",
      { allowed: TCP, targetTags: ["gke"], targetServiceAccounts: [`a@${PROJECT}.iam.gserviceaccount.com`] },
      "Tags and service accounts cannot be used in the same firewall rule.",
    ],
    ["that allows and denies", { allowed: TCP, denied: TCP }, "Firewall rule must specify either allowed or denied"],
    ["that does neither", {}, "Firewall rule must specify either allowed or denied"],
    [
      "that leaves from somewhere",
      { direction: "EGRESS", allowed: TCP, sourceRanges: ["10.0.0.0/8"] },
      "An egress rule takes no sources",
    ],
  ])("%s", async (_, rule, words) => {
    await expectRefused(cloud, "POST", paths.firewalls, { name: "f", network: NETWORK, ...rule }, words);
  });

  test("also when it is changed", async () => {
    await cloud.ok("POST", paths.firewalls, {
      name: "web",
      network: NETWORK,
      allowed: TCP,
      sourceRanges: ["192.0.2.1"],
    });
    await expectRefused(
      cloud,
      "PATCH",
      `${paths.firewalls}/web`,
      { priority: 65_536 },
      "Must be less than or equal to 65535",
    );
  });
});

describe("a router is refused", () => {
  const nat = (more: JsonObject): JsonObject => ({
    nats: [
      {
        name: "n",
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
        ...more,
      },
    ],
  });
  const dynamic = (more: JsonObject): JsonObject => nat({ enableDynamicPortAllocation: true, ...more });

  // https://cloud.google.com/compute/docs/reference/rest/v1/routers: enableDynamicPortAllocation, minPortsPerVm, maxPortsPerVm
  test.each<Case>([
    [
      "with dynamic ports and endpoint-independent mapping",
      dynamic({ enableEndpointIndependentMapping: true }),
      "cannot be enabled at the same time",
    ],
    [
      "with a hundred dynamic ports",
      dynamic({ minPortsPerVm: 100 }),
      "'resource.nats[0].minPortsPerVm': '100'. minPortsPerVm must be a power of two",
    ],
    ["with sixteen dynamic ports", dynamic({ minPortsPerVm: 16 }), "between 32 and 32768"],
    [
      "with a minimum above its maximum",
      dynamic({ minPortsPerVm: 128, maxPortsPerVm: 64 }),
      "maxPortsPerVm must be greater than minPortsPerVm",
    ],
    [
      "with a minimum that is its maximum",
      dynamic({ minPortsPerVm: 64, maxPortsPerVm: 64 }),
      "maxPortsPerVm must be greater than minPortsPerVm",
    ],
    ["with a maximum of a thousand", dynamic({ maxPortsPerVm: 1000 }), "maxPortsPerVm must be a power of two"],
    [
      "with a maximum of ports that are fixed",
      nat({ maxPortsPerVm: 1024 }),
      "can only be set with dynamic port allocation",
    ],
    ["with more fixed ports than there are", nat({ minPortsPerVm: 60_000 }), "between 2 and 57344"],
    ["with a timeout before it begins", nat({ udpIdleTimeoutSec: -1 }), "Must be greater than or equal to 0"],
    ["with a NAT in capitals", nat({ name: "NAT" }), "'resource.nats[0].name': 'NAT'"],
    [
      "with a NAT for nobody",
      nat({ sourceSubnetworkIpRangesToNat: "" }),
      /sourceSubnetworkIpRangesToNat|source_subnetwork_ip_ranges_to_nat/,
    ],
    [
      "with a NAT for all and for some",
      nat({ subnetworks: [{ name: SUBNETWORK, sourceIpRangesToNat: ["ALL_IP_RANGES"] }] }),
      "takes no list of subnetworks",
    ],
    [
      "with a NAT for secondary ranges without names",
      nat({
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: SUBNETWORK, sourceIpRangesToNat: ["LIST_OF_SECONDARY_IP_RANGES"] }],
      }),
      "need each other",
    ],
    [
      "with two NATs for all",
      {
        nats: ["a", "b"].map((name) => ({
          name,
          natIpAllocateOption: "AUTO_ONLY",
          sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
        })),
      },
      "Can not create new Nats since a Nat with option ALL_SUBNETWORKS_ALL_IP_RANGES exists",
    ],
    [
      "of a public number",
      { bgp: { asn: 15169 } },
      "'resource.bgp.asn': '15169'. The local ASN must be either 16550 or a private ASN",
    ],
    ["that is silent for two minutes", { bgp: { asn: 64512, keepaliveInterval: 120 } }, "Must be between 20 and 60"],
    [
      "that advertises nothing and something",
      { bgp: { asn: 64512, advertisedGroups: ["ALL_SUBNETS"] } },
      "require the mode CUSTOM",
    ],
  ])("%s", async (_, router, words) => {
    await expectRefused(cloud, "POST", paths.routers, { name: "r", network: NETWORK, ...router }, words);
  });

  test.each<[string, JsonObject]>([
    ["dynamic ports from 64 to 32768", dynamic({ minPortsPerVm: 64, maxPortsPerVm: 32_768 })],
    ["endpoint-independent mapping", nat({ enableEndpointIndependentMapping: true, minPortsPerVm: 100 })],
  ])("unlike one with %s", async (_, router) => {
    await cloud.ok("POST", paths.routers, { name: "fine", network: NETWORK, ...router });
    await cloud.ok("DELETE", `${paths.routers}/fine`);
  });
});

describe("a subnetwork is refused", () => {
  // Words of the first: "Error creating Subnetwork: googleapi: Error 400: Invalid value for field 'resource.ipCidrRange'…",
  // ranges: https://cloud.google.com/vpc/docs/subnets#prohibited-ranges
  test.each<Case>([
    [
      "with host bits",
      { ipCidrRange: "10.0.1.0/23" },
      "Invalid value for field 'resource.ipCidrRange': '10.0.1.0/23'. Must be a CIDR address range.",
    ],
    ["that is too small", { ipCidrRange: "10.0.1.0/30" }, "between /4 and /29"],
    ["of the machine's own addresses", { ipCidrRange: "127.0.0.0/16" }, "is reserved"],
    ["of link-local addresses", { ipCidrRange: "169.254.0.0/24" }, "is reserved"],
    ["of Google's private addresses", { ipCidrRange: "199.36.153.8/29" }, "is reserved"],
    [
      "of multicast addresses",
      { ipCidrRange: "10.0.1.0/24", secondaryIpRanges: [{ rangeName: "s", ipCidrRange: "224.0.0.0/24" }] },
      "is reserved",
    ],
    [
      "with a secondary range in capitals",
      { ipCidrRange: "10.0.1.0/24", secondaryIpRanges: [{ rangeName: "Pods", ipCidrRange: "10.1.0.0/16" }] },
      "'resource.secondaryIpRanges[0].rangeName': 'Pods'",
    ],
    [
      "with a secondary range twice",
      {
        ipCidrRange: "10.0.1.0/24",
        secondaryIpRanges: ["10.1.0.0/16", "10.2.0.0/16"].map((ipCidrRange) => ({ rangeName: "s", ipCidrRange })),
      },
      "must be unique",
    ],
    [
      "with more samples than flows",
      { ipCidrRange: "10.0.1.0/24", logConfig: { enable: true, flowSampling: 1.5 } },
      "Must be between 0.0 and 1.0",
    ],
    [
      "with metadata that it does not choose",
      { ipCidrRange: "10.0.1.0/24", logConfig: { enable: true, metadataFields: ["src_vpc"] } },
      "CUSTOM_METADATA",
    ],
    ["without a range", {}, "A primary range is required"],
  ])("%s", async (_, subnetwork, words) => {
    await expectRefused(cloud, "POST", paths.subnetworks, { name: "s", network: NETWORK, ...subnetwork }, words);
  });
});

describe("an address is refused", () => {
  test.each<[string, string, JsonObject, string]>([
    [
      "that is none",
      paths.addresses,
      { address: "172.19.144.1/32" },
      "Invalid value for field 'resource.address': '172.19.144.1/32'. Must be a valid IP address.",
    ],
    [
      "outside of its subnetwork",
      paths.addresses,
      { addressType: "INTERNAL", subnetwork: SUBNETWORK, address: "10.99.0.5" },
      "Requested internal IP address is outside the network/subnetwork range.",
    ],
    [
      "that is taken",
      paths.addresses,
      { addressType: "INTERNAL", subnetwork: SUBNETWORK, address: "10.16.0.9" },
      "is already being used by another resource",
    ],
    [
      "that is a range in a region",
      paths.addresses,
      { addressType: "INTERNAL", subnetwork: SUBNETWORK, prefixLength: 24 },
      "for global internal ranges only",
    ],
    [
      "with a purpose that only internal ones have",
      paths.addresses,
      { purpose: "GCE_ENDPOINT" },
      "for internal addresses only",
    ],
    [
      "that is global and cheap",
      `/compute/v1/projects/${PROJECT}/global/addresses`,
      { networkTier: "STANDARD" },
      "of the network tier PREMIUM",
    ],
  ])("%s", async (_, path, address, words) => {
    await expectRefused(cloud, "POST", path, { name: "a", ...address }, words);
  });
});

describe("a network, a peering or a route is refused", () => {
  const networks = paths.networks;
  const routes = `/compute/v1/projects/${PROJECT}/global/routes`;
  const route = { name: "r", network: NETWORK, nextHopGateway: "default-internet-gateway" };
  test.each<[string, string, JsonObject, string]>([
    [
      "of the kind before there were subnetworks",
      networks,
      { name: "n", IPv4Range: "10.0.0.0/8" },
      "Legacy networks can no longer be created",
    ],
    ["with packets that are too small", networks, { name: "n", mtu: 1200 }, "Must be between 1300 and 8896"],
    // TestAccComputeNetwork_bgpAlwaysCompareMed of the google provider
    [
      "that compares what its algorithm does not",
      networks,
      { name: "n", routingConfig: { bgpAlwaysCompareMed: true, bgpBestPathSelectionMode: "LEGACY" } },
      "Field bgp_always_compare_med is not supported for LEGACY BGP Best Path Selection algorithm",
    ],
    [
      "with itself",
      `${networks}/main/addPeering`,
      { networkPeering: { name: "me", network: NETWORK } },
      "cannot be peered with itself",
    ],
    [
      "to nowhere",
      routes,
      { ...route, destRange: "nowhere" },
      "'resource.destRange': 'nowhere'. Must be a CIDR address range.",
    ],
    [
      "of a priority that is too high",
      routes,
      { ...route, destRange: "10.0.0.0/8", priority: 65_536 },
      "Must be between 0 and 65535",
    ],
    [
      "with two next hops",
      routes,
      { ...route, destRange: "10.0.0.0/8", nextHopIp: "10.16.0.5" },
      "Exactly one next hop",
    ],
  ])("%s", async (_, path, body, words) => {
    await expectRefused(cloud, "POST", path, body, words);
  });
});
