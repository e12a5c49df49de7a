import type { Construct } from "constructs";
import type { InstalledDataplane } from "../dataplane";
import { ClusterConnection } from "../gke";
import { Policies, type PolicyPlace } from "../policy";
import { addWarnings, judged } from "../validation";
import { clusterName } from "./cluster-name";
import { clusterRanges } from "./describe";
import type { SoundEnvironment } from "./effective";
import { EnvironmentStack } from "./environment-stack";
import { addOutputs, hubbleOutputs } from "./outputs";

/** Namespace of Helm's record where kube-system is Google's alone. */
const OWN_NAMESPACE = "gke-cilium";

/** `<env>-networking`: what the dataplane installs into the cluster. */
export class NetworkingStack extends EnvironmentStack {
  /** How this stack is logged in to the cluster. */
  public readonly connection: ClusterConnection;
  /** What the dataplane came to, and the constructs that stand for it. */
  public readonly dataplane: InstalledDataplane;
  /**
   * Where policies of your own go, and what they are judged by: `new Policies(...)` and the constructs of single kinds take
   * it, in this stack.
   */
  public readonly policyContext: PolicyPlace;
  /** The environment's policies; none where it has none. */
  public readonly policies?: Policies;

  public constructor(scope: Construct, environment: SoundEnvironment) {
    super(scope, "networking", environment);
    this.connection = new ClusterConnection(this, "connection", environment.connection);
    this.dataplane = environment.definition.dataplane.install(this, {
      facts: environment,
      clusterName: clusterName(environment),
      connection: this.connection,
      described: environment.dataplane,
    });
    const { policies, dataplane } = environment;
    const { cilium, networkLogging } = this.dataplane.parts;
    this.policyContext = {
      enforcement: dataplane.enforcement,
      ranges: clusterRanges(environment.definition),
      ...(dataplane.enforcement.closedNamespaces.length > 0 && { releaseNamespace: OWN_NAMESPACE }),
      // Definitions of Cilium's kinds are registered by its operator, and GKE makes its own with the cluster.
      dependsOn: [cilium?.release, networkLogging?.manifests.release].filter((each) => each !== undefined),
      provider: this.connection.helmProvider,
    };
    if (policies !== undefined) {
      addWarnings(this, environment.name, policies.warnings);
      this.policies = new Policies(
        this,
        "policies",
        judged({
          ...this.policyContext,
          described: policies,
          adopt: environment.definition.policies?.adopt,
        }),
      );
    }
    addOutputs(this, hubbleOutputs(environment.dataplane.release));
  }
}
