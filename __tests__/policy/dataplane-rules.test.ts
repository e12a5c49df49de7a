import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CiliumVersion } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import { policyKinds } from "../../lib/facts/policy";
import { describePolicies, type PolicyKind, type PolicyObject } from "../../lib/policy";
import { definition } from "../support/definition";

const RANGES = { pods: ["10.20.0.0/14"], nodes: "10.16.0.0/20", services: "10.24.0.0/20" };

const DATAPLANES = {
  chaining: () => Dataplane.cniChaining(),
  alone: () => Dataplane.kubeProxyFree(),
  /** Calico and Cilium both read NetworkPolicy. */
  both: () => Dataplane.cniChaining({ values: { k8sNetworkPolicy: { enabled: true } } }),
  /** With what is refused on GKE, accepted. */
  pools: () => Dataplane.kubeProxyFree({ accept: ["load-balancer-ipam"], values: { enableLBIPAM: true } }),
  managed: () => Dataplane.v2(),
  managedAll: () => Dataplane.v2({ clusterwideNetworkPolicy: true, fqdnNetworkPolicy: true }),
  hosts: () => Dataplane.kubeProxyFree({ values: { hostFirewall: { enabled: true }, nodeSelectorLabels: true } }),
} as const;
type Name = keyof typeof DATAPLANES;

function found(name: Name, ...objects: object[]): { problems: string[]; warnings: string[] } {
  const { enforcement } = DATAPLANES[name]().describe(definition());
  const { problems, warnings } = describePolicies(
    { objects: objects as PolicyObject[] },
    { enforcement, ranges: RANGES },
    "",
  );
  const line = ({ property, rule, remedy }: { property: string; rule: string; remedy: string }) =>
    `${property} ${rule}; ${remedy}`;
  return { problems: problems.map(line), warnings: warnings.map(line) };
}

const cilium = (spec: object, kind = "CiliumNetworkPolicy", namespace: string | undefined = "shop", name = "x") => ({
  apiVersion: "cilium.io/v2",
  kind,
  metadata: { name, ...(kind === "CiliumNetworkPolicy" && { namespace }) },
  spec,
});
const clusterwide = (spec: object) => cilium(spec, "CiliumClusterwideNetworkPolicy");
const kubernetes = (spec: object, namespace = "shop", annotations?: object) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "x", namespace, annotations },
  spec,
});
const fqdn = {
  apiVersion: "networking.gke.io/v1alpha1",
  kind: "FQDNNetworkPolicy",
  metadata: { name: "x", namespace: "shop" },
  spec: { podSelector: { matchLabels: { a: "b" } }, egress: [{ matches: [{ name: "api.example.com" }] }] },
};
const gateway = cilium(
  {
    selectors: [{ podSelector: { matchLabels: { a: "b" } } }],
    destinationCIDRs: ["0.0.0.0/0"],
    egressGateway: { nodeSelector: { matchLabels: { role: "egress" } } },
  },
  "CiliumEgressGatewayPolicy",
);
const API = { matchLabels: { app: "api" } };
const http = { ports: [{ port: "80", protocol: "TCP" }], rules: { http: [{ method: "GET" }] } };
const dns = { ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } };
const KUBE_DNS = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns" } };
const allowDns = { toEndpoints: [KUBE_DNS], toPorts: [dns] };

