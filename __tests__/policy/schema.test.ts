import { describePolicies, type PolicyObject } from "../../lib/policy";
import { fieldText } from "../../lib/policy/check/fault";
import { judgeObject } from "../../lib/policy/check/object";
import { describeProblem } from "../../lib/validation";

const V1_20 = { major: 1, minor: 20 };

function faultsOf(object: object, version = V1_20): string[] {
  return judgeObject(object as Record<string, unknown>, version).faults.map(
    ({ path, rule, remedy }) => `${fieldText(path)} ${rule}; ${remedy}`,
  );
}

const cilium = (spec: unknown, kind = "CiliumNetworkPolicy") => ({
  apiVersion: "cilium.io/v2",
  kind,
  metadata: { name: "x" },
  spec,
});
const kubernetes = (spec: unknown) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "x" },
  spec,
});
/** A rule whose only fault, if any, is in its one block. */
const ingress = (block: unknown) => cilium({ endpointSelector: {}, ingress: [block] });
const egress = (block: unknown) => cilium({ endpointSelector: {}, egress: [block] });
const ports = (...given: unknown[]) => ({ toPorts: [{ ports: given }] });

test.each<[string, object]>([
  ["nothing but a selector and an empty rule", ingress({})],
  [
    "labels with the source they come from",
    ingress({ fromEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "a" } }] }),
  ],
  [
    "HTTP rules",
    ingress({
      toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], rules: { http: [{ method: "GET", path: "/v1/.*" }] } }],
    }),
  ],
  [
    "names and DNS rules",
    egress({ toFQDNs: [{ matchPattern: "*.example.com" }], toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }] }),
  ],
  ["a CIDR set with a part left out", egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }] })],
  ["IPv6", egress({ toCIDRSet: [{ cidr: "2001:db8::/32", except: ["2001:db8:1::/48"] }] })],
  ["deny rules", cilium({ endpointSelector: {}, egressDeny: [{ toEntities: ["world"] }] })],
  [
    "several rules",
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name: "x" },
      specs: [{ endpointSelector: {}, ingress: [{}] }],
    },
  ],
  [
    "a policy for nodes",
    cilium({ nodeSelector: {}, ingress: [{ fromEntities: ["cluster"] }] }, "CiliumClusterwideNetworkPolicy"),
  ],
  [
    "ICMP by number and by name",
    egress({ icmps: [{ fields: [{ type: 8 }, { type: "EchoRequest", family: "IPv6" }] }] }),
  ],
  ["a range of ports", egress(ports({ port: "1000", endPort: 2000, protocol: "TCP" }))],
  [
    "a NetworkPolicy",
    kubernetes({
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }],
          ports: [{ port: 80 }, { port: "http", protocol: "TCP" }],
        },
      ],
    }),
  ],
  [
    "GKE's policy by names",
    {
      apiVersion: "networking.gke.io/v1alpha1",
      kind: "FQDNNetworkPolicy",
      metadata: { name: "x" },
      spec: {
        podSelector: {},
        egress: [
          {
            matches: [{ pattern: "*.example.com" }, { name: "a.example.com" }],
            ports: [{ protocol: "TCP", port: 443 }],
          },
        ],
      },
    },
  ],
  [
    "GKE's logging",
    {
      apiVersion: "networking.gke.io/v1alpha1",
      kind: "NetworkLogging",
      metadata: { name: "default" },
      spec: { cluster: { allow: { log: true, delegate: true } } },
    },
  ],
  [
    "an egress gateway",
    {
      ...cilium(
        { selectors: [{ podSelector: {} }], destinationCIDRs: ["0.0.0.0/0"], egressGateway: { nodeSelector: {} } },
        "CiliumEgressGatewayPolicy",
      ),
    },
  ],
  [
    "a local redirection",
    cilium(
      {
        redirectFrontend: { serviceMatcher: { serviceName: "kube-dns", namespace: "kube-system" } },
        redirectBackend: {
          localEndpointSelector: { matchLabels: { a: "b" } },
          toPorts: [{ port: "53", protocol: "UDP" }],
        },
      },
      "CiliumLocalRedirectPolicy",
    ),
  ],
  [
    "a pool of addresses",
    cilium(
      { blocks: [{ cidr: "10.16.200.0/24" }, { start: "10.16.201.1", stop: "10.16.201.9" }] },
      "CiliumLoadBalancerIPPool",
    ),
  ],
  [
    "L2 announcements",
    {
      apiVersion: "cilium.io/v2alpha1",
      kind: "CiliumL2AnnouncementPolicy",
      metadata: { name: "x" },
      spec: { interfaces: ["^eth[0-9]+"], loadBalancerIPs: true },
    },
  ],
  ["a group of ranges", cilium({ externalCIDRs: ["10.0.0.0/8"] }, "CiliumCIDRGroup")],
])("takes %s", (_, object) => {
  expect(faultsOf(object)).toEqual([]);
});

