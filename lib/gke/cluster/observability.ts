import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { type CheckTable, flag, isKnown, listOf, oneOf, type Problem, text } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";
import { flowObservability } from "./datapath";
import type { EffectiveCluster } from "./effective";

/** What a cluster writes to Cloud Logging. */
export type LoggingComponent = "SYSTEM_COMPONENTS" | "WORKLOADS" | "APISERVER" | "CONTROLLER_MANAGER" | "SCHEDULER";

/** What a cluster writes to Cloud Monitoring. */
export type MonitoringComponent =
  | "SYSTEM_COMPONENTS"
  | "APISERVER"
  | "SCHEDULER"
  | "CONTROLLER_MANAGER"
  | "STORAGE"
  | "HPA"
  | "POD"
  | "DAEMONSET"
  | "DEPLOYMENT"
  | "STATEFULSET"
  | "KUBELET"
  | "CADVISOR"
  | "DCGM"
  | "JOBSET";

/** Kinds of upgrade messages. */
export type NotificationEvent =
  | "UPGRADE_AVAILABLE_EVENT"
  | "UPGRADE_EVENT"
  | "SECURITY_BULLETIN_EVENT"
  | "UPGRADE_INFO_EVENT";

/** What the cluster tells about itself. */
export interface ObservabilityOptions {
  /**
   * What goes to Cloud Logging, billed by volume: `WORKLOADS` are the logs of all your pods, without which nothing is
   * left of one that is gone. An empty list for nothing.
   *
   * @default ["SYSTEM_COMPONENTS", "WORKLOADS"], as GKE itself has it
   */
  readonly logging?: readonly LoggingComponent[];

  /**
   * What goes to Cloud Monitoring. All but `SYSTEM_COMPONENTS` is billed by sample. An empty list for nothing.
   *
   * @default ["SYSTEM_COMPONENTS"]
   */
  readonly monitoring?: readonly MonitoringComponent[];

  /**
   * Google Cloud Managed Service for Prometheus: collectors in the cluster that read `PodMonitoring` objects. Billed by
   * sample, so nothing without such objects.
   *
   * @default true
   */
  readonly managedPrometheus?: boolean;

  /**
   * Costs by namespace and label in billing exports.
   *
   * @default true
   */
  readonly costAllocation?: boolean;

  /**
   * Flow logs of traffic between pods of one node. GKE does it by sending that traffic through the VPC, which is not
   * meant for a CNI of your own; there Hubble sees it.
   *
   * @default - what the dataplane is made for: true with Dataplane V2, else false
   */
  readonly intranodeVisibility?: boolean;

  /**
   * Pub/Sub topic for upgrades and security bulletins, as `projects/<project>/topics/<topic>`.
   *
   * @default - no messages
   */
  readonly notificationTopic?: string;

  /**
   * Which messages.
   *
   * @default - all
   */
  readonly notificationEvents?: readonly NotificationEvent[];
}

const LOGGING = ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"];
const MONITORING = [
  "SYSTEM_COMPONENTS",
  "APISERVER",
  "SCHEDULER",
  "CONTROLLER_MANAGER",
  "STORAGE",
  "HPA",
  "POD",
  "DAEMONSET",
  "DEPLOYMENT",
  "STATEFULSET",
  "KUBELET",
  "CADVISOR",
  "DCGM",
  "JOBSET",
];
const EVENTS = ["UPGRADE_AVAILABLE_EVENT", "UPGRADE_EVENT", "SECURITY_BULLETIN_EVENT", "UPGRADE_INFO_EVENT"];

/** The checks of these options, each by itself. */
export const OBSERVABILITY: CheckTable<ObservabilityOptions> = {
  logging: listOf(oneOf(LOGGING)),
  monitoring: listOf(oneOf(MONITORING)),
  managedPrometheus: flag(),
  costAllocation: flag(),
  intranodeVisibility: flag(),
  notificationTopic: text({
    matches: /^projects\/[^/]+\/topics\/[^/]+$/,
    rule: "is not the full name of a Pub/Sub topic",
    remedy: "give projects/<project>/topics/<topic>",
  }),
  notificationEvents: listOf(oneOf(EVENTS)),
};

/** Options to the cluster's attributes. */
export function observabilityConfig(
  options: EffectiveCluster,
  datapath: ClusterDatapath,
): Partial<ContainerClusterConfig> {
  return {
    loggingConfig: { enableComponents: [...options.logging] },
    monitoringConfig: {
      enableComponents: [...options.monitoring],
      managedPrometheus: { enabled: options.managedPrometheus },
      advancedDatapathObservabilityConfig: flowObservability(datapath),
    },
    costManagementConfig: { enabled: options.costAllocation },
    // Autopilot has it always on, and the provider refuses the attribute beside enable_autopilot.
    enableIntranodeVisibility: options.autopilot ? undefined : options.intranodeVisibility,
    notificationConfig:
      options.notificationTopic === undefined
        ? { pubsub: { enabled: false } }
        : {
            pubsub: {
              enabled: true,
              topic: options.notificationTopic,
              filter:
                options.notificationEvents === undefined ? undefined : { eventType: [...options.notificationEvents] },
            },
          },
  };
}

/** What is wrong with them. */
export function observabilityProblems(options: ObservabilityOptions): Problem[] {
  const problems: Problem[] = [];
  const { logging, monitoring, notificationTopic, notificationEvents } = options;
  for (const [property, components] of [
    ["logging", logging],
    ["monitoring", monitoring],
  ] as const) {
    if (!isKnown(components)) continue;
    // One that Terraform decides, or that is wrong by itself, may be the one that is missed.
    if (components.length > 0 && components.every(isKnown) && !components.includes("SYSTEM_COMPONENTS" as never)) {
      problems.push({
        property,
        value: components,
        rule: "lacks SYSTEM_COMPONENTS, which GKE requires beside any other",
        remedy: "add it, or give an empty list",
      });
    }
  }
  if (notificationEvents !== undefined && notificationTopic === undefined) {
    problems.push({
      property: "notificationEvents",
      value: notificationEvents,
      rule: "has no effect without 'notificationTopic'",
      remedy: "give the topic or leave it out",
    });
  }
  if (isKnown(notificationEvents) && notificationEvents.length === 0) {
    problems.push({
      property: "notificationEvents",
      value: notificationEvents,
      rule: "selects no message",
      remedy: "leave it out for all messages",
    });
  }
  return problems;
}
