import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { type GitOpsTool, handOver } from "../lib";
import type { Sandbox } from "../sandbox/runtime";
import { FREE } from "./deployment/environments";
import { type Proof, prove } from "./deployment/in-sandbox";
import { writeStacks } from "./deployment/synthesized";
import { answerOf, Terraform } from "./deployment/terraform";

const CLUSTER = { project: FREE.project, location: FREE.location, name: FREE.name };
const TOOLS: readonly GitOpsTool[] = ["argo-cd", "flux"];
/** Kinds of the tools' own, made known to the API server without their schemas: what is shown is that objects are accepted. */
const KINDS = [
  { group: "argoproj.io", version: "v1alpha1", kind: "Application", plural: "applications" },
  { group: "source.toolkit.fluxcd.io", version: "v1", kind: "HelmRepository", plural: "helmrepositories" },
  { group: "helm.toolkit.fluxcd.io", version: "v2", kind: "HelmRelease", plural: "helmreleases" },
];

/**
 * Cilium is installed by Terraform in the sandbox and handed over: Terraform forgets the release and plans nothing more, the
 * agents stay as they are, the API server takes the objects of both tools, and the chart rendered with their values is what
 * Helm has installed, object by object.
 *
 * Exit code 77: not run, because a program of the sandbox cannot be had.
 */
const proof: Proof = {
  name: "gitops",
  write: (scratch) => {
    mkdirSync(join(scratch, "app"));
    return [writeStacks(join(scratch, "app"), [{ ...FREE, monitoring: undefined }])];
  },
  async run({ sandbox, environments: [env = {}] }, scratch) {
    const app = join(scratch, "app");
    const terraform = new Terraform(app, env);
    for (const stack of ["free-cluster", "free-networking"]) await terraform.apply(stack);
    const before = await generation(sandbox);
    const helmEnv = { ...env, KUBECONFIG: sandbox.cluster(CLUSTER).files.kubeconfig };
    const helm = (...args: readonly string[]) => answer("helm", args, scratch, helmEnv);
    const installed = await helm("get", "manifest", "cilium", "--namespace", "kube-system");
    const live = JSON.parse(await helm("get", "values", "cilium", "--namespace", "kube-system", "--output", "json"));

    const objects = new Map(TOOLS.map((tool) => [tool, objectsOf(app, tool, live)]));
    await terraform.apply("free-networking");
    await terraform.mustBeEmpty("free-networking");
    const after = await generation(sandbox);
    if (after !== before) throw new Error(`the agents were changed: ${before} became ${after}`);

    await sandboxApply(sandbox, scratch, "kinds.yaml", KINDS.map(definitionOf));
    for (const [tool, [first, ...others]] of objects) {
      await sandboxApply(sandbox, scratch, `${tool}.yaml`, [first, ...others]);
      const values = join(scratch, `${tool}.values.yaml`);
      writeFileSync(values, stringify(valuesOf(tool, [first, ...others])));
      const chart = ["cilium", "cilium", "--repo", "https://helm.cilium.io", "--version", String(versionOf(installed))];
      const rendered = await helm(
        "template",
        ...chart,
        "--namespace",
        "kube-system",
        "--values",
        values,
        "--no-hooks",
        "--is-upgrade",
      );
      const differing = differences(installed, rendered);
      if (differing.length > 0) throw new Error(`${tool} would change ${differing.join(", ")}`);
    }
    return "Cilium is handed over to Argo CD and to Flux: Terraform forgets it, nothing restarts, and both render what is installed.";
  },
};

type Json = Readonly<Record<string, never>>;
interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Synthesizes the environment anew, handed over, and returns what the tool's repository gets. */
function objectsOf(app: string, tool: GitOpsTool, live: Json): KubernetesObject[] {
  let files: ReadonlyMap<string, string> = new Map();
  writeStacks(app, [{ ...FREE, monitoring: undefined }], (environment) => {
    files = handOver(environment, {
      tool,
      k8sServiceHost: String(live["k8sServiceHost"]),
      upgradeCompatibility: String(live["upgradeCompatibility"]),
    });
  });
  return [...files.values()].flatMap((text) => parseAllDocuments(text).map((each) => each.toJS() as KubernetesObject));
}

function valuesOf(tool: GitOpsTool, objects: readonly (KubernetesObject | undefined)[]): unknown {
  const spec = objects.at(-1)?.spec as {
    readonly values?: unknown;
    readonly source?: { readonly helm: { readonly valuesObject: unknown } };
  };
  return tool === "flux" ? spec.values : spec.source?.helm.valuesObject;
}

/** Objects that two manifests do not have in common, or have otherwise. */
function differences(one: string, other: string): string[] {
  const [a, b] = [one, other].map(
    (text) =>
      new Map(
        parseAllDocuments(text)
          .map((document) => document.toJS() as KubernetesObject | null)
          .filter((object) => object !== null)
          .map((object) => [`${object.kind} ${object.metadata.name}`, JSON.stringify(object)]),
      ),
  ) as [Map<string, string>, Map<string, string>];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

/** Version of the chart, as Helm labels what it installs. */
function versionOf(manifest: string): string | undefined {
  return (
    /helm\.sh\/chart: "?cilium-([\d.]+)/.exec(manifest)?.[1] ?? /image: "?[^"\n]*cilium:v([\d.]+)/.exec(manifest)?.[1]
  );
}

async function generation(sandbox: Sandbox): Promise<string> {
  const args = [
    "-n",
    "kube-system",
    "get",
    "daemonset/cilium",
    "-o",
    "jsonpath={.metadata.uid} {.metadata.generation}",
  ];
  return (await sandbox.kubectl(CLUSTER, args)).stdout;
}

async function sandboxApply(
  sandbox: Sandbox,
  scratch: string,
  name: string,
  objects: readonly unknown[],
): Promise<void> {
  mkdirSync(join(scratch, "objects"), { recursive: true });
  const file = join(scratch, "objects", name);
  for (const namespace of ["argocd", "flux-system"])
    await sandbox.kubectl(CLUSTER, ["create", "namespace", namespace]).catch(() => undefined);
  writeFileSync(file, objects.map((object) => stringify(object)).join("---\n"));
  const { code, stderr } = await sandbox.kubectl(CLUSTER, ["apply", "--server-side", "-f", file]);
  if (code !== 0) throw new Error(`${name} is not taken: ${stderr}`);
  await sandbox.kubectl(CLUSTER, ["wait", "--for=condition=Established", "crd", "--all", "--timeout=600s"]);
}

function definitionOf({ group, version, kind, plural }: (typeof KINDS)[number]) {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

async function answer(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await answerOf(program, args, cwd, env);
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}\n${stderr}`);
  return stdout;
}

prove(proof).then((code) => {
  process.exitCode = code;
});
