import type { Construct } from "constructs";
import { ConfigurationError } from "../validation";
import { ClusterStack } from "./cluster-stack";
import type { EnvironmentDefinition } from "./definition";
import { MonitoringStack } from "./monitoring-stack";
import { NetworkingStack } from "./networking-stack";
import { environmentsProblems } from "./rules";

/**
 * One environment: three stacks, each with a state of its own.
 *
 * The later stacks find the cluster by name, so each can be planned, deployed and destroyed by itself, and a broken
 * cluster can never keep `<name>-cluster` from being destroyed. The stacks are children of `scope` and not of a construct
 * between, because the cdktf CLI finds the dependencies of a stack only among the stacks directly below the app.
 */
export class Environment {
  /** VPC, subnet, NAT, node service account, cluster and node pools. */
  public readonly cluster: ClusterStack;
  /** Everything that makes pods talk: Cilium, kube-proxy, policies, Hubble. */
  public readonly networking: NetworkingStack;
  /** The monitoring addon. */
  public readonly monitoring: MonitoringStack;

  /**
   * @param scope The app.
   * @throws ConfigurationError with every problem, before anything is created.
   */
  public constructor(scope: Construct, definition: EnvironmentDefinition) {
    const problems = environmentsProblems([definition]);
    if (problems.length > 0) throw new ConfigurationError(problems);

    this.cluster = new ClusterStack(scope, definition);
    this.networking = new NetworkingStack(scope, definition);
    this.monitoring = new MonitoringStack(scope, definition);
    this.networking.addDependency(this.cluster);
    // Alerts and dashboards read what the dataplane serves, and their pods need its network.
    this.monitoring.addDependency(this.networking);
  }
}
