import { TerraformStack } from "cdktf";
import {
  GKE_SERVICES_RANGE,
  GkeNetwork,
  type GkeNetworkProps,
  gkeNetworkProblems,
  gkeNetworkWarnings,
} from "../../../lib/gke";
import { testApp } from "../../support/app";
import { lines } from "../support";
import { createCluster, NETWORK, only, synth } from "../synth";

const RANGES = { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" };
const EXISTING = { existingNetwork: "n", existingSubnetwork: "s", podsRangeName: "p", servicesRangeName: "v" };
type Variant = Parameters<typeof gkeNetworkProblems>[0];
const problems = (variant: Partial<Variant>) => lines(gkeNetworkProblems({ ...RANGES, ...variant }));
const warnings = (variant: Partial<Variant>) => lines(gkeNetworkWarnings({ ...RANGES, ...variant }));

describe("subnets lie where the cluster is, and in the project of their VPC", () => {
  const subnet = (project: string, region: string) => `projects/${project}/regions/${region}/subnetworks/s`;
  const vpc = "projects/acme-net/global/networks/n";

  test("where they do, nothing is said", () => {
    const links = { existingNetwork: vpc, existingSubnetwork: subnet("acme-net", "us-east1") };
    expect(problems({ ...EXISTING, ...links, region: "us-east1" })).toEqual([]);
    expect(problems({ ...EXISTING, ...links })).toEqual([]);
  });

  test("another region is refused, of the control plane's subnet, too", () => {
    expect(problems({ ...EXISTING, existingSubnetwork: subnet("acme-net", "us-west1"), region: "us-east1" })).toEqual([
      expect.stringContaining("lies in us-west1, and the cluster in us-east1; name a subnet in us-east1"),
    ]);
    const controlPlane = { controlPlane: "10.1.0.0/24", controlPlaneSubnetwork: subnet("acme-net", "us-west1") };
    expect(problems({ ...controlPlane, region: "us-east1" })).toEqual([
      expect.stringContaining("'controlPlaneSubnetwork'"),
    ]);
  });

  test("another project is refused", () => {
    const links = { existingNetwork: vpc, existingSubnetwork: subnet("acme-other", "us-east1") };
    expect(problems({ ...EXISTING, ...links })).toEqual([
      expect.stringContaining("is of project acme-other, and 'existingNetwork' of acme-net"),
    ]);
  });
});

describe("public addresses used privately", () => {
  const snat = (network: Partial<GkeNetworkProps>) =>
    only(
      synth((stack) => createCluster(stack, { network, datapath: { ...V2 } })),
      "google_container_cluster",
    ).default_snat_status;
  const V2 = {
    provider: "ADVANCED_DATAPATH",
    managed: true,
    disableDefaultSnat: false,
    defaults: { gatewayApi: true, intranodeVisibility: true, nodeLocalDns: true },
  } as const;

  test.each<Partial<GkeNetworkProps>>([
    { pods: "30.0.0.0/14" },
    { services: "30.0.0.0/20" },
    { nodes: "30.0.0.0/20" },
    { extraPodRanges: { more: "30.0.0.0/14" } },
  ])("%j: GKE leaves pods' addresses alone, whatever the dataplane wants", (network) => {
    expect(snat(network)).toEqual({ disabled: true });
    expect(problems(network)).toEqual([]);
    expect(warnings(network)).toEqual([]);
  });

  test.each<Partial<GkeNetworkProps>>([
    {},
    { pods: "100.64.0.0/14" },
    { pods: "240.16.0.0/14" },
    { pods: "198.18.0.0/16" },
    { services: GKE_SERVICES_RANGE },
  ])("%j: they are private, and the dataplane decides", (network) => {
    expect(snat(network)).toEqual({ disabled: false });
  });

  test("without a NAT here, pods have no way out unless something else translates", () => {
    expect(warnings({ pods: "30.0.0.0/14", privateNodes: false })).toEqual([
      expect.stringContaining("'pods' is of public addresses, for which GKE must not translate pods' own"),
    ]);
    expect(warnings({ ...EXISTING, pods: "30.0.0.0/14" })).toEqual([
      expect.stringContaining("make sure that a Cloud NAT"),
    ]);
    expect(warnings({ privateNodes: false })).toEqual([]);
  });
});

describe("GKE's own range for services", () => {
  test("is in no subnet", () => {
    const json = synth((stack) => createCluster(stack, { network: { services: GKE_SERVICES_RANGE } }));
    expect(only(json, "google_compute_subnetwork").secondary_ip_range).toEqual([
      { range_name: "staging-pods", ip_cidr_range: "10.20.0.0/14" },
    ]);
    expect(only(json, "google_container_cluster").ip_allocation_policy).toEqual({
      cluster_secondary_range_name: "staging-pods",
      stack_type: "IPV4",
    });
  });

  test("needs no name, and can have none", () => {
    const { servicesRangeName, ...rest } = EXISTING;
    expect(problems({ ...rest, services: GKE_SERVICES_RANGE })).toEqual([]);
    expect(problems({ ...rest, servicesRangeName, services: GKE_SERVICES_RANGE })).toEqual([
      expect.stringContaining("'servicesRangeName' (v) has no effect with GKE's own range for services"),
    ]);
  });
});

test("what is missing of a network is told by its name, all of it", () => {
  const stack = new TerraformStack(testApp(), "stack");
  const create = () => new GkeNetwork(stack, "network", { region: "us-east1" } as unknown as GkeNetworkProps);
  expect(create).toThrow(
    /^5 problems:\n.*'nodes' is missing.*\n.*'pods' is missing.*\n.*'services' is missing.*\n.*'name' is missing.*\n.*'project' is missing/,
  );
});

test("a network whose region may be a slip says so, and exists", () => {
  const json = synth((stack) => {
    const network = new GkeNetwork(stack, "network", { ...NETWORK, region: "asia-northeas1" });
    expect(network.node.metadata.map(({ data }) => data)).toEqual([
      expect.stringContaining("did you mean asia-northeast1?"),
    ]);
  });
  expect(only(json, "google_compute_subnetwork").region).toBe("asia-northeas1");
});
