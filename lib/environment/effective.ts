import type { EffectiveDataplane } from "../dataplane";
import type { ClusterConnectionProps, GkeClusterOptions, GkeNetworkProps } from "../gke";
import type { Monitoring, MonitoringFacts } from "../monitoring";
import type { EffectivePolicies } from "../policy";
import type { EnvironmentDefinition, EnvironmentNodePool } from "./definition";
import type { ProviderVersions } from "./provider-versions";
import type { StateBackend } from "./state-backend";

/**
 * An environment as it will run. Defaults of one part that follow from another are filled in, the dataplane's values are
 * merged, everything is judged; rules, stacks, monitoring and the table read this and nothing else.
 *
 * Plain data, made once by {@link describeEnvironment}; tokens stay tokens.
 */
export interface EffectiveEnvironment {
  /** What the author wrote. */
  readonly definition: EnvironmentDefinition;
  readonly name: string;
  readonly project: string;
  /** Region or zone of the cluster. */
  readonly location: string;
  /** Labels of every cloud resource that can carry them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly backend: StateBackend;
  /** Versions of the providers that were chosen; the bindings' own where none is. */
  readonly providers: ProviderVersions;
  readonly network: GkeNetworkProps;
  /** The cluster's options, with what monitoring decides where they say nothing. */
  readonly cluster: GkeClusterOptions;
  readonly nodePools: readonly EnvironmentNodePool[];
  readonly connection: ClusterConnectionProps;
  /** Undefined only where the definition names none, which is a problem. */
  readonly dataplane: EffectiveDataplane | undefined;
  readonly monitoring: { readonly kind: Monitoring; readonly facts: MonitoringFacts } | undefined;
  /** The policies as they will be applied; none where the definition has none, or no dataplane to judge them by. */
  readonly policies: EffectivePolicies | undefined;
  /** Everything that is wrong, each in one line that begins with the environment's name. */
  readonly problems: readonly string[];
}

/** An environment without a problem. */
export type SoundEnvironment = EffectiveEnvironment & { readonly dataplane: EffectiveDataplane };

/** Whether somebody gave a description rather than a definition. */
export function isDescribed(given: EnvironmentDefinition | EffectiveEnvironment): given is EffectiveEnvironment {
  // Whoever writes without types may give anything: what is no object is told by the definition's own checks.
  return typeof given === "object" && given !== null && "definition" in given;
}
