import { type CheckTable, oneOf, required, text } from "../validation";

/** Who installs Cilium from a repository. */
export type GitOpsTool = "argo-cd" | "flux";

/** Options of {@link handOver}. */
export interface HandOverOptions {
  /** Which tool takes over. */
  readonly tool: GitOpsTool;

  /**
   * Namespace of the tool's own objects.
   *
   * @default - "argocd", or "flux-system"
   */
  readonly namespace?: string;

  /**
   * Argo CD's project of the application.
   *
   * @default "default"
   */
  readonly project?: string;

  /**
   * Address of the API server for the agents, where Terraform looks it up: files in a repository cannot. It is the private
   * endpoint of the cluster where it has one, else the public one. Required where Cilium replaces kube-proxy and the dataplane's
   * `k8sServiceHost` is not set.
   *
   * @default - the dataplane's
   */
  readonly k8sServiceHost?: string;

  /**
   * Minor version of Cilium that the cluster was first installed with, `1.19`: the state has remembered it (`terraform state
   * show`, `terraform_data` with `first-minor` in its name), and a file in a repository cannot read it there. Another one than
   * it was changes defaults of the agents. Required unless the dataplane's `upgradeCompatibility` is set.
   *
   * @default - the dataplane's
   */
  readonly upgradeCompatibility?: string;
}

const namespace = text({
  matches: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  rule: "is not a name for a namespace",
  remedy: "use at most 63 lower case letters, digits and hyphens",
});

/** What the options must look like. */
export const HAND_OVER_OPTIONS: CheckTable<HandOverOptions> = {
  tool: required(oneOf(["argo-cd", "flux"]), "say which tool takes over"),
  namespace,
  project: text(),
  k8sServiceHost: text(),
  upgradeCompatibility: text({
    matches: /^1\.\d+$/,
    rule: "is not a minor version of Cilium",
    remedy: "write it like 1.19",
  }),
};
