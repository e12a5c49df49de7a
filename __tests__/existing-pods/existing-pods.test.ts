import { readFileSync } from "node:fs";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Dataplane } from "../../lib/dataplane";
import { describeEnvironment, Environment, type EnvironmentDefinition } from "../../lib/environment";
import { ExistingPods, existingPodsProblems } from "../../lib/existing-pods";
import { testApp } from "../support/app";
import { definition } from "../support/definition";

interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
}

function synth(options: ConstructorParameters<typeof ExistingPods>[2] = {}): Synthesized["resource"] {
  const stack = new TerraformStack(testApp(), "stack");
  new KubernetesProvider(stack, "kubernetes", {});
  new ExistingPods(stack, "existing-pods", options);
  return (JSON.parse(Testing.synth(stack)) as Synthesized).resource;
}

const only = (resources: Synthesized["resource"], type: string) => Object.values(resources[type] ?? {})[0] ?? {};
const nameOf = (resource: Record<string, unknown>) => (resource["metadata"] as { name: string }).name;

test("the Job may look at pods and their controllers and ask for evictions, and nothing else", () => {
  expect(only(synth(), "kubernetes_cluster_role_v1")["rule"]).toEqual([
    { api_groups: [""], resources: ["pods"], verbs: ["get", "list"] },
    { api_groups: [""], resources: ["pods/eviction"], verbs: ["create"] },
    { api_groups: ["apps"], resources: ["deployments", "replicasets", "statefulsets", "daemonsets"], verbs: ["get"] },
    { api_groups: ["cilium.io"], resources: ["ciliumendpoints", "ciliumendpointslices"], verbs: ["list"] },
  ]);
});

test("its pod has no privilege, and Terraform keeps its program as it is", () => {
  const resources = synth();
  const job = JSON.stringify(only(resources, "kubernetes_job_v1"));
  for (const part of [
    '"run_as_non_root":true',
    '"read_only_root_filesystem":true',
    '"drop":["ALL"]',
    '"backoff_limit":0',
  ])
    expect(job).toContain(part);
  const { data } = only(resources, "kubernetes_config_map_v1") as { data: Record<string, string> };
  const kept = data["restart-pods.mjs"]?.replaceAll("$${", "${").replaceAll("%%{", "%{");
  expect(kept).toBe(readFileSync("lib/existing-pods/restart-pods.mjs", "utf8"));
  expect(data["restart-pods.mjs"]?.replaceAll("$${", "")).not.toContain("${");
});

test("another option or another run is another Job; waiting for it is none", () => {
  const name = (options = {}) => nameOf(only(synth(options), "kubernetes_job_v1"));
  const names = [name(), name({ run: "2" }), name({ excludedNamespaces: ["legacy"] }), name({ dryRun: true })];
  expect(new Set(names).size).toBe(4);
  expect(name({ waitForCompletion: true })).toBe(name());
});

test("everything wrong with the options is told at once", () => {
  const wrong = { dryRun: "yes", excludedNamespaces: ["Legacy"], timeoutSeconds: 60, image: "" };
  expect(
    existingPodsProblems(wrong as unknown as Parameters<typeof existingPodsProblems>[0])
      .map(({ property }) => property)
      .sort(),
  ).toEqual(["dryRun", "excludedNamespaces[0]", "image", "timeoutSeconds"]);
  expect(existingPodsProblems({ patienceSeconds: 600, timeoutSeconds: 300 })).toMatchObject([
    { property: "patienceSeconds", rule: expect.stringContaining("leaves no time") },
  ]);
  expect(existingPodsProblems({ patienceSeconds: 60, timeoutSeconds: 300, run: "a" })).toEqual([]);
});

const networking = (dataplane: Dataplane): Synthesized["resource"] =>
  (JSON.parse(Testing.synth(new Environment(testApp(), definition({ dataplane })).networking)) as Synthesized).resource;

test.each([
  ["kube-proxy-free", Dataplane.kubeProxyFree],
  ["chained", Dataplane.cniChaining],
] as const)("%s: asked for, it comes when the release is there; not asked for, nothing comes", (_, of) => {
  expect(networking(of())["kubernetes_job_v1"]).toBeUndefined();
  const job = only(networking(of({ existingPods: { excludedNamespaces: ["legacy"] } })), "kubernetes_job_v1");
  expect(job["depends_on"]).toContain("helm_release.cilium");
  expect(job["provider"]).toBe("kubernetes");
  expect(JSON.stringify(job)).toContain('"value":"legacy"');
});

const described = (dataplane: Dataplane, changes: Partial<EnvironmentDefinition> = {}) =>
  describeEnvironment(definition({ dataplane, ...changes }));
const warningsOf = (dataplane: Dataplane) =>
  (described(dataplane).dataplane?.warnings ?? [])
    .map(({ property }) => property)
    .filter((name) => name.includes("existingPods"));

test("an option that is wrong is named with its path", () => {
  const { problems } = described(Dataplane.cniChaining({ existingPods: { patienceSeconds: 1 } }));
  expect(problems.join()).toMatch(/dataplane\.existingPods\.patienceSeconds/);
});

test("the operator that deletes the same pods without a budget is warned of, and an image from elsewhere", () => {
  expect(warningsOf(Dataplane.kubeProxyFree({ existingPods: {} }))).toEqual(["dataplane.existingPods"]);
  expect(warningsOf(Dataplane.kubeProxyFree({ existingPods: {}, restartUnmanagedPods: false }))).toEqual([]);
  expect(warningsOf(Dataplane.cniChaining({ existingPods: {} }))).toEqual([]);
  const mirrored = { imageRegistry: "europe-docker.pkg.dev/acme/cilium", existingPods: {} };
  expect(warningsOf(Dataplane.cniChaining(mirrored))).toEqual(["dataplane.existingPods.image"]);
});