describe("what the dataplane does not do is refused with the reason", () => {
  test.each<[string, Name, object, string]>([
    [
      "HTTP rules where Cilium is chained",
      "chaining",
      cilium({ endpointSelector: API, ingress: [{ toPorts: [http] }] }),
      "spec.ingress[0].toPorts[0].rules.http is at layer 7, which does not work where Cilium is chained (cilium/cilium#12454)",
    ],
    [
      "DNS rules where Cilium is chained",
      "chaining",
      cilium({ endpointSelector: API, egress: [allowDns] }),
      "rules.dns is at layer 7, which does not work where Cilium is chained",
    ],
    [
      "TLS names where Cilium is chained",
      "chaining",
      cilium({
        endpointSelector: API,
        egress: [{ toPorts: [{ ports: [{ port: "443", protocol: "TCP" }], serverNames: ["a.b"] }] }],
      }),
      "serverNames is at layer 7",
    ],
    ["an egress gateway where Cilium is chained", "chaining", gateway, "kind needs Cilium in kube-proxy's place"],
    [
      "an egress gateway that is off",
      "alone",
      gateway,
      "kind is read by nobody: the dataplane's value egressGateway.enabled is not true",
    ],
    ["GKE's names where Cilium is one's own", "alone", fqdn, "kind is GKE's own and has no definition"],
    [
      "a namespaced policy of Cilium's on Dataplane V2",
      "managedAll",
      cilium({ endpointSelector: API, ingress: [{}] }),
      "kind has no effect with Dataplane V2",
    ],
    [
      "a clusterwide policy where its definition is absent",
      "managed",
      clusterwide({ endpointSelector: API, ingress: [{}] }),
      "kind has no definition in the cluster while dataplane.clusterwideNetworkPolicy is not true",
    ],
    [
      "GKE's names where their definition is absent",
      "managed",
      fqdn,
      "kind has no definition in the cluster while dataplane.fqdnNetworkPolicy is not true",
    ],
    [
      "HTTP rules on Dataplane V2",
      "managedAll",
      clusterwide({ endpointSelector: API, ingress: [{ toPorts: [http] }] }),
      "Dataplane V2 enforces layers 3 and 4 only",
    ],
    [
      "Cilium's names on Dataplane V2",
      "managedAll",
      clusterwide({ endpointSelector: API, egress: [{ toFQDNs: [{ matchName: "a.b" }] }] }),
      "write an FQDNNetworkPolicy",
    ],
    [
      "logging that the dataplane writes",
      "managed",
      {
        apiVersion: "networking.gke.io/v1alpha1",
        kind: "NetworkLogging",
        metadata: { name: "default" },
        spec: { cluster: {} },
      },
      "set dataplane.policyLogging",
    ],
    [
      "host policies without host firewall",
      "alone",
      clusterwide({ nodeSelector: API, ingress: [{ fromEntities: ["all"] }] }),
      "hostFirewall.enabled is not true",
    ],
    [
      "nodes by label without their labels",
      "alone",
      cilium({ endpointSelector: API, ingress: [{ fromNodes: [API] }] }),
      "nodeSelectorLabels leaves out",
    ],
    [
      "authentication that is off",
      "alone",
      cilium({ endpointSelector: API, ingress: [{ fromEndpoints: [API], authentication: { mode: "required" } }] }),
      "spec.ingress[0].authentication asks for mutual authentication",
    ],
    [
      "pods by range",
      "alone",
      kubernetes({ podSelector: API, ingress: [{ from: [{ ipBlock: { cidr: "10.21.0.0/16" } }] }] }),
      "ipBlock.cidr is in the range of the cluster's pods, and no pod is meant by a range in Cilium; select the pods by their labels",
    ],
    [
      "pods by range where Calico reads it, too",
      "both",
      kubernetes({ podSelector: API, ingress: [{ from: [{ ipBlock: { cidr: "10.20.0.0/14" } }] }] }),
      "while Calico allows it: both must",
    ],
    [
      "pods by range on Dataplane V2",
      "managed",
      kubernetes({ podSelector: API, ingress: [{ from: [{ ipBlock: { cidr: "10.21.0.5/32" } }] }] }),
      "no pod is meant by a range",
    ],
    [
      "nodes by range",
      "alone",
      cilium({ endpointSelector: API, ingress: [{ fromCIDR: ["10.16.0.0/24"] }] }),
      "spec.ingress[0].fromCIDR[0] is in the range of the cluster's nodes",
    ],
  ])("%s", (_, name, object, expected) => {
    const { problems } = found(name, object);
    expect(problems.join("\n")).toContain(expected);
    expect(problems).toHaveLength(1);
  });
});

describe("what the dataplane does passes", () => {
  test.each<[string, Name, object]>([
    ["HTTP rules where Cilium is alone", "alone", cilium({ endpointSelector: API, ingress: [{ toPorts: [http] }] })],
    ["GKE's names where they are on", "managedAll", fqdn],
    [
      "a clusterwide policy where it is on",
      "managedAll",
      clusterwide({ endpointSelector: API, ingress: [{ fromEntities: ["cluster"] }] }),
    ],
    [
      "host policies with host firewall",
      "hosts",
      clusterwide({ nodeSelector: API, ingress: [{ fromEntities: ["all"] }] }),
    ],
    ["nodes by label with their labels", "hosts", cilium({ endpointSelector: API, ingress: [{ fromNodes: [API] }] })],
    [
      "layers 3 and 4 where Cilium is chained",
      "chaining",
      cilium({ endpointSelector: API, ingress: [{ fromEndpoints: [API] }] }),
    ],
    [
      "other people's ranges",
      "alone",
      kubernetes({ podSelector: API, ingress: [{ from: [{ ipBlock: { cidr: "192.168.0.0/16" } }] }] }),
    ],
    [
      "the whole internet",
      "alone",
      kubernetes({ podSelector: API, ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] }),
    ],
  ])("%s", (_, name, object) => {
    expect(found(name, object)).toMatchObject({ problems: [] });
  });

  test("nodes are meant by ranges where the author asks for it", () => {
    const dataplane = Dataplane.kubeProxyFree({ values: { policyCIDRMatchMode: ["nodes"] } });
    const { problems } = describePolicies(
      { objects: [cilium({ endpointSelector: API, ingress: [{ fromCIDR: ["10.16.0.0/24"] }] }) as PolicyObject] },
      { enforcement: dataplane.describe(definition()).enforcement, ranges: RANGES },
    );
    expect(problems).toEqual([]);
  });
});

