import type { PolicyEnforcement } from "../enforcement";
import { NODE_LOCAL_DNS } from "../enforcement";
import type { ClusterRanges } from "../rules/ranges";
import type { CiliumEgressRule, NetworkPolicyEgressRule, NetworkPolicyPeer, PolicyObject } from "../types";
import type { PolicyBaseline } from "./options";

const NAMESPACE_NAME = "kubernetes.io/metadata.name";
const SYSTEM = "kube-system";
/** Pods that answer DNS: kube-dns, and the cache where it has an address of its own among the pods. */
const DNS_PODS = ["kube-dns", "node-local-dns"];
const DNS_PORT = 53;
const HTTPS = 443;

/** What is known where nobody says who enforces: only what every dataplane does. */
type Known = Pick<PolicyEnforcement, "metadataServer" | "dnsAddresses"> & {
  /** How names are allowed: by Cilium's kind, by GKE's, or not at all. */
  readonly names: "CiliumNetworkPolicy" | "FQDNNetworkPolicy" | undefined;
  /** Whether Cilium reads its namespaced kind, which can deny. */
  readonly denies: boolean;
  readonly ranges: ClusterRanges;
};

const NOTHING_KNOWN: Omit<Known, "ranges"> = {
  names: undefined,
  denies: false,
  metadataServer: [
    { address: "169.254.169.254", port: 80 },
    { address: "169.254.169.252", port: 988 },
  ],
  dnsAddresses: [NODE_LOCAL_DNS],
};

/** What baselines need to know of a dataplane. */
export function knownOf(enforcement: PolicyEnforcement | undefined, ranges: ClusterRanges = {}): Known {
  if (enforcement === undefined) return { ...NOTHING_KNOWN, ranges };
  const { features, by, metadataServer, dnsAddresses } = enforcement;
  const ofCilium = features.dns === true && by.CiliumNetworkPolicy !== undefined;
  const ofGke = by.FQDNNetworkPolicy !== undefined ? "FQDNNetworkPolicy" : undefined;
  return {
    names: ofCilium ? "CiliumNetworkPolicy" : ofGke,
    metadataServer,
    dnsAddresses,
    ranges,
    denies: by.CiliumNetworkPolicy !== undefined,
  };
}

/** The policies of a baseline, namespace by namespace. */
export function baselineObjects(baseline: PolicyBaseline, known: Known): PolicyObject[] {
  return baseline.namespaces.flatMap((namespace) => {
    const { defaultDeny = true, isolation = false, metadataServer, internet = [] } = baseline;
    return [
      ...(defaultDeny ? [denyAll(namespace), ...dns(namespace, internet.length > 0, known)] : []),
      ...(isolation ? isolated(namespace, baseline.from ?? [], defaultDeny) : []),
      ...(metadataServer === undefined ? [] : metadata(namespace, metadataServer, defaultDeny, known)),
      ...(internet.length === 0 ? [] : names(namespace, baseline, known)),
    ];
  });
}

function networkPolicy(
  namespace: string,
  name: string,
  spec: Extract<PolicyObject, { readonly kind: "NetworkPolicy" }>["spec"],
): PolicyObject {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec };
}

function denyAll(namespace: string): PolicyObject {
  return networkPolicy(namespace, "baseline-default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
}

/**
 * DNS. Where names are allowed by Cilium, through its proxy, which learns the names' addresses from the answers; a rule
 * without that beside it would let queries pass unseen.
 */
function dns(namespace: string, withNames: boolean, known: Known): PolicyObject[] {
  const name = "baseline-dns";
  if (withNames && known.names === "CiliumNetworkPolicy") {
    const toPorts = [
      { ports: [{ port: String(DNS_PORT), protocol: "ANY" as const }], rules: { dns: [{ matchPattern: "*" }] } },
    ];
    const egress: CiliumEgressRule[] = [
      {
        toEndpoints: [
          {
            matchLabels: { "k8s:io.kubernetes.pod.namespace": SYSTEM },
            matchExpressions: [{ key: "k8s-app", operator: "In", values: DNS_PODS }],
          },
        ],
        toPorts,
      },
    ];
    if (known.dnsAddresses.length > 0)
      egress.push({ toCIDR: known.dnsAddresses.map((address) => `${address}/32`), toPorts });
    return [
      {
        apiVersion: "cilium.io/v2",
        kind: "CiliumNetworkPolicy",
        metadata: { name, namespace },
        spec: { endpointSelector: {}, egress },
      },
    ];
  }
  return [networkPolicy(namespace, name, { podSelector: {}, policyTypes: ["Egress"], egress: [dnsRule(known)] })];
}

function dnsRule({ dnsAddresses, ranges }: Known): NetworkPolicyEgressRule {
  const addresses = dnsAddresses.map((address) => `${address}/32`);
  // The cache listens on the address of the DNS Service, too, which is one of the range.
  if (dnsAddresses.includes(NODE_LOCAL_DNS) && ranges.services !== undefined) addresses.push(ranges.services);
  return {
    to: [
      {
        namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: SYSTEM } },
        podSelector: { matchExpressions: [{ key: "k8s-app", operator: "In", values: DNS_PODS }] },
      },
      ...addresses.map((cidr): NetworkPolicyPeer => ({ ipBlock: { cidr } })),
    ],
    ports: [
      { port: DNS_PORT, protocol: "UDP" },
      { port: DNS_PORT, protocol: "TCP" },
    ],
  };
}

