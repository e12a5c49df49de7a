import { type CiliumValues, canWaitForPods, type EffectiveRelease, effectiveValue } from "../cilium";
import {
  NODE_LOCAL_DNS,
  type PolicyEnforcement,
  type PolicyFeatures,
  type PolicyKind,
  type PolicyRefusal,
} from "../policy";
import { isKnown } from "../validation";
import type { DataplaneFacts } from "./facts";

/** Where the pod itself sends packets for the metadata server; Cilium judges them before the node translates them. */
export const METADATA_ADDRESS = { address: "169.254.169.254", port: 80 } as const;
/** Where GKE's metadata server listens on the node; Calico judges packets after the node translated them. */
const METADATA_LISTENER = { address: "169.254.169.252", port: 988 } as const;
/** Where pods are sent with Cloud DNS. */
const CLOUD_DNS = "169.254.169.254";

const ONLY_DATAPLANE_V2: PolicyRefusal = {
  rule: "is GKE's own and has no definition in a cluster without Dataplane V2",
  remedy: "use Dataplane.v2(), or write a CiliumNetworkPolicy",
};

/** Who enforces what where Cilium is the only CNI. */
export function ciliumAloneEnforcement(release: EffectiveRelease, facts: DataplaneFacts): PolicyEnforcement {
  const { read, refused } = ciliumKinds(release);
  const kubernetes = effectiveValue(release, "k8sNetworkPolicy.enabled") !== false;
  return {
    by: {
      ...Object.fromEntries(read.map((kind) => [kind, ["Cilium"]])),
      ...(kubernetes && { NetworkPolicy: ["Cilium"] }),
    },
    refused: {
      ...refused,
      NetworkPolicy: {
        rule: "is read by nobody: the dataplane's value k8sNetworkPolicy.enabled is false",
        remedy: "leave that value out, or write a CiliumNetworkPolicy",
      },
    },
    ...ownCilium(release, ciliumFeatures(release)),
    metadataServer: [METADATA_ADDRESS],
    // Cilium translates the Service's address before the cache's rules are reached, so only pods that name it ask it.
    dnsAddresses: dnsAddresses(facts, { byDefault: false }),
  };
}

/** Who enforces what where Cilium is chained behind Calico: both, where both read a kind. */
export function chainedEnforcement(release: EffectiveRelease, facts: DataplaneFacts): PolicyEnforcement {
  const { read, refused } = ciliumKinds(release);
  const withoutProxyReplacement: PolicyRefusal = {
    rule: "needs Cilium in kube-proxy's place, which it is not where it is chained",
    remedy: "use Dataplane.kubeProxyFree()",
  };
  const impossible = ["CiliumEgressGatewayPolicy", "CiliumLocalRedirectPolicy", "CiliumL2AnnouncementPolicy"] as const;
  const both = effectiveValue(release, "k8sNetworkPolicy.enabled") !== false;
  const chained: PolicyRefusal = {
    rule: "is at layer 7, which does not work where Cilium is chained (cilium/cilium#12454)",
    remedy: "keep the ports and leave the rules out, or use Dataplane.kubeProxyFree()",
  };
  return {
    by: {
      ...Object.fromEntries(
        read.filter((kind) => !impossible.some((each) => each === kind)).map((kind) => [kind, ["Cilium"]]),
      ),
      NetworkPolicy: both ? ["Calico", "Cilium"] : ["Calico"],
    },
    refused: { ...refused, ...Object.fromEntries(impossible.map((kind) => [kind, withoutProxyReplacement])) },
    ...ownCilium(release, {
      ...ciliumFeatures(release),
      http: chained,
      dns: { ...chained, remedy: "use Dataplane.kubeProxyFree(), or Dataplane.v2() with FQDNNetworkPolicy" },
      hostPolicies: {
        rule: "is a policy for nodes, which does not work where Cilium is chained (cilium/cilium#12759)",
        remedy: "use a firewall rule of the VPC, or Dataplane.kubeProxyFree()",
      },
    }),
    layer7: false,
    metadataServer: [METADATA_ADDRESS, METADATA_LISTENER],
    dnsAddresses: dnsAddresses(facts, { byDefault: true }),
  };
}

function ownCilium(release: EffectiveRelease, features: PolicyFeatures) {
  const { major, minor } = release.version;
  return {
    features,
    layer7: features.http === true,
    // The definitions that the release's operator registers.
    ciliumVersion: { major, minor },
    definitionsAreWaitedFor: canWaitForPods(release.version, release.values as CiliumValues),
    loggingAnnotation: NO_LOGGING,
    closedNamespaces: [],
  } as const;
}

