import { Dataplane } from "../../lib/dataplane";
import { describeEnvironment } from "../../lib/environment";
import { describePolicies, type PolicyBaseline } from "../../lib/policy";
import { outside, type Wanted } from "../../lib/policy/meaning/peers";
import { type Direction, PolicySet } from "../../lib/policy/meaning/policy-set";
import type { Pod } from "../../lib/policy/meaning/selector";
import { definition } from "../support/definition";

const RANGES = { pods: ["10.20.0.0/14"], nodes: "10.16.0.0/20", services: "10.24.0.0/20" };
const DATAPLANES: Readonly<Record<string, () => Dataplane>> = {
  chaining: () => Dataplane.cniChaining(),
  alone: () => Dataplane.kubeProxyFree(),
  managed: () => Dataplane.v2({ fqdnNetworkPolicy: true }),
};
/** Every dataplane, and what is written where nobody says which one it is. */
const EACH = [...Object.keys(DATAPLANES), "unknown"];

function described(name: string, baseline: Partial<PolicyBaseline>) {
  const enforcement = DATAPLANES[name]?.().describe(definition()).enforcement;
  return describePolicies({ baselines: [{ namespaces: ["shop"], ...baseline }] }, { enforcement, ranges: RANGES });
}

/** Asks what the policies of a baseline let through. */
function passes(name: string, baseline: Partial<PolicyBaseline>) {
  const { manifests, problems, warnings } = described(name, baseline);
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  const set = new PolicySet(
    manifests.map((object) => ({
      object,
      kind: object.kind,
      name: object.metadata.name,
      namespace: object.metadata.namespace,
      place: "",
      nameOf: () => "",
    })),
  );
  return (pod: Pod, direction: Direction, peer: Wanted["peer"], port: number, protocol: "TCP" | "UDP" = "TCP") =>
    set.obstacle(pod, direction, { peer, port, protocol }, JSON.stringify([direction, peer, port, protocol])) ===
    undefined;
}

const pod = (namespace: string, labels: Readonly<Record<string, string>> = {}): Pod => ({ namespace, labels });
const WEB = pod("shop", { app: "web" });
const API = pod("shop", { app: "api" });
const OTHER = pod("other", { app: "web" });
const KUBE_DNS = { pod: pod("kube-system", { "k8s-app": "kube-dns" }) };
const METADATA = outside("169.254.169.254");
const INTERNET = outside("203.0.113.10");

test.each(EACH)("%s: default deny lets DNS through and nothing else", (name) => {
  const may = passes(name, {});
  expect(may(WEB, "egress", KUBE_DNS, 53, "UDP")).toBe(true);
  expect(may(WEB, "egress", KUBE_DNS, 53, "TCP")).toBe(true);
  expect(may(WEB, "egress", KUBE_DNS, 80)).toBe(false);
  expect(may(WEB, "egress", { pod: API }, 8080)).toBe(false);
  expect(may(WEB, "egress", { pod: OTHER }, 53, "UDP")).toBe(false);
  expect(may(WEB, "egress", INTERNET, 443)).toBe(false);
  expect(may(WEB, "egress", METADATA, 80)).toBe(false);
  expect(may(API, "ingress", { pod: WEB }, 8080)).toBe(false);
  expect(may(API, "ingress", INTERNET, 8080)).toBe(false);
  expect(may(OTHER, "egress", INTERNET, 443)).toBe(true);
});

test.each(EACH)("%s: an isolated namespace reaches itself, and whom it names reaches it", (name) => {
  const may = passes(name, { isolation: true, from: ["ingress-nginx"] });
  expect(may(API, "ingress", { pod: WEB }, 8080)).toBe(true);
  expect(may(WEB, "egress", { pod: API }, 8080)).toBe(true);
  expect(may(API, "ingress", { pod: pod("ingress-nginx") }, 8080)).toBe(true);
  expect(may(API, "ingress", { pod: OTHER }, 8080)).toBe(false);
  expect(may(WEB, "egress", { pod: OTHER }, 8080)).toBe(false);
});

test.each(EACH)("%s: isolation alone decides nothing about what goes out", (name) => {
  const may = passes(name, { isolation: true, defaultDeny: false });
  expect(may(API, "ingress", { pod: OTHER }, 8080)).toBe(false);
  expect(may(API, "egress", { pod: OTHER }, 8080)).toBe(true);
  expect(may(API, "egress", INTERNET, 443)).toBe(true);
});

