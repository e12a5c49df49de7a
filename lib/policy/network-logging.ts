import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type Manifest, ManifestRelease } from "../kubernetes";
import { assertNoProblems, type Problem } from "../validation";

const RELEASE_NAME = "network-logging";
const RELEASE_NAMESPACE = "kube-system";

/** Which connections of one kind are logged. */
export interface ConnectionLogOptions {
  /**
   * Log these connections.
   *
   * @default false
   */
  readonly log?: boolean;

  /**
   * Log only where the owner of the pods asks for it with the annotation `policy.network.gke.io/enable-logging: "true"`:
   * on the NetworkPolicy for allowed connections, on the namespace for denied ones. Needs `log`.
   *
   * @default false
   */
  readonly delegate?: boolean;
}

/**
 * Which decisions of network policies GKE writes to Cloud Logging (log `policy-action`). Nothing by default, as GKE
 * itself begins.
 */
export interface NetworkLoggingOptions {
  /**
   * Connections that a policy allowed. Can be very many: prefer `delegate` on a busy cluster.
   *
   * @default - not logged
   */
  readonly allow?: ConnectionLogOptions;

  /**
   * Connections that a policy denied.
   *
   * @default - not logged
   */
  readonly deny?: ConnectionLogOptions;
}

export interface NetworkLoggingProps extends NetworkLoggingOptions {
  /**
   * What must exist before.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];

  /**
   * The helm provider to use.
   *
   * @default - the stack's only one
   */
  readonly provider?: TerraformProvider;
}

/**
 * Network policy logging of Dataplane V2: the cluster's one `NetworkLogging` object. GKE makes it with the cluster, so
 * it is taken over here, and left in the cluster when this is destroyed. There is none where Dataplane V2 is off.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging
 */
export class NetworkLogging extends Construct {
  /** The release that holds the object. */
  public readonly manifests: ManifestRelease;

  public constructor(scope: Construct, id: string, props: NetworkLoggingProps = {}) {
    super(scope, id);
    assertNoProblems(this.node.path, networkLoggingProblems(props));
    this.manifests = new ManifestRelease(this, "Default", {
      name: RELEASE_NAME,
      namespace: RELEASE_NAMESPACE,
      manifests: [networkLoggingManifest(props)],
      takeOwnership: true,
      dependsOn: props.dependsOn,
      provider: props.provider,
    });
  }
}

/** The object as GKE reads it. It must be called `default`; any other is ignored. */
export function networkLoggingManifest(options: NetworkLoggingOptions = {}): Manifest {
  return {
    apiVersion: "networking.gke.io/v1alpha1",
    kind: "NetworkLogging",
    metadata: { name: "default", annotations: { "helm.sh/resource-policy": "keep" } },
    spec: {
      cluster: {
        allow: { log: options.allow?.log ?? false, delegate: options.allow?.delegate ?? false },
        deny: { log: options.deny?.log ?? false, delegate: options.deny?.delegate ?? false },
      },
    },
  };
}

/** What is wrong with the options. */
export function networkLoggingProblems(options: NetworkLoggingOptions): Problem[] {
  const problems: Problem[] = [];
  for (const [connections, logged] of [
    ["allow", options.allow?.log ?? false],
    ["deny", options.deny?.log ?? false],
  ] as const) {
    if (options[connections]?.delegate && !logged)
      problems.push({
        property: `${connections}.delegate`,
        value: true,
        rule: "narrows down a log that is off",
        remedy: `set ${connections}.log to true, or leave delegate out`,
      });
  }
  return problems;
}
