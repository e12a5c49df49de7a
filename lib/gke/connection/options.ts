import { type CheckTable, decided, examine, isKnown, oneOf, type Problem, required, text } from "../../validation";
import { name, projectId } from "../checks";
import { DEFAULT_IP_ENDPOINT } from "../cluster/control-plane";
import type { GkeClusterOptions } from "../cluster/options";
import { location } from "../location";
import { CLUSTER_NAME } from "../naming";

/** Which address of the control plane Terraform talks to. */
export type ConnectionEndpoint = "dns" | "private" | "public";

/** What an environment's author says about how Terraform logs in to the cluster. */
export interface ClusterConnectionOptions {
  /**
   * Which address of the control plane: the DNS-based endpoint, from wherever Google's APIs can be reached; the private
   * one, from within the VPC; or the public one, from an authorized network.
   *
   * @default "dns"
   */
  readonly endpoint?: ConnectionEndpoint;

  /**
   * How it logs in.
   *
   * - `gke-gcloud-auth-plugin`: by the program of that name, which must be on the PATH and fetches a fresh token
   *   whenever one is needed (https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl).
   * - `access-token`: by a token read once at the beginning, with nothing to install. It expires after at most an hour,
   *   in the middle of a longer run.
   *
   * @default "gke-gcloud-auth-plugin"
   */
  readonly authentication?: "gke-gcloud-auth-plugin" | "access-token";
}

/** What {@link ClusterConnection} takes. */
export interface ClusterConnectionProps extends ClusterConnectionOptions {
  /** Id of the cluster's project. */
  readonly project: string;

  /** Region or zone of the cluster. */
  readonly location: string;

  /** Name of the cluster. */
  readonly clusterName: string;

  /**
   * Alias of the two providers, for a stack with more than one connection.
   *
   * @default - none: they are the stack's default providers
   */
  readonly alias?: string;
}

export const DEFAULT_ENDPOINT: ConnectionEndpoint = "dns";

/** The checks of these options, each by itself. */
export const CLUSTER_CONNECTION_OPTIONS: CheckTable<ClusterConnectionOptions> = {
  endpoint: decided(oneOf(["dns", "private", "public"])),
  authentication: decided(oneOf(["gke-gcloud-auth-plugin", "access-token"])),
};

/** The checks of a connection's props. */
export const CLUSTER_CONNECTION_PROPS: CheckTable<ClusterConnectionProps> = {
  ...CLUSTER_CONNECTION_OPTIONS,
  project: required(projectId, "give the id of the cluster's project"),
  location: required(location, "give the region or zone of the cluster"),
  clusterName: required(name(CLUSTER_NAME), "name the cluster"),
  alias: decided(
    text({
      matches: /^[A-Za-z_][\w-]*$/,
      rule: "is no name that Terraform takes for a provider",
      remedy: "use letters, digits, _ and -, the first a letter",
    }),
  ),
};

/**
 * What is wrong with a connection to a cluster whose options are known.
 *
 * @param cluster Options of that cluster.
 */
export function clusterConnectionProblems(
  given: ClusterConnectionOptions,
  cluster: Pick<GkeClusterOptions, "dnsEndpoint" | "ipEndpoint"> = {},
): Problem[] {
  const { problems, options } = examine<ClusterConnectionOptions>(given, CLUSTER_CONNECTION_OPTIONS);
  const endpoint = options.endpoint ?? DEFAULT_ENDPOINT;
  const ipEndpoint = cluster.ipEndpoint ?? DEFAULT_IP_ENDPOINT;
  const problem = (rule: string, remedy: string): Problem[] => [
    ...problems,
    { property: "endpoint", value: endpoint, rule, remedy },
  ];
  if (!isKnown(endpoint)) return [...problems];
  if (endpoint === "dns" && cluster.dnsEndpoint === false) {
    return problem("is switched off by 'cluster.dnsEndpoint'", "switch dnsEndpoint on, or connect through another one");
  }
  if (!isKnown(ipEndpoint)) return [...problems];
  if (endpoint === "private" && ipEndpoint === "off") {
    return problem(
      "is switched off by 'cluster.ipEndpoint' (off)",
      'connect through "dns", or set ipEndpoint to "private"',
    );
  }
  if (endpoint === "public" && ipEndpoint !== "public") {
    return problem(
      `is switched off by 'cluster.ipEndpoint' (${ipEndpoint})`,
      'connect through "dns", or set ipEndpoint to "public"',
    );
  }
  return [...problems];
}
