import type {
  ContainerNodePoolConfig,
  ContainerNodePoolNodeConfig,
} from "@cdktf/provider-google/lib/container-node-pool";
import { takesCompactPlacement } from "../../facts/machines";
import {
  type CheckTable,
  decided,
  flag,
  isKnown,
  listOf,
  nested,
  number,
  oneOf,
  type Problem,
  required,
  wholeNumber,
} from "../../validation";
import { anyText } from "../checks";
import { seconds } from "../tokens";

/** Which reserved machines a pool takes. */
export interface ReservationUse {
  /** None, any that fits, or those of {@link names} only. */
  readonly use: "NO_RESERVATION" | "ANY_RESERVATION" | "SPECIFIC_RESERVATION";

  /**
   * Reservations, by name or as `projects/<project>/reservations/<name>` where another project shares them. Only with
   * `SPECIFIC_RESERVATION`.
   *
   * @default - none
   */
  readonly names?: readonly string[];
}

/** Nodes close to each other, for workloads that talk much. */
export interface CompactPlacement {
  /**
   * An existing resource policy.
   *
   * @default - one that GKE makes
   */
  readonly policyName?: string;

  /**
   * Shape of a slice of TPUs: `2x2x2`.
   *
   * @default - none
   */
  readonly tpuTopology?: string;
}

/** Machines that nobody else's run on. */
export interface SoleTenancy {
  /** Labels of the sole-tenant nodes that the pool's nodes must or must not be on. */
  readonly affinity: readonly {
    /** `compute.googleapis.com/node-group-name`, or a label of one's own. */
    readonly key: string;
    readonly operator: "IN" | "NOT_IN";
    readonly values: readonly string[];
  }[];

  /**
   * Fewest vCPUs of a node, where they are overcommitted.
   *
   * @default - not overcommitted
   */
  readonly minNodeCpus?: number;
}

/** Where the machines of a pool come from. Each of these gives the pool another name: it cannot be changed in place. */
export interface ProcurementOptions {
  /**
   * Reservations.
   *
   * @default - as Compute Engine does it, any that fits; none with queued provisioning and flex start
   */
  readonly reservation?: ReservationUse;

  /**
   * Compact placement.
   *
   * @default - wherever there is room
   */
  readonly placement?: CompactPlacement;

  /**
   * Sole-tenant nodes.
   *
   * @default - machines that others' run on, too
   */
  readonly soleTenancy?: SoleTenancy;

  /**
   * All nodes of a request at once, when there are so many, as ProvisioningRequest objects ask for them.
   *
   * @default false
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest
   */
  readonly queuedProvisioning?: boolean;

  /**
   * Machines with accelerators for at most seven days, when there are some. GKE repairs none of them.
   *
   * @default false
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dws
   */
  readonly flexStart?: boolean;

  /**
   * Hours after which each node goes, at most 168.
   *
   * @default - 168 with flex start, else never
   */
  readonly maxRunHours?: number;
}

/** The checks of these options, each by itself. */
export const PROCUREMENT: CheckTable<ProcurementOptions> = {
  reservation: decided(
    nested<ReservationUse>({
      use: required(
        decided(oneOf(["NO_RESERVATION", "ANY_RESERVATION", "SPECIFIC_RESERVATION"])),
        "say which reservations may be used",
      ),
      names: listOf(anyText, { least: 1 }),
    }),
  ),
  placement: decided(nested<CompactPlacement>({ policyName: anyText, tpuTopology: anyText })),
  soleTenancy: decided(
    nested<SoleTenancy>({
      affinity: required(
        decided(
          listOf(
            nested<SoleTenancy["affinity"][number]>({
              key: required(anyText, "give compute.googleapis.com/node-group-name, or a label of your own"),
              operator: required(oneOf(["IN", "NOT_IN"]), "give IN or NOT_IN"),
              values: required(decided(listOf(anyText, { least: 1 })), "give the values"),
            }),
            { least: 1 },
          ),
        ),
        "say which sole-tenant nodes",
      ),
      minNodeCpus: wholeNumber({ from: 1 }),
    }),
  ),
  queuedProvisioning: decided(flag()),
  flexStart: decided(flag()),
  maxRunHours: number({ above: 0, to: 168 }),
};

const RESERVATION_NAME = "compute.googleapis.com/reservation-name";
const MOST_HOURS = 168;
const MINUTES_AN_HOUR = 60;