test.each<[string, object, string]>([
  [
    "a misspelt field",
    cilium({ endpointSelector: {}, ingres: [], ingress: [{}] }),
    "spec.ingres is no field here, and the API server would drop it without a word; did you mean ingress?",
  ],
  [
    "a misspelt field deep inside",
    ingress({ toPorts: [{ ports: [{ port: "80" }], rules: { htp: [] } }] }),
    "spec.ingress[0].toPorts[0].rules.htp is no field here",
  ],
  [
    "a number where text belongs",
    ingress(ports({ port: 80 })),
    'spec.ingress[0].toPorts[0].ports[0].port is a number where text belongs; write "80" in quotes',
  ],
  ["lower case", ingress(ports({ port: "80", protocol: "tcp" })), "did you mean TCP?"],
  ["an address for a range", egress({ toCIDR: ["10.0.0.1"] }), "write 10.0.0.1/32"],
  ["a port above the last", egress(ports({ port: "99999" })), "spec.egress[0].toPorts[0].ports[0].port is above 65535"],
  [
    "two selectors of whom it is about",
    cilium({ endpointSelector: {}, nodeSelector: {}, ingress: [{}] }, "CiliumClusterwideNetworkPolicy"),
    "spec has endpointSelector and nodeSelector at once",
  ],
  ["no selector", cilium({ ingress: [{}] }), "spec has none of endpointSelector, nodeSelector"],
  ["no rule at all", cilium({ endpointSelector: {} }), "spec has none of ingress, ingressDeny, egress, egressDeny"],
  ["only empty lists of rules", cilium({ endpointSelector: {}, ingress: [] }), "spec has no item in any of ingress"],
  [
    "two kinds of peers",
    ingress({ fromEntities: ["host"], fromEndpoints: [{}] }),
    "spec.ingress[0] combines fromEndpoints and fromEntities",
  ],
  [
    "nodes in a namespace",
    cilium({ nodeSelector: {}, ingress: [{}] }),
    "spec.nodeSelector selects nodes, which have no namespace",
  ],
  [
    "HTTP on UDP",
    ingress({ toPorts: [{ ports: [{ port: "80", protocol: "UDP" }], rules: { http: [{}] } }] }),
    "the agent takes HTTP rules for TCP only",
  ],
  [
    "HTTP on any protocol",
    ingress({ toPorts: [{ ports: [{ port: "80" }], rules: { http: [{}] } }] }),
    "the agent takes HTTP rules for TCP only",
  ],
  [
    "DNS on ingress",
    ingress({ toPorts: [{ ports: [{ port: "53" }], rules: { dns: [{ matchPattern: "*" }] } }] }),
    "spec.ingress[0].toPorts[0].rules.dns is about what comes in",
  ],
  [
    "DNS without a port",
    egress({ toPorts: [{ rules: { dns: [{ matchPattern: "*" }] } }] }),
    "DNS rules need their port",
  ],
  [
    "two protocols at layer 7",
    egress({
      toPorts: [{ ports: [{ port: "53", protocol: "TCP" }], rules: { dns: [{ matchPattern: "*" }], http: [{}] } }],
    }),
    "rules has http and dns at once",
  ],
  ["a scheme in a name", egress({ toFQDNs: [{ matchName: "https://example.com" }] }), "matchName is not a DNS name"],
  ["a wildcard in matchName", egress({ toFQDNs: [{ matchName: "*.example.com" }] }), "matchName is not a DNS name"],
  [
    "a name denied",
    cilium({ endpointSelector: {}, egressDeny: [{ toFQDNs: [{ matchName: "a.b" }] }] }),
    "spec.egressDeny[0].toFQDNs is no field here",
  ],
  [
    "an exception outside",
    egress({ toCIDRSet: [{ cidr: "10.0.0.0/16", except: ["10.1.0.0/24"] }] }),
    "except[0] does not lie in 10.0.0.0/16",
  ],
  [
    "an operator without values",
    ingress({ fromEndpoints: [{ matchExpressions: [{ key: "a", operator: "In" }] }] }),
    "values is empty where the operator is In",
  ],
  [
    "an operator with values",
    ingress({ fromEndpoints: [{ matchExpressions: [{ key: "a", operator: "Exists", values: ["b"] }] }] }),
    "values has values where the operator is Exists",
  ],
  ["a key that is none", ingress({ fromEndpoints: [{ matchLabels: { "a b": "c" } }] }), "is not the key of a label"],
  [
    "a field of a removed protocol",
    ingress({ toPorts: [{ ports: [{ port: "9092", protocol: "TCP" }], rules: { kafka: [] } }] }),
    "rules.kafka is for a protocol whose rules Cilium 1.20 has removed",
  ],
  ["nothing behind a colon", cilium({ endpointSelector: null, ingress: [{}] }), "spec.endpointSelector has no value"],
  ["no range and no group", egress({ toCIDRSet: [{}] }), "has none of cidr, cidrGroupRef, cidrGroupSelector"],
  [
    "a selector beside ipBlock",
    kubernetes({ podSelector: {}, ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }] }] }),
    "has ipBlock beside a selector",
  ],
  [
    "a peer that names nobody",
    kubernetes({ podSelector: {}, ingress: [{ from: [{}] }] }),
    "spec.ingress[0].from[0] names nobody",
  ],
  [
    "a number in quotes",
    kubernetes({ podSelector: {}, ingress: [{ ports: [{ port: "80" }] }] }),
    "write the number without quotes",
  ],
  [
    "a range of ports without a beginning",
    kubernetes({ podSelector: {}, ingress: [{ ports: [{ endPort: 80 }] }] }),
    "ends a range that has no beginning",
  ],
  ["a policy without podSelector", kubernetes({ ingress: [{}] }), "spec.podSelector is missing"],
  [
    "another kind's version",
    { ...kubernetes({ podSelector: {} }), apiVersion: "extensions/v1beta1" },
    "apiVersion was removed with Kubernetes 1.16; write networking.k8s.io/v1",
  ],
  [
    "a controller's version of GKE's kind",
    { apiVersion: "networking.gke.io/v1alpha3", kind: "FQDNNetworkPolicy", metadata: { name: "x" }, spec: {} },
    "apiVersion is that of a controller of one's own",
  ],
  ["a misspelt kind", { ...cilium({}), kind: "CiliumNetworkPolcy" }, "did you mean CiliumNetworkPolicy?"],
  [
    "a namespace for the whole cluster",
    {
      ...cilium({ endpointSelector: {}, ingress: [{}] }, "CiliumClusterwideNetworkPolicy"),
      metadata: { name: "x", namespace: "y" },
    },
    "metadata.namespace is given",
  ],
  [
    "an annotation that is no text",
    {
      ...kubernetes({ podSelector: {} }),
      metadata: { name: "x", annotations: { "policy.network.gke.io/enable-logging": true } },
    },
    "write the word in quotes",
  ],
  [
    "logging under another name",
    {
      apiVersion: "networking.gke.io/v1alpha1",
      kind: "NetworkLogging",
      metadata: { name: "mine" },
      spec: { cluster: {} },
    },
    "GKE reads no other",
  ],
  [
    "an egress gateway without one",
    cilium({ selectors: [{ podSelector: {} }], destinationCIDRs: ["0.0.0.0/0"] }, "CiliumEgressGatewayPolicy"),
    "spec.egressGateway is missing",
  ],
  [
    "an egress gateway's address that is none",
    cilium(
      {
        selectors: [{ podSelector: {} }],
        destinationCIDRs: ["0.0.0.0/0"],
        egressGateway: { nodeSelector: {}, egressIP: "mine" },
      },
      "CiliumEgressGatewayPolicy",
    ),
    "egressIP is not an address",
  ],
  [
    "a pool's block twice",
    cilium({ blocks: [{ cidr: "10.0.0.0/24", start: "10.0.0.1" }] }, "CiliumLoadBalancerIPPool"),
    "has both cidr and start",
  ],
])("refuses %s", (_, object, expected) => {
  const faults = faultsOf(object);
  expect(faults.join("\n")).toContain(expected);
  expect(faults).toHaveLength(1);
});

