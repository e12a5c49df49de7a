import { TerraformStack } from "cdktf";
import { GkeNetwork, type GkeNetworkProps } from "../../../lib/gke";
import { testApp } from "../../support/app";
import { googleAttributeProblems } from "../../support/google-attributes";
import { optionNames } from "../option-names";
import { type Json, NETWORK, only, synth } from "../synth";

function network(variant: Partial<GkeNetworkProps> = {}): Json {
  return synth((stack) => {
    new GkeNetwork(stack, "network", { ...NETWORK, ...variant });
  });
}

describe("by default", () => {
  let json: Json;
  beforeAll(() => {
    json = network();
  });

  test("there is a VPC with one subnet, and nothing automatic", () => {
    expect(only(json, "google_compute_network")).toEqual({
      name: "staging",
      project: "acme-staging",
      auto_create_subnetworks: false,
      routing_mode: "REGIONAL",
      mtu: 1460,
    });
    expect(only(json, "google_compute_subnetwork")).toEqual({
      name: "staging",
      project: "acme-staging",
      region: "asia-northeast1",
      network: "${google_compute_network.network.id}",
      ip_cidr_range: "10.16.0.0/20",
      secondary_ip_range: [
        { range_name: "staging-pods", ip_cidr_range: "10.20.0.0/14" },
        { range_name: "staging-services", ip_cidr_range: "10.24.0.0/20" },
      ],
      private_ip_google_access: true,
      log_config: {
        aggregation_interval: "INTERVAL_10_MIN",
        flow_sampling: 0.1,
        metadata: "INCLUDE_ALL_METADATA",
      },
      lifecycle: {
        precondition: [
          {
            condition: expect.stringContaining('region = "asia-northeast1", existingNetwork = "none"'),
            error_message: expect.stringMatching(/^Network staging cannot change .*docs\/mode-switch\.md/),
          },
          {
            condition: expect.stringContaining("cidrhost"),
            error_message: expect.stringContaining("cannot change nodes"),
          },
        ],
      },
    });
  });

  test("nodes and pods get out through a NAT of this subnet alone", () => {
    expect(only(json, "google_compute_router").network).toBe("${google_compute_network.network.id}");
    expect(only(json, "google_compute_router_nat")).toMatchObject({
      nat_ip_allocate_option: "AUTO_ONLY",
      source_subnetwork_ip_ranges_to_nat: "LIST_OF_SUBNETWORKS",
      subnetwork: [
        {
          name: expect.stringContaining("google_compute_subnetwork.network"),
          source_ip_ranges_to_nat: ["ALL_IP_RANGES"],
        },
      ],
      enable_dynamic_port_allocation: true,
      enable_endpoint_independent_mapping: false,
      min_ports_per_vm: 64,
      max_ports_per_vm: 32768,
      log_config: { enable: true, filter: "ERRORS_ONLY" },
    });
  });

  test("the control plane reaches webhooks on nodes of this network, and nobody else does", () => {
    expect(only(json, "google_compute_firewall")).toMatchObject({
      direction: "INGRESS",
      source_ranges: ["10.16.0.0/20", "10.20.0.0/14"],
      target_tags: ["gke-staging"],
      allow: [{ protocol: "tcp", ports: ["8443", "9443", "15017"] }],
    });
  });

  test("every attribute is one of the provider's", () => {
    expect(googleAttributeProblems(json)).toEqual([]);
  });

  test("ids are addresses in everybody's state", () => {
    const ids = Object.entries(json.resource as Json).flatMap(([type, of]) =>
      Object.keys(of as object).map((id) => `${type}.${id}`),
    );
    expect(ids.sort()).toMatchInlineSnapshot(`
[
  "google_compute_firewall.network_webhooks_FD8D6234",
  "google_compute_network.network",
  "google_compute_router.network_router_B15B771C",
  "google_compute_router_nat.network_nat_B2CD8D5F",
  "google_compute_subnetwork.network_subnetwork_FF2F9F3B",
  "terraform_data.network_birth_9FAB2D52",
]
`);
  });
});

type Look = (json: Json) => unknown;
const SUBNET: Look = (json) => only(json, "google_compute_subnetwork");
const NAT: Look = (json) => only(json, "google_compute_router_nat");
const FIREWALL: Look = (json) => only(json, "google_compute_firewall");
const VPC: Look = (json) => only(json, "google_compute_network");
const count = (type: string) => (json: Json) => Object.keys(json.resource?.[type] ?? {}).length;

