import { isKnown } from "../../validation";
import type { GkeNetworkOptions } from "./options";
import { GKE_SERVICES_RANGE, publicRanges } from "./ranges";
import type { NetworkSurroundings } from "./table";

const DEFAULT_NAT_MIN_PORTS = 64;
const DEFAULT_NAT_MAX_PORTS = 32768;
/** What a careful operator pays for: see the options. */
const DEFAULT_FLOW_LOG_SAMPLING = 0.1;
const DEFAULT_FLOW_LOG_INTERVAL = "INTERVAL_10_MIN";
/** OPA Gatekeeper and ingress-nginx (8443), most operators (9443), Istio (15017). */
const DEFAULT_WEBHOOK_PORTS: readonly number[] = [8443, 9443, 15017];
const DEFAULT_MTU = 1460;

/** A range that pods get addresses of. */
export interface PodRange {
  /** Name of the secondary range. */
  readonly name: string;
  /** The range, as CIDR. */
  readonly cidr: string;
  /** How the author of the network wrote it: `pods`, `extraPodRanges.more`. */
  readonly property: string;
}

/** A network as it will be: everything said, nothing left to a default. Tokens stay tokens. */
export interface EffectiveNetwork {
  readonly nodes: string;
  readonly pods: string;
  readonly services: string;
  /** Every range that pods can have, the cluster's own first. */
  readonly podRanges: readonly PodRange[];
  readonly podsRangeName: string;
  /** Absent with GKE's own range for services, which is in no subnet. */
  readonly servicesRangeName?: string;
  /** Further ranges of pods by their names. */
  readonly extraPodRanges: Readonly<Record<string, string>>;
  readonly controlPlane?: string;
  readonly controlPlaneSubnetwork?: string;
  readonly ownsVpc: boolean;
  readonly ownsSubnet: boolean;
  /** Ranges that are somebody's public addresses, by the properties they were written in. */
  readonly publicRanges: readonly string[];
  readonly nat?: {
    readonly addresses: number;
    readonly minPortsPerVm: number;
    readonly maxPortsPerVm: number;
    readonly logging: NonNullable<GkeNetworkOptions["natLogging"]>;
  };
  readonly flowLogs?: {
    readonly sampling: number;
    readonly interval: NonNullable<GkeNetworkOptions["flowLogInterval"]>;
  };
  readonly webhookPorts: readonly number[];
  readonly routingMode: "REGIONAL" | "GLOBAL";
  readonly mtu: number;
}

/**
 * Fills in every default of a network, once: rules, constructs and dataplanes read the answer.
 *
 * @param options Examined options with as much of their surroundings as is known.
 */
export function effectiveNetwork(options: GkeNetworkOptions & NetworkSurroundings): EffectiveNetwork {
  const ownsSubnet = options.existingSubnetwork === undefined;
  const name = options.name ?? "<name>";
  const podsRangeName = options.podsRangeName ?? `${name}-pods`;
  const extraPodRanges = options.extraPodRanges ?? {};
  const extra = isKnown(extraPodRanges) ? Object.entries(extraPodRanges) : [];
  return {
    nodes: options.nodes,
    pods: options.pods,
    services: options.services,
    podRanges: [
      { name: podsRangeName, cidr: options.pods, property: "pods" },
      ...extra.map(([each, cidr]) => ({ name: each, cidr, property: `extraPodRanges.${each}` })),
    ],
    podsRangeName,
    ...(options.services === GKE_SERVICES_RANGE
      ? {}
      : { servicesRangeName: options.servicesRangeName ?? `${name}-services` }),
    extraPodRanges,
    ...(options.controlPlane === undefined ? {} : { controlPlane: options.controlPlane }),
    ...(options.controlPlaneSubnetwork === undefined ? {} : { controlPlaneSubnetwork: options.controlPlaneSubnetwork }),
    ownsVpc: options.existingNetwork === undefined,
    ownsSubnet,
    publicRanges: publicRanges(options).map(({ property }) => property),
    ...((options.nat ?? ((options.privateNodes ?? true) && ownsSubnet))
      ? {
          nat: {
            addresses: options.natAddresses ?? 0,
            minPortsPerVm: options.natMinPortsPerVm ?? DEFAULT_NAT_MIN_PORTS,
            maxPortsPerVm: options.natMaxPortsPerVm ?? DEFAULT_NAT_MAX_PORTS,
            logging: options.natLogging ?? "ERRORS_ONLY",
          },
        }
      : {}),
    ...(ownsSubnet && (options.flowLogs ?? true)
      ? {
          flowLogs: {
            sampling: options.flowLogSampling ?? DEFAULT_FLOW_LOG_SAMPLING,
            interval: options.flowLogInterval ?? DEFAULT_FLOW_LOG_INTERVAL,
          },
        }
      : {}),
    webhookPorts: options.webhookPorts ?? (ownsSubnet ? DEFAULT_WEBHOOK_PORTS : []),
    routingMode: options.routingMode ?? "REGIONAL",
    mtu: options.mtu ?? DEFAULT_MTU,
  };
}
