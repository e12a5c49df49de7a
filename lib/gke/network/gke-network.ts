import { ComputeAddress } from "@cdktf/provider-google/lib/compute-address";
import { ComputeFirewall } from "@cdktf/provider-google/lib/compute-firewall";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ComputeRouter } from "@cdktf/provider-google/lib/compute-router";
import { ComputeRouterNat } from "@cdktf/provider-google/lib/compute-router-nat";
import { ComputeSubnetwork } from "@cdktf/provider-google/lib/compute-subnetwork";
import { type ITerraformDependable, type TerraformResourceLifecycle, Token } from "cdktf";
import { Construct } from "constructs";
import { addWarnings, assertSound, isJudged, isKnown } from "../../validation";
import { Birth } from "../birth";
import type { ClusterNetwork } from "./cluster-network";
import { type EffectiveNetwork, effectiveNetwork } from "./effective";
import type { GkeNetworkProps } from "./options";
import { gkeNetworkProblems, gkeNetworkWarnings } from "./problems";
import { GKE_NETWORK_PROPS } from "./table";

/**
 * The network of one cluster: a VPC with one subnet for nodes, pods and services, or the parts of it that exist already.
 *
 * Nodes have no public addresses by default, so there is a Cloud NAT; the subnet reaches Google's APIs privately and
 * writes flow logs; the control plane reaches webhooks.
 */
export class GkeNetwork extends Construct implements ClusterNetwork {
  /** The VPC, unless it existed. */
  public readonly vpc?: ComputeNetwork;
  /** The subnet, unless it existed. */
  public readonly subnet?: ComputeSubnetwork;
  /** The router of the NAT. */
  public readonly router?: ComputeRouter;
  /** The NAT, where there is one. */
  public readonly nat?: ComputeRouterNat;
  /** Static addresses of the NAT. */
  public readonly natAddresses: readonly ComputeAddress[];
  /** The rule that lets the control plane reach webhooks, where there is one. */
  public readonly webhookFirewall?: ComputeFirewall;

  /** The rule that lets nodes send each other more than TCP, UDP and ICMP, where one is needed. */
  public readonly nodeFirewall?: ComputeFirewall;

  /** The rule that lets other clusters of a mesh in, where there are any. */
  public readonly peerFirewall?: ComputeFirewall;
  /** The address of the mesh's API server, where it is kept. */
  public readonly meshAddress?: ComputeAddress;

  /** Beginning of all names. */
  public readonly name: string;
  /** Project that owns the VPC. */
  public readonly hostProject: string;
  public readonly region: string;
  public readonly network: string;
  public readonly subnetwork: string;
  public readonly nodes: string;
  public readonly pods: string;
  public readonly services: string;
  public readonly podsRangeName: string;
  public readonly servicesRangeName?: string;
  public readonly extraPodRanges: Readonly<Record<string, string>>;
  public readonly controlPlane?: string;
  public readonly controlPlaneSubnetwork?: string;
  public readonly nodeTag: string;
  public readonly egress: readonly ITerraformDependable[];
  /** Ports of webhooks that the control plane may reach. */
  public readonly webhookPorts: readonly number[];
  /** Everything about it, defaults filled in. */
  public readonly effective: EffectiveNetwork;
  /** Refuses what would make a second subnet or router under the name of the first. */
  private readonly lifecycle?: TerraformResourceLifecycle;

