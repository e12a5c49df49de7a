import { Dataplane } from "../../lib/dataplane";
import { type EnvironmentDefinition, hardened } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";

const keys = "projects/acme-keys/locations/asia-northeast1/keyRings/gke/cryptoKeys";
const PROFILE = {
  secretsEncryptionKey: `${keys}/secrets`,
  bootDiskKmsKey: `${keys}/disks`,
  securityGroup: "gke-security-groups@example.com",
};

const hard = (name: string, dataplane: Dataplane, monitoring: Monitoring) =>
  hardened(
    {
      name,
      project: "acme-vault",
      location: "asia-northeast1",
      network: { nodes: "10.48.0.0/20", pods: "10.52.0.0/14", services: "10.56.0.0/20" },
      dataplane,
      nodePools: [{ name: "general", machineType: "n2-standard-4", minNodes: 3, maxNodes: 9 }],
      monitoring,
      labels: { team: "platform" },
    },
    PROFILE,
  );

/** The profile of docs/hardening.md on every kind of dataplane, each with the monitoring that goes with it. */
export const HARDENED: readonly EnvironmentDefinition[] = [
  hard("hard-chain", Dataplane.cniChaining({ hubble: { relay: true } }), Monitoring.prometheus()),
  hard("hard-free", Dataplane.kubeProxyFree({ hubble: { relay: true } }), Monitoring.prometheus()),
  hard("hard-v2", Dataplane.v2({ flowMetrics: true }), Monitoring.managedPrometheus()),
];
