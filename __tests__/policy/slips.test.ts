import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dataplane } from "../../lib/dataplane";
import { describeEnvironment } from "../../lib/environment";
import { describeProblem } from "../../lib/validation";
import { definition } from "../support/definition";

const PLANES = {
  chained: () => Dataplane.cniChaining(),
  alone: () => Dataplane.kubeProxyFree(),
  managed: () => Dataplane.v2({ clusterwideNetworkPolicy: true, fqdnNetworkPolicy: true }),
  pooled: () =>
    Dataplane.kubeProxyFree({
      loadBalancerIpam: "all",
      accept: [{ risk: "load-balancer-ipam", reason: "a study of addresses" }],
    }),
} as const;

/** Errors and warnings about the text of a file, without the file's name. */
function told(plane: keyof typeof PLANES, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "slips-"));
  try {
    const file = join(directory, "a.yaml");
    writeFileSync(file, text);
    const { problems, policies } = describeEnvironment(
      definition({ dataplane: PLANES[plane](), policies: { directories: [file] } }),
    );
    const warnings = (policies?.warnings ?? []).map((warning) => describeProblem("warning", warning));
    return [...problems, ...warnings].join("\n").replaceAll(file.replaceAll("\\", "/"), "a.yaml");
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const cilium = (spec: object, name = "a") =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${JSON.stringify(spec)}\n`;
const clusterwide = (spec: object) =>
  `apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: a}\nspec: ${JSON.stringify(spec)}\n`;
const kubernetes = (spec: object, namespace = "shop") =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: ${namespace}}\nspec: ${JSON.stringify(spec)}\n`;
const PODS = { matchLabels: { app: "a" } };
const DNS = (rule: object) => ({
  toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns" } }],
  toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [rule] } }],
});
const names = (...rules: readonly object[]) =>
  cilium({ endpointSelector: PODS, egress: [{ toFQDNs: [{ matchName: "api.example.com" }] }, ...rules] });
const icmp = (field: object) => cilium({ endpointSelector: PODS, ingress: [{ icmps: [{ fields: [field] }] }] });
const pool = (block: string) =>
  `apiVersion: cilium.io/v2\nkind: CiliumLoadBalancerIPPool\nmetadata: {name: a}\nspec: {serviceSelector: {matchLabels: {a: b}}, blocks: [${block}]}\n`;

test.each<[what: string, plane: keyof typeof PLANES, text: string, expected: string]>([
  [
    "an item of a list of one kind",
    "alone",
    "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicyList\nitems:\n- metadata: {name: a, namespace: shop}\n  spec:\n    endpointSelector: {}\n    ingres: [{}]\n",
    "'a.yaml:7 spec.ingres' is no field here",
  ],
  [
    "an API version that is a number",
    "alone",
    "apiVersion: 2\nkind: NetworkPolicy\n",
    "'a.yaml:1 apiVersion' (2) is not text",
  ],
  [
    "a policy of administrators",
    "alone",
    "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: a}\n",
    "is of the Network Policy API, which no dataplane here enforces; write a CiliumClusterwideNetworkPolicy",
  ],
  [
    "the egress policy of before",
    "alone",
    "apiVersion: cilium.io/v2alpha1\nkind: CiliumEgressNATPolicy\nmetadata: {name: a}\n",
    "write a CiliumEgressGatewayPolicy",
  ],
  [
    "Calico's policy of the cluster",
    "chained",
    "apiVersion: crd.projectcalico.org/v1\nkind: GlobalNetworkPolicy\nmetadata: {name: a}\n",
    "is Calico's own, and is not judged here",
  ],
  [
    "an anchor of another document",
    "alone",
    `${cilium({ endpointSelector: PODS, ingress: [{}] }).replace("spec:", "spec: &s")}---\n${cilium({}, "b").replace("{}", "*s")}`,
    "'a.yaml:9' refers to the anchor s, which is not there",
  ],
  [
    "a merge of what is no map",
    "alone",
    `${cilium({ endpointSelector: PODS, ingress: [{}] })}<<: x\n`,
    "cannot be read: merge sources",
  ],
  [
    "a word that YAML reads as true",
    "alone",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: yes}\nspec: {podSelector: {}}\n",
    "'a.yaml:3 metadata.name' (true) is not a name that Kubernetes takes; write the word in quotes",
  ],
  [
    "a version that YAML reads as a number",
    "alone",
    kubernetes({}).replace("{}", "{podSelector: {matchLabels: {version: 1.20}}, ingress: []}"),
    "write it in quotes, as it stands",
  ],
  [
    "Yes without quotes",
    "pooled",
    pool("{cidr: 203.0.113.0/24}").replace("spec: {", "spec: {allowFirstLastIPs: No, "),
    'write "Yes" or "No", in quotes',
  ],
  [
    "a block that ends before it begins",
    "pooled",
    pool("{start: 10.0.0.9, stop: 10.0.0.5}"),
    "spec.blocks[0].stop' (10.0.0.5) is below 10.0.0.9",
  ],
  [
    "a pool in the nodes' range",
    "pooled",
    pool("{start: 10.16.0.9, stop: 10.16.0.20}"),
    "shares addresses with the range of the cluster's nodes",
  ],
  [
    "a pool around the pods' range",
    "pooled",
    pool("{cidr: 10.20.0.0/12}"),
    "shares addresses with the range of the cluster's pods",
  ],
  [
    "a group of ranges among the pods",
    "alone",
    "apiVersion: cilium.io/v2\nkind: CiliumCIDRGroup\nmetadata: {name: a}\nspec: {externalCIDRs: [10.20.7.0/24]}\n",
    "spec.externalCIDRs[0]' (10.20.7.0/24) is in the range of the cluster's pods",
  ],
  ["a type of ICMP that is none", "alone", icmp({ type: 300 }), "fields[0].type' (300) is not from 0 to 255"],
  [
    "a type of the other family",
    "alone",
    icmp({ type: "NeighborSolicitation" }),
    "is a type of IPv6, and the family is IPv4; write family: IPv6",
  ],
  [
    "a type that IPv6 has not",
    "alone",
    icmp({ type: "Timestamp", family: "IPv6" }),
    "is a type of IPv4, and the family is IPv6",
  ],
  [
    "a name that nobody may ask for",
    "alone",
    names(DNS({ matchName: "www.example.com" })),
    "is a name that no rule for DNS lets these pods ask for",
  ],
  [
    "a name below the pattern's parts",
    "alone",
    names(DNS({ matchPattern: "*.com" })),
    "is a name that no rule for DNS lets these pods ask for",
  ],
  [
    "a range without a length in IPv6",
    "alone",
    kubernetes({ podSelector: PODS, ingress: [{ from: [{ ipBlock: { cidr: "2001:db8::/129" } }] }] }),
    "write it as address/prefix, e.g. 2001:db8::/32",
  ],
  [
    "a denial of the pods' own node",
    "alone",
    cilium({ endpointSelector: PODS, ingressDeny: [{ fromEntities: ["cluster"] }] }),
    "from which the kubelet's probes come",
  ],
  [
    "a namespace of webhooks",
    "alone",
    kubernetes({ podSelector: {}, policyTypes: ["Ingress"] }, "kyverno"),
    "keeps the webhook that it selects from the control plane",
  ],
  [
    "Prometheus that nothing may be asked of",
    "alone",
    kubernetes({ podSelector: {}, policyTypes: ["Egress"] }, "cilium-monitoring"),
    "keeps Prometheus from the agents' metrics on other nodes (TCP 9962)",
  ],
])("%s is told", (_, plane, text, expected) => {
  expect(told(plane, text)).toContain(expected);
});

