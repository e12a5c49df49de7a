import { parseCidr } from "../../../../lib/validation/cidr";
import { badRequest } from "../../http/errors";
import { at, type JsonObject, numberOf, objectOf, objectsOf, stringOf, stringsOf } from "../../json";
import { regionOf, zonesOf } from "../../locations";
import { IMAGE_TYPES } from "../../machines/parts";
import { seriesOf } from "../../machines/types";
import { checkAccount, checkBandwidth, checkTopology } from "./node-extras";

/** Lengths of ranges that GKE cuts out itself: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#defaults_limits */
const PODS_PREFIX = [8, 28] as const;
const SERVICES_PREFIX = [12, 28] as const;

/** What GKE itself tells nodes: NodeConfig.metadata in the API's reference. */
const RESERVED_METADATA = new Set([
  ...["cluster-location", "cluster-name", "cluster-uid", "configure-sh", "containerd-configure-sh", "enable-os-login"],
  ...["gci-ensure-gke-docker", "gci-metrics-enabled", "gci-update-strategy", "instance-template", "kube-env"],
  ...["startup-script", "user-data", "disable-address-manager", "windows-startup-script-ps1", "common-psm1"],
  ...["k8s-node-setup-psm1", "install-ssh-psm1", "user-profile-psm1"],
]);

/** Series whose machines cannot be put close together: https://cloud.google.com/compute/docs/instances/placement-policies-overview */
const NOT_COMPACT = new Set(["e2", "f1", "g1", "t2a", "t2d"]);

/** Size of a boot disk, in GB. */
const DISK_GB = [10, 65_536] as const;

/** How Compute Engine calls generations of processors: https://cloud.google.com/compute/docs/instances/specify-min-cpu-platform */
export const CPU_PLATFORM = /^(Intel|AMD|Ampere|Google) [A-Z]/;

/** What a request for a cluster says of its parts twice, or of zones. @throws ApiError 400 */
export function checkParts(given: JsonObject, location: string): void {
  const pools = objectsOf(given["nodePools"]);
  if (pools.length > 0 && ((numberOf(given["initialNodeCount"]) ?? 0) > 0 || given["nodeConfig"])) {
    throw badRequest(
      "Only one of cluster.node_pools and cluster.initial_node_count or cluster.node_config can be set.",
    );
  }
  const policy = objectOf(given["ipAllocationPolicy"]);
  if (policy["useRoutes"] === true && at(given, "privateClusterConfig.enablePrivateNodes") === true) {
    throw badRequest("Private nodes require a VPC-native cluster: ip_allocation_policy.use_ip_aliases must be true.");
  }
  const ranges = ["clusterSecondaryRangeName", "servicesSecondaryRangeName"].some((field) => stringOf(policy[field]));
  if (ranges && (policy["useRoutes"] === true || policy["useIpAliases"] === false)) {
    throw badRequest("Secondary ranges can only be named when ip_allocation_policy.use_ip_aliases is true.");
  }
  const names = pools.map((pool) => stringOf(pool["name"]) ?? "");
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw badRequest(`Node pool names must be unique, found duplicate: "${twice}".`);
  if (stringOf(at(given, "masterAuth.username"))) {
    throw badRequest(
      "Basic authentication was removed for GKE cluster versions >= 1.19. The cluster cannot be created with basic authentication enabled.",
    );
  }
  const zones = zonesOf(regionOf(location)!);
  for (const field of ["locations", "autoscaling.autoprovisioningLocations"]) {
    const asked = stringsOf(at(given, field));
    const again = asked.find((zone, i) => asked.indexOf(zone) < i);
    if (again !== undefined) throw badRequest(`Location "${again}" is specified more than once.`);
    const outside = asked.find((zone) => !zones.includes(zone));
    if (outside !== undefined) throw badRequest(`Location "${outside}" is not a zone of the region of "${location}".`);
  }
  checkRanges(at(given, "ipAllocationPolicy") as JsonObject | undefined);
}