  /** @throws ConfigurationError with every problem of the props. */
  public constructor(scope: Construct, id: string, props: GkeNetworkProps) {
    super(scope, id);
    assertSound(this.node.path, props, () => gkeNetworkProblems(props, GKE_NETWORK_PROPS));
    if (!isJudged(props)) addWarnings(this, this.node.path, gkeNetworkWarnings(props));

    const effective = effectiveNetwork(props);
    this.effective = effective;
    this.name = props.name;
    this.hostProject = props.hostProject ?? props.project;
    this.region = props.region;
    this.nodes = effective.nodes;
    this.pods = effective.pods;
    this.services = effective.services;
    this.podsRangeName = effective.podsRangeName;
    this.servicesRangeName = effective.servicesRangeName;
    this.extraPodRanges = effective.extraPodRanges;
    this.controlPlane = effective.controlPlane;
    this.controlPlaneSubnetwork = effective.controlPlaneSubnetwork;
    this.nodeTag = `gke-${props.name}`;
    this.webhookPorts = effective.webhookPorts;
    const birth =
      effective.ownsSubnet || effective.nat !== undefined
        ? new Birth(this, "birth", {
            subject: `Network ${props.name}`,
            facts: {
              region: props.region,
              existingNetwork: props.existingNetwork ?? "none",
              existingSubnetwork: props.existingSubnetwork ?? "none",
            },
            ...(effective.ownsSubnet ? { range: { name: "nodes", cidr: effective.nodes } } : {}),
          })
        : undefined;
    this.lifecycle = birth && { precondition: birth.preconditions() };

    if (effective.ownsVpc) this.vpc = this.createVpc();
    this.network = this.vpc?.id ?? fullId(props.existingNetwork as string, this.hostProject, "global/networks");
    if (effective.ownsSubnet) this.subnet = this.createSubnet();
    this.subnetwork =
      this.subnet?.id ??
      fullId(props.existingSubnetwork as string, this.hostProject, `regions/${this.region}/subnetworks`);

    this.natAddresses = [];
    if (effective.nat !== undefined) {
      this.natAddresses = this.createNatAddresses(effective.nat.addresses);
      this.router = new ComputeRouter(this, "router", {
        name: this.name,
        project: this.hostProject,
        region: this.region,
        network: this.network,
        lifecycle: this.lifecycle,
      });
      this.nat = this.createNat(effective.nat, this.router);
    }
    if (this.webhookPorts.length > 0) this.webhookFirewall = this.createWebhookFirewall();
    if ((props.nodeProtocols ?? []).length > 0) this.nodeFirewall = this.createNodeFirewall(props.nodeProtocols ?? []);
    if ((props.peerRanges ?? []).length > 0) this.peerFirewall = this.createPeerFirewall(props.peerRanges ?? []);
    if (props.meshAddress !== undefined) this.meshAddress = this.createMeshAddress(props.meshAddress);
    this.egress = this.nat ? [this.nat] : [];
  }

  private createVpc(): ComputeNetwork {
    return new ComputeNetwork(this, "Default", {
      name: this.name,
      project: this.hostProject,
      // The automatic subnets of all regions take 10.128.0.0/9, which no address plan expects.
      autoCreateSubnetworks: false,
      routingMode: this.effective.routingMode,
      mtu: this.effective.mtu,
    });
  }

  private createSubnet(): ComputeSubnetwork {
    const { flowLogs } = this.effective;
    return new ComputeSubnetwork(this, "subnetwork", {
      name: this.name,
      project: this.hostProject,
      region: this.region,
      network: this.network,
      ipCidrRange: this.nodes,
      // The provider keeps this list in order: new ranges go to its end, or every plan shows a change.
      secondaryIpRange: [
        { rangeName: this.podsRangeName, ipCidrRange: this.pods },
        ...(this.servicesRangeName === undefined
          ? []
          : [{ rangeName: this.servicesRangeName, ipCidrRange: this.services }]),
        ...Object.entries(this.extraPodRanges).map(([rangeName, ipCidrRange]) => ({ rangeName, ipCidrRange })),
      ],
      // Nodes without public addresses reach Artifact Registry, Logging and Monitoring through it.
      privateIpGoogleAccess: true,
      logConfig: flowLogs && {
        aggregationInterval: flowLogs.interval,
        flowSampling: flowLogs.sampling,
        metadata: "INCLUDE_ALL_METADATA",
      },
      lifecycle: this.lifecycle,
    });
  }