const OPTIONS: readonly [keyof GkeNetworkProps, Partial<GkeNetworkProps>, Look, unknown][] = [
  ["name", { name: "other" }, VPC, { name: "other" }],
  ["project", { project: "acme-other" }, VPC, { project: "acme-other" }],
  ["region", { region: "us-east1" }, SUBNET, { region: "us-east1" }],
  ["nodes", { nodes: "10.17.0.0/20" }, SUBNET, { ip_cidr_range: "10.17.0.0/20" }],
  [
    "pods",
    { pods: "10.28.0.0/14" },
    SUBNET,
    { secondary_ip_range: [{ range_name: "staging-pods", ip_cidr_range: "10.28.0.0/14" }, {}] },
  ],
  [
    "services",
    { services: "10.17.0.0/20" },
    SUBNET,
    { secondary_ip_range: [{}, { range_name: "staging-services", ip_cidr_range: "10.17.0.0/20" }] },
  ],
  [
    "extraPodRanges",
    { extraPodRanges: { more: "10.32.0.0/14" } },
    SUBNET,
    { secondary_ip_range: [{}, {}, { range_name: "more", ip_cidr_range: "10.32.0.0/14" }] },
  ],
  [
    "extraPodRanges",
    { extraPodRanges: { more: "10.32.0.0/14" } },
    FIREWALL,
    { source_ranges: ["10.16.0.0/20", "10.20.0.0/14", "10.32.0.0/14"] },
  ],
  ["podsRangeName", { podsRangeName: "p" }, SUBNET, { secondary_ip_range: [{ range_name: "p" }, {}] }],
  ["servicesRangeName", { servicesRangeName: "s" }, SUBNET, { secondary_ip_range: [{}, { range_name: "s" }] }],
  ["controlPlane", { controlPlane: "172.16.0.0/28" }, FIREWALL, { source_ranges: ["172.16.0.0/28", "10.20.0.0/14"] }],
  [
    "controlPlaneSubnetwork",
    { controlPlane: "172.16.0.0/24", controlPlaneSubnetwork: "cp" },
    FIREWALL,
    { source_ranges: ["172.16.0.0/24", "10.20.0.0/14"] },
  ],
  [
    "hostProject",
    { hostProject: "acme-host", existingNetwork: "vpc" },
    SUBNET,
    { project: "acme-host", network: "projects/acme-host/global/networks/vpc" },
  ],
  ["hostProject", { hostProject: "acme-host", existingNetwork: "vpc" }, NAT, { project: "acme-host" }],
  [
    "hostProject",
    { hostProject: "acme-host", existingNetwork: "vpc" },
    FIREWALL,
    { project: "acme-host", network: "projects/acme-host/global/networks/vpc" },
  ],
  ["existingNetwork", { existingNetwork: "projects/p/global/networks/n" }, count("google_compute_network"), 0],
  [
    "existingNetwork",
    { existingNetwork: "projects/p/global/networks/n" },
    SUBNET,
    { network: "projects/p/global/networks/n" },
  ],
  [
    "existingSubnetwork",
    { existingNetwork: "n", existingSubnetwork: "s", podsRangeName: "p", servicesRangeName: "v" },
    (json) => json.resource,
    undefined,
  ],
  [
    "existingSubnetwork",
    { existingNetwork: "n", existingSubnetwork: "s", podsRangeName: "p", servicesRangeName: "v", nat: true },
    NAT,
    { subnetwork: [{ name: "projects/acme-staging/regions/asia-northeast1/subnetworks/s" }] },
  ],
  ["privateNodes", { privateNodes: false }, count("google_compute_router_nat"), 0],
  ["nat", { nat: false }, count("google_compute_router"), 0],
  ["nat", { nat: true, privateNodes: false }, count("google_compute_router_nat"), 1],
  ["natAddresses", { natAddresses: 2 }, count("google_compute_address"), 2],
  [
    "natAddresses",
    { natAddresses: 1 },
    NAT,
    { nat_ip_allocate_option: "MANUAL_ONLY", nat_ips: [expect.stringContaining("self_link")] },
  ],
  ["natMinPortsPerVm", { natMinPortsPerVm: 128 }, NAT, { min_ports_per_vm: 128 }],
  ["natMaxPortsPerVm", { natMaxPortsPerVm: 4096 }, NAT, { max_ports_per_vm: 4096 }],
  ["natLogging", { natLogging: "ALL" }, NAT, { log_config: { enable: true, filter: "ALL" } }],
  ["natLogging", { natLogging: "OFF" }, NAT, { log_config: { enable: false } }],
  ["flowLogs", { flowLogs: false }, (json) => only(json, "google_compute_subnetwork").log_config, undefined],
  ["flowLogSampling", { flowLogSampling: 0.1 }, SUBNET, { log_config: { flow_sampling: 0.1 } }],
  [
    "flowLogInterval",
    { flowLogInterval: "INTERVAL_10_MIN" },
    SUBNET,
    { log_config: { aggregation_interval: "INTERVAL_10_MIN" } },
  ],
  ["webhookPorts", { webhookPorts: [6443] }, FIREWALL, { allow: [{ protocol: "tcp", ports: ["6443"] }] }],
  ["webhookPorts", { webhookPorts: [] }, count("google_compute_firewall"), 0],
  ["routingMode", { routingMode: "GLOBAL" }, VPC, { routing_mode: "GLOBAL" }],
  ["mtu", { mtu: 8896 }, VPC, { mtu: 8896 }],
  ["nodeProtocols", { nodeProtocols: ["esp"] }, count("google_compute_firewall"), 2],
  [
    "nodeProtocols",
    { nodeProtocols: ["esp"], webhookPorts: [] },
    FIREWALL,
    { source_ranges: ["10.16.0.0/20"], allow: [{ protocol: "esp" }] },
  ],
  ["meshAddress", { meshAddress: "10.16.15.250" }, count("google_compute_address"), 1],
  [
    "peerRanges",
    { peerRanges: ["10.48.0.0/20"], webhookPorts: [] },
    FIREWALL,
    { source_ranges: ["10.48.0.0/20"], allow: [{ protocol: "all" }] },
  ],
];

