/** What an environment's author says about its network. */
export interface GkeNetworkOptions {
  /**
   * Range of the nodes: the primary range of the subnet, as CIDR from /8 to /29, one address a node.
   * No default: it must fit into your address plan. It can be widened later, never narrowed.
   */
  readonly nodes: string;

  /**
   * Range of the pods: a secondary range, as CIDR from /9 to /24 (or longer with few pods a node). Each node takes a
   * block of twice its maximum of pods, rounded up: a /24 with the default of 110. No default: it must fit into your
   * address plan, and changing it replaces the cluster.
   */
  readonly pods: string;

  /**
   * Range of the services: a secondary range, as CIDR from /16 to /27, one address a service.
   * No default: it must fit into your address plan, and changing it replaces the cluster.
   *
   * `34.118.224.0/20` is GKE's own range for services, in no plan's way: then no secondary range is made for them. Every
   * cluster can have the same, as nothing outside of a cluster ever sees these addresses.
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#gke-managed-services
   */
  readonly services: string;

  /**
   * Further ranges of pods: name of the secondary range to its CIDR, for when {@link pods} runs out. A node pool takes
   * its pods from one of them by its name (`podRange`).
   *
   * @default - none
   */
  readonly extraPodRanges?: Readonly<Record<string, string>>;

  /**
   * Range of the control plane's private endpoint, as /28 CIDR, for which GKE makes a subnet of its own; or the range
   * of {@link controlPlaneSubnetwork}, of any size. Changing it replaces the cluster.
   *
   * @default - an address out of {@link nodes}
   */
  readonly controlPlane?: string;

  /**
   * Self link of the subnet that the private endpoint takes its address from. Its range goes into {@link controlPlane}.
   *
   * @default - GKE makes one for `controlPlane`, or takes the nodes' subnet
   */
  readonly controlPlaneSubnetwork?: string;

  /**
   * Project that owns the VPC, with Shared VPC. The subnet, router, NAT and firewall rule are made there too.
   * The service project's GKE service agent needs `roles/container.hostServiceAgentUser` and
   * `roles/compute.networkUser` in it (https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-shared-vpc).
   *
   * @default - the project of the cluster
   */
  readonly hostProject?: string;

  /**
   * An existing VPC, by name, id or self link.
   *
   * @default - a VPC of its own, without automatic subnets
   */
  readonly existingNetwork?: string;

  /**
   * An existing subnet of {@link existingNetwork}, by name, id or self link. Then its ranges must be those given here,
   * and nothing of the network is created unless `nat` or `webhookPorts` ask for it.
   *
   * @default - a subnet of its own
   */
  readonly existingSubnetwork?: string;

  /**
   * Name of the secondary range of pods. Required with {@link existingSubnetwork}.
   *
   * @default "<name>-pods"
   */
  readonly podsRangeName?: string;

  /**
   * Name of the secondary range of services. Required with {@link existingSubnetwork}, unless GKE's own range is used.
   *
   * @default "<name>-services"
   */
  readonly servicesRangeName?: string;

  /**
   * A Cloud Router and NAT for the nodes' and pods' ranges, so that nodes without public addresses can pull images from
   * registries that are not Google's: Cilium's come from quay.io.
   *
   * @default - true with private nodes in a subnet made here, else false
   */
  readonly nat?: boolean;

  /**
   * Number of static addresses the NAT uses, for partners who allow callers by address.
   *
   * @default - 0: Google allocates addresses as they are needed
   */
  readonly natAddresses?: number;

  /**
   * Fewest ports a node gets at the NAT: a power of two from 32. Ports are allocated dynamically up to
   * {@link natMaxPortsPerVm}; each is one connection to the same destination at a time, for all pods of the node.
   *
   * @default 64
   */
  readonly natMinPortsPerVm?: number;

  /**
   * Most ports a node gets at the NAT: a power of two up to 65536.
   *
   * @default 32768
   */
  readonly natMaxPortsPerVm?: number;

  /**
   * Which connections of the NAT are logged.
   *
   * @default "ERRORS_ONLY"
   */
  readonly natLogging?: "OFF" | "ERRORS_ONLY" | "TRANSLATIONS_ONLY" | "ALL";

  /**
   * VPC flow logs of the subnet. Hubble, or Dataplane V2's flow metrics, show what happens now; these are for the
   * question of last week: who talked with whom, and how much.
   *
   * @default true
   */
  readonly flowLogs?: boolean;

  /**
   * Share of flows that are logged, above 0 up to 1. They are billed by volume, and in Kubernetes most flows are short:
   * at 1, what is logged of a busy cluster can cost as much as its nodes. A tenth shows everybody who talks regularly;
   * take 1 where an audit asks for every connection (CIS 3.8).
   *
   * @default 0.1
   */
  readonly flowLogSampling?: number;

  /**
   * How long flows are aggregated before a record is written. Longer means fewer records of long connections: in ten
   * minutes one in place of 120.
   *
   * @default "INTERVAL_10_MIN"
   */
  readonly flowLogInterval?:
    | "INTERVAL_5_SEC"
    | "INTERVAL_30_SEC"
    | "INTERVAL_1_MIN"
    | "INTERVAL_5_MIN"
    | "INTERVAL_10_MIN"
    | "INTERVAL_15_MIN";

  /**
   * TCP ports of nodes and pods that the control plane may reach, for admission webhooks, conversion webhooks and
   * aggregated APIs. GKE's own rules let it reach 443 and 10250 only. Empty for no firewall rule.
   *
   * @default - [8443, 9443, 15017], none with an existing subnet
   */
  readonly webhookPorts?: readonly number[];

  /**
   * Whether routes learnt by Cloud Routers reach the whole VPC or only their region.
   *
   * @default "REGIONAL"
   */
  readonly routingMode?: "REGIONAL" | "GLOBAL";

  /**
   * MTU of a VPC made here, in bytes, 1300 to 8896. Cilium takes the one of the node's interface.
   *
   * @default 1460
   */
  readonly mtu?: number;
}

/** What {@link GkeNetwork} takes. */
export interface GkeNetworkProps extends GkeNetworkOptions {
  /**
   * Name of the VPC, and the beginning of the names of everything in it. At most 40 characters.
   * No default: changing it replaces the network and all that stands in it.
   */
  readonly name: string;

  /** Id of the cluster's project. */
  readonly project: string;

  /** Region of the subnet. */
  readonly region: string;

  /**
   * Whether the nodes have no public addresses. They then need a NAT.
   *
   * @default true
   */
  readonly privateNodes?: boolean;

  /**
   * Protocols beside TCP, UDP and ICMP that nodes send each other, such as `esp`. GKE's own rule for the nodes of a cluster
   * passes those three alone; a firewall rule passes the others from the range of the nodes.
   *
   * @default - none
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules
   */
  readonly nodeProtocols?: readonly string[];

  /**
   * Ranges of nodes and pods elsewhere that may send anything to the nodes and pods here: other clusters of a mesh.
   *
   * @default - none
   */
  readonly peerRanges?: readonly string[];

  /**
   * An address out of {@link GkeNetworkOptions.nodes} that is kept for an internal load balancer.
   *
   * @default - none
   */
  readonly meshAddress?: string;
}
