import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { isKnown, type Problem, parseCidr } from "../../validation";
import type { ClusterNetwork } from "../network/cluster-network";

/** Who may reach the cluster's IP endpoint. */
export type IpEndpoint = "private" | "public" | "off";

/** A range of addresses that may reach the IP endpoint. */
export interface AuthorizedNetwork {
  /** The range, as CIDR. */
  readonly cidr: string;

  /** What it is, for the console. */
  readonly name: string;
}

/** How the control plane is reached. */
export interface ControlPlaneOptions {
  /**
   * Nodes without public addresses. Changing it replaces the cluster.
   *
   * @default true
   */
  readonly privateNodes?: boolean;

  /**
   * The DNS-based endpoint: reachable from everywhere Google's APIs are, guarded by IAM
   * (`container.clusters.connect`), with no list of networks and no bastion. Terraform and people log in through it.
   *
   * @default true
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
   */
  readonly dnsEndpoint?: boolean;

  /**
   * The IP endpoint.
   *
   * - `private`: an address within the VPC. Nodes and pods reach it; of all others only {@link authorizedNetworks}.
   * - `public`: that one and a public address, for {@link authorizedNetworks}.
   * - `off`: none. Agents that log in with Kubernetes tokens, Cilium's in place of kube-proxy among them, have no
   *   address then: this provider version cannot let such tokens through the DNS-based endpoint.
   *
   * @default "private"
   */
  readonly ipEndpoint?: IpEndpoint;

  /**
   * Networks that may reach the IP endpoint, besides the cluster's own subnet. `0.0.0.0/0` is everybody.
   *
   * @default - none
   */
  readonly authorizedNetworks?: readonly AuthorizedNetwork[];

  /**
   * Whether {@link authorizedNetworks} guards the private address too. Without, whatever routes into the VPC reaches it.
   *
   * @default true
   */
  readonly enforceOnPrivateEndpoint?: boolean;

  /**
   * Whether every public address of Google Cloud, of other customers too, may reach the IP endpoint.
   *
   * @default false
   */
  readonly googlePublicAccess?: boolean;

  /**
   * Whether the private address is reachable from other regions.
   *
   * @default false
   */
  readonly privateEndpointGlobalAccess?: boolean;
}

export const DEFAULT_IP_ENDPOINT: IpEndpoint = "private";
/** GKE's limit, https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks. */
const MAX_AUTHORIZED_NETWORKS = 100;

/** Options to the cluster's attributes. */
export function controlPlaneConfig(
  options: ControlPlaneOptions,
  network: Pick<ClusterNetwork, "controlPlane" | "controlPlaneSubnetwork">,
): Pick<
  ContainerClusterConfig,
  "controlPlaneEndpointsConfig" | "privateClusterConfig" | "masterAuthorizedNetworksConfig"
> {
  const ipEndpoint = options.ipEndpoint ?? DEFAULT_IP_ENDPOINT;
  const hasIp = ipEndpoint !== "off";
  const { controlPlane, controlPlaneSubnetwork } = network;
  return {
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: options.dnsEndpoint ?? true },
      ipEndpointsConfig: { enabled: hasIp },
    },
    privateClusterConfig: {
      enablePrivateNodes: options.privateNodes ?? true,
      // The API answers true where there is no IP endpoint at all; anything else is a change in every plan.
      enablePrivateEndpoint: ipEndpoint !== "public",
      masterGlobalAccessConfig: hasIp ? { enabled: options.privateEndpointGlobalAccess ?? false } : undefined,
      masterIpv4CidrBlock: hasIp && controlPlaneSubnetwork === undefined ? controlPlane : undefined,
      privateEndpointSubnetwork: hasIp ? controlPlaneSubnetwork : undefined,
    },
    // Rendered even when empty: without the block everybody is let in. Without an IP endpoint the API keeps none.
    masterAuthorizedNetworksConfig: hasIp
      ? {
          cidrBlocks: (options.authorizedNetworks ?? []).map(({ cidr, name }) => ({
            cidrBlock: cidr,
            displayName: name,
          })),
          gcpPublicCidrsAccessEnabled: options.googlePublicAccess ?? false,
          privateEndpointEnforcementEnabled: options.enforceOnPrivateEndpoint ?? true,
        }
      : undefined,
  };
}

/** What is wrong with how the control plane is reached. */
export function controlPlaneProblems(options: ControlPlaneOptions): Problem[] {
  const ipEndpoint = options.ipEndpoint ?? DEFAULT_IP_ENDPOINT;
  const networks = options.authorizedNetworks ?? [];
  const problems: Problem[] = [];
  if (options.dnsEndpoint === false && ipEndpoint === "off") {
    problems.push({
      property: "ipEndpoint",
      value: "off",
      rule: "leaves no way to the control plane together with 'dnsEndpoint' off",
      remedy: "switch one of the two on",
    });
  }
  if (
    ipEndpoint === "public" &&
    isKnown(options.authorizedNetworks ?? []) &&
    networks.length === 0 &&
    !options.googlePublicAccess
  ) {
    problems.push({
      property: "ipEndpoint",
      value: "public",
      rule: "lets nobody in without 'authorizedNetworks'",
      remedy: 'name the networks (0.0.0.0/0 for everybody), or use "private"',
    });
  }
  if (ipEndpoint === "off") {
    for (const property of [
      "authorizedNetworks",
      "enforceOnPrivateEndpoint",
      "googlePublicAccess",
      "privateEndpointGlobalAccess",
    ] as const) {
      const value = options[property];
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
      problems.push({
        property,
        value,
        rule: "has no effect without an IP endpoint",
        remedy: 'leave it out or set ipEndpoint to "private" or "public"',
      });
    }
  }
  return [...problems, ...authorizedNetworksProblems(options.authorizedNetworks)];
}

function authorizedNetworksProblems(networks: readonly AuthorizedNetwork[] | undefined): Problem[] {
  if (!isKnown(networks)) return [];
  const problems: Problem[] = [];
  if (networks.length > MAX_AUTHORIZED_NETWORKS) {
    problems.push({
      property: "authorizedNetworks",
      value: `${networks.length} networks`,
      rule: `exceeds the ${MAX_AUTHORIZED_NETWORKS} that GKE takes`,
      remedy: "join ranges, or use the DNS-based endpoint",
    });
  }
  const seen = new Set<string>();
  networks.forEach(({ cidr }, index) => {
    if (!isKnown(cidr)) return;
    const property = `authorizedNetworks[${index}].cidr`;
    const fault = parseCidr(cidr);
    if (typeof fault === "string") {
      problems.push({ property, value: cidr, rule: fault, remedy: "give a range such as 203.0.113.0/24" });
    }
    if (seen.has(cidr)) {
      problems.push({ property, value: cidr, rule: "is there twice", remedy: "remove one of the two" });
    }
    seen.add(cidr);
  });
  return problems;
}
