import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Dataplane } from "../../lib/dataplane";
import {
  type EnvironmentDefinition,
  environmentsProblems,
  type HardenedOptions,
  hardened,
} from "../../lib/environment";
import { synthEnvironment } from "../../lib/testing";
import { clusterParts } from "../../scripts/hardening/parts";
import { CHECKOV_EXEMPTIONS, HARDENING_RULES } from "../../scripts/hardening/rules";
import { dataplanes, definition } from "../support/definition";

const unmet = (changes: Partial<EnvironmentDefinition>) => {
  const environment = definition(changes);
  const stack = synthEnvironment(environment)[`${environment.name}-cluster`];
  if (stack === undefined) throw new Error("no cluster stack");
  const parts = clusterParts(stack);
  return HARDENING_RULES.filter(({ met }) => !met(parts)).map(({ title }) => title);
};
const keys = "projects/acme-keys/locations/asia-northeast1/keyRings/gke/cryptoKeys";

const PROFILE: HardenedOptions = {
  secretsEncryptionKey: `${keys}/secrets`,
  bootDiskKmsKey: `${keys}/disks`,
  securityGroup: "gke-security-groups@example.com",
};

describe("the hardened profile", () => {
  test.each(Object.entries(dataplanes))("meets every rule with %s", (_, dataplane) => {
    const environment = hardened(definition({ dataplane: dataplane() }), PROFILE);
    expect(environmentsProblems([environment])).toEqual([]);
    expect(unmet(environment)).toEqual([]);
  });

  test("meets every rule as Autopilot", () => {
    const autopilot = definition({ dataplane: Dataplane.v2(), nodePools: [], cluster: { autopilot: true } });
    const environment = hardened(autopilot, PROFILE);
    expect(environmentsProblems([environment])).toEqual([]);
  });

  test("keeps what the definition says and is as strict", () => {
    const { cluster, network } = hardened(
      definition({
        cluster: { securityPosture: "ENTERPRISE", ipEndpoint: "off", releaseChannel: "STABLE", backupAgent: true },
        network: { ...definition().network, flowLogSampling: 0.5 },
      }),
      PROFILE,
    );
    expect(cluster).toMatchObject({ securityPosture: "ENTERPRISE", releaseChannel: "STABLE", backupAgent: true });
    expect(network).toMatchObject({ flowLogs: true, flowLogSampling: 0.5 });
  });

  test("leaves the subnet of a network that somebody else has", () => {
    const shared = definition({ network: { ...definition().network, hostProject: "acme-host" } });
    expect(hardened(shared, PROFILE).network).toEqual(shared.network);
  });

  test("tells everything that is weaker at once", () => {
    const weak = definition({
      cluster: {
        privateNodes: false,
        ipEndpoint: "public",
        binaryAuthorization: false,
        securityPosture: "DISABLED",
        releaseChannel: "UNSPECIFIED",
        logging: ["WORKLOADS"],
      },
      network: { ...definition().network, flowLogs: false },
      nodePools: [{ ...pool, secureBoot: false, imageType: "UBUNTU_CONTAINERD" }],
    });
    const told = messageOf(() => hardened(weak, PROFILE));
    for (const name of [
      ...["privateNodes", "ipEndpoint", "binaryAuthorization", "securityPosture", "releaseChannel", "logging"].map(
        (option) => `cluster.${option}`,
      ),
      "network.flowLogs",
      "nodePools[0].secureBoot",
      "nodePools[0].imageType",
    ])
      expect(told).toContain(`'${name}' (`);
    expect(told.match(/is weaker than the hardened profile/g)).toHaveLength(9);
  });

  test("leaves keys and groups to the rules that they have anyway", () => {
    const environment = hardened(definition(), { ...PROFILE, securityGroup: "admins", bootDiskKmsKey: "mine" });
    const told = environmentsProblems([environment]).join("\n");
    expect(told).toContain("cluster.securityGroup");
    expect(told).toContain("cluster.bootDiskKmsKey");
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

test.each(Object.entries(dataplanes))("network policies are enforced by %s", (_, dataplane) => {
  expect(unmet({ dataplane: dataplane() })).not.toContain("Network policies are enforced");
});

const pool = { name: "general", minNodes: 3, maxNodes: 9 };
test.each<[string, Partial<EnvironmentDefinition>]>([
  ["Nodes are repaired", { nodePools: [{ ...pool, autoRepair: false }], cluster: { releaseChannel: "UNSPECIFIED" } }],
  ["Nodes boot securely", { nodePools: [{ ...pool, secureBoot: false }] }],
  ["Nodes' integrity is monitored", { nodePools: [{ ...pool, integrityMonitoring: false }] }],
  [
    "Nodes run Container-Optimized OS",
    { nodePools: [{ ...pool, imageType: "UBUNTU_CONTAINERD" }], dataplane: Dataplane.v2() },
  ],
  ["Nodes have no public addresses", { cluster: { privateNodes: false } }],
  ["Security posture is watched", { cluster: { securityPosture: "DISABLED" } }],
  ["Nobody is let in anonymously", { cluster: { anonymousAuthentication: "ENABLED" } }],
  ["Flows are logged", { network: { ...definition().network, flowLogs: false } }],
])("'%s' is no where the option says so", (title, changes) => {
  expect(unmet({})).not.toContain(title);
  expect(unmet(changes)).toContain(title);
});

test("every option that a rule names can be written", () => {
  const sources = [
    "cluster/options",
    "cluster/security",
    "cluster/control-plane",
    "cluster/observability",
    "cluster/maintenance",
    "cluster/features",
    "node-pool/options",
    "network/options",
  ].map((name) => readFileSync(join(__dirname, "../../lib/gke", `${name}.ts`), "utf8"));
  const definitionText = readFileSync(join(__dirname, "../../lib/environment/definition.ts"), "utf8");
  for (const { option = "" } of HARDENING_RULES)
    for (const name of option.split(", ").filter(Boolean)) {
      const last = name.replace(/.*\./, "");
      expect({
        name,
        found: [definitionText, ...sources].some(
          (text) => text.includes(`readonly ${last}?:`) || text.includes(`readonly ${last}:`),
        ),
      }).toEqual({ name, found: true });
    }
});

test("every exemption names a rule of the table", () => {
  const byCheckov = new Map(
    HARDENING_RULES.flatMap(({ title, checkov = [] }) => checkov.map((id) => [id, title] as const)),
  );
  for (const [id, title] of Object.entries(CHECKOV_EXEMPTIONS))
    expect({ id, title: byCheckov.get(id) }).toEqual({ id, title });
});
