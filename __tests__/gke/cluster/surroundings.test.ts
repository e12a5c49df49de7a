import { type GkeClusterOptions, gkeClusterProblems, gkeClusterWarnings } from "../../../lib/gke";
import { DATAPLANE_V2, LEGACY, lines } from "../support";
import { createCluster, synth } from "../synth";

type Variant = GkeClusterOptions & { readonly location?: string };
const problems = (variant: Variant) => lines(gkeClusterProblems(variant, LEGACY));
const warnings = (variant: Variant, datapath = LEGACY as Parameters<typeof gkeClusterWarnings>[1]) =>
  lines(gkeClusterWarnings(variant, datapath));
const key = (region: string) => `projects/p/locations/${region}/keyRings/r/cryptoKeys/k`;
const KEPT_BACK = {
  maintenanceExclusions: [
    {
      name: "minors",
      startTime: "2026-11-01T00:00:00Z",
      endTime: "2027-03-01T00:00:00Z",
      scope: "NO_MINOR_UPGRADES" as const,
    },
  ],
};

test.each(["secretsEncryptionKey", "bootDiskKmsKey"] as const)("%s lies in the cluster's region", (property) => {
  expect(problems({ location: "us-east1-b", [property]: key("us-east1") })).toEqual([]);
  expect(problems({ location: "us-east1-b", [property]: key("us") })).toEqual([]);
  expect(problems({ location: "us-east1-b", [property]: key("us-west1") })).toEqual([
    `'${property}' (${key("us-west1")}) lies in us-west1, and the cluster in us-east1; use a key in us-east1`,
  ]);
});

describe("minor versions of GKE", () => {
  test("come by themselves, which is told where the CNI is the author's own", () => {
    expect(warnings({})).toEqual([
      expect.stringContaining("'maintenanceExclusions' keep no minor version of GKE back"),
    ]);
    const nodesToo = { ...KEPT_BACK.maintenanceExclusions[0]!, scope: "NO_MINOR_OR_NODE_UPGRADES" as const };
    expect(warnings({ maintenanceExclusions: [nodesToo] })).toEqual([]);
    expect(warnings(KEPT_BACK)).toEqual([]);
  });

  test("are Google's business where Google runs the dataplane, and nobody's without a channel", () => {
    expect(warnings({}, DATAPLANE_V2)).toEqual([]);
    expect(warnings({ releaseChannel: "UNSPECIFIED" })).toEqual([]);
  });

  test("a freeze of everything keeps them back for as long as it lasts only", () => {
    const freeze = { name: "freeze", startTime: "2026-12-20T00:00:00Z", endTime: "2027-01-05T00:00:00Z" };
    expect(warnings({ maintenanceExclusions: [freeze] })).toHaveLength(1);
  });
});

test("NodeLocal DNSCache is told where no query reaches it", () => {
  expect(warnings({ ...KEPT_BACK, nodeLocalDns: true })).toEqual([
    expect.stringContaining("'nodeLocalDns' (true) is not reached by pods where Cilium answers Services"),
  ]);
  expect(warnings({ nodeLocalDns: true }, DATAPLANE_V2)).toEqual([]);
});

