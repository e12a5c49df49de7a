import { DataGoogleClientConfig } from "@cdktf/provider-google/lib/data-google-client-config";
import { DataGoogleContainerCluster } from "@cdktf/provider-google/lib/data-google-container-cluster";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn, TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { assertSound, examine } from "../../validation";
import {
  CLUSTER_CONNECTION_PROPS,
  type ClusterConnectionProps,
  type ConnectionEndpoint,
  DEFAULT_ENDPOINT,
} from "./options";

const AUTH_PLUGIN = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "gke-gcloud-auth-plugin",
};

/**
 * A stack's way into a cluster that another stack, or somebody else, made: the cluster by name, and the helm and
 * kubernetes providers logged in to it.
 *
 * The cluster is looked up and not handed over from stack to stack, so that each can be planned, deployed and destroyed
 * by itself. The stack needs a google provider.
 */
export class ClusterConnection extends Construct {
  /** The cluster as Google Cloud describes it. */
  public readonly clusterData: DataGoogleContainerCluster;
  /** Helm, logged in. */
  public readonly helmProvider: HelmProvider;
  /** Kubernetes, logged in. */
  public readonly kubernetesProvider: KubernetesProvider;

  public readonly project: string;
  public readonly location: string;
  public readonly clusterName: string;
  /** Which address Terraform talks to. */
  public readonly endpoint: ConnectionEndpoint;
  /** That address, without scheme. */
  public readonly host: string;
  /**
   * Address for programs on the nodes that log in with Kubernetes tokens, Cilium's agents among them: the private IP
   * endpoint where there is one, else the public one. Never the DNS-based one, which takes such tokens only with a
   * setting this provider version lacks; and not the cluster's `endpoint`, which is the public address, or the DNS name
   * where there is no IP endpoint. In a cluster without, the plan ends in an error.
   */
  public readonly agentHost: string;

  /** @throws ConfigurationError with every problem of the props. */
  public constructor(scope: Construct, id: string, props: ClusterConnectionProps) {
    super(scope, id);
    assertSound(this.node.path, props, () => examine(props, CLUSTER_CONNECTION_PROPS).problems);
    this.project = props.project;
    this.location = props.location;
    this.clusterName = props.clusterName;
    this.endpoint = props.endpoint ?? DEFAULT_ENDPOINT;

    this.clusterData = new DataGoogleContainerCluster(this, "cluster", {
      name: props.clusterName,
      project: props.project,
      location: props.location,
    });
    this.host = this.address();
    const { privateEndpoint, publicEndpoint } = this.clusterData.privateClusterConfig.get(0);
    this.agentHost = Fn.coalesce([Fn.try([privateEndpoint, ""]), Fn.try([publicEndpoint, ""])]);

    const server = {
      host: `https://${this.host}`,
      // The DNS-based endpoint has a certificate that everybody trusts, the others one of the cluster's own.
      clusterCaCertificate:
        this.endpoint === "dns" ? undefined : Fn.base64decode(this.clusterData.masterAuth.get(0).clusterCaCertificate),
    };
    const token = props.authentication === "access-token" ? this.accessToken() : undefined;
    this.helmProvider = new HelmProvider(this, "helm", {
      alias: props.alias,
      kubernetes: { ...server, token, exec: token === undefined ? AUTH_PLUGIN : undefined },
    });
    this.kubernetesProvider = new KubernetesProvider(this, "kubernetes", {
      alias: props.alias,
      ...server,
      token,
      exec: token === undefined ? [AUTH_PLUGIN] : undefined,
    });
    this.node.addValidation({ validate: () => this.providerProblems() });
  }

  /** Terraform takes one provider of a kind and an alias in a stack, and says so only in the plan. */
  private providerProblems(): string[] {
    const providers = TerraformStack.of(this).node.findAll().filter(TerraformProvider.isTerraformProvider);
    return [this.helmProvider, this.kubernetesProvider].flatMap((ours) =>
      providers
        .filter(
          (other) =>
            other !== ours &&
            other.terraformResourceType === ours.terraformResourceType &&
            (other.alias ?? "") === (ours.alias ?? ""),
        )
        .map(
          ({ node }) =>
            `${this.node.path}: 'alias' ${ours.alias === undefined ? "is not set" : `(${ours.alias}) is taken`}, and ${node.path} is a provider ${ours.terraformResourceType} without another one; give one of the two an alias of its own`,
        ),
    );
  }

  private address(): string {
    const { controlPlaneEndpointsConfig, privateClusterConfig } = this.clusterData;
    switch (this.endpoint) {
      case "dns":
        return controlPlaneEndpointsConfig.get(0).dnsEndpointConfig.get(0).endpoint;
      case "private":
        return privateClusterConfig.get(0).privateEndpoint;
      case "public":
        return privateClusterConfig.get(0).publicEndpoint;
    }
  }

  private accessToken(): string {
    return new DataGoogleClientConfig(this, "client", {}).accessToken;
  }
}