test.each([
  ["a value with a blank", { matchLabels: { a: "b c" } }, "matchLabels.a is not a label's value"],
  [
    "a value that is too long",
    { matchExpressions: [{ key: "a", operator: "In", values: ["b".repeat(64)] }] },
    "values[0] is not a label's value",
  ],
])("refuses %s in a selector of any kind", (_, podSelector, expected) => {
  expect(faultsOf(kubernetes({ podSelector })).join("\n")).toContain(expected);
});

test.each([
  ["path", "*.html"],
  ["path", "/v1/(?=x)"],
  ["method", "GET)"],
  ["host", "(a)\\1"],
])("refuses %s: %j of a request, which is no regular expression", (field, value) => {
  const rules = { http: [{ [field]: value }] };
  const faults = faultsOf(ingress({ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], rules }] }));
  expect(faults).toEqual([expect.stringContaining(`rules.http[0].${field} is not a regular expression`)]);
});

test("refuses a port that is not there, unless the protocol has none", () => {
  expect(faultsOf(ingress(ports({ protocol: "TCP" })))).toEqual([expect.stringContaining("port is missing")]);
  expect(faultsOf(ingress(ports({ port: "0", protocol: "GRE" })))).toEqual([]);
});

test.each([
  [
    "a misspelt field",
    { name: "x", lables: {} },
    "metadata.lables is no field here, and the API server would drop it without a word; did you mean labels?",
  ],
  ["a label's value", { name: "x", labels: { a: "b c" } }, "metadata.labels.a is not a label's value"],
  [
    "an annotation's key",
    { name: "x", annotations: { "a b": "c" } },
    'metadata.annotations["a b"] is not the key of a label',
  ],
])("refuses %s in metadata", (_, metadata, expected) => {
  const faults = faultsOf({ ...kubernetes({ podSelector: {} }), metadata });
  expect(faults).toEqual([expect.stringContaining(expected)]);
});

