import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SynthesizedStack, TerraformBlock } from "../../../lib/testing";
import type { Discovery, KubernetesClient, KubernetesObject } from "../../../sandbox/kubernetes/client";
import { packageRoot } from "../../../sandbox/paths";

/** What installs charts into a cluster: helm with an administrator's kubeconfig. */
export interface Installer {
  readonly helm: string;
  readonly kubeconfig: string;
  /** For files of values. */
  readonly directory: string;
  /** Archive or directory of a chart that a stack names. */
  readonly chart: (name: string, version: string | undefined) => Promise<string>;
}

/** The helm releases of a stack, each after those that it names. */
export function releasesInOrder(stack: SynthesizedStack): (readonly [id: string, release: TerraformBlock])[] {
  const releases = stack.resource["helm_release"] ?? {};
  const done = new Map<string, TerraformBlock>();
  const add = (id: string) => {
    const release = releases[id];
    if (!release || done.has(id)) return;
    for (const dependency of (release["depends_on"] ?? []) as string[])
      if (dependency.startsWith("helm_release.")) add(dependency.slice("helm_release.".length));
    done.set(id, release);
  };
  Object.keys(releases).forEach(add);
  return [...done];
}

/** Installs a release of a stack with exactly its values, the way the helm provider does. */
export async function installRelease(
  { helm, kubeconfig, directory, chart }: Installer,
  release: TerraformBlock,
  extraValues: object = {},
): Promise<void> {
  const name = String(release["name"]);
  // What only Terraform can tell (the API server's address) means nothing to fake pods.
  const layers = (release["values"] as unknown[]).filter((layer) => typeof layer === "object");
  const files = [...layers, extraValues].map((layer, index) => {
    const file = join(directory, `${name}-${index}.json`);
    writeFileSync(file, JSON.stringify(layer));
    return file;
  });
  const source = String(release["chart"]).startsWith("./")
    ? join(packageRoot(), "lib/kubernetes/manifests-chart")
    : await chart(String(release["chart"]), release["version"] as string | undefined);
  await promisify(execFile)(
    helm,
    [
      "upgrade",
      "--install",
      name,
      source,
      "--namespace",
      String(release["namespace"]),
      ...files.flatMap((file) => ["--values", file]),
    ],
    { env: { PATH: process.env["PATH"], HOME: directory, KUBECONFIG: kubeconfig, NO_PROXY: "127.0.0.1" } },
  );
}

/** Namespaces and ConfigMaps of a stack as the Kubernetes API takes them. */
export function plainObjects(stack: SynthesizedStack): KubernetesObject[] {
  const kinds = { kubernetes_namespace_v1: "Namespace", kubernetes_config_map_v1: "ConfigMap" } as const;
  return Object.entries(kinds).flatMap(([type, kind]) =>
    Object.values(stack.resource[type] ?? {}).map(
      ({ metadata, data }) =>
        ({
          apiVersion: "v1",
          kind,
          metadata: metadata as KubernetesObject["metadata"],
          ...(data !== undefined && { data: unescaped(data as Record<string, string>) }),
        }) as KubernetesObject,
    ),
  );
}

function unescaped(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, text.replaceAll("$${", "${").replaceAll("%%{", "%{")]),
  );
}

/** Applies objects one after the other. */
export async function applyObjects(
  client: KubernetesClient,
  discovery: Discovery,
  objects: readonly KubernetesObject[],
): Promise<void> {
  for (const object of objects) await client.apply(await discovery.pathOf(object), object);
}