test.each([...EACH.map((name) => [name, true] as const), ...EACH.map((name) => [name, false] as const)])(
  "%s: the metadata server is for pods with the label (default deny: %s)",
  (name, defaultDeny) => {
    const may = passes(name, { defaultDeny, metadataServer: { "workload-identity": "true" } });
    const labelled = pod("shop", { app: "api", "workload-identity": "true" });
    expect(may(labelled, "egress", METADATA, 80)).toBe(true);
    expect(may(API, "egress", METADATA, 80)).toBe(false);
    expect(may(API, "egress", INTERNET, 443)).toBe(!defaultDeny);
    expect(may(API, "egress", { pod: OTHER }, 443)).toBe(!defaultDeny);
    expect(may(API, "egress", KUBE_DNS, 53, "UDP")).toBe(true);
  },
);

test("Calico judges what the node has translated already, so both addresses of the metadata server are meant", () => {
  const may = passes("chaining", { metadataServer: { "workload-identity": "true" } });
  const labelled = pod("shop", { "workload-identity": "true" });
  expect(may(labelled, "egress", outside("169.254.169.252"), 988)).toBe(true);
  expect(may(API, "egress", outside("169.254.169.252"), 988)).toBe(false);
});

test("names are written in the kind that the dataplane enforces, with DNS through Cilium's proxy where it is its own", () => {
  const internet = ["api.example.com", "*.googleapis.com"];
  const specs = (name: string) =>
    Object.fromEntries(
      described(name, { internet, internetPorts: [443, 8443] }).manifests.map((object) => [
        `${object.kind} ${object.metadata.name}`,
        object["spec"],
      ]),
    );
  const own = specs("alone");
  expect(own["CiliumNetworkPolicy baseline-internet"]).toEqual({
    endpointSelector: {},
    egress: [
      {
        toFQDNs: [{ matchName: "api.example.com" }, { matchPattern: "*.googleapis.com" }],
        toPorts: [
          {
            ports: [
              { port: "443", protocol: "TCP" },
              { port: "8443", protocol: "TCP" },
            ],
          },
        ],
      },
    ],
  });
  expect(Object.keys(own)).not.toContain("NetworkPolicy baseline-dns");
  expect(JSON.stringify(own["CiliumNetworkPolicy baseline-dns"])).toContain('"dns":[{"matchPattern":"*"}]');
  expect(specs("managed")["FQDNNetworkPolicy baseline-internet"]).toEqual({
    podSelector: {},
    egress: [
      {
        matches: [{ name: "api.example.com" }, { pattern: "*.googleapis.com" }],
        ports: [
          { port: 443, protocol: "TCP" },
          { port: 8443, protocol: "TCP" },
        ],
      },
    ],
  });
});

test.each([
  ["chaining", () => Dataplane.cniChaining(), "at layer 7, which does not work where Cilium is chained"],
  ["managed, without", () => Dataplane.v2(), "set dataplane.fqdnNetworkPolicy to true"],
  ["alone, without proxy", () => Dataplane.kubeProxyFree({ values: { l7Proxy: false } }), "l7Proxy switches off"],
])("%s: names are refused with the reason", (_, dataplane, reason) => {
  const { problems } = describeEnvironment(
    definition({
      dataplane: dataplane(),
      policies: { baselines: [{ namespaces: ["shop"], internet: ["a.example.com"] }] },
    }),
  );
  expect(problems.filter((each) => each.includes("policies.")).join("\n")).toMatch(
    new RegExp(`^staging: 'policies\\.baselines\\[0\\]\\.internet' needs a dataplane that knows names.*${reason}`),
  );
});

test("what a baseline says in vain, or twice, is told", () => {
  const baselines = [
    { namespaces: ["shop"], from: ["lab"], internetPorts: [443] },
    { namespaces: ["shop"], defaultDeny: false, internet: ["a.example.com"] },
    { namespaces: [], metadataServer: { a: "b", c: "d" }, internet: ["https://a.example.com"], isolaton: true },
  ] as PolicyBaseline[];
  const { problems } = describeEnvironment(definition({ policies: { baselines } }));
  for (const expected of [
    "'policies.baselines[0].from' has no effect without isolation",
    "'policies.baselines[0].internetPorts' has no effect without internet",
    "'policies.baselines[1].namespaces[0]' (shop) has a baseline already, policies.baselines[0]",
    "'policies.baselines[1].internet' allows names where nothing is denied",
    "'policies.baselines[2].namespaces' ([]) is shorter than the 1 it needs",
    "'policies.baselines[2].metadataServer' is not one label",
    "'policies.baselines[2].internet[0]' (https://a.example.com) is not a name on the internet",
    "'policies.baselines[2].isolaton' (true) is no option; did you mean isolation?",
  ])
    expect(problems.join("\n")).toContain(expected);
  expect(problems).toHaveLength(8);
});
