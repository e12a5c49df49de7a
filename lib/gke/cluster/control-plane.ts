import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import {
  type CheckTable,
  cidr,
  decided,
  flag,
  isKnown,
  listOf,
  nested,
  oneOf,
  type Problem,
  required,
} from "../../validation";
import { anyText } from "../checks";
import type { ClusterNetwork } from "../network/cluster-network";
import type { EffectiveCluster } from "./effective";

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

/** The checks of these options, each by itself. */
export const CONTROL_PLANE: CheckTable<ControlPlaneOptions> = {
  privateNodes: flag(),
  dnsEndpoint: flag(),
  ipEndpoint: decided(oneOf(["private", "public", "off"])),
  authorizedNetworks: decided(
    listOf(
      nested<AuthorizedNetwork>({
        cidr: required(cidr(), "give a range such as 203.0.113.0/24"),
        name: required(anyText, "say what it is"),
      }),
      { most: MAX_AUTHORIZED_NETWORKS },
    ),
  ),
  enforceOnPrivateEndpoint: flag(),
  googlePublicAccess: flag(),
  privateEndpointGlobalAccess: flag(),
};

/** Options to the cluster's attributes. */
export function controlPlaneConfig(
  options: EffectiveCluster,
  network: Pick<ClusterNetwork, "controlPlane" | "controlPlaneSubnetwork">,
): Pick<
  ContainerClusterConfig,
  "controlPlaneEndpointsConfig" | "privateClusterConfig" | "masterAuthorizedNetworksConfig"
> {
  const { ipEndpoint } = options;
  const hasIp = ipEndpoint !== "off";
  const { controlPlane, controlPlaneSubnetwork } = network;
  return {
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: options.dnsEndpoint },
      ipEndpointsConfig: { enabled: hasIp },
    },
    privateClusterConfig: {
      enablePrivateNodes: options.privateNodes,
      // The API answers true where there is no IP endpoint at all; anything else is a change in every plan.
      enablePrivateEndpoint: ipEndpoint !== "public",
      masterGlobalAccessConfig: hasIp ? { enabled: options.privateEndpointGlobalAccess } : undefined,
      masterIpv4CidrBlock: hasIp && controlPlaneSubnetwork === undefined ? controlPlane : undefined,
      privateEndpointSubnetwork: hasIp ? controlPlaneSubnetwork : undefined,
    },
    // Rendered even when empty: without the block everybody is let in. Without an IP endpoint the API keeps none.
    masterAuthorizedNetworksConfig: hasIp
      ? {
          cidrBlocks: options.authorizedNetworks.map(({ cidr: cidrBlock, name }) => ({ cidrBlock, displayName: name })),
          gcpPublicCidrsAccessEnabled: options.googlePublicAccess,
          privateEndpointEnforcementEnabled: options.enforceOnPrivateEndpoint,
        }
      : undefined,
  };
}

/** What is wrong with how the control plane is reached. */
export function controlPlaneProblems(options: ControlPlaneOptions, effective: EffectiveCluster): Problem[] {
  const { ipEndpoint, dnsEndpoint, authorizedNetworks: networks } = effective;
  const problems: Problem[] = [];
  if (dnsEndpoint === false && ipEndpoint === "off") {
    problems.push({
      property: "ipEndpoint",
      value: "off",
      rule: "leaves no way to the control plane together with 'dnsEndpoint' off",
      remedy: "switch one of the two on",
    });
  }
  if (ipEndpoint === "public" && isKnown(networks) && networks.length === 0 && effective.googlePublicAccess === false) {
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
  return [...problems, ...repeatedNetworkProblems(networks)];
}

function repeatedNetworkProblems(networks: readonly AuthorizedNetwork[]): Problem[] {
  if (!isKnown(networks)) return [];
  const seen = new Set<string>();
  return networks.flatMap(({ cidr: range }, index) => {
    if (!isKnown(range)) return [];
    const isRepeated = seen.has(range);
    seen.add(range);
    if (!isRepeated) return [];
    const property = `authorizedNetworks[${index}].cidr`;
    return [{ property, value: range, rule: "is there twice", remedy: "remove one of the two" }];
  });
}
