import { Testing } from "cdktf";
import { parseAllDocuments } from "yaml";
import { CiliumVersion } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import { Environment, type EnvironmentDefinition } from "../../lib/environment";
import { type HandOverOptions, handOver } from "../../lib/gitops";
import { testApp } from "../support/app";
import { definition } from "../support/definition";

function handedOver(options: HandOverOptions, changes: Partial<EnvironmentDefinition> = {}) {
  const environment = new Environment(testApp(), definition(changes));
  const before = JSON.parse(Testing.synth(environment.networking));
  const files = handOver(environment, options);
  const objects = [...files.values()].flatMap((text) => parseAllDocuments(text).map((each) => each.toJS()));
  return { files, objects, before, stack: JSON.parse(Testing.synth(environment.networking)), environment };
}
const FIRST = { upgradeCompatibility: "1.19" };
const HOST = { k8sServiceHost: "10.16.0.2", ...FIRST };

test("Argo CD renders the chart that Terraform installed, with its values, before everything else", () => {
  const { files, objects, before, environment } = handedOver({ tool: "argo-cd", ...HOST });
  expect([...files.keys()]).toEqual(["staging-cilium.yaml"]);
  const [application] = objects;
  const release = before.resource.helm_release.cilium;
  expect(application.spec.source).toMatchObject({
    repoURL: release.repository,
    chart: release.chart,
    targetRevision: release.version,
    helm: { releaseName: release.name },
  });
  const values = environment.networking.dataplane.parts.cilium?.values;
  expect(application.spec.source.helm.valuesObject).toEqual({ ...values, ...HOST });
  expect(application.metadata.annotations).toEqual({ "argocd.argoproj.io/sync-wave": "-20" });
  // Whoever deletes it keeps a network.
  expect(application.metadata.finalizers).toBeUndefined();
  expect(application.spec.syncPolicy.automated.prune).toBe(false);
});

test("Flux goes on with the release that is there, and never rolls it back", () => {
  const { objects } = handedOver({ tool: "flux", ...HOST });
  const [repository, release] = objects;
  expect(repository).toMatchObject({
    kind: "HelmRepository",
    spec: { url: expect.stringMatching(/^https:\/\/helm\.cilium\.io\/?$/) },
  });
  expect(release).toMatchObject({
    kind: "HelmRelease",
    metadata: { name: "staging-cilium", namespace: "flux-system" },
    spec: {
      releaseName: "cilium",
      targetNamespace: "kube-system",
      storageNamespace: "kube-system",
      upgrade: { remediation: { remediateLastFailure: false } },
      values: { kubeProxyReplacement: true, ...HOST },
    },
  });
});

test("a registry is written as each tool reads it", () => {
  const dataplane = Dataplane.cniChaining({ chartSource: { repository: "oci://example.com/charts" } });
  expect(handedOver({ tool: "argo-cd", ...FIRST }, { dataplane }).objects[0].spec.source.repoURL).toBe(
    "example.com/charts",
  );
  expect(handedOver({ tool: "flux", ...FIRST }, { dataplane }).objects[0].spec).toMatchObject({
    type: "oci",
    url: "oci://example.com/charts",
  });
});

test.each(["argo-cd", "flux"] as const)(
  "Terraform forgets the release for %s, destroys nothing and keeps the rest",
  (tool) => {
    const { before, stack } = handedOver({ tool, ...HOST });
    expect(stack.resource.helm_release?.cilium).toBeUndefined();
    expect(stack.removed).toEqual([{ from: "helm_release.cilium", lifecycle: { destroy: false } }]);
    expect(JSON.stringify(stack.resource)).not.toContain("helm_release.cilium");
    const rest = ({ resource }: { resource: Record<string, Record<string, unknown>> }) =>
      Object.entries(resource)
        .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
        .filter((address) => address !== "helm_release.cilium");
    expect(rest(stack)).toEqual(rest(before));
  },
);

test("names are the caller's to choose", () => {
  const { objects } = handedOver({ tool: "argo-cd", namespace: "gitops", project: "platform", ...HOST });
  expect(objects[0]).toMatchObject({ metadata: { namespace: "gitops" }, spec: { project: "platform" } });
});

test.each<[string, HandOverOptions, Partial<EnvironmentDefinition>, string]>([
  ["an address that only Terraform knows", { tool: "flux" }, {}, "'k8sServiceHost' is known to Terraform only"],
  [
    "a first minor that only the state knows",
    { tool: "flux" },
    {},
    "'upgradeCompatibility' is known to Terraform only",
  ],
  ["Google's Cilium", { tool: "flux" }, { dataplane: Dataplane.v2() }, "has no release of Cilium: Google installs it"],
  ["another tool", { tool: "jenkins" as never, ...HOST }, {}, "'tool' (jenkins)"],
  ["a namespace that is none", { tool: "flux", namespace: "A", ...HOST }, {}, "'namespace' (A)"],
])("%s is refused, and the stack stays as it was", (_, options, changes, words) => {
  const environment = new Environment(testApp(), definition(changes));
  const before = Testing.synth(environment.networking);
  expect(() => handOver(environment, options)).toThrow(words);
  expect(Testing.synth(environment.networking)).toBe(before);
});

test("the version is the environment's", () => {
  const dataplane = Dataplane.kubeProxyFree({ version: CiliumVersion.V1_19, k8sServiceHost: "10.0.0.1" });
  expect(handedOver({ tool: "argo-cd", ...FIRST }, { dataplane }).objects[0].spec.source.targetRevision).toBe(
    String(CiliumVersion.V1_19),
  );
});
