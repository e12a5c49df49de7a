import { widened } from "../../../lib/preview/rules/policy-widening";
import { finding, planned, predicted, resources, said } from "./crafted";

const spec = (ingress: unknown, podSelector: unknown = { matchLabels: { app: "api" } }) => ({
  podSelector,
  policyTypes: ["Ingress"],
  ingress,
});
const object = (ingress: unknown, selector?: unknown) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "api", namespace: "shop" },
  spec: spec(ingress, selector),
});
/** A policy in everything that can carry one. */
const SPELLINGS: Readonly<Record<string, (ingress: unknown, selector?: unknown) => readonly [type: string, object]>> = {
  "a manifest": (...of) => ["kubernetes_manifest", { manifest: object(...of) }],
  "a manifest in YAML": (...of) => ["kubectl_manifest", { yaml_body: JSON.stringify(object(...of), null, 2) }],
  "values of a release": (...of) => [
    "helm_release",
    { name: "r", chart: "./m", values: [JSON.stringify({ manifests: { a: object(...of) } })] },
  ],
  "the provider's resource": (ingress, selector = { matchLabels: { app: "api" } }) => {
    const labels = (selector as { matchLabels?: object }).matchLabels;
    const block = { pod_selector: [labels ? { match_labels: labels } : {}], policy_types: ["Ingress"], ingress };
    return ["kubernetes_network_policy_v1", { metadata: [{ name: "api", namespace: "shop" }], spec: [block] }];
  },
  "the provider's older resource": (...of) => [
    "kubernetes_network_policy",
    SPELLINGS["the provider's resource"]!(...of)[1],
  ],
};

describe.each(Object.entries(SPELLINGS))("a policy in %s", (_, make) => {
  const change = (before: readonly [string, object], after: readonly [string, object] | null) => {
    const [type, values] = before;
    const template = (side: readonly [string, object] | null) =>
      resources(side ? { [`${type}.p`]: { ...side[1] } } : {});
    return [
      planned([[`${type}.p`, after ? "update" : "delete", { ...values }, after && { ...after[1] }]]),
      predicted(template(before), template(after)),
    ];
  };

  test("that goes", () => {
    for (const stack of change(make([{}]), null)) expect(said(stack)).toContain("PL1 high");
  });

  test("from allowing everything to denying everything: one is a rule without a word, the other no rule", () => {
    for (const stack of change(make([{}]), make([]))) {
      expect(said(stack)).toEqual(["PL2 high"]);
      expect(finding("PL2", stack)!.detail).toBe("NetworkPolicy shop/api: ingress now denies everything");
      const told = stack.resources[0]!.fields.map(({ path, before }) => `${path}=${before}`).join();
      expect(told).toMatch(/ingress.*=/);
    }
    for (const stack of change(make([]), make([{}])))
      expect(finding("PL2", stack)!.detail).toMatch(/now allows everything/);
  });

  test("that selects everything now", () => {
    for (const stack of change(make([{}]), make([{}], {}))) {
      expect(said(stack)).toEqual(["PL2 high"]);
      expect(finding("PL2", stack)!.detail).toMatch(/(podSelector|pod_selector) now selects everything/);
    }
  });

  test("that is the same", () => {
    for (const stack of change(make([{}]), make([{}]))) expect(said(stack)).toEqual([]);
  });
});

test("Cilium's own rules: a rule without a word denies, one for everybody allows", () => {
  const of = (ingress: unknown) => ({ endpointSelector: { matchLabels: { a: "b" } }, ingress }) as never;
  expect(widened("CiliumNetworkPolicy", of([{ fromEndpoints: [{}] }]), of([{}]))).toEqual([
    "ingress now denies everything",
  ]);
  expect(
    widened(
      "CiliumNetworkPolicy",
      of([{ fromEndpoints: [{ matchLabels: { c: "d" } }] }]),
      of([{ fromEntities: ["all"] }]),
    ),
  ).toEqual(["ingress now allows everything"]);
});

test.each([
  "CiliumClusterwideNetworkPolicy",
  "GlobalNetworkPolicy",
  "AdminNetworkPolicy",
  "FQDNNetworkPolicy",
  "CiliumEgressGatewayPolicy",
  "AuthorizationPolicy",
])("%s is one, too", (kind) => {
  const manifest = { kind, metadata: { name: "x" }, spec: {} };
  expect(said(planned([["kubernetes_manifest.p", "delete", { manifest }, null]]))).toEqual(["PL1 high"]);
});

test("several in one text, and one that moves to another resource", () => {
  const two = `${JSON.stringify(object([{}]))}\n---\n${JSON.stringify({ ...object([{}]), metadata: { name: "web", namespace: "shop" } })}\n`;
  const one = JSON.stringify(object([{}]));
  const stack = planned([["kubectl_manifest.p", "update", { yaml_body: two }, { yaml_body: one }]]);
  expect(finding("PL1", stack)!.detail).toBe("NetworkPolicy shop/web removed");
  const moved = planned([
    ["kubectl_manifest.p", "delete", { yaml_body: one }, null],
    ["kubernetes_manifest.q", "create", null, { manifest: object([{}]) }],
  ]);
  expect(said(moved).filter((rule) => rule.startsWith("PL1"))).toEqual([]);
});

test("images that are no longer checked", () => {
  const mode = (evaluation_mode: string) =>
    resources({ "google_container_cluster.c": { name: "c", binary_authorization: { evaluation_mode } } });
  expect(said(predicted(mode("PROJECT_SINGLETON_POLICY_ENFORCE"), mode("DISABLED")))).toContain("PL3 high");
  expect(said(predicted(mode("DISABLED"), mode("PROJECT_SINGLETON_POLICY_ENFORCE")))).not.toContain("PL3 high");
});