function authenticates(release: EffectiveRelease): boolean {
  return ["authentication.enabled", "authentication.mutual.spire.enabled"].every(
    (path) => effectiveValue(release, path) !== false,
  );
}

/** Which kinds an own Cilium reads with these values, and why it does not read the others. */
function ciliumKinds(release: EffectiveRelease): {
  readonly read: readonly PolicyKind[];
  readonly refused: PolicyEnforcement["refused"];
} {
  const on = (path: string) => effectiveValue(release, path) === true || !isKnown(effectiveValue(release, path));
  const switches: readonly (readonly [PolicyKind, boolean, string])[] = [
    ["CiliumEgressGatewayPolicy", on("egressGateway.enabled"), "egressGateway.enabled"],
    [
      "CiliumLocalRedirectPolicy",
      on("localRedirectPolicies.enabled") || on("localRedirectPolicy"),
      "localRedirectPolicies.enabled",
    ],
    ["CiliumL2AnnouncementPolicy", on("l2announcements.enabled"), "l2announcements.enabled"],
    ["CiliumLoadBalancerIPPool", effectiveValue(release, "enableLBIPAM") !== false, "enableLBIPAM"],
  ];
  const refused: Partial<Record<PolicyKind, PolicyRefusal>> = {
    FQDNNetworkPolicy: { ...ONLY_DATAPLANE_V2, remedy: "use Dataplane.v2(), or a CiliumNetworkPolicy with toFQDNs" },
    NetworkLogging: { ...ONLY_DATAPLANE_V2, remedy: "use Dataplane.v2(), or watch drops with Hubble" },
  };
  for (const [kind, isOn, path] of switches)
    if (!isOn)
      refused[kind] = {
        rule: `is read by nobody: the dataplane's value ${path} is not true`,
        remedy: `set dataplane.values.${path} to true, or leave the policy out`,
      };
  return {
    read: [
      "CiliumNetworkPolicy",
      "CiliumClusterwideNetworkPolicy",
      "CiliumCIDRGroup",
      ...switches.flatMap(([kind, isOn]) => (isOn ? [kind] : [])),
    ],
    refused,
  };
}

/** What an own Cilium does with what a policy can say, before what its mode takes away. */
function ciliumFeatures(release: EffectiveRelease): PolicyFeatures {
  const proxy = effectiveValue(release, "l7Proxy") !== false;
  const withoutProxy: PolicyRefusal = {
    rule: "needs Cilium's proxy, which the dataplane's value l7Proxy switches off",
    remedy: "leave l7Proxy out, or the rule",
  };
  const matches = effectiveValue(release, "policyCIDRMatchMode");
  return {
    http: proxy || withoutProxy,
    dns: proxy || withoutProxy,
    hostPolicies: effectiveValue(release, "hostFirewall.enabled") !== false || {
      rule: "is a policy for nodes, which nobody enforces: the dataplane's value hostFirewall.enabled is not true",
      remedy: "set dataplane.values.hostFirewall.enabled to true, or select pods with endpointSelector",
    },
    nodeSelectors: effectiveValue(release, "nodeSelectorLabels") !== false || {
      rule: "needs the labels of nodes, which the dataplane's value nodeSelectorLabels leaves out: Cilium refuses the policy",
      remedy: "set dataplane.values.nodeSelectorLabels to true, or use the entities host and remote-node",
    },
    authentication: authenticates(release) || {
      rule: "asks for mutual authentication, which the dataplane's values authentication.enabled and authentication.mutual.spire.enabled do not both switch on: Cilium refuses the policy, or lets nobody through",
      remedy: "set both in dataplane.values, or leave authentication out",
    },
    rangesMatchNodes: !isKnown(matches) || String(matches).includes("nodes"),
  };
}

/**
 * Addresses besides kube-dns's pods that pods of a cluster ask for names.
 *
 * @param cache Whether NodeLocal DNSCache runs where the definition says nothing, and its address is asked.
 */
export function dnsAddresses({ cluster }: DataplaneFacts, cache: { readonly byDefault: boolean }): readonly string[] {
  const autopilot = cluster?.autopilot === true;
  const cached = cluster?.nodeLocalDns ?? (autopilot || cache.byDefault);
  const cloudDns = autopilot || cluster?.dns?.provider === "CLOUD_DNS";
  return [...(cached === false ? [] : [NODE_LOCAL_DNS]), ...(cloudDns ? [CLOUD_DNS] : [])];
}

/** What a GKE cluster without Dataplane V2 makes of its annotation on a NetworkPolicy. */
const NO_LOGGING: PolicyRefusal = {
  rule: "asks for GKE's log of network policies, which only Dataplane V2 writes",
  remedy: "leave it out, and watch drops with Hubble",
};