/** Whether machines come when there are some, and not when the autoscaler wants them. */
export function comesLater({ queuedProvisioning, flexStart }: ProcurementOptions): boolean {
  return queuedProvisioning === true || flexStart === true;
}

/** Options to the nodes' attributes. */
export function procurementNodeConfig(
  options: ProcurementOptions,
): Pick<ContainerNodePoolNodeConfig, "reservationAffinity" | "soleTenantConfig" | "flexStart" | "maxRunDuration"> {
  const { soleTenancy } = options;
  const reservation = options.reservation ?? (comesLater(options) ? { use: "NO_RESERVATION" as const } : undefined);
  const hours = options.maxRunHours ?? (options.flexStart === true ? MOST_HOURS : undefined);
  return {
    reservationAffinity: reservation && {
      consumeReservationType: reservation.use,
      ...("names" in reservation && reservation.names !== undefined
        ? { key: RESERVATION_NAME, values: [...reservation.names] }
        : {}),
    },
    soleTenantConfig: soleTenancy && {
      nodeAffinity: soleTenancy.affinity.map(({ key, operator, values }) => ({ key, operator, values: [...values] })),
      minNodeCpus: soleTenancy.minNodeCpus,
    },
    flexStart: options.flexStart,
    maxRunDuration: hours === undefined ? undefined : seconds(hours, MINUTES_AN_HOUR),
  };
}

/** Options to the pool's attributes. */
export function procurementPoolConfig({
  placement,
  queuedProvisioning,
}: ProcurementOptions): Pick<ContainerNodePoolConfig, "placementPolicy" | "queuedProvisioning"> {
  return {
    placementPolicy: placement && { type: "COMPACT", ...placement },
    queuedProvisioning: queuedProvisioning === undefined ? undefined : { enabled: queuedProvisioning },
  };
}

/** What is wrong with them beside the rest of the pool. */
export function procurementProblems(
  options: ProcurementOptions & {
    readonly spot?: boolean;
    readonly nodeCountPerZone?: number;
    readonly minNodes?: number;
    readonly minNodesPerZone?: number;
  },
  machineType: string,
): Problem[] {
  const { reservation, placement } = options;
  const problems: Problem[] = [];
  if (reservation !== undefined && isKnown(reservation.use)) {
    const specific = reservation.use === "SPECIFIC_RESERVATION";
    if (specific && reservation.names === undefined)
      problems.push({
        property: "reservation.names",
        rule: "is missing: specific reservations have names",
        remedy: "name them, or use ANY_RESERVATION",
      });
    if (!specific && reservation.names !== undefined)
      problems.push({
        property: "reservation.names",
        value: reservation.names,
        rule: `has no effect with ${reservation.use}`,
        remedy: "leave it out, or use SPECIFIC_RESERVATION",
      });
  }
  if (
    placement !== undefined &&
    placement.tpuTopology === undefined &&
    isKnown(machineType) &&
    takesCompactPlacement(machineType) === false
  )
    problems.push({
      property: "placement",
      rule: `is not to be had for machineType (${machineType})`,
      remedy: "leave it out, or choose a machine of series c2, c3, c4, n2 or n2d",
    });
  return [...problems, ...laterProblems(options)];
}

function laterProblems(options: Parameters<typeof procurementProblems>[0]): Problem[] {
  const property = options.flexStart === true ? "flexStart" : "queuedProvisioning";
  if (!comesLater(options)) return [];
  const problem = (rule: string, remedy: string): Problem => ({ property, value: true, rule, remedy });
  return [
    ...(options.spot === true ? [problem("cannot be combined with 'spot'", "leave out one of the two")] : []),
    ...(options.nodeCountPerZone !== undefined
      ? [problem("needs autoscaling, and 'nodeCountPerZone' switches it off", "give maxNodes in its place")]
      : []),
    ...((isKnown(options.minNodes) && options.minNodes > 0) ||
    (isKnown(options.minNodesPerZone) && options.minNodesPerZone > 0)
      ? [problem("needs a pool that can be empty", "set the fewest nodes to 0")]
      : []),
    ...(options.reservation !== undefined &&
    isKnown(options.reservation.use) &&
    options.reservation.use !== "NO_RESERVATION"
      ? [problem("takes no reserved machines", "leave reservation out")]
      : []),
  ];
}