  private createNatAddresses(count: number): ComputeAddress[] {
    return Array.from(
      { length: count },
      (_, index) =>
        new ComputeAddress(this, `nat-address-${index}`, {
          name: `${this.name}-nat-${index}`,
          project: this.hostProject,
          region: this.region,
        }),
    );
  }

  private createNat(options: NonNullable<EffectiveNetwork["nat"]>, router: ComputeRouter): ComputeRouterNat {
    const { logging } = options;
    const isStatic = this.natAddresses.length > 0;
    return new ComputeRouterNat(this, "nat", {
      name: this.name,
      project: this.hostProject,
      region: this.region,
      router: router.name,
      natIpAllocateOption: isStatic ? "MANUAL_ONLY" : "AUTO_ONLY",
      natIps: isStatic ? this.natAddresses.map((address) => address.selfLink) : undefined,
      // Only this subnet: a NAT for all subnets of the VPC would clash with the next cluster's.
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      // All its ranges: where nothing masquerades, pods leave with their own addresses.
      subnetwork: [{ name: this.subnetwork, sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
      // All pods of a node share its ports. Dynamic allocation excludes endpoint-independent mapping.
      enableDynamicPortAllocation: true,
      enableEndpointIndependentMapping: false,
      minPortsPerVm: options.minPortsPerVm,
      maxPortsPerVm: options.maxPortsPerVm,
      logConfig: { enable: logging !== "OFF", filter: logging === "OFF" ? "ERRORS_ONLY" : logging },
    });
  }

  /**
   * Where calls of the control plane come from. On current clusters (Private Service Connect) they leave through the
   * konnectivity agents, which are pods; on clusters with VPC peering, and for the endpoint itself, it is the range of
   * the private endpoint: `controlPlane` where it is given, else an address of the nodes' range. GKE's own rule for
   * pods allows the first, unless the VPC denies by a rule of higher priority than GKE's.
   */
  private createWebhookFirewall(): ComputeFirewall {
    return new ComputeFirewall(this, "webhooks", {
      name: `${this.name}-webhooks`,
      description: "Control plane to admission webhooks and aggregated APIs in the cluster",
      project: this.hostProject,
      network: this.network,
      direction: "INGRESS",
      sourceRanges: [this.controlPlane ?? this.nodes, this.pods, ...Object.values(this.extraPodRanges)],
      targetTags: [this.nodeTag],
      allow: [
        {
          protocol: "tcp",
          ports: this.webhookPorts.map((port) => (isKnown(port) ? String(port) : Token.asString(port))),
        },
      ],
    });
  }

  private createPeerFirewall(ranges: readonly string[]): ComputeFirewall {
    return new ComputeFirewall(this, "peers", {
      name: `${this.name}-peers`,
      description: "Nodes and pods of other clusters of the mesh",
      project: this.hostProject,
      network: this.network,
      direction: "INGRESS",
      sourceRanges: [...ranges],
      targetTags: [this.nodeTag],
      allow: [{ protocol: "all" }],
    });
  }

  private createMeshAddress(address: string): ComputeAddress {
    return new ComputeAddress(this, "mesh-address", {
      name: `${this.name}-mesh`,
      project: this.hostProject,
      region: this.region,
      addressType: "INTERNAL",
      purpose: "GCE_ENDPOINT",
      subnetwork: this.subnetwork,
      address,
    });
  }

  private createNodeFirewall(protocols: readonly string[]): ComputeFirewall {
    return new ComputeFirewall(this, "nodes", {
      name: `${this.name}-nodes`,
      description: "Between nodes, what GKE's own rules leave out",
      project: this.hostProject,
      network: this.network,
      direction: "INGRESS",
      sourceRanges: [this.nodes],
      targetTags: [this.nodeTag],
      allow: protocols.map((protocol) => ({ protocol })),
    });
  }
}

/** A bare name as the id it has in `project`; a self link, an id or a token as it is. */
function fullId(nameOrLink: string, project: string, collection: string): string {
  return /[/$]/.test(nameOrLink) ? nameOrLink : `projects/${project}/${collection}/${nameOrLink}`;
}