describe("what is empty and means something else than it looks like is warned about", () => {
  test.each<[string, object, string]>([
    [
      "from: [] of Kubernetes",
      kubernetes({ podSelector: API, ingress: [{ from: [] }] }),
      "spec.ingress[0].from is empty, which allows from everybody",
    ],
    [
      "ports: [] of Kubernetes",
      kubernetes({ podSelector: API, ingress: [{ from: [{ podSelector: API }], ports: [] }] }),
      "spec.ingress[0].ports is empty, which allows every port",
    ],
    [
      "fromEndpoints: [] of Cilium",
      cilium({ endpointSelector: API, ingress: [{ fromEndpoints: [] }] }),
      "spec.ingress[0].fromEndpoints is empty, which allows nobody",
    ],
    [
      "a clusterwide policy for every pod",
      clusterwide({ endpointSelector: {}, ingress: [{ fromEntities: ["all"] }] }),
      "spec.endpointSelector selects every pod of every namespace",
    ],
    [
      "the same with an empty map inside",
      clusterwide({ endpointSelector: { matchLabels: {} }, ingress: [{ fromEntities: ["all"] }] }),
      "spec.endpointSelector selects every pod of every namespace",
    ],
    [
      "rules without a rule",
      cilium({
        endpointSelector: API,
        ingress: [{ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], rules: { http: [] } }] }],
      }),
      "rules.http is empty",
    ],
    [
      "a direction that policyTypes leaves out",
      kubernetes({ podSelector: API, policyTypes: ["Ingress"], egress: [{ to: [{ podSelector: API }] }] }),
      "spec.egress has no effect, because policyTypes leaves Egress out",
    ],
    [
      "a pool for every Service",
      cilium({ blocks: [{ cidr: "10.30.0.0/24" }] }, "CiliumLoadBalancerIPPool"),
      "spec.serviceSelector is not set, so that every Service of type LoadBalancer takes its address here",
    ],
    [
      "every name",
      cilium({ endpointSelector: API, egress: [allowDns, { toFQDNs: [{ matchPattern: "*" }] }] }),
      "matchPattern is every name",
    ],
    [
      "names without DNS",
      cilium({ endpointSelector: API, egress: [{ toFQDNs: [{ matchName: "a.b" }] }, { toEntities: ["cluster"] }] }),
      "spec.egress[0].toFQDNs has no rule for DNS beside it",
    ],
    [
      "a range that holds pods among others",
      kubernetes({ podSelector: API, ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }] }),
      "holds the range of the cluster's pods",
    ],
    [
      "the address of a Service",
      kubernetes({ podSelector: API, ingress: [{ from: [{ ipBlock: { cidr: "10.24.0.10/32" } }] }] }),
      "is in the range of the cluster's services",
    ],
    [
      "GKE's annotation without Dataplane V2",
      kubernetes({ podSelector: API, ingress: [{}] }, "shop", { "policy.network.gke.io/enable-logging": "true" }),
      "which only Dataplane V2 writes",
    ],
  ])("%s", (_, object, expected) => {
    const { problems, warnings } = found("pools", object);
    expect(problems).toEqual([]);
    expect(warnings.join("\n")).toContain(expected);
  });

  test("names with a rule for DNS in another policy for the same pods are fine", () => {
    const names = cilium({ endpointSelector: API, egress: [{ toFQDNs: [{ matchName: "a.b" }] }] });
    const queries = cilium({ endpointSelector: {}, egress: [allowDns] }, undefined, "shop", "dns");
    const elsewhere = cilium({ endpointSelector: {}, egress: [allowDns] }, undefined, "other", "dns");
    expect(found("alone", names, queries).warnings.join()).not.toContain("rule for DNS");
    expect(found("alone", names, elsewhere).warnings.join()).toContain("rule for DNS");
  });

  test("GKE's annotation is fine where the log is delegated, and told where it is off", () => {
    const policy = kubernetes({ podSelector: API, ingress: [{}] }, "shop", {
      "policy.network.gke.io/enable-logging": "true",
    }) as PolicyObject;
    const warningsOf = (dataplane: Dataplane) =>
      describePolicies({ objects: [policy] }, { enforcement: dataplane.describe(definition()).enforcement }).warnings;
    expect(warningsOf(Dataplane.v2({ policyLogging: { allow: { log: true, delegate: true } } }))).toEqual([]);
    expect(warningsOf(Dataplane.v2())[0]?.remedy).toContain("dataplane.policyLogging");
  });
});

