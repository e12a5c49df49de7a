import { badRequest } from "../../http/errors";
import { at, type JsonObject, numberOf, objectOf, objectsOf, stringOf } from "../../json";
import { checkAutoprovisionedNodes } from "./request";

/** Nodes that a pool can have in one zone. */
const MAX_NODES_A_ZONE = 1_000;
const MAX_NODES = 15_000;
/** Nodes that are replaced at the same time. */
const MAX_SURGE = 20;
/** Longest soak of a blue-green upgrade, in seconds. */
const MAX_SOAK = 7 * 86_400;
const FEWEST_PODS = 8;
const MOST_PODS = 256;

/** @throws ApiError 400 where a pool cannot have so many nodes in a zone */
export function checkNodeCount(field: string, count: number | undefined): void {
  if (count === undefined) return;
  if (count < 0) throw badRequest(`${field} must be greater than or equal to zero.`);
  if (count > MAX_NODES_A_ZONE) {
    throw badRequest(
      `${field} ${count} is too large; a node pool can have at most ${MAX_NODES_A_ZONE} nodes per zone.`,
    );
  }
}

/**
 * Limits of the autoscaler: a zone's or the whole pool's, never both.
 *
 * @see https://github.com/terraform-google-modules/terraform-google-kubernetes-engine/pull/1554
 * @throws ApiError 400
 */
export function checkAutoscaling(autoscaling: JsonObject): void {
  const limit = (name: string): number => numberOf(autoscaling[name]) ?? 0;
  for (const name of ["minNodeCount", "maxNodeCount", "totalMinNodeCount", "totalMaxNodeCount"]) {
    if (limit(name) < 0)
      throw badRequest(`Node_pool_autoscaling.${snake(name)} must be greater than or equal to zero.`);
  }
  if (autoscaling["enabled"] !== true) return;
  if (limit("maxNodeCount") === 0 && limit("totalMaxNodeCount") === 0) {
    throw badRequest(
      "Node_pool_autoscaling.max_node_count and node_pool_autoscaling.total_max_node_count cannot be both set to zero.",
    );
  }
  if (
    (limit("maxNodeCount") > 0 || limit("minNodeCount") > 0) &&
    (limit("totalMaxNodeCount") > 0 || limit("totalMinNodeCount") > 0)
  ) {
    throw badRequest(
      "Node_pool_autoscaling.max_node_count and node_pool_autoscaling.total_max_node_count cannot be both set.",
    );
  }
  for (const [least, most, highest] of [
    ["minNodeCount", "maxNodeCount", MAX_NODES_A_ZONE],
    ["totalMinNodeCount", "totalMaxNodeCount", MAX_NODES],
  ] as const) {
    if (limit(least) > limit(most)) {
      throw badRequest(
        `Node_pool_autoscaling.${snake(least)} must be less than or equal to node_pool_autoscaling.${snake(most)}.`,
      );
    }
    if (limit(most) > highest) {
      throw badRequest(`Node_pool_autoscaling.${snake(most)} must be less than or equal to ${highest}.`);
    }
  }
}

/**
 * How nodes are replaced, of a pool or of pools that are provisioned automatically.
 *
 * @see https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_node_pool#nested_upgrade_settings
 * @throws ApiError 400
 */
export function checkUpgradeSettings(given: JsonObject): void {
  const [surge, unavailable] = [numberOf(given["maxSurge"]), numberOf(given["maxUnavailable"])];
  const strategy = stringOf(given["strategy"]) ?? "SURGE";
  if (strategy !== "SURGE" && ((surge ?? 0) > 0 || (unavailable ?? 0) > 0)) {
    throw badRequest(
      "Surge upgrade settings max_surge/max_unavailable can only be used when strategy is set to SURGE.",
    );
  }
  if (strategy !== "BLUE_GREEN" && given["blueGreenSettings"]) {
    throw badRequest("Blue-green upgrade settings can only be used when strategy is set to BLUE_GREEN.");
  }
  const said = surge !== undefined || unavailable !== undefined;
  const both = [surge ?? 0, unavailable ?? 0];
  if (strategy === "SURGE" && said && (both.some((n) => n < 0) || both.every((n) => n === 0))) {
    throw badRequest(
      "max_surge and max_unavailable must not be negative and at least one of them must be greater than zero.",
    );
  }
  if (both[0]! + both[1]! > MAX_SURGE) {
    throw badRequest(`The sum of max_surge and max_unavailable must be less than or equal to ${MAX_SURGE}.`);
  }
  const blueGreen = objectOf(given["blueGreenSettings"]);
  const policy = objectOf(blueGreen["standardRolloutPolicy"]);
  const [count, share] = [numberOf(policy["batchNodeCount"]) ?? 0, numberOf(policy["batchPercentage"]) ?? 0];
  if (count > 0 && share > 0) throw badRequest("Only one of batch_node_count and batch_percentage can be set.");
  if (count < 0 || share < 0 || share > 1)
    throw badRequest("batch_percentage must be between 0.0 and 1.0, and batch_node_count not negative.");
  for (const soak of [blueGreen["nodePoolSoakDuration"], policy["batchSoakDuration"]]) {
    const seconds = Number((stringOf(soak) ?? "0s").slice(0, -1));
    if (seconds < 0 || seconds > MAX_SOAK)
      throw badRequest(`Soak duration ${soak} must be between 0 and ${MAX_SOAK} seconds.`);
  }
}

/**
 * Node auto-provisioning needs to know how much it may create.
 *
 * @see https://github.com/hashicorp/terraform-provider-google/issues/24232
 * @throws ApiError 400
 */
export function checkAutoprovisioning(autoscaling: JsonObject): void {
  const limits = objectsOf(autoscaling["resourceLimits"]);
  const types = limits.map((limit) => stringOf(limit["resourceType"]) ?? "");
  const twice = types.find((type, i) => types.indexOf(type) < i);
  if (twice !== undefined) throw badRequest(`Resource limits for "${twice}" are specified more than once.`);
  const unknown = types.find((type) => type !== "cpu" && type !== "memory" && !/^(nvidia|tpu|ct)[-\w]*$/.test(type));
  if (unknown !== undefined) throw badRequest(`Resource type "${unknown}" is not supported in resource limits.`);
  for (const limit of limits) {
    const [least, most] = [numberOf(limit["minimum"]) ?? 0, numberOf(limit["maximum"]) ?? 0];
    if (least < 0 || most < least) {
      throw badRequest(
        `Invalid resource limit for ${limit["resourceType"]}: minimum ${least} is greater than maximum ${most}.`,
      );
    }
  }
  if (autoscaling["enableNodeAutoprovisioning"] === true) {
    const missing = ["cpu", "memory"].filter((type) => !limits.some((limit) => limit["resourceType"] === type));
    if (missing.length > 0) {
      throw badRequest(
        `Resource limits for ${missing.join(", ")} must be specified when enabling node autoprovisioning.`,
      );
    }
  } else if (limits.length > 0) {
    throw badRequest("Resource limits can only be specified when node autoprovisioning is enabled.");
  }
  checkAutoprovisionedNodes(objectOf(autoscaling["autoprovisioningNodePoolDefaults"]));
  checkUpgradeSettings(objectOf(at(autoscaling, "autoprovisioningNodePoolDefaults.upgradeSettings")));
}

/** @throws ApiError 400 */
export function checkMaxPods(count: number | undefined): void {
  if (count === undefined || (count >= FEWEST_PODS && count <= MOST_PODS)) return;
  throw badRequest(`Max pods per node ${count} is invalid; it must be between ${FEWEST_PODS} and ${MOST_PODS}.`);
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
