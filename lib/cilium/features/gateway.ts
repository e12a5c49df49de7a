import type { HelmValues } from "../../helm";
import { type CheckTable, decided, flag, isKnown, nested, oneOf, type Problem } from "../../validation";
import type { CiliumVersion } from "../version";

/**
 * Gateways and their routes by Cilium, in place of GKE's own controller (`cluster.gatewayApi`).
 *
 * @see https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/
 */
export interface GatewayApiOptions {
  /**
   * Install the definitions of the Gateway API, before Cilium: version 1.6.1, which Cilium 1.20 is built with.
   *
   * @default true
   */
  readonly definitions?: boolean;

  /**
   * Whether a Gateway's load balancer sends to every node, or to those that have Envoy for it, by which clients keep their
   * addresses.
   *
   * @default "Cluster"
   */
  readonly externalTrafficPolicy?: "Cluster" | "Local";
}

/**
 * Ingresses by Cilium, of the class `cilium`.
 *
 * @see https://docs.cilium.io/en/stable/network/servicemesh/ingress/
 */
export interface IngressOptions {
  /**
   * Also Ingresses without a class. GKE takes those, too, unless its own controller is off.
   *
   * @default false
   */
  readonly default?: boolean;

  /**
   * A load balancer for each Ingress, or one for all.
   *
   * @default "dedicated"
   */
  readonly loadBalancerMode?: "dedicated" | "shared";
}

const GATEWAY: CheckTable<GatewayApiOptions> = {
  definitions: decided(flag()),
  externalTrafficPolicy: oneOf(["Cluster", "Local"]),
};
const INGRESS: CheckTable<IngressOptions> = { default: flag(), loadBalancerMode: oneOf(["dedicated", "shared"]) };

/** What the options must look like. */
export const GATEWAY_API = nested(GATEWAY);
/** What the options must look like. */
export const INGRESS_CONTROLLER = nested(INGRESS);

/** Values for Gateways and Ingresses. */
export function gatewayValues(gateway: GatewayApiOptions | undefined, ingress: IngressOptions | undefined): HelmValues {
  return {
    ...(gateway === undefined
      ? {}
      : {
          gatewayAPI: {
            enabled: true,
            externalTrafficPolicy: gateway.externalTrafficPolicy,
            // With definitions that come before, the class need not wait until Helm has discovered them.
            ...(bringsGatewayDefinitions(gateway) ? { gatewayClass: { create: "true" } } : {}),
          },
        }),
    ...(ingress === undefined
      ? {}
      : {
          ingressController: {
            enabled: true,
            default: ingress.default ?? false,
            loadbalancerMode: ingress.loadBalancerMode ?? "dedicated",
          },
        }),
  };
}

/** Whether this library installs the definitions. */
export function bringsGatewayDefinitions(gateway: GatewayApiOptions | undefined): boolean {
  return gateway !== undefined && gateway.definitions !== false;
}

/** What is wrong between the definitions and the version. */
export function gatewayProblems(gateway: GatewayApiOptions | undefined, version: CiliumVersion): Problem[] {
  if (!isKnown(gateway) || !bringsGatewayDefinitions(gateway)) return [];
  if (version.major === 1 && version.minor === 20) return [];
  return [
    {
      property: "gatewayApi.definitions",
      value: gateway.definitions ?? true,
      rule: `are those of the Gateway API 1.6.1, for Cilium 1.20; ${version} wants another version's`,
      remedy: "set it to false and install those that your version of Cilium names, before Cilium",
    },
  ];
}
