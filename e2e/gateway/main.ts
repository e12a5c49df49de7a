import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { Dataplane } from "../../lib/dataplane";
import type { EnvironmentDefinition } from "../../lib/environment";
import { packageFile } from "../../lib/package-files";
import { applyDefinitions } from "../../sandbox/kubernetes/addons/definitions";
import type { KubernetesClient, KubernetesObject } from "../../sandbox/kubernetes/client";
import { freePort, ProcessLedger, Program } from "../../sandbox/processes";
import { findProgram } from "../../sandbox/real-nodes/requirements/machine";
import { ciliumChart, ciliumCrds } from "../../sandbox/toolchain";
import { synthesizedRelease } from "../chart/releases";
import { NOT_RUN } from "../harness/not-run";
import { CLUSTER_PROGRAMS, ledgerFile, startCluster } from "../monitoring/operator/cluster";
import { programs } from "../monitoring/programs";
import { GATEWAY, gatewayObjects } from "./objects";

const OPERATOR = "cilium-operator-generic";
const PATIENCE_SECONDS = 240;
const CLASSES = "/apis/gateway.networking.k8s.io/v1/gatewayclasses";
const OF_GATEWAYS = "/apis/gateway.networking.k8s.io/v1/namespaces/default";

const DEFINITION: EnvironmentDefinition = {
  name: "gateways",
  project: "acme-gateways",
  location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  dataplane: Dataplane.kubeProxyFree({ gatewayApi: {} }),
  nodePools: [{ name: "general", minNodes: 3, maxNodes: 9 }],
};

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
}
interface Judged extends KubernetesObject {
  readonly status?: Conditions & { readonly parents?: readonly Conditions[] };
}

/**
 * What `gatewayApi` comes to, before Cilium's real operator: with the definitions that this library carries and the
 * configuration that the chart makes, it must accept the GatewayClass, and a Gateway with a route of it. Exit code: 0 all well,
 * 1 not, 77 not run.
 */
async function main(): Promise<number> {
  const operator = findProgram(OPERATOR);
  const found = await programs(CLUSTER_PROGRAMS);
  if (operator === undefined || typeof found === "string") {
    console.log(`not run: Gateways before Cilium's operator: ${typeof found === "string" ? found : `no ${OPERATOR}`}`);
    return NOT_RUN;
  }
  const directory = mkdtempSync(join(tmpdir(), "gateway-proof-"));
  const { cluster, stop } = await startCluster(DEFINITION, found, directory);
  const { client } = cluster.controlPlane;
  const rendered = await renderChart(found.helm, directory);
  const program = new Program({
    name: OPERATOR,
    command: operator,
    args: [
      `--config-dir=${configOf(rendered, directory)}`,
      ...["--k8s-kubeconfig-path", cluster.files.kubeconfig],
      `--operator-api-serve-addr=127.0.0.1:${await freePort()}`,
      "--enable-metrics=false",
      "--skip-crd-creation=true",
      "--cilium-pod-namespace=kube-system",
    ],
    environment: { ...process.env, K8S_NODE_NAME: "none", CILIUM_K8S_NAMESPACE: "kube-system" },
    log: join(directory, "operator.log"),
    ledger: new ProcessLedger(ledgerFile(directory)),
  });
  try {
    await applyDefinitions(client, await definitions());
    for (const object of rendered.filter(({ kind }) => kind === "GatewayClass")) await client.create(CLASSES, object);
    await program.start();
    return await watch(client);
  } finally {
    await program.stop();
    await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Cilium's definitions, and those of the Gateway API as the release of this library brings them. */
async function definitions(): Promise<KubernetesObject[]> {
  const carried = packageFile("lib/kubernetes/gateway-api-chart/data");
  const files = readdirSync(carried).filter((file) => file.endsWith(".yaml"));
  return [...(await ciliumCrds()), ...files.map((file) => join(carried, file))].map(
    (file) => parse(readFileSync(file, "utf8")) as KubernetesObject,
  );
}

/** What the chart makes of the environment's values. */
async function renderChart(helm: string, directory: string): Promise<KubernetesObject[]> {
  const values = join(directory, "values.json");
  writeFileSync(values, JSON.stringify(synthesizedRelease(DEFINITION).values));
  const chart = await ciliumChart();
  const text = execFileSync(
    helm,
    ["template", "cilium", chart.directory, "--namespace", "kube-system", "--values", values],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as KubernetesObject | null) ?? []);
}

/** The configuration as the operator's pod has it: a file for each key. */
function configOf(rendered: readonly KubernetesObject[], directory: string): string {
  const config = rendered.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "cilium-config") as
    | (KubernetesObject & { readonly data: Readonly<Record<string, string>> })
    | undefined;
  const files = join(directory, "config");
  mkdirSync(files);
  for (const [key, value] of Object.entries(config?.data ?? {})) writeFileSync(join(files, key), value);
  return files;
}

async function watch(client: KubernetesClient): Promise<number> {
  const failures: string[] = [];
  const expect = async (what: string, path: string, type: string, of: (object: Judged) => Conditions | undefined) => {
    const said = await settled(client, path, type, of);
    console.log(`${said === "" ? "✓" : "✗"} ${what}${said === "" ? "" : `: ${said}`}`);
    if (said !== "") failures.push(what);
  };
  await expect("the chart's GatewayClass is accepted", `${CLASSES}/cilium`, "Accepted", ({ status }) => status);
  for (const { path, object } of gatewayObjects()) await client.create(path, object);
  await expect("a Gateway of it is accepted", `${OF_GATEWAYS}/gateways/${GATEWAY}`, "Accepted", ({ status }) => status);
  await expect(
    "a route of the Gateway is accepted",
    `${OF_GATEWAYS}/httproutes/${GATEWAY}`,
    "Accepted",
    ({ status }) => status?.parents?.[0],
  );
  await expect(
    "the route finds its Service",
    `${OF_GATEWAYS}/httproutes/${GATEWAY}`,
    "ResolvedRefs",
    ({ status }) => status?.parents?.[0],
  );
  for (const [what, path] of [
    ["its load balancer's Service is made", `/api/v1/namespaces/default/services/cilium-gateway-${GATEWAY}`],
    [
      "Envoy's configuration is made",
      `/apis/cilium.io/v2/namespaces/default/ciliumenvoyconfigs/cilium-gateway-${GATEWAY}`,
    ],
  ] as const) {
    const there = (await client.find(path)) !== undefined;
    console.log(`${there ? "✓" : "✗"} ${what}`);
    if (!there) failures.push(what);
  }
  return failures.length === 0 ? 0 : 1;
}

/** Waits until a condition is true. @returns what it says otherwise. */
async function settled(
  client: KubernetesClient,
  path: string,
  type: string,
  of: (object: Judged) => Conditions | undefined,
): Promise<string> {
  let said = "it is not there";
  for (const deadline = Date.now() + PATIENCE_SECONDS * 1000; Date.now() < deadline; ) {
    const object = await client.find<Judged>(path);
    const condition = object && of(object)?.conditions?.find((each) => each.type === type);
    if (condition?.status === "True") return "";
    if (object !== undefined) said = condition?.message ?? `no ${type} condition`;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return said;
}

void main().then((code) => process.exit(code));
