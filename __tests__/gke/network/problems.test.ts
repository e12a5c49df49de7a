import { Token } from "cdktf";
import type { GkeNetworkOptions } from "../../../lib/gke";
import { gkeNetworkProblems } from "../../../lib/gke/network/problems";
import { lines } from "../support";

const RANGES = { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" };
const EXISTING = { existingNetwork: "n", existingSubnetwork: "s", podsRangeName: "p", servicesRangeName: "v" };

type Variant = Partial<GkeNetworkOptions> & { readonly name?: string; readonly privateNodes?: boolean };

test.each<[string, Variant]>([
  ["ranges alone", {}],
  ["an existing VPC", { existingNetwork: "n" }],
  ["an existing subnet", EXISTING],
  ["a shared VPC", { ...EXISTING, hostProject: "acme-host" }],
  ["the largest and smallest ranges", { nodes: "10.0.0.0/29", pods: "10.128.0.0/9", services: "10.64.0.0/16" }],
  ["the smallest ranges", { nodes: "10.0.0.0/29", pods: "10.1.0.0/28", services: "10.2.0.0/27" }],
  ["public addresses used privately", { pods: "203.0.112.0/20" }],
  ["class E", { pods: "240.16.0.0/14" }],
  ["a range for the control plane", { controlPlane: "172.16.0.0/28" }],
  ["a subnet for the control plane, of any size", { controlPlane: "10.1.0.0/24", controlPlaneSubnetwork: "cp" }],
  ["extra ranges", { extraPodRanges: { more: "10.32.0.0/14", most: "10.36.0.0/14" } }],
  ["NAT options", { natAddresses: 300, natMinPortsPerVm: 32, natMaxPortsPerVm: 65536, natLogging: "ALL" }],
  ["NAT options without private nodes", { privateNodes: false, nat: true, natAddresses: 1 }],
  ["flow logs of everything", { flowLogs: true, flowLogSampling: 1 }],
  ["ports", { webhookPorts: [1, 65535] }],
  ["an MTU", { mtu: 1300 }],
  [
    "what Terraform decides",
    { nodes: Token.asString({ resolve: () => "x" }), mtu: Token.asNumber({ resolve: () => 1 }) },
  ],
])("%s: no problem", (_, variant) => {
  expect(lines(gkeNetworkProblems({ ...RANGES, ...variant }))).toEqual([]);
});

test.each<[Variant, string[]]>([
  [
    { name: "A" },
    [
      expect.stringContaining("'name' (A) is not a lowercase letter"),
      expect.stringContaining("'name' (A) has 1 characters where Google Cloud takes 2 to 40"),
    ],
  ],
  [
    { nodes: "10.16.0.0" },
    ["'nodes' (10.16.0.0) is not an IPv4 CIDR such as 10.16.0.0/20; give a range such as 10.16.0.0/20"],
  ],
  [
    { nodes: "10.16.1.0/20" },
    [
      "'nodes' (10.16.1.0/20) is not the first address of its range (did you mean 10.16.0.0/20?); give a range such as 10.16.0.0/20",
    ],
  ],
  [
    { nodes: "10.16.0.0/30" },
    ["'nodes' (10.16.0.0/30) is a /30 where GKE takes between /8 and /29; choose another prefix length"],
  ],
  [
    { pods: "11.0.0.0/8" },
    ["'pods' (11.0.0.0/8) is a /8 where GKE takes between /9 and /28; choose another prefix length"],
  ],
  [
    { services: "10.24.0.0/15" },
    ["'services' (10.24.0.0/15) is a /15 where GKE takes between /16 and /27; choose another prefix length"],
  ],
  [
    { services: "10.24.0.0/28" },
    ["'services' (10.24.0.0/28) is a /28 where GKE takes between /16 and /27; choose another prefix length"],
  ],
  [
    { controlPlane: "172.16.0.0/24" },
    ["'controlPlane' (172.16.0.0/24) is a /24 where GKE takes a /28; choose another prefix length"],
  ],
  [
    { services: "10.20.16.0/20" },
    ["'pods' (10.20.0.0/14) overlaps 'services' (10.20.16.0/20); choose disjoint ranges"],
  ],
  [
    { extraPodRanges: { more: "10.16.0.0/14" } },
    ["'nodes' (10.16.0.0/20) overlaps 'extraPodRanges.more' (10.16.0.0/14); choose disjoint ranges"],
  ],
  [
    { controlPlane: "10.24.0.0/28" },
    ["'services' (10.24.0.0/20) overlaps 'controlPlane' (10.24.0.0/28); choose disjoint ranges"],
  ],
  [
    { nodes: "169.254.0.0/20" },
    [
      "'nodes' (169.254.0.0/20) touches 169.254.0.0/16, which no subnet of Google Cloud can have; choose a private range, such as one within 10.0.0.0/8",
    ],
  ],
  [{ pods: "252.0.0.0/9" }, []],
  [
    { pods: "255.128.0.0/9" },
    [
      "'pods' (255.128.0.0/9) touches 255.255.255.255/32, which no subnet of Google Cloud can have; choose a private range, such as one within 10.0.0.0/8",
    ],
  ],
  [
    { nodes: "172.17.0.0/20" },
    [
      "'nodes' (172.17.0.0/20) touches 172.17.0.0/16, which the nodes' container runtime uses itself; choose another range",
    ],
  ],
  [
    { existingSubnetwork: "s" },
    [
      "'existingSubnetwork' (s) needs the VPC it belongs to; give existingNetwork too",
      "'podsRangeName' is missing: an existing subnet has its own names of secondary ranges; give the name of the range as it is in existingSubnetwork",
      "'servicesRangeName' is missing: an existing subnet has its own names of secondary ranges; give the name of the range as it is in existingSubnetwork",
    ],
  ],
  [
    { ...EXISTING, flowLogs: true },
    ["'flowLogs' (true) has no effect on an existing subnet; set flow logs where the subnet is managed"],
  ],
  [
    { ...EXISTING, flowLogSampling: 1 },
    ["'flowLogSampling' (1) has no effect on an existing subnet; set flow logs where the subnet is managed"],
  ],
  [
    { ...EXISTING, natAddresses: 1 },
    ["'natAddresses' (1) has no effect without a NAT; set nat to true or leave it out"],
  ],
  [{ existingNetwork: "n", mtu: 1500 }, ["'mtu' (1500) has no effect on an existing VPC; leave it out"]],
  [
    { existingNetwork: "n", routingMode: "GLOBAL" },
    ["'routingMode' (GLOBAL) has no effect on an existing VPC; leave it out"],
  ],
  [
    { hostProject: "acme-host" },
    [
      "'hostProject' (acme-host) names the owner of a shared VPC, which must exist before it can be shared; give existingNetwork too, or leave hostProject out",
    ],
  ],
  [
    { controlPlaneSubnetwork: "cp" },
    [
      "'controlPlaneSubnetwork' (cp) needs its range, for the firewall rule and the check against the other ranges; give controlPlane, the CIDR of that subnet",
    ],
  ],
  [{ podsRangeName: "P" }, [expect.stringContaining("'podsRangeName' (P) is not a lowercase letter")]],
  [{ servicesRangeName: "S" }, [expect.stringContaining("'servicesRangeName' (S) is not a lowercase letter")]],
  [
    { extraPodRanges: { More: "10.32.0.0/14" } },
    [expect.stringContaining("'extraPodRanges.More' (More) is not a lowercase letter")],
  ],
  [
    { podsRangeName: "a", servicesRangeName: "a" },
    ["'podsRangeName' (a) is also 'servicesRangeName'; use two different names"],
  ],
  [
    { podsRangeName: "a", extraPodRanges: { a: "10.32.0.0/14" } },
    ["'extraPodRanges.a' has the name of the range of pods or services; choose another name"],
  ],
  [
    { privateNodes: false, natLogging: "ALL" },
    ["'natLogging' (ALL) has no effect without a NAT; set nat to true or leave it out"],
  ],
  [
    { natAddresses: -1 },
    ["'natAddresses' (-1) is not a whole number from 0 to 300; give the number of static addresses"],
  ],
  [
    { natAddresses: 0.5 },
    ["'natAddresses' (0.5) is not a whole number from 0 to 300; give the number of static addresses"],
  ],
  [
    { natMinPortsPerVm: 100 },
    ["'natMinPortsPerVm' (100) is not a power of two from 32 to 65536; give 64, 128, 256 and so on"],
  ],
  [
    { natMaxPortsPerVm: 131072 },
    ["'natMaxPortsPerVm' (131072) is not a power of two from 32 to 65536; give 64, 128, 256 and so on"],
  ],
  [
    { natMinPortsPerVm: 128, natMaxPortsPerVm: 64 },
    ["'natMinPortsPerVm' (128) exceeds 'natMaxPortsPerVm' (64); lower it or raise natMaxPortsPerVm"],
  ],
  [
    { flowLogSampling: 0 },
    [
      "'flowLogSampling' (0) is not a number above 0 and at most 1; give the share of flows to log, or set flowLogs to false",
    ],
  ],
  [
    { flowLogSampling: 50 },
    [
      "'flowLogSampling' (50) is not a number above 0 and at most 1; give the share of flows to log, or set flowLogs to false",
    ],
  ],
  [
    { flowLogs: false, flowLogInterval: "INTERVAL_1_MIN" },
    ["'flowLogInterval' (INTERVAL_1_MIN) has no effect with 'flowLogs' off; leave it out or switch flowLogs on"],
  ],
  [
    { webhookPorts: [443, 0, 70000] },
    [
      "'webhookPorts[1]' (0) is not a whole number from 1 to 65535; give a TCP port",
      "'webhookPorts[2]' (70000) is not a whole number from 1 to 65535; give a TCP port",
    ],
  ],
  [{ mtu: 9000 }, ["'mtu' (9000) is not a whole number from 1300 to 8896; use 1460, 1500 or 8896"]],
])("%j", (variant, problems) => {
  expect(lines(gkeNetworkProblems({ ...RANGES, ...variant }))).toEqual(problems);
});
