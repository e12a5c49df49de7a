import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Dataplane } from "../../lib/dataplane";
import { describeEnvironment, Environment } from "../../lib/environment";
import { parseKnownValues } from "../../lib/helm";
import { describePolicies, Policies, type PolicyObject } from "../../lib/policy";
import { definition } from "../support/definition";

const allowWeb: PolicyObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "allow-web", namespace: "shop" },
  spec: {
    podSelector: { matchLabels: { app: "api" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ port: 8080 }] }],
  },
};

interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly values: string[];
  readonly take_ownership?: boolean;
  readonly depends_on?: string[];
}

function releasesOf(stack: TerraformStack): Release[] {
  return Object.values((JSON.parse(Testing.synth(stack)).resource?.helm_release ?? {}) as Record<string, Release>);
}

const keysOf = (release: Release | undefined) =>
  Object.keys(parseKnownValues(release?.values[0] ?? "{}")["manifests"] as object);

describe("Policies", () => {
  const stack = () => new TerraformStack(new App(), "networking");

  test("are one release, after one of the namespaces that they are in", () => {
    const scope = stack();
    new Policies(scope, "policies", { objects: [allowWeb, { ...allowWeb, metadata: { name: "other" } }] });
    const [policies, namespaces] = releasesOf(scope);
    expect(keysOf(namespaces)).toEqual(["Namespace/shop"]);
    expect(namespaces?.take_ownership).toBe(true);
    expect(keysOf(policies)).toEqual([
      "NetworkPolicy.networking.k8s.io/default/other",
      "NetworkPolicy.networking.k8s.io/shop/allow-web",
    ]);
    expect(policies?.take_ownership).toBeUndefined();
    expect(policies?.depends_on).toEqual([expect.stringMatching(/^helm_release\.policies_namespaces_/)]);
  });

  test("make no namespace that is there anyway, or that shall not be made", () => {
    const scope = stack();
    new Policies(scope, "a", { objects: [{ ...allowWeb, metadata: { name: "x", namespace: "kube-system" } }] });
    new Policies(scope, "b", { objects: [allowWeb], createNamespaces: false, releaseName: "more", adopt: true });
    expect(releasesOf(scope).map(({ name, take_ownership }) => [name, take_ownership])).toEqual([
      ["policies", undefined],
      ["more", true],
    ]);
  });

  test("are nothing where there are none", () => {
    const scope = stack();
    new Policies(scope, "policies", {});
    expect(releasesOf(scope)).toEqual([]);
  });

  test("keep their namespaces when they go", () => {
    const { namespaces } = describePolicies({
      objects: [allowWeb, { apiVersion: "v1", kind: "Namespace", metadata: { name: "lab", labels: { team: "a" } } }],
    });
    expect(namespaces.map(({ metadata }) => metadata)).toEqual([
      { name: "shop", annotations: { "helm.sh/resource-policy": "keep" } },
      { name: "lab", labels: { team: "a" }, annotations: { "helm.sh/resource-policy": "keep" } },
    ]);
  });

  test("throw one error with every problem before anything is made", () => {
    const scope = stack();
    const wrong = { ...allowWeb, spec: { podSelector: {}, ingres: [] } } as PolicyObject;
    expect(() => new Policies(scope, "policies", { objects: [wrong, allowWeb, allowWeb], namespace: "No" })).toThrow(
      /^3 problems:\n.*'namespace' \(No\) is not a namespace's name.*\n.*networking\/policies: 'objects\[0\]\.spec\.ingres' \(\[\]\) is no field here.*did you mean ingress\?\n.*'objects\[2\]\.metadata\.name' \(allow-web\) is the name of the NetworkPolicy at objects\[1\] too/,
    );
    expect(releasesOf(scope)).toEqual([]);
  });

  test("what only Terraform knows passes and reaches the cluster", () => {
    const scope = stack();
    const cidr = new TerraformVariable(scope, "partner", { type: "string" }).stringValue;
    new Policies(scope, "policies", {
      objects: [
        {
          ...allowWeb,
          metadata: { name: "partner" },
          spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] },
        } as PolicyObject,
      ],
    });
    expect(releasesOf(scope)[0]?.values[1]).toContain("var.partner");
  });
});

describe("an environment's policies", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "policies-"));
    writeFileSync(
      join(root, "shop.yaml"),
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n  podSelector: {}\n  ingres:\n    - {}\n",
    );
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  test.each([
    ["cni-chaining", () => Dataplane.cniChaining(), /^helm_release\.cilium$/],
    ["kube-proxy-free", () => Dataplane.kubeProxyFree(), /^helm_release\.cilium$/],
    ["dataplane-v2", () => Dataplane.v2(), /^helm_release\.network-logging$/],
  ])("%s: come after what registers their definitions", (_, dataplane, after) => {
    const { networking } = new Environment(
      new App(),
      definition({ dataplane: dataplane(), policies: { objects: [allowWeb] } }),
    );
    const release = releasesOf(networking).find(({ name }) => name === "policies");
    expect(release).toMatchObject({ namespace: "kube-system" });
    expect(release?.depends_on).toEqual(expect.arrayContaining([expect.stringMatching(after)]));
  });

  test("with Autopilot, Helm's record is in a namespace of our own", () => {
    const { networking } = new Environment(
      new App(),
      definition({
        dataplane: Dataplane.v2(),
        nodePools: [],
        cluster: { autopilot: true },
        policies: { objects: [allowWeb] },
      }),
    );
    expect(releasesOf(networking).find(({ name }) => name === "policies")?.namespace).toBe("gke-cilium");
  });

  test("a wrong file is told with file, line, field, rule and remedy", () => {
    const { problems } = describeEnvironment(definition({ policies: { directories: [root] } }));
    expect(problems).toEqual([
      `staging: '${root}/shop.yaml:7 spec.ingres' is no field here, and the API server would drop it without a word; did you mean ingress?`,
    ]);
  });

  test("what is wrong with the option is told as with any other", () => {
    const policies = { directoris: ["a"], objects: ["b"], namespace: "c" } as object;
    expect(describeEnvironment(definition({ policies })).problems).toEqual([
      expect.stringMatching(/'policies\.objects\[0\]' is no object/),
      expect.stringMatching(/'policies\.directoris' .*did you mean directories\?/),
    ]);
  });
});