test.each<[what: string, plane: keyof typeof PLANES, text: string, not: string]>([
  [
    "a denied range is no selector",
    "alone",
    clusterwide({ endpointSelector: PODS, egressDeny: [{ toCIDRSet: [{ cidr: "203.0.113.0/24" }] }] }),
    "empty selector",
  ],
  ["what is misspelt is told once", "alone", kubernetes({ podSelectr: {}, ingress: [] }), "podSelector' is missing"],
  ["a misspelt block is told once", "alone", cilium({ endpointSelector: PODS, ingres: [{}] }), "has no item in any"],
  [
    "a denial of one port to everybody",
    "alone",
    cilium({
      endpointSelector: PODS,
      ingressDeny: [{ fromEntities: ["all"], toPorts: [{ ports: [{ port: "22", protocol: "TCP" }] }] }],
    }),
    "kubelet's probes",
  ],
  ["types of both families", "alone", icmp({ type: "EchoRequest", family: "IPv6" }), "icmps"],
  ["types as numbers in quotes", "alone", icmp({ type: "8" }), "icmps"],
  ["a pattern of the name", "alone", names(DNS({ matchPattern: "*.example.com" })), "lets these pods ask for"],
  ["a pattern of any depth", "alone", names(DNS({ matchPattern: "**.com" })), "lets these pods ask for"],
  ["every name", "alone", names(DNS({ matchPattern: "*" })), "lets these pods ask for"],
  [
    "another rule's pattern",
    "alone",
    names(DNS({ matchName: "x.org" }), DNS({ matchPattern: "API.example.com." })),
    "lets these pods ask for",
  ],
  ["a pool beside the cluster's ranges", "pooled", pool("{cidr: 203.0.113.0/24}"), "shares addresses"],
])("%s is no alarm", (_, plane, text, not) => {
  expect(told(plane, text)).not.toContain(not);
});

test("a gap in a list is told, wherever it is", () => {
  const object = { apiVersion: "cilium.io/v2" as const, kind: "CiliumNetworkPolicy" as const, metadata: { name: "a" } };
  const ingress: object[] = [];
  ingress[1] = {};
  const { problems } = describeEnvironment(
    definition({ policies: { objects: [{ ...object, spec: { endpointSelector: PODS, ingress } }] } }),
  );
  expect(problems).toEqual([expect.stringContaining("'policies.objects[0].spec.ingress[0]' is nothing")]);
});

test.each(["\r\n", "\n"])("lines that end with %j are counted alike", (end) => {
  const text = `${kubernetes({ podSelector: {}, ingres: [] })}---\n${kubernetes({ podSelector: {}, egres: [] }, "b")}`;
  const said = told("alone", text.replaceAll("\n", end));
  expect(said).toContain("'a.yaml:4 spec.ingres'");
  expect(said).toContain("'a.yaml:9 spec.egres'");
});

test("a tab in the indentation is told with its line", () => {
  expect(told("alone", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n\tname: a\n")).toContain(
    "'a.yaml:4' is not YAML: tabs are not allowed as indentation",
  );
});