function isolated(namespace: string, from: readonly string[], defaultDeny: boolean): PolicyObject[] {
  const own: NetworkPolicyPeer = { podSelector: {} };
  const others = from.map(
    (name): NetworkPolicyPeer => ({ namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } } }),
  );
  return [
    networkPolicy(namespace, "baseline-isolation", {
      podSelector: {},
      // What goes out is decided by default deny alone.
      policyTypes: defaultDeny ? ["Ingress", "Egress"] : ["Ingress"],
      ingress: [{ from: [own, ...others] }],
      ...(defaultDeny && { egress: [{ to: [own] }] }),
    }),
  ];
}

function metadata(
  namespace: string,
  label: Readonly<Record<string, string>>,
  defaultDeny: boolean,
  known: Known,
): PolicyObject[] {
  const rules = known.metadataServer.map(
    ({ address, port }): NetworkPolicyEgressRule => ({
      to: [{ ipBlock: { cidr: `${address}/32` } }],
      ports: [{ port, protocol: "TCP" }],
    }),
  );
  const allowed = networkPolicy(namespace, "baseline-metadata-server", {
    podSelector: { matchLabels: label },
    policyTypes: ["Egress"],
    egress: rules,
  });
  if (defaultDeny) return [allowed];
  if (known.denies) return [deniedMetadata(namespace, label, known)];
  const except = [...new Set(known.metadataServer.map(({ address }) => `${address}/32`))];
  return [
    networkPolicy(namespace, "baseline-no-metadata-server", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        { to: [{ namespaceSelector: {} }, { ipBlock: { cidr: "0.0.0.0/0", except } }] },
        // The metadata server's address answers DNS as well.
        dnsRule(known),
      ],
    }),
    allowed,
  ];
}

/** Denied to pods without the label, and nothing else decided. */
function deniedMetadata(namespace: string, label: Readonly<Record<string, string>>, known: Known): PolicyObject {
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name: "baseline-no-metadata-server", namespace },
    spec: {
      endpointSelector: {
        matchExpressions: Object.entries(label).map(([key, value]) => ({ key, operator: "NotIn", values: [value] })),
      },
      // By port: the same address answers DNS.
      egressDeny: known.metadataServer.map(({ address, port }) => ({
        toCIDR: [`${address}/32`],
        toPorts: [{ ports: [{ port: String(port), protocol: "TCP" as const }] }],
      })),
      enableDefaultDeny: { ingress: false, egress: false },
    },
  };
}

function names(namespace: string, baseline: PolicyBaseline, known: Known): PolicyObject[] {
  const { internet = [], internetPorts = [HTTPS] } = baseline;
  const metadata = { name: "baseline-internet", namespace };
  if (known.names === "CiliumNetworkPolicy")
    return [
      {
        apiVersion: "cilium.io/v2",
        kind: "CiliumNetworkPolicy",
        metadata,
        spec: {
          endpointSelector: {},
          egress: [
            {
              toFQDNs: internet.map((name) => (name.includes("*") ? { matchPattern: name } : { matchName: name })),
              toPorts: [{ ports: internetPorts.map((port) => ({ port: String(port), protocol: "TCP" as const })) }],
            },
          ],
        },
      },
    ];
  if (known.names === "FQDNNetworkPolicy")
    return [
      {
        apiVersion: "networking.gke.io/v1alpha1",
        kind: "FQDNNetworkPolicy",
        metadata,
        spec: {
          podSelector: {},
          egress: [
            {
              matches: internet.map((name) => (name.includes("*") ? { pattern: name } : { name })),
              ports: internetPorts.map((port) => ({ port, protocol: "TCP" as const })),
            },
          ],
        },
      },
    ];
  return [];
}
