import { Release } from "@cdktf/provider-helm/lib/release";
import { AssetType, type ITerraformDependable, TerraformAsset, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { renderProblems, renderValues } from "../helm";
import { packageFile } from "../package-files";
import { assertNoProblems, type Problem } from "../validation";
import { type Manifest, manifestKey, manifestProblems } from "./manifest";

const CHART = "lib/kubernetes/manifests-chart";
const CHART_ASSET_ID = "manifests-chart";
const DEFAULT_TIMEOUT_SECONDS = 300;
const MAX_HISTORY = 10;
/** Helm's own limit; the release's name becomes part of a label. */
const MAX_RELEASE_NAME_LENGTH = 53;

export interface ManifestReleaseProps {
  /**
   * Name of the Helm release: at most 53 lower case letters, digits and hyphens, unique in its namespace. No default:
   * it is what `helm list` shows, and changing it replaces every object.
   */
  readonly name: string;

  /** Namespace of the release, and of the objects that name none. No default: changing it replaces every object. */
  readonly namespace: string;

  /**
   * Whether Helm creates the namespace where it is missing. It does not delete it again.
   *
   * @default false
   */
  readonly createNamespace?: boolean;

  /**
   * The objects. Helm creates them in an order by kind (namespaces first, kinds it does not know last), whatever their
   * order here. Text in braces is no template: every object reaches the cluster as it is written.
   */
  readonly manifests: readonly Manifest[];

  /**
   * Whether an object that exists already, made by somebody else, becomes this release's own. Without, the release
   * fails and names it. For objects that the cluster itself makes.
   *
   * @default false
   */
  readonly takeOwnership?: boolean;

  /**
   * Wait until the objects are ready, those of kinds that can be.
   *
   * @default true
   */
  readonly wait?: boolean;

  /**
   * Seconds that Helm waits.
   *
   * @default 300
   */
  readonly timeoutSeconds?: number;

  /**
   * What must exist before, e.g. the release that brings the objects' CRDs.
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
 * Kubernetes objects of any kind, custom resources too, as a Helm release of a tiny chart in this package.
 *
 * The kubernetes provider's `kubernetes_manifest` asks the API server for the kind while it plans, so it can neither be
 * planned before the cluster nor before the CRD exists. This needs no API access to plan.
 *
 * @throws ConfigurationError with every problem in the objects, before anything is created.
 */
export class ManifestRelease extends Construct {
  /** The underlying resource. */
  public readonly release: Release;
  /** The objects as they will be applied. */
  public readonly manifests: readonly Manifest[];

  public constructor(scope: Construct, id: string, props: ManifestReleaseProps) {
    super(scope, id);
    this.manifests = props.manifests;
    assertNoProblems(this.node.path, manifestReleaseProblems(props));
    const values = { manifests: Object.fromEntries(props.manifests.map((object) => [manifestKey(object), object])) };

    this.release = new Release(this, "Default", {
      name: props.name,
      namespace: props.namespace,
      createNamespace: props.createNamespace ?? false,
      chart: `./${manifestsChart(this).path.replace(/\/$/, "")}`,
      values: renderValues(values),
      maxHistory: MAX_HISTORY,
      timeout: props.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      // As for every release: a first installation that failed is adopted by the next run.
      upgradeInstall: true,
      takeOwnership: props.takeOwnership,
      wait: props.wait ?? true,
      dependsOn: props.dependsOn === undefined ? undefined : [...props.dependsOn],
      provider: props.provider,
    });
  }
}

/** What is wrong with a release of objects. */
export function manifestReleaseProblems(props: ManifestReleaseProps): Problem[] {
  const problems: Problem[] = [];
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(props.name) || props.name.length > MAX_RELEASE_NAME_LENGTH)
    problems.push({
      property: "name",
      value: props.name,
      rule: "is not a name for a Helm release",
      remedy: `use at most ${MAX_RELEASE_NAME_LENGTH} lower case letters, digits and hyphens`,
    });
  if (props.manifests.length === 0)
    problems.push({ property: "manifests", value: [], rule: "holds no object", remedy: "leave the release out" });
  problems.push(...manifestProblems(props.manifests));
  props.manifests.forEach((manifest, index) => {
    problems.push(...renderProblems(manifest, `manifests[${index}]`));
  });
  return problems;
}

/** The chart, copied beside the stack once: the path in the state is relative and the same on every machine. */
function manifestsChart(scope: Construct): TerraformAsset {
  const stack = TerraformStack.of(scope);
  const existing = stack.node.tryFindChild(CHART_ASSET_ID);
  if (existing instanceof TerraformAsset) return existing;
  return new TerraformAsset(stack, CHART_ASSET_ID, { path: packageFile(CHART), type: AssetType.DIRECTORY });
}