describe("what would cut off the cluster's own parts is warned about", () => {
  const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

  test.each<[string, Name, object[], string]>([
    ["DNS of a namespace", "alone", [kubernetes(denyAll)], "keeps the pods that it selects from kube-dns"],
    [
      "DNS of some pods",
      "alone",
      [cilium({ endpointSelector: API, egress: [{ toEntities: ["world"] }] })],
      "keeps the pods that it selects from kube-dns",
    ],
    [
      "DNS, by deny",
      "alone",
      [cilium({ endpointSelector: API, egressDeny: [{ toEndpoints: [KUBE_DNS] }], egress: [{ toEntities: ["all"] }] })],
      "keeps the pods that it selects from kube-dns (UDP 53 of k8s-app=kube-dns in kube-system), so that they find nobody by name: it is denied",
    ],
    [
      "NodeLocal DNSCache",
      "managed",
      [
        kubernetes({
          podSelector: {},
          egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }] }],
        }),
      ],
      "169.254.20.10, which answers DNS in this cluster",
    ],
    ["the metadata server", "alone", [kubernetes(denyAll)], "keeps pods from the metadata server (shop/x)"],
    [
      "queries to kube-dns",
      "alone",
      [kubernetes({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }, "kube-system")],
      "keeps kube-dns from the queries of pods in other namespaces",
    ],
    [
      "konnectivity, and kube-dns from the API server",
      "alone",
      [kubernetes(denyAll, "kube-system")],
      "keeps konnectivity-agent from the control plane (TCP 8132)",
    ],
    [
      "all of it, by a clusterwide policy",
      "alone",
      [clusterwide({ endpointSelector: {}, egress: [{ toEntities: ["cluster"] }] })],
      "keeps konnectivity-agent from the control plane",
    ],
    [
      "metrics-server",
      "alone",
      [kubernetes({ podSelector: {}, egress: [{ to: [{ namespaceSelector: {} }] }] }, "kube-system")],
      "keeps metrics-server from the kubelets of other nodes",
    ],
    [
      "Managed Service for Prometheus",
      "alone",
      [kubernetes(denyAll, "gmp-system")],
      "keeps Managed Service for Prometheus from Google's APIs",
    ],
    [
      "a webhook",
      "alone",
      [
        kubernetes({
          podSelector: { matchLabels: { app: "policy-webhook" } },
          ingress: [{ from: [{ podSelector: {} }] }],
        }),
      ],
      "keeps the webhook that it selects from the control plane",
    ],
    [
      "nodes' health checks",
      "hosts",
      [clusterwide({ nodeSelector: {}, ingress: [{ fromEntities: ["cluster", "kube-apiserver"] }] })],
      "keeps nodes from the health checks of Google's load balancers",
    ],
    [
      "nodes' kubelet",
      "hosts",
      [clusterwide({ nodeSelector: {}, ingress: [{ fromEntities: ["remote-node"] }] })],
      "keeps nodes from the control plane (TCP 10250 of the kubelet)",
    ],
    [
      "nodes' API server",
      "hosts",
      [clusterwide({ nodeSelector: {}, egress: [{ toEntities: ["cluster"] }] })],
      "keeps nodes from the API server",
    ],
  ])("%s", (_, name, objects, expected) => {
    const { problems, warnings } = found(name, ...objects);
    expect(problems).toEqual([]);
    expect(warnings.join("\n")).toContain(expected);
  });

  test.each<[string, Name, object[]]>([
    [
      "a policy of ingress alone",
      "alone",
      [kubernetes({ podSelector: API, ingress: [{ from: [{ podSelector: API }] }] })],
    ],
    [
      "default deny beside what lets DNS and the metadata server through",
      "alone",
      [
        kubernetes(denyAll),
        cilium(
          { endpointSelector: {}, egress: [allowDns, { toCIDR: ["169.254.169.254/32"] }] },
          undefined,
          "shop",
          "y",
        ),
      ],
    ],
    [
      "a policy for kube-dns that knows what it needs",
      "alone",
      [
        cilium(
          {
            endpointSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            ingress: [{ fromEntities: ["cluster"] }],
            egress: [{ toEntities: ["kube-apiserver", "world"] }],
          },
          undefined,
          "kube-system",
        ),
      ],
    ],
    [
      "a clusterwide policy that leaves the system's namespaces alone",
      "alone",
      [
        clusterwide({
          endpointSelector: {
            matchExpressions: [
              { key: "io.kubernetes.pod.namespace", operator: "NotIn", values: ["kube-system", "gmp-system"] },
            ],
          },
          egress: [allowDns, { toCIDR: ["169.254.169.254/32"] }, { toEntities: ["cluster"] }],
        }),
      ],
    ],
    [
      "a policy that denies nothing by default",
      "alone",
      [cilium({ endpointSelector: API, egress: [{ toEntities: ["world"] }], enableDefaultDeny: { egress: false } })],
    ],
    [
      "a webhook that konnectivity reaches",
      "alone",
      [
        kubernetes({
          podSelector: { matchLabels: { app: "policy-webhook" } },
          ingress: [
            {
              from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
              ports: [{ port: 9443 }],
            },
          ],
        }),
      ],
    ],
  ])("not %s", (_, name, objects) => {
    expect(found(name, ...objects)).toEqual({ problems: [], warnings: [] });
  });
});

