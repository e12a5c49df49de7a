import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { ManifestRelease } from "../kubernetes";
import { addWarnings, assertNoProblems, examine, isJudged, type Problem } from "../validation";
import { describePolicies, type EffectivePolicies, type PolicyContext } from "./describe";
import { POLICIES_OPTIONS, type PoliciesOptions } from "./options";

const RELEASE_NAME = "policies";
const NAMESPACES_RELEASE_NAME = "policy-namespaces";
const RELEASE_NAMESPACE = "kube-system";

export interface PoliciesProps extends PoliciesOptions, PolicyContext {
  /**
   * Namespace of the Helm releases that hold the objects. Made where it is missing. Another one than `kube-system` where
   * Google manages that namespace, as with Autopilot.
   *
   * @default "kube-system"
   */
  readonly releaseNamespace?: string;

  /**
   * Name of the Helm release. For a second set of policies in one cluster.
   *
   * @default "policies"
   */
  readonly releaseName?: string;

  /**
   * What must exist before: the release of Cilium, whose operator registers the definitions.
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

  /**
   * What {@link describePolicies} made of the same options, where its problems were told already.
   *
   * @default - described here
   */
  readonly described?: EffectivePolicies;
}

/**
 * Policies of every kind: from directories of YAML, and as objects. They are judged at synth, field by field, and applied by
 * Helm as a release, so that a plan needs no API server and none of the kinds' definitions.
 *
 * @throws ConfigurationError with every problem in every policy, before anything is created.
 */
export class Policies extends Construct {
  /** The release that holds the policies; none where there are none. */
  public readonly manifests?: ManifestRelease;
  /** The release that holds their namespaces, where any is made. */
  public readonly namespaces?: ManifestRelease;
  /** What the policies came to. */
  public readonly effective: EffectivePolicies;

  public constructor(scope: Construct, id: string, props: PoliciesProps) {
    super(scope, id);
    const { releaseName = RELEASE_NAME, releaseNamespace = RELEASE_NAMESPACE, provider, adopt } = props;
    this.effective = props.described ?? describeSound(this.node.path, props);
    if (!isJudged(props)) addWarnings(this, this.node.path, this.effective.warnings);
    const shared = {
      namespace: releaseNamespace,
      createNamespace: releaseNamespace !== RELEASE_NAMESPACE,
      provider,
    };
    const { manifests, namespaces } = this.effective;
    if (namespaces.length > 0)
      this.namespaces = new ManifestRelease(this, "namespaces", {
        ...shared,
        name: releaseName === RELEASE_NAME ? NAMESPACES_RELEASE_NAME : `${releaseName}-namespaces`,
        manifests: namespaces,
        // One that is there already is not made again, and not deleted with the policies.
        takeOwnership: true,
        dependsOn: props.dependsOn,
      });
    if (manifests.length > 0)
      this.manifests = new ManifestRelease(this, "Default", {
        ...shared,
        name: releaseName,
        manifests,
        takeOwnership: adopt,
        dependsOn: [...(props.dependsOn ?? []), ...(this.namespaces ? [this.namespaces.release] : [])],
      });
  }
}

/**
 * What policies of one's own construct come to.
 *
 * @param nameOf What a property is called in messages, if otherwise.
 * @throws ConfigurationError with every problem.
 */
export function describeSound(
  path: string,
  props: PoliciesProps,
  nameOf: (property: string) => string = (property) => property,
): EffectivePolicies {
  const { directories, objects, baselines, namespace, createNamespaces, adopt } = props;
  const { problems, options } = examine<PoliciesOptions>(
    { directories, objects, baselines, namespace, createNamespaces, adopt },
    POLICIES_OPTIONS,
  );
  const effective = describePolicies(options, props, "");
  const named = (told: readonly Problem[]) => told.map((each) => ({ ...each, property: nameOf(each.property) }));
  assertNoProblems(path, named([...problems, ...effective.problems]));
  return { ...effective, warnings: named(effective.warnings) };
}
