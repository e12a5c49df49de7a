import { widened } from "../../../lib/preview/rules/policy-widening";
import { finding, planned, said } from "./crafted";

type Spec = Readonly<Record<string, unknown>>;
const says = (kind: string, before: Spec, after: Spec) => widened(kind, before as never, after as never);
const kubernetes = (before: Spec, after: Spec) =>
  says("NetworkPolicy", { podSelector: {}, ...before }, { podSelector: {}, ...after });
const cilium = (before: Spec, after: Spec) =>
  says("CiliumNetworkPolicy", { endpointSelector: {}, ...before }, { endpointSelector: {}, ...after });
const someone = { podSelector: { matchLabels: { app: "web" } } };

describe("a policy of Kubernetes lets in nobody in particular", () => {
  test.each<[what: string, rule: Spec, says: string]>([
    ["no peers", { ports: [{ port: 80 }] }, "ingress now allows everybody, on its ports"],
    ["an empty list of peers", { from: [], ports: [{ port: 80 }] }, "ingress now allows everybody, on its ports"],
    ["every address", { from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }, "ingress now allows every address"],
    ["every address of IPv6", { from: [{ ip_block: [{ cidr: "::/0" }] }] }, "ingress now allows every address"],
    ["every pod here", { from: [{ podSelector: {} }] }, "ingress now allows all pods of the namespace"],
    ["every pod here, in blocks", { from: [{ pod_selector: [{}] }] }, "ingress now allows all pods of the namespace"],
    ["every pod", { from: [{ namespaceSelector: {} }] }, "ingress now allows the pods of all namespaces"],
    [
      "such pods anywhere",
      { from: [{ ...someone, namespaceSelector: {} }] },
      "ingress now allows such pods of all namespaces",
    ],
  ])("%s", (_, rule, expected) => {
    expect(kubernetes({ ingress: [{ from: [someone] }] }, { ingress: [rule] })).toEqual([expected]);
    expect(kubernetes({ ingress: [rule] }, { ingress: [rule] })).toEqual([]);
  });

  test("or lets it choose whom", () => {
    const narrow = { from: [{ namespaceSelector: { matchLabels: { a: "b" } }, podSelector: {} }] };
    expect(kubernetes({ ingress: [{ from: [someone] }] }, { ingress: [narrow] })).toEqual([]);
  });

  test("a direction that is named no more", () => {
    const types = (...policyTypes: string[]) => ({ policyTypes });
    expect(kubernetes(types("Ingress", "Egress"), types("Ingress"))).toEqual(["egress is no longer restricted"]);
    expect(kubernetes(types("Ingress"), types("Ingress"))).toEqual([]);
  });
});

describe("a policy of Cilium lets in nobody in particular", () => {
  const web = { fromEndpoints: [{ matchLabels: { app: "web" } }] };
  test.each<[what: string, rules: Spec, says: string]>([
    ["the world", { ingress: [web, { fromEntities: ["world"] }] }, "ingress now allows the entity world"],
    [
      "a set of every address",
      { ingress: [{ fromCIDRSet: [{ cidr: "0.0.0.0/0" }] }] },
      "ingress now allows every address",
    ],
    ["every name", { ingress: [web], egress: [{ toFQDNs: [{ matchPattern: "*" }] }] }, "egress now allows every name"],
    [
      "nothing denied by default",
      { ingress: [web], enableDefaultDeny: { ingress: false } },
      "ingress denies nothing by default any more",
    ],
  ])("%s", (_, rules, expected) => {
    expect(cilium({ ingress: [web] }, rules)).toEqual([expected]);
    expect(cilium(rules, rules)).toEqual([]);
  });

  test("a denial that goes", () => {
    const denied = { ingress: [web], ingressDeny: [{ fromEntities: ["world"] }] };
    expect(cilium(denied, { ingress: [web] })).toEqual(["ingressDeny denies less"]);
    expect(cilium({ ingress: [web] }, denied)).toEqual([]);
  });
});

test.each(["k8s_manifest", "kustomization_resource", "kubectl_file_manifest"])("%s carries policies, too", (type) => {
  const body = JSON.stringify({ apiVersion: "v1", kind: "NetworkPolicy", metadata: { name: "a" }, spec: {} });
  const stack = planned([[`${type}.p`, "delete", { manifest: body, parsed: body }, null]]);
  expect(said(stack)).toEqual(["PL1 high"]);
  expect(finding("PL1", stack)!.detail).toBe("NetworkPolicy a removed");
});