test.each(OPTIONS)("%s is synthesized: %j", (_, variant, look, expected) => {
  const json = network(variant);
  const found = look(json);
  if (typeof expected === "object") expect(found).toMatchObject(expected as object);
  else expect(found).toBe(expected);
  expect(googleAttributeProblems(json)).toEqual([]);
});

test("every option has a row in the table", () => {
  const tested = new Set(OPTIONS.map(([name]) => name as string));
  const all = [
    ...optionNames("network/options.ts", "GkeNetworkOptions"),
    ...optionNames("network/options.ts", "GkeNetworkProps"),
  ];
  expect(all.filter((name) => !tested.has(name))).toEqual([]);
});

test("what others need of it can be read from it", () => {
  const stack = new TerraformStack(testApp(), "stack");
  const made = new GkeNetwork(stack, "network", { ...NETWORK, extraPodRanges: { more: "10.32.0.0/14" } });
  expect(made).toMatchObject({
    nodes: "10.16.0.0/20",
    pods: "10.20.0.0/14",
    services: "10.24.0.0/20",
    podsRangeName: "staging-pods",
    servicesRangeName: "staging-services",
    extraPodRanges: { more: "10.32.0.0/14" },
    nodeTag: "gke-staging",
    hostProject: "acme-staging",
    webhookPorts: [8443, 9443, 15017],
  });
  expect(made.egress).toEqual([made.nat]);
  expect(new GkeNetwork(stack, "public", { ...NETWORK, nat: false }).egress).toEqual([]);
});

test("its resources stay open to what the options lack", () => {
  const json = synth((stack) => {
    const made = new GkeNetwork(stack, "network", NETWORK);
    made.subnet?.addOverride("purpose", "PRIVATE");
    made.vpc?.addOverride("colour", "red");
  });
  expect(only(json, "google_compute_subnetwork").purpose).toBe("PRIVATE");
  expect(googleAttributeProblems(json)).toEqual(["google_compute_network.network: 'colour' is not an attribute"]);
});

test("all that is wrong is told at once, with the path of the construct, and nothing is created", () => {
  const stack = new TerraformStack(testApp(), "stack");
  const create = () => new GkeNetwork(stack, "network", { ...NETWORK, nodes: "10.0.0.1/20", mtu: 1 });
  expect(create).toThrow(/^2 problems:\n {2}- stack\/network: 'nodes'.*\n {2}- stack\/network: 'mtu'/);
  expect(stack.node.tryFindChild("network")?.node.children).toEqual([]);
});