describe("DNS", () => {
  const dns = (options: GkeClusterOptions["dns"], more: Variant = {}) => problems({ ...more, dns: options });

  test("what goes together is right", () => {
    expect(dns({ provider: "CLOUD_DNS", scope: "VPC_SCOPE", domain: "a.b" })).toEqual([]);
    expect(dns({ provider: "CLOUD_DNS", additiveVpcDomain: "a.b" })).toEqual([]);
    expect(dns({ provider: "KUBE_DNS" })).toEqual([]);
  });

  test.each<[NonNullable<GkeClusterOptions["dns"]>, string]>([
    [{ provider: "CLOUD_DNS", scope: "VPC_SCOPE" }, "'dns.domain' is missing"],
    [{ provider: "CLOUD_DNS", domain: "a.b" }, "'dns.domain' (a.b) has no effect with scope CLUSTER_SCOPE"],
    [
      { provider: "CLOUD_DNS", scope: "VPC_SCOPE", domain: "a.b", additiveVpcDomain: "c.d" },
      "'dns.additiveVpcDomain' (c.d) has no effect with scope VPC_SCOPE",
    ],
    [{ provider: "KUBE_DNS", scope: "VPC_SCOPE" }, "'dns.scope' (VPC_SCOPE) has no effect without Cloud DNS"],
    [{ provider: "CLOUD_DNS", scope: "VPC_SCOPE", domain: "A_b" }, "'dns.domain' (A_b) is not a domain"],
  ])("%j is refused", (options, problem) => {
    expect(dns(options)).toEqual([expect.stringContaining(problem)]);
  });

  test("kube-dns is not Autopilot's", () => {
    const given = { autopilot: true, dns: { provider: "KUBE_DNS" } } as const;
    expect(lines(gkeClusterProblems(given, DATAPLANE_V2))).toEqual([
      expect.stringContaining("'dns.provider' (KUBE_DNS) is not to be had with Autopilot"),
    ]);
    expect(lines(gkeClusterProblems({ ...given, autopilot: false }, DATAPLANE_V2))).toEqual([]);
  });

  test("that policies do not see Cloud DNS as kube-dns is told where Cilium is the author's own", () => {
    const given = { ...KEPT_BACK, dns: { provider: "CLOUD_DNS" } } as const;
    expect(warnings(given)).toEqual([
      expect.stringContaining("'dns.provider' (CLOUD_DNS) takes kube-dns out of the way"),
    ]);
    expect(warnings(given, DATAPLANE_V2)).toEqual([]);
    expect(warnings({ ...KEPT_BACK, dns: { provider: "KUBE_DNS" } })).toEqual([]);
  });
});

test("disks of auto-provisioned nodes are some that confidential machines boot from", () => {
  const limits = { maxCpu: 8, maxMemoryGb: 32 };
  expect(problems({ confidentialNodes: "TDX", autoProvisioning: { ...limits, diskType: "pd-standard" } })).toEqual([
    "'autoProvisioning.diskType' (pd-standard) is no boot disk of any machine with confidentialNodes (TDX); choose pd-balanced or pd-ssd",
  ]);
  expect(problems({ confidentialNodes: "SEV", autoProvisioning: { ...limits, diskType: "pd-standard" } })).toEqual([]);
});

test("a datapath that Google changed in place is one that Google runs", () => {
  const migrated = { datapathMigratedFrom: "LEGACY_DATAPATH" } as const;
  expect(lines(gkeClusterProblems(migrated, DATAPLANE_V2))).toEqual([]);
  expect(problems(migrated)).toEqual([
    "'datapathMigratedFrom' (LEGACY_DATAPATH) has no effect without Dataplane V2; leave it out, or choose Dataplane V2",
  ]);
  expect(lines(gkeClusterProblems({ ...migrated, autopilot: true }, DATAPLANE_V2))).toEqual([
    "'datapathMigratedFrom' (LEGACY_DATAPATH) never was the datapath of an Autopilot cluster; leave it out",
  ]);
});

test("the plan asks the cluster whether its datapath was changed, where it is said to be", () => {
  const asked = synth((stack) =>
    createCluster(stack, { datapath: DATAPLANE_V2, datapathMigratedFrom: "LEGACY_DATAPATH" }),
  );
  const [data] = Object.values<never>(asked.data.google_container_cluster);
  expect(data).toMatchObject({
    name: "staging",
    location: "asia-northeast1",
    lifecycle: { postcondition: [{ condition: '${self.datapath_provider == "ADVANCED_DATAPATH"}' }] },
  });
  expect(synth((stack) => createCluster(stack, { datapath: DATAPLANE_V2 }))).not.toHaveProperty("data");
});

test("sixteen and more exclusions are judged at once", () => {
  const day = 86_400_000;
  const time = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * day).toISOString().replace(".000Z", "Z");
  const exclusions = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `freeze-${index}`,
      startTime: time(index * 7),
      endTime: time(index * 7 + 3),
    }));
  const begin = Date.now();
  expect(problems({ maintenanceExclusions: exclusions(16) })).toContainEqual(
    expect.stringContaining("(16 exclusions of all upgrades) exceeds the 3"),
  );
  expect(problems({ maintenanceExclusions: exclusions(20) }).length).toBeGreaterThan(0);
  expect(problems({ maintenanceExclusions: exclusions(400) })).toEqual([expect.stringContaining("(400 of them)")]);
  expect(Date.now() - begin).toBeLessThan(5000);
});
