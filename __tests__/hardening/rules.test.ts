import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Dataplane } from "../../lib/dataplane";
import type { EnvironmentDefinition } from "../../lib/environment";
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

test("the hardened environment of the page meets every rule", () => {
  expect(
    unmet({
      dataplane: Dataplane.v2(),
      network: { nodes: "10.48.0.0/20", pods: "10.52.0.0/14", services: "10.56.0.0/20", flowLogs: true },
      cluster: {
        ipEndpoint: "off",
        intranodeVisibility: true,
        secretsEncryptionKey: `${keys}/secrets`,
        bootDiskKmsKey: `${keys}/disks`,
        securityGroup: "gke-security-groups@example.com",
        binaryAuthorization: true,
      },
    }),
  ).toEqual([]);
});

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
