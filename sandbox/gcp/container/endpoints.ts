import type { Cloud } from "../cloud";
import { at, type JsonObject, objectOf, stringOf, withDefaults } from "../json";
import { partsOf } from "./names";
import type { ClusterRecord } from "./records";

/** What is shown for a cluster that nobody gave a control plane: an address at which nothing answers. */
export const NO_CONTROL_PLANE = {
  endpoint: "127.0.0.1",
  clusterCaCertificate: Buffer.from(
    "-----BEGIN CERTIFICATE-----\nbm8gY29udHJvbCBwbGFuZSBpbiB0aGlzIHNhbmRib3g=\n-----END CERTIFICATE-----\n",
  ).toString("base64"),
} as const;

/** `gke-HASH-PROJECTNUMBER.LOCATION.gke.goog` */
export function dnsEndpoint(cloud: Cloud, name: string, record: ClusterRecord): string {
  const { project, location } = partsOf(name);
  const id = stringOf(record.api["id"]) ?? "";
  return `gke-${id.slice(0, 32)}-${cloud.projects.number(project)}.${location}.gke.goog`;
}

/**
 * The settings of the endpoints from a request, completed. The older fields (privateClusterConfig,
 * masterAuthorizedNetworksConfig) still say the same as the newer (controlPlaneEndpointsConfig), which win.
 */
export function completeEndpoints(given: JsonObject): JsonObject {
  const old = objectOf(given["privateClusterConfig"]);
  const config = objectOf(given["controlPlaneEndpointsConfig"]);
  const ip = objectOf(config["ipEndpointsConfig"]);
  const dns = withDefaults(objectOf(config["dnsEndpointConfig"]), {
    allowExternalTraffic: false,
    enableK8sTokensViaDns: false,
  });
  if (ip["enabled"] === false) return { dnsEndpointConfig: dns, ipEndpointsConfig: { enabled: false } };
  return {
    dnsEndpointConfig: dns,
    ipEndpointsConfig: {
      ...withDefaults(ip, {
        enabled: true,
        enablePublicEndpoint: old["enablePrivateEndpoint"] !== true,
        globalAccess: at(old, "masterGlobalAccessConfig.enabled") === true,
        privateEndpointSubnetwork: stringOf(old["privateEndpointSubnetwork"]) ?? "",
      }),
      authorizedNetworksConfig: completeAuthorizedNetworks(
        objectOf(ip["authorizedNetworksConfig"] ?? given["masterAuthorizedNetworksConfig"]),
      ),
    },
  };
}

/** Google's own public addresses are let in unless the request says otherwise. */
export function completeAuthorizedNetworks(given: JsonObject): JsonObject {
  return withDefaults(given, given["enabled"] === true ? {} : { gcpPublicCidrsAccessEnabled: true });
}

/** The endpoint fields as `GET` shows them: those stored with the addresses that the control plane has. */
export function showEndpoints(cloud: Cloud, name: string, record: ClusterRecord): JsonObject {
  const stored = objectOf(record.api["controlPlaneEndpointsConfig"]);
  const ip = objectOf(stored["ipEndpointsConfig"]);
  const dnsName = dnsEndpoint(cloud, name, record);
  const dns = { ...objectOf(stored["dnsEndpointConfig"]), endpoint: dnsName };
  const privateNodes = at(record.api, "networkConfig.defaultEnablePrivateNodes") === true;
  const block = at(record.api, "privateClusterConfig.masterIpv4CidrBlock");
  const authorized = objectOf(ip["authorizedNetworksConfig"]);
  const always: JsonObject = {
    ...(privateNodes ? { enablePrivateNodes: true } : {}),
    ...(block ? { masterIpv4CidrBlock: block } : {}),
  };
  if (ip["enabled"] === false) {
    return {
      endpoint: record.access ? dnsName : undefined,
      controlPlaneEndpointsConfig: { dnsEndpointConfig: dns, ipEndpointsConfig: { enabled: false } },
      privateClusterConfig: always,
      masterAuthorizedNetworksConfig: {},
    };
  }
  const isPublic = ip["enablePublicEndpoint"] === true;
  const publicEndpoint = record.access?.endpoint;
  const privateEndpoint = record.access?.privateEndpoint ?? publicEndpoint;
  return {
    endpoint: isPublic ? publicEndpoint : privateEndpoint,
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: dns,
      ipEndpointsConfig: { ...ip, privateEndpoint, ...(isPublic ? { publicEndpoint } : {}) },
    },
    privateClusterConfig: {
      ...always,
      ...(isPublic ? {} : { enablePrivateEndpoint: true }),
      ...(ip["globalAccess"] === true ? { masterGlobalAccessConfig: { enabled: true } } : {}),
      ...(ip["privateEndpointSubnetwork"] ? { privateEndpointSubnetwork: ip["privateEndpointSubnetwork"] } : {}),
      privateEndpoint,
      publicEndpoint,
    },
    masterAuthorizedNetworksConfig: authorized,
  };
}
