import type { Dataplane } from "../dataplane";
import type { ClusterConnectionOptions, GkeClusterOptions, GkeNetworkOptions, GkeNodePoolOptions } from "../gke";
import type { Monitoring } from "../monitoring";
import type { PoliciesOptions } from "../policy";
import type { ProviderVersions } from "./provider-versions";
import type { StateBackend } from "./state-backend";

/** A node pool of an environment. */
export interface EnvironmentNodePool extends GkeNodePoolOptions {
  /**
   * The dataplane that the pool's nodes are for, where it is not the environment's yet: they wait, and neither pods nor
   * anything of the present dataplane run there until a deployment has switched the environment to it. For a switch on
   * the same cluster; `docs/mode-switch.md` has the steps.
   *
   * @default - the environment's
   */
  readonly dataplane?: Dataplane;
}

/**
 * Everything that is particular to one environment, written once. What can be derived from it is not written anywhere:
 * the pods range, for one, stands here and reaches the subnet, the cluster and Cilium's native routing from here.
 */
export interface EnvironmentDefinition {
  /**
   * Name of the environment: the first part of its three stacks (`<name>-cluster`, `<name>-networking`,
   * `<name>-monitoring`) and the name of its network and cluster. Lower case letters, digits and dashes, at most 20
   * characters. No default: two environments must not meet under one name.
   */
  readonly name: string;

  /** Id of the Google Cloud project. No default: a deployment must never go to the project that happens to be set. */
  readonly project: string;

  /** Region (`asia-northeast1`, a regional cluster) or zone (`asia-northeast1-a`, a zonal one). Changing it replaces the cluster. */
  readonly location: string;

  /** The VPC and its ranges. The ranges have no default: they must fit into your address plan. */
  readonly network: GkeNetworkOptions;

  /** What moves packets between pods. No default: it is the one choice that everything else follows. */
  readonly dataplane: Dataplane;

  /**
   * The node pools. Empty with Autopilot only.
   *
   * @default - none
   */
  readonly nodePools?: readonly EnvironmentNodePool[];

  /**
   * Everything else about the cluster.
   *
   * @default - a private regional or zonal cluster with the defaults of {@link GkeClusterOptions}
   */
  readonly cluster?: GkeClusterOptions;

  /**
   * How Terraform reaches the Kubernetes API of the cluster, and as whom.
   *
   * @default - the DNS-based endpoint, with gke-gcloud-auth-plugin
   */
  readonly connection?: ClusterConnectionOptions;

  /**
   * How the environment is monitored.
   *
   * @default - nothing is installed
   */
  readonly monitoring?: Monitoring;

  /**
   * Policies of the network, from directories of YAML and as objects: judged at synth by what the dataplane enforces.
   *
   * @default - none: everybody reaches everybody
   */
  readonly policies?: PoliciesOptions;

  /**
   * Where Terraform's state is kept.
   *
   * @default StateBackend.local()
   */
  readonly backend?: StateBackend;

  /**
   * Versions of the Terraform providers.
   *
   * @default - google 6.50.0, helm 3.1.1, kubernetes 2.38.0
   */
  readonly providers?: ProviderVersions;

  /**
   * Labels of every cloud resource that can carry them, besides `environment: <name>`.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Names the type of a definition, so that editors complete and check it where it is written. */
export function defineEnvironment(definition: EnvironmentDefinition): EnvironmentDefinition {
  return definition;
}
