import { isKnown, type Problem } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";
import { isZone, regionOf } from "../location";
import type { GkeClusterOptions } from "./options";

/** What Autopilot decides itself: not to be given at all. */
const DECIDED_BY_AUTOPILOT = [
  "autoProvisioning",
  "autoscalingProfile",
  "confidentialNodes",
  "csiDrivers",
  "initialNodeCount",
  "maxPodsPerNode",
] as const;

/** What Autopilot always has on. */
const ALWAYS_ON = [
  "httpLoadBalancing",
  "intranodeVisibility",
  "managedPrometheus",
  "nodeLocalDns",
  "verticalPodAutoscaling",
] as const;

/** What is wrong with a cluster for Autopilot. https://cloud.google.com/kubernetes-engine/docs/resources/autopilot-standard-feature-comparison */
export function autopilotProblems(
  options: GkeClusterOptions & { readonly location?: string },
  datapath: ClusterDatapath,
): Problem[] {
  if (options.autopilot !== true) return [];
  const problems: Problem[] = [];
  for (const property of DECIDED_BY_AUTOPILOT) {
    const value = options[property];
    if (value === undefined) continue;
    problems.push({
      property,
      value,
      rule: "is decided by Autopilot",
      remedy: "leave it out or set autopilot to false",
    });
  }
  for (const property of ALWAYS_ON) {
    if (options[property] !== false) continue;
    problems.push({
      property,
      value: false,
      rule: "cannot be switched off with Autopilot",
      remedy: "leave it out or set autopilot to false",
    });
  }
  if (options.releaseChannel === "UNSPECIFIED") {
    problems.push({
      property: "releaseChannel",
      value: "UNSPECIFIED",
      rule: "is not possible with Autopilot, which is always in a channel",
      remedy: "choose RAPID, REGULAR or STABLE",
    });
  }
  if (isKnown(options.location) && isZone(options.location)) {
    problems.push({
      property: "location",
      value: options.location,
      rule: "is a zone, and Autopilot clusters are regional",
      remedy: `use ${regionOf(options.location)}`,
    });
  }
  if (!datapath.managed) {
    problems.push({
      property: "autopilot",
      value: true,
      rule: "always runs Dataplane V2: a CNI of your own needs the nodes, which Google keeps to itself",
      remedy: "choose Dataplane V2 or set autopilot to false",
    });
  }
  if (datapath.provider === "ADVANCED_DATAPATH" && datapath.inTransitEncryption === true) {
    problems.push({
      property: "autopilot",
      value: true,
      rule: "cannot encrypt traffic between nodes",
      remedy: "switch encryption off or set autopilot to false",
    });
  }
  return problems;
}