test("Cilium's kinds are waited for, and it is said where they are not", () => {
  const policy = cilium({ endpointSelector: API, ingress: [{ fromEndpoints: [API] }] }) as PolicyObject;
  const warningsOf = (dataplane: Dataplane, object: PolicyObject) =>
    describePolicies({ objects: [object] }, { enforcement: dataplane.describe(definition()).enforcement }).warnings;
  const old = Dataplane.kubeProxyFree({ version: CiliumVersion.V1_18 });
  expect(warningsOf(Dataplane.kubeProxyFree(), policy)).toEqual([]);
  expect(warningsOf(old, policy)[0]?.rule).toContain("this version's release is not waited for");
  expect(warningsOf(old, kubernetes({ podSelector: API }) as PolicyObject)).toEqual([]);
});

test("a thousand wrong policies are all told, and a thousand right ones give no alarm", () => {
  const wrong = Array.from({ length: 1000 }, (_, index) => ({
    ...kubernetes({ podSelector: {}, ingres: [] }),
    metadata: { name: `x${index}` },
  }));
  expect(found("alone", ...wrong).problems).toHaveLength(1000);
  const right = Array.from({ length: 1000 }, (_, index) =>
    cilium(
      {
        endpointSelector: { matchLabels: { app: `a${index}` } },
        egress: [allowDns, { toCIDR: ["169.254.169.254/32"] }],
      },
      undefined,
      "shop",
      `x${index}`,
    ),
  );
  expect(found("alone", ...right)).toEqual({ problems: [], warnings: [] });
});

test("the page's table says of each kind and dataplane what the dataplane itself says", () => {
  const page = readFileSync(join(__dirname, "../../docs/policies.md"), "utf8").replaceAll("\r\n", "\n");
  const rows = [...page.matchAll(/^\| ([A-Z]\w+(?:, \w+)?) \| (.*) \| (.*) \| (.*) \|$/gm)];
  const kinds = rows.flatMap(([, names = "", ...cells]) =>
    names.split(", ").map((kind) => [kind, cells.slice(0, 3)] as const),
  );
  expect(kinds.map(([kind]) => kind).sort()).toEqual([...policyKinds()].sort());
  // What an option switches on is not there by default, and is no refusal.
  const isThere = (cell: string) => !/^(refused|with |only |`dataplane)|, with `/.test(cell);
  for (const [kind, cells] of kinds)
    (["chaining", "alone", "managed"] as const).forEach((name, index) => {
      const { enforcement } = DATAPLANES[name]().describe(definition());
      const enforced = enforcement.by[kind as PolicyKind] !== undefined;
      expect([kind, name, enforced]).toEqual([kind, name, isThere(cells[index] ?? "")]);
    });
});
