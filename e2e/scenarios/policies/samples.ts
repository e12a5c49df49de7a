import type { Fields } from "../../../lib/policy/check/fault";

const selector = {
  matchLabels: { app: "api" },
  matchExpressions: [{ key: "tier", operator: "In", values: ["a", "b"] }],
};
const rules = [
  {
    fromEndpoints: [selector],
    toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], rules: { http: [{ method: "GET", path: "/v1/.*" }] } }],
  },
  { fromCIDRSet: [{ cidr: "198.51.0.0/16", except: ["198.51.100.0/24"] }, { cidrGroupRef: "partners" }] },
  { fromEntities: ["cluster", "kube-apiserver"], icmps: [{ fields: [{ type: 8, family: "IPv4" }] }] },
  { fromNodes: [selector], authentication: { mode: "required" } },
];
const outgoing = [
  {
    toEndpoints: [selector],
    toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*.example.com" }] } }],
  },
  {
    toFQDNs: [{ matchName: "api.example.com" }, { matchPattern: "*.example.com" }],
    toPorts: [{ ports: [{ port: "443", endPort: 444, protocol: "TCP" }], serverNames: ["api.example.com"] }],
  },
  { toCIDR: ["203.0.113.0/24", "2001:db8::/32"] },
  { toServices: [{ k8sService: { serviceName: "a", namespace: "b" } }] },
];

function cilium(kind: string, spec: Fields, apiVersion = "cilium.io/v2"): Fields {
  return { apiVersion, kind, metadata: { name: "of-the-tests" }, spec };
}

/** A sound object of every kind that Kubernetes and Cilium define, with as many of its fields as fit into one. */
export const SAMPLES: readonly Fields[] = [
  cilium("CiliumNetworkPolicy", {
    description: "a",
    endpointSelector: selector,
    ingress: rules,
    egress: outgoing,
    enableDefaultDeny: { ingress: true, egress: false },
  }),
  cilium("CiliumNetworkPolicy", {
    endpointSelector: {},
    ingressDeny: [{ fromEntities: ["world"], toPorts: [{ ports: [{ port: "22", protocol: "TCP" }] }] }],
    egressDeny: [{ toCIDRSet: [{ cidr: "203.0.113.0/24" }] }],
  }),
  cilium("CiliumClusterwideNetworkPolicy", { nodeSelector: selector, ingress: [{ fromEntities: ["cluster"] }] }),
  cilium("CiliumClusterwideNetworkPolicy", {
    endpointSelector: selector,
    ingress: [{}],
    egress: [{ toEntities: ["all"] }],
  }),
  cilium("CiliumCIDRGroup", { externalCIDRs: ["198.51.100.0/24", "2001:db8::/32"] }),
  cilium("CiliumLocalRedirectPolicy", {
    redirectFrontend: {
      serviceMatcher: { serviceName: "a", namespace: "b", toPorts: [{ port: "53", protocol: "UDP", name: "dns" }] },
    },
    redirectBackend: { localEndpointSelector: selector, toPorts: [{ port: "53", protocol: "UDP", name: "dns" }] },
    skipRedirectFromBackend: true,
    description: "a",
  }),
  cilium("CiliumLocalRedirectPolicy", {
    redirectFrontend: { addressMatcher: { ip: "169.254.169.254", toPorts: [{ port: "8080", protocol: "TCP" }] } },
    redirectBackend: { localEndpointSelector: selector, toPorts: [{ port: "80", protocol: "TCP" }] },
  }),
  cilium("CiliumEgressGatewayPolicy", {
    selectors: [{ podSelector: selector, namespaceSelector: selector, nodeSelector: selector }],
    destinationCIDRs: ["0.0.0.0/0"],
    excludedCIDRs: ["10.0.0.0/8"],
    egressGateway: { nodeSelector: selector, egressIP: "10.16.0.5" },
    egressGateways: [{ nodeSelector: selector, interface: "eth0" }],
  }),
  cilium(
    "CiliumL2AnnouncementPolicy",
    {
      serviceSelector: selector,
      nodeSelector: selector,
      interfaces: ["^eth[0-9]+"],
      externalIPs: true,
      loadBalancerIPs: true,
    },
    "cilium.io/v2alpha1",
  ),
  cilium("CiliumLoadBalancerIPPool", {
    blocks: [{ cidr: "10.16.200.0/24" }, { start: "10.16.201.1", stop: "10.16.201.9" }],
    serviceSelector: selector,
    allowFirstLastIPs: "No",
    disabled: true,
  }),
  cilium(
    "NetworkPolicy",
    {
      podSelector: selector,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { podSelector: selector, namespaceSelector: selector },
            { ipBlock: { cidr: "198.51.0.0/16", except: ["198.51.100.0/24"] } },
          ],
          ports: [{ port: 80, endPort: 90, protocol: "TCP" }, { port: "http" }],
        },
      ],
      egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: "UDP" }] }],
    },
    "networking.k8s.io/v1",
  ),
];
