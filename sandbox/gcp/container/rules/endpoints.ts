import { contains, overlaps, parseCidr } from "../../../../lib/validation/cidr";
import { badRequest } from "../../http/errors";
import { at, type JsonObject, objectOf, objectsOf, stringOf } from "../../json";

const MAX_AUTHORIZED_NETWORKS = 100;
const CONTROL_PLANE_PREFIX = 28;

/** Ranges that are not of the internet. Source: https://cloud.google.com/vpc/docs/subnets#valid-ranges */
const RESERVED = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "192.0.0.0/24",
  "198.18.0.0/15",
  "240.0.0.0/4",
];

/** How the control plane is reached. @throws ApiError 400 where its settings do not fit together */
export function checkEndpoints(given: JsonObject): void {
  const old = objectOf(given["privateClusterConfig"]);
  const ip = objectOf(at(given, "controlPlaneEndpointsConfig.ipEndpointsConfig"));
  const block = stringOf(old["masterIpv4CidrBlock"]) ?? "";
  const subnetwork = stringOf(ip["privateEndpointSubnetwork"]) || stringOf(old["privateEndpointSubnetwork"]) || "";
  if (block !== "" && subnetwork !== "") {
    throw badRequest("When masterIpv4Cidr is set, privateEndpointSubnetwork must be unset.");
  }
  const privateNodes =
    old["enablePrivateNodes"] === true || at(given, "networkConfig.defaultEnablePrivateNodes") === true;
  if (block !== "" && !privateNodes) {
    throw badRequest("Cannot specify master_ipv4_cidr_block without enable_private_nodes.");
  }
  const isPrivate = old["enablePrivateEndpoint"] === true || ip["enablePublicEndpoint"] === false;
  const authorized = objectOf(ip["authorizedNetworksConfig"] ?? given["masterAuthorizedNetworksConfig"]);
  checkAuthorizedNetworks(authorized, isPrivate);
}

/**
 * Who may reach the control plane.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks
 * @throws ApiError 400
 */
export function checkAuthorizedNetworks(authorized: JsonObject, isPrivate: boolean): void {
  const networks = objectsOf(authorized["cidrBlocks"]).map((block) => stringOf(block["cidrBlock"]) ?? "");
  if (networks.length > 0 && authorized["enabled"] !== true) {
    throw badRequest(
      "Invalid master authorized networks: cidr blocks cannot be specified when authorized networks are disabled.",
    );
  }
  if (networks.length > MAX_AUTHORIZED_NETWORKS) {
    throw badRequest(`Invalid master authorized networks: at most ${MAX_AUTHORIZED_NETWORKS} networks are allowed.`);
  }
  for (const [index, network] of networks.entries()) {
    const cidr = parseCidr(network);
    if (typeof cidr === "string") {
      throw badRequest(`Invalid master authorized networks: network "${network}" is not a valid CIDR block.`);
    }
    if (networks.indexOf(network) < index) {
      throw badRequest(`Invalid master authorized networks: network "${network}" is specified more than once.`);
    }
    const reserved = RESERVED.some((range) => contains(cidrOf(range), cidr));
    if (isPrivate && !reserved) {
      throw badRequest(
        `Invalid master authorized networks: network "${network}" is not a reserved network, which is required for private endpoints.`,
      );
    }
  }
}

/** The range of the control plane, which is beside those of the subnetwork. @throws ApiError 400 */
export function checkControlPlaneRange(block: string, taken: readonly string[]): void {
  if (block === "") return;
  const cidr = parseCidr(block);
  if (typeof cidr === "string" || cidr.prefix !== CONTROL_PLANE_PREFIX) {
    throw badRequest(`Invalid master_ipv4_cidr_block "${block}": the master CIDR block must be a valid /28.`);
  }
  if (!RESERVED.some((range) => contains(cidrOf(range), cidr))) {
    throw badRequest(
      `Invalid master_ipv4_cidr_block "${block}": the master CIDR block must be in a private range (RFC 1918).`,
    );
  }
  const other = taken.find((range) => overlaps(cidrOf(range), cidr));
  if (other !== undefined) {
    throw badRequest(`Requested CIDR ${block} for containers is not available in network: it conflicts with ${other}.`);
  }
}

function cidrOf(range: string): Exclude<ReturnType<typeof parseCidr>, string> {
  const cidr = parseCidr(range);
  if (typeof cidr === "string") throw new Error(`${range} ${cidr}`);
  return cidr;
}