function checkRanges(policy: JsonObject = {}): void {
  const [pods, services] = ["clusterSecondaryRangeName", "servicesSecondaryRangeName"].map(
    (field) => stringOf(policy[field]) ?? "",
  );
  if (pods !== "" && pods === services) {
    throw badRequest(`Secondary range "${pods}" cannot be used for both Pods and Services.`);
  }
  for (const [field, [shortest, longest]] of [
    ["clusterIpv4CidrBlock", PODS_PREFIX],
    ["servicesIpv4CidrBlock", SERVICES_PREFIX],
  ] as const) {
    const block = stringOf(policy[field]) ?? "";
    if (block === "") continue;
    const cidr = parseCidr(block);
    const prefix = typeof cidr === "string" ? Number(/^\/(\d{1,2})$/.exec(block)?.[1]) : cidr.prefix;
    if (Number.isNaN(prefix))
      throw badRequest(
        `Invalid value for field "ip_allocation_policy.${snake(field)}": "${block}" is not a valid CIDR block.`,
      );
    if (prefix < shortest || prefix > longest) {
      throw badRequest(
        `Invalid value for field "ip_allocation_policy.${snake(field)}": the range "${block}" must be between /${shortest} and /${longest}.`,
      );
    }
    if ((field === "clusterIpv4CidrBlock" ? pods : services) !== "") {
      throw badRequest(`Only one of ${snake(field)} and the name of a secondary range can be specified.`);
    }
  }
}

/** What nodes are told, may do, and stand beside. @throws ApiError 400 */
export function checkSurroundings(config: JsonObject, pool: JsonObject): void {
  checkScopes(config);
  const metadata = (config["metadata"] ?? {}) as JsonObject;
  const reserved = Object.keys(metadata).find((key) => RESERVED_METADATA.has(key));
  if (reserved !== undefined) throw badRequest(`Metadata key "${reserved}" is reserved for use by GKE.`);
  const wrong = Object.keys(metadata).find((key) => !/^[a-zA-Z0-9_-]{1,127}$/.test(key));
  if (wrong !== undefined)
    throw badRequest(`Invalid metadata key "${wrong}". Must be a match of regex '[a-zA-Z0-9-_]{1,127}'.`);
  const machine = stringOf(config["machineType"]) ?? "";
  checkBandwidth(objectOf(pool["networkConfig"]), machine);
  checkTopology(pool, machine);
  const series = seriesOf(machine);
  if (at(pool, "placementPolicy.type") === "COMPACT" && NOT_COMPACT.has(series)) {
    throw badRequest(`Compact placement is not supported for machine type "${machine}".`);
  }
}

function checkScopes(config: JsonObject): void {
  const scope = stringsOf(config["oauthScopes"]).find((each) => !/^https:\/\/[^\s]+$/.test(each));
  if (scope !== undefined) throw badRequest(`Scope "${scope}" is not a valid OAuth scope.`);
}

/** What pools that are provisioned automatically begin with. @throws ApiError 400 */
export function checkAutoprovisionedNodes(defaults: JsonObject): void {
  const image = (stringOf(defaults["imageType"]) ?? "").toUpperCase();
  if (image !== "" && !IMAGE_TYPES.has(image)) throw badRequest(`Invalid image type "${defaults["imageType"]}".`);
  const disk = stringOf(defaults["diskType"]) ?? "";
  if (disk !== "" && !/^(pd-(standard|balanced|ssd)|hyperdisk-balanced)$/.test(disk)) {
    throw badRequest(`Invalid disk type "${disk}" for node auto-provisioning.`);
  }
  const size = numberOf(defaults["diskSizeGb"]) ?? 0;
  if (size !== 0 && (size < DISK_GB[0] || size > DISK_GB[1])) {
    throw badRequest(
      `Invalid value for field "autoprovisioning_node_pool_defaults.disk_size_gb": ${size}. Disk size must be between ${DISK_GB[0]} and ${DISK_GB[1]} GB.`,
    );
  }
  checkAccount(stringOf(defaults["serviceAccount"]));
  checkScopes(defaults);
  const platform = stringOf(defaults["minCpuPlatform"]) ?? "";
  if (platform !== "" && platform !== "automatic" && !CPU_PLATFORM.test(platform)) {
    throw badRequest(`CPU platform "${platform}" does not exist.`);
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
