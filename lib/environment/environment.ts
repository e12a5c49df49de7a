import type { Construct } from "constructs";
import { ClusterStack } from "./cluster-stack";
import type { EnvironmentDefinition } from "./definition";
import { assertSoundEnvironment, describeEnvironment } from "./describe";
import { type EffectiveEnvironment, isDescribed, type SoundEnvironment } from "./effective";
import { MonitoringStack } from "./monitoring-stack";
import { NetworkingStack } from "./networking-stack";
import { withoutTokenTraces } from "./token-traces";

/**
 * One environment: three stacks, each with a state of its own.
 *
 * The later stacks find the cluster by name, so each can be planned, deployed and destroyed by itself, and a broken
 * cluster can never keep `<name>-cluster` from being destroyed. The stacks are children of `scope` and not of a construct
 * between, because the cdktf CLI finds the dependencies of a stack only among the stacks directly below the app.
 */
export class Environment {
  /** What the definition came to. */
  public readonly effective: SoundEnvironment;
  /** VPC, subnet, NAT, node service account, cluster and node pools. */
  public readonly cluster: ClusterStack;
  /** Everything that makes pods talk: Cilium, kube-proxy, policies, Hubble. */
  public readonly networking: NetworkingStack;
  /** The monitoring addon. */
  public readonly monitoring: MonitoringStack;

  /**
   * @param scope The app.
   * @param given The definition, or what {@link describeEnvironment} made of it, which is then not judged again.
   * @throws ConfigurationError with every problem, before anything is created.
   */
  public constructor(scope: Construct, given: EnvironmentDefinition | EffectiveEnvironment) {
    const environment = isDescribed(given) ? given : describeEnvironment(given);
    assertSoundEnvironment(environment);

    this.effective = environment;
    const [cluster, networking, monitoring] = withoutTokenTraces(
      () =>
        [
          new ClusterStack(scope, environment),
          new NetworkingStack(scope, environment),
          new MonitoringStack(scope, environment),
        ] as const,
    );
    this.cluster = cluster;
    this.networking = networking;
    this.monitoring = monitoring;
    this.networking.addDependency(this.cluster);
    // Alerts and dashboards read what the dataplane serves, and their pods need its network.
    this.monitoring.addDependency(this.networking);
  }
}