test("an object that was exported from a cluster is taken, and nothing of what the API server wrote goes back", () => {
  const metadata = {
    name: "x",
    creationTimestamp: null,
    resourceVersion: "1",
    uid: "a",
    generation: 2,
    managedFields: [],
  };
  const object = { ...kubernetes({ podSelector: {} }), metadata, status: {} };
  expect(faultsOf(object)).toEqual([]);
  expect(describePolicies({ objects: [object as unknown as PolicyObject] }).manifests).toEqual([
    { ...kubernetes({ podSelector: {} }), metadata: { name: "x", namespace: "default" } },
  ]);
});

test("whatever somebody gives in place of an object is told, and nothing throws", () => {
  const circle: Record<string, unknown> = {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name: "x" },
  };
  circle["spec"] = { endpointSelector: {}, ingress: [{}], more: circle };
  const strange = [Symbol("a"), () => 1, Number.NaN, 10n, new Date(0), /a/, new Map(), [], [[]], null, "", circle];
  for (const value of strange)
    for (const object of [
      value,
      { ...circle, spec: value },
      { ...circle, metadata: value },
      { ...circle, metadata: { name: value } },
      { ...circle, spec: { endpointSelector: value, ingress: value, egress: [value] } },
      {
        ...circle,
        spec: { endpointSelector: {}, ingress: [{ fromEndpoints: [value], toPorts: [{ ports: [value] }] }] },
      },
      { ...circle, kind: value, apiVersion: value },
    ]) {
      const { problems } = describePolicies({ objects: [object as unknown as PolicyObject] });
      expect(() => problems.map((problem) => describeProblem("x", problem))).not.toThrow();
    }
  expect(faultsOf(circle)).toEqual([expect.stringContaining("spec.more is no field here")]);
});

test("refuses a range of ports that ends above the last", () => {
  const faults = faultsOf(kubernetes({ podSelector: {}, ingress: [{ ports: [{ port: 1, endPort: 65536 }] }] }));
  expect(faults).toEqual([expect.stringContaining("spec.ingress[0].ports[0].endPort is above 65535")]);
});

test("what a minor has removed is taken by those before it", () => {
  const policy = ingress({
    toPorts: [{ ports: [{ port: "9092", protocol: "TCP" }], rules: { kafka: [{ topic: "a" }] } }],
  });
  expect(faultsOf(policy, { major: 1, minor: 19 })).toEqual([]);
  expect(faultsOf(policy)).toHaveLength(1);
});

test("Cilium's words in Kubernetes' kind are told one by one", () => {
  expect(faultsOf(kubernetes({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }))).toEqual([
    expect.stringContaining("spec.endpointSelector is no field here"),
    expect.stringContaining("spec.ingress[0].fromEndpoints is no field here"),
    expect.stringContaining("spec.podSelector is missing"),
  ]);
});

test("a name that no definition takes is refused, however long it would take to try every way to read it", () => {
  const name = `${"a".repeat(200)}!`;
  expect(faultsOf(egress({ toFQDNs: [{ matchName: name }] }))).toHaveLength(1);
  expect(faultsOf(egress({ toFQDNs: [{ matchPattern: name }] }))).toHaveLength(1);
  expect(faultsOf(egress({ toPorts: [{ ports: [{ port: "443" }], serverNames: [name] }] }))).toHaveLength(1);
});
