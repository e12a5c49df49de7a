import { Release } from "@cdktf/provider-helm/lib/release";
import { AssetType, type ITerraformDependable, TerraformAsset, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { packageFile } from "../package-files";

const CHART = "lib/kubernetes/gateway-api-chart";
const NAME = "gateway-api";
const NAMESPACE = "kube-system";
const MAX_HISTORY = 10;

/** Version of the Gateway API whose definitions this library carries: what Cilium 1.20 is built with. */
export const GATEWAY_API_VERSION = "1.6.1";

export interface GatewayApiDefinitionsProps {
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
 * The definitions (CRDs) of the Gateway API, standard channel, as a Helm release. They must be there before Cilium's
 * operator starts, which otherwise does nothing about Gateways. Definitions that are there already are taken over; what is
 * here stays in the cluster when this is destroyed, because every Gateway and route would go with it.
 *
 * Not on a cluster with GKE's own Gateway controller, which brings and guards its own.
 */
export class GatewayApiDefinitions extends Construct {
  /** The underlying resource. */
  public readonly release: Release;

  public constructor(scope: Construct, id: string, props: GatewayApiDefinitionsProps = {}) {
    super(scope, id);
    const chart = new TerraformAsset(this, "chart", { path: packageFile(CHART), type: AssetType.DIRECTORY });
    this.release = new Release(this, "Default", {
      name: NAME,
      namespace: NAMESPACE,
      chart: `./${chart.path.replace(/\/$/, "")}`,
      version: GATEWAY_API_VERSION,
      maxHistory: MAX_HISTORY,
      upgradeInstall: true,
      takeOwnership: true,
      wait: true,
      dependsOn: props.dependsOn === undefined ? undefined : [...props.dependsOn],
      provider: props.provider,
    });
  }
}
