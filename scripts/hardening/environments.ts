import { Dataplane } from "../../lib/dataplane";
import { type EnvironmentDefinition, hardened } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";

/** Where the profile's keys are. */
export const KEYS = { project: "acme-keys", location: "asia-northeast1", ring: "gke" } as const;
const keys = `projects/${KEYS.project}/locations/${KEYS.location}/keyRings/${KEYS.ring}/cryptoKeys`;
/** The one that encrypts Secrets. */
export const SECRETS_KEY = `${keys}/secrets`;
const PROFILE = {
  secretsEncryptionKey: SECRETS_KEY,
  bootDiskKmsKey: `${keys}/disks`,
  securityGroup: "gke-security-groups@example.com",
};

const soft = (name: string, dataplane: Dataplane, monitoring: Monitoring): EnvironmentDefinition => ({
  name,
  project: "acme-vault",
  location: KEYS.location,
  network: { nodes: "10.48.0.0/20", pods: "10.52.0.0/14", services: "10.56.0.0/20" },
  dataplane,
  nodePools: [{ name: "general", machineType: "n2-standard-4", minNodes: 3, maxNodes: 9 }],
  monitoring,
  labels: { team: "platform" },
});

/** One of {@link HARDENED} without the profile. */
export const SOFT = soft("hard-v2", Dataplane.v2({ flowMetrics: true }), Monitoring.managedPrometheus());

/** The profile of docs/hardening.md on every kind of dataplane, each with the monitoring that goes with it. */
export const HARDENED: readonly EnvironmentDefinition[] = [
  soft("hard-chain", Dataplane.cniChaining({ hubble: { relay: true } }), Monitoring.prometheus()),
  soft("hard-free", Dataplane.kubeProxyFree({ hubble: { relay: true } }), Monitoring.prometheus()),
  SOFT,
].map((definition) => hardened(definition, PROFILE));
