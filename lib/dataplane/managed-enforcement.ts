import type { PolicyEnforcement, PolicyKind, PolicyRefusal } from "../policy";
import { isKnown } from "../validation";
import type { DataplaneV2Options } from "./dataplane-v2";
import type { DataplaneFacts } from "./facts";
import { dnsAddresses, METADATA_ADDRESS } from "./policy-enforcement";

/** The oldest definitions that are known: which version of Cilium GKE runs is Google's affair. */
const DEFINITIONS = { major: 1, minor: 18 };

const NOT_OFFERED: PolicyRefusal = {
  rule: "is Cilium's own and not offered by Dataplane V2, so that nobody reads it",
  remedy: "use Dataplane.kubeProxyFree(), or leave it out",
};

const NO_LAYER_7: PolicyRefusal = {
  rule: "is at layer 7, and Dataplane V2 enforces layers 3 and 4 only",
  remedy: "use Dataplane.kubeProxyFree(), or leave the rules out and keep the ports",
};

/** Namespaces that Autopilot keeps to Google. */
const MANAGED_NAMESPACES = ["kube-system", "gke-", "gmp-"];

/**
 * Who enforces what with Dataplane V2.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy
 */
export function managedEnforcement(options: DataplaneV2Options, facts: DataplaneFacts): PolicyEnforcement {
  const by = ["Dataplane V2"] as const;
  const clusterwide = options.clusterwideNetworkPolicy;
  const fqdn = options.fqdnNetworkPolicy;
  const refused: Partial<Record<PolicyKind, PolicyRefusal>> = {
    CiliumNetworkPolicy: {
      rule: "has no effect with Dataplane V2, where Google offers the clusterwide kind of Cilium's policies only",
      remedy: "write a NetworkPolicy, or a CiliumClusterwideNetworkPolicy with dataplane.clusterwideNetworkPolicy",
    },
    CiliumCIDRGroup: NOT_OFFERED,
    CiliumLocalRedirectPolicy: NOT_OFFERED,
    CiliumEgressGatewayPolicy: NOT_OFFERED,
    CiliumL2AnnouncementPolicy: NOT_OFFERED,
    CiliumLoadBalancerIPPool: NOT_OFFERED,
    CiliumClusterwideNetworkPolicy: {
      rule: "has no definition in the cluster while dataplane.clusterwideNetworkPolicy is not true",
      remedy: "set dataplane.clusterwideNetworkPolicy to true, or write a NetworkPolicy for each namespace",
    },
    FQDNNetworkPolicy: {
      rule: "has no definition in the cluster while dataplane.fqdnNetworkPolicy is not true",
      remedy: "set dataplane.fqdnNetworkPolicy to true, which cannot be taken back without a new cluster",
    },
    NetworkLogging: {
      rule: "is there once in a cluster, and written by the dataplane",
      remedy: "set dataplane.policyLogging, and leave the object out",
    },
  };
  const allowed = options.policyLogging?.allow;
  return {
    by: {
      NetworkPolicy: by,
      ...(fqdn === true && { FQDNNetworkPolicy: by }),
      ...(clusterwide === true && { CiliumClusterwideNetworkPolicy: by }),
    },
    refused,
    layer7: false,
    features: {
      http: NO_LAYER_7,
      dns: {
        rule: "is answered by names, which Dataplane V2 does in GKE's own kind only",
        remedy: "write an FQDNNetworkPolicy, with dataplane.fqdnNetworkPolicy",
      },
      hostPolicies: {
        rule: "is a policy for nodes, which Dataplane V2 does not take",
        remedy: "use a firewall rule of the VPC, or select pods with endpointSelector",
      },
      nodeSelectors: {
        rule: "selects nodes by their labels, which Dataplane V2 does not take",
        remedy: "use the entities host and remote-node",
      },
      authentication: {
        rule: "asks for mutual authentication, which Dataplane V2 does not do",
        remedy: "leave it out, or use Cloud Service Mesh",
      },
      rangesMatchNodes: false,
    },
    ciliumVersion: DEFINITIONS,
    definitionsAreWaitedFor: true,
    loggingAnnotation:
      allowed === undefined || !isKnown(allowed) || (allowed.log === true && allowed.delegate !== false)
        ? logged(options)
        : annotationIgnored(allowed.log === true),
    closedNamespaces: facts.cluster?.autopilot === true ? MANAGED_NAMESPACES : [],
    metadataServer: [METADATA_ADDRESS],
    dnsAddresses: dnsAddresses(facts, { byDefault: true }),
  };
}

function logged({ policyLogging }: DataplaneV2Options): true | PolicyRefusal {
  return policyLogging?.allow === undefined ? annotationIgnored(false) : true;
}

function annotationIgnored(all: boolean): PolicyRefusal {
  return all
    ? {
        rule: "changes nothing: dataplane.policyLogging logs every allowed connection",
        remedy: "set allow.delegate there",
      }
    : {
        rule: "has no effect while the dataplane logs no allowed connections",
        remedy: "set dataplane.policyLogging to { allow: { log: true, delegate: true } }",
      };
}
