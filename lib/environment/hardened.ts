import type { GkeClusterOptions } from "../gke";
import { ConfigurationError, describeProblem, isKnown, type Problem } from "../validation";
import type { EnvironmentDefinition } from "./definition";

/** What {@link hardened} needs of you: nobody else has a key and a group. */
export interface HardenedOptions {
  /**
   * Key that encrypts Secrets in etcd, in the cluster's region:
   * `projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>`.
   */
  readonly secretsEncryptionKey: string;
  /** Key that encrypts the nodes' disks, in the same form. */
  readonly bootDiskKmsKey: string;
  /** Group whose nested groups RBAC may name: `gke-security-groups@<domain>`. */
  readonly securityGroup: string;
}

/** What the profile switches on in the cluster. */
const CLUSTER = {
  privateNodes: true,
  intranodeVisibility: true,
  binaryAuthorization: true,
  securityPosture: "BASIC",
  anonymousAuthentication: "LIMITED",
} as const satisfies GkeClusterOptions;

/** What an option of a pool must not be, as it would take back what is on by default. */
const POOL_OFF = ["autoRepair", "autoUpgrade", "secureBoot", "integrityMonitoring"] as const;

/**
 * An environment with everything on that the CIS GKE Benchmark, GKE policy automation, checkov and trivy recommend
 * (`docs/hardening.md`), besides what is on by default. What the definition says itself and what is as strict stays.
 *
 * Plan impact on a cluster that is there: groups, visibility and Binary Authorization **in place**; a key for the
 * disks gives every pool a successor. The plan is refused until Secrets are encrypted with the key, and says how that is done.
 * Images must pass the project's Binary Authorization policy, Cilium's own among them.
 *
 * @example
 * export const vault = hardened(
 *   defineEnvironment({ ... }),
 *   { secretsEncryptionKey: `${keys}/secrets`, bootDiskKmsKey: `${keys}/disks`, securityGroup: "gke-security-groups@example.com" },
 * );
 * @throws ConfigurationError with everything in the definition that is weaker than the profile.
 */
export function hardened(definition: EnvironmentDefinition, options: HardenedOptions): EnvironmentDefinition {
  const problems = [...missing(options), ...weaknesses(definition)];
  if (problems.length > 0)
    throw new ConfigurationError(problems.map((problem) => describeProblem(definition.name, problem)));
  const { network, cluster } = definition;
  const { secretsEncryptionKey, bootDiskKmsKey, securityGroup } = options;
  return {
    ...definition,
    network: network.hostProject === undefined ? { ...network, flowLogs: true } : network,
    cluster: { ...cluster, ...stricter(cluster), secretsEncryptionKey, bootDiskKmsKey, securityGroup },
  };
}

/** Without types nothing else says what is missing. */
function missing(options: HardenedOptions | undefined): Problem[] {
  const names = ["secretsEncryptionKey", "bootDiskKmsKey", "securityGroup"] as const;
  return names
    .filter((name) => options?.[name] === undefined)
    .map((name) => ({
      property: `hardened.${name}`,
      rule: "is missing",
      remedy: "give it in hardened()'s second argument: docs/hardening.md has an example",
    }));
}

/** The profile's options, but for those where the definition's own are as strict. */
function stricter(cluster: GkeClusterOptions = {}): GkeClusterOptions {
  const { securityPosture = CLUSTER.securityPosture } = cluster;
  return { ...CLUSTER, securityPosture };
}

function weaknesses({ network, cluster = {}, nodePools = [] }: EnvironmentDefinition): Problem[] {
  const wanted = Object.entries(CLUSTER).filter(([name]) => name !== "securityPosture");
  const given = cluster as Readonly<Record<string, unknown>>;
  const problems = wanted
    .filter(([name, value]) => given[name] !== undefined && given[name] !== value)
    .map(([name, value]) => weaker(`cluster.${name}`, given[name], JSON.stringify(value)));
  if (cluster.ipEndpoint === "public") problems.push(weaker("cluster.ipEndpoint", "public", '"private" or "off"'));
  if (cluster.securityPosture === "DISABLED")
    problems.push(weaker("cluster.securityPosture", cluster.securityPosture, '"BASIC" or "ENTERPRISE"'));
  if (cluster.releaseChannel === "UNSPECIFIED")
    problems.push(weaker("cluster.releaseChannel", cluster.releaseChannel, "a channel"));
  if (network.flowLogs === false) problems.push(weaker("network.flowLogs", false, "true"));
  for (const kind of ["logging", "monitoring"] as const) {
    const components = cluster[kind];
    if (isKnown(components) && !(components as readonly string[]).includes("SYSTEM_COMPONENTS"))
      problems.push(weaker(`cluster.${kind}`, components, "SYSTEM_COMPONENTS among them"));
  }
  for (const [index, pool] of nodePools.entries()) {
    for (const name of POOL_OFF)
      if (pool[name] === false) problems.push(weaker(`nodePools[${index}].${name}`, false, "true"));
    if (pool.imageType !== undefined && pool.imageType !== "COS_CONTAINERD")
      problems.push(weaker(`nodePools[${index}].imageType`, pool.imageType, '"COS_CONTAINERD"'));
  }
  return problems;
}

function weaker(property: string, value: unknown, wanted: string): Problem {
  return {
    property,
    value,
    rule: `is weaker than the hardened profile, which has ${wanted}`,
    remedy: "leave it out, or take the environment out of hardened()",
  };
}
