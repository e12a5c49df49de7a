import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type Manifest, ManifestRelease } from "../kubernetes";
import { assertSound, type CheckTable, examine, flag, nested, type Problem } from "../validation";

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
   * Log only where the owner of the pods asks for it: allowed connections with the annotation
   * `policy.network.gke.io/enable-logging: "true"` on the NetworkPolicy, denied ones with
   * `policy.network.gke.io/enable-deny-logging: "true"` on the namespace. Needs `log`.
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

const CONNECTION_LOG: CheckTable<ConnectionLogOptions> = { log: flag(), delegate: flag() };

/** What the options must look like. */
export const NETWORK_LOGGING_OPTIONS: CheckTable<NetworkLoggingOptions> = {
  allow: nested(CONNECTION_LOG),
  deny: nested(CONNECTION_LOG),
};

export interface NetworkLoggingProps extends NetworkLoggingOptions {
  /**
   * Namespace of the Helm release that holds the object, which itself is in none. Made where it is missing. Another one
   * than `kube-system` where Google manages that namespace, as with Autopilot, which refuses Helm's record there
   * (cert-manager/cert-manager#3713).
   *
   * @default "kube-system"
   */
  readonly namespace?: string;

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
    const { dependsOn, provider, namespace = RELEASE_NAMESPACE, ...options } = props;
    assertSound(this.node.path, props, () => networkLoggingProblems(options));
    this.manifests = new ManifestRelease(this, "Default", {
      name: RELEASE_NAME,
      namespace,
      createNamespace: namespace !== RELEASE_NAMESPACE,
      manifests: [networkLoggingManifest(options)],
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
export function networkLoggingProblems(given: NetworkLoggingOptions): Problem[] {
  const { problems: wrong, options } = examine(given, NETWORK_LOGGING_OPTIONS);
  const problems: Problem[] = [...wrong];
  for (const [connections, logged] of [
    ["allow", options.allow?.log ?? false],
    ["deny", options.deny?.log ?? false],
  ] as const) {
    if (options[connections]?.delegate === true && logged === false)
      problems.push({
        property: `${connections}.delegate`,
        value: true,
        rule: "narrows down a log that is off",
        remedy: `set ${connections}.log to true, or leave delegate out`,
      });
  }
  return problems;
}
