/** Where the chart comes from. */
export interface CiliumChartSource {
  /**
   * Chart repository: an HTTPS address, or an OCI one such as {@link CILIUM_OCI_REPOSITORY} or a mirror's.
   *
   * @default "https://helm.cilium.io/"
   */
  readonly repository?: string;

  /**
   * Name of the chart in the repository, or a path to a chart on the machine that runs Terraform.
   *
   * @default "cilium"
   */
  readonly chart?: string;
}

/** Cilium's own chart repository. */
export const CILIUM_HELM_REPOSITORY = "https://helm.cilium.io/";
/** The same charts as signed OCI artefacts, which Cilium recommends for new installations. */
export const CILIUM_OCI_REPOSITORY = "oci://quay.io/cilium/charts";
