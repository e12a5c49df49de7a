import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../environments";
import type { EnvironmentDefinition } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";
import { synthEnvironment } from "../../lib/testing";
import { standInArchive } from "../../sandbox/charts";
import { Discovery } from "../../sandbox/kubernetes/client";
import { ProcessLedger, Program } from "../../sandbox/processes";
import { terminalReporter } from "../../sandbox/terminal";
import { ciliumChart } from "../../sandbox/toolchain";
import { NOT_RUN } from "../harness/not-run";
import { admissionFaults } from "./operator/admission";
import { outageFaults, panelFaults, ruleFaults, targetFaults } from "./operator/checks";
import { CLUSTER_PROGRAMS, ledgerFile, type RunningCluster, startCluster } from "./operator/cluster";
import { Exporters, giveAddresses } from "./operator/exporters";
import { applyObjects, type Installer, installRelease, plainObjects, releasesInOrder } from "./operator/install";
import { operatorsConfiguration, Prometheus } from "./operator/prometheus";
import { programs } from "./programs";

const NAMESPACE = "cilium-monitoring";
/** Directory with chart archives of the user's, in which a real kube-prometheus-stack may lie. */
const CHARTS = process.env["SANDBOX_CHARTS"];
/** Prometheus asks the API server of this cluster, and often enough not to keep anybody waiting. */
const SCRAPE_INTERVAL_SECONDS = 5;

const reporter = terminalReporter();

/**
 * For each environment: its monitoring with the real prometheus-operator and a real Prometheus, on a real API server
 * with the real Cilium chart's pods. Exit code: 0 all well, 1 something is wrong, 77 not run.
 */
async function main(names: readonly string[]): Promise<number> {
  const found = await programs([...CLUSTER_PROGRAMS, "prometheus-operator", "prometheus"]);
  if (typeof found === "string") {
    console.log(`not run: monitoring with the real operator: ${found}`);
    return NOT_RUN;
  }
  const chosen = environments.filter(({ name }) => names.length === 0 || names.includes(name));
  let faults = 0;
  for (const definition of chosen) {
    const directory = mkdtempSync(join(tmpdir(), "monitoring-proof-"));
    const interrupted = () => void endEarly(directory);
    process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
    try {
      faults += await prove(definition, found, directory);
    } finally {
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      if (faults === 0) rmSync(directory, { recursive: true, force: true });
      else reporter.line(`  logs: ${directory}`);
    }
  }
  return faults === 0 ? 0 : 1;
}

/** Ends what has been started, so that an interrupted run leaves no control plane behind. */
async function endEarly(directory: string): Promise<never> {
  await new ProcessLedger(ledgerFile(directory)).endLeftovers();
  rmSync(directory, { recursive: true, force: true });
  process.exit(1);
}

type Found = Exclude<
  Awaited<ReturnType<typeof programs<(typeof CLUSTER_PROGRAMS)[number] | "prometheus" | "prometheus-operator">>>,
  string
>;

async function prove(definition: EnvironmentDefinition, found: Found, directory: string): Promise<number> {
  const { name, dataplane } = definition;
  let faults = 0;
  const step = async (what: string, check: () => Promise<readonly string[]>) => {
    const task = reporter.task(`${name}: ${what}`);
    const wrong = await check();
    faults += wrong.length;
    if (wrong.length === 0) task.done();
    else task.fail(`\n    ${wrong.slice(0, 12).join("\n    ")}`);
  };
  const starting = reporter.task(`${name}: a cluster with the dataplane ${dataplane.kind} and its monitoring`);
  const started = await startCluster(definition, found, directory);
  const { cluster, stop, ledger } = started;
  const running: { stop(): Promise<unknown> }[] = [];
  try {
    const { client } = cluster.controlPlane;
    const kubeconfig = cluster.files.kubeconfig;
    const installer: Installer = { helm: found.helm, kubeconfig, directory, chart: chartOf };
    const stacks = synthEnvironment({ ...definition, monitoring: monitoringOf(started) });

    for (const [id, release] of releasesInOrder(stacks[`${name}-networking`]!))
      if (id.includes("cilium")) await installRelease(installer, release, ALONE);
    const monitoring = stacks[`${name}-monitoring`]!;
    await applyObjects(client, new Discovery(client), plainObjects(monitoring));
    // KWOK's pods of this namespace would have addresses that nobody may dial; their workloads are what is looked at.
    await client.create(`/api/v1/namespaces/${NAMESPACE}/resourcequotas`, NO_PODS);
    for (const [, release] of releasesInOrder(monitoring)) await installRelease(installer, release);

    const { telemetry } = dataplane.describe(definition);
    const nodes = (await client.list("/api/v1/nodes")).length;
    const targets = await giveAddresses(client, telemetry, ({ component }, pods) =>
      component === "cilium-operator" || component === "hubble-relay" ? pods.length > 0 : pods.length === nodes,
    );
    const exporters = new Exporters(targets, telemetry);
    await exporters.start();
    running.push(exporters);

    const operator = new Program({
      name: "prometheus-operator",
      command: found["prometheus-operator"],
      args: [`-namespaces=${NAMESPACE}`, "-web.listen-address=127.0.0.1:0", "-kubelet-service="],
      environment: { PATH: process.env["PATH"], HOME: directory, KUBECONFIG: kubeconfig, NO_PROXY: "127.0.0.1" },
      log: join(directory, "operator.log"),
      ledger,
    });
    await operator.start();
    running.push(operator);
    const written = await operatorsConfiguration(
      client,
      NAMESPACE,
      (configuration, rules) =>
        telemetry.endpoints.every(({ component }) =>
          configuration.includes(`job_name: podMonitor/${NAMESPACE}/${component}/0`),
        ) && Object.keys(rules).some((file) => file.includes("cilium-alerts")),
    );
    const prometheus = await Prometheus.start(found.prometheus, join(directory, "prometheus"), written, ledger);
    running.push(prometheus);
    starting.done(`${targets.length} targets, ${dashboardsOf(monitoring).length} dashboards`);

    await step("scrapes exactly the dataplane's programs, under their names", () =>
      targetFaults(prometheus, targets, name),
    );
    await step("every query of every dashboard has data", () => panelFaults(prometheus, telemetry, name));
    await step("every alert evaluates, and none starts while all is well", () => ruleFaults(prometheus, telemetry));
    await step("what stops answering starts its alert", () => outageFaults(prometheus, exporters, targets));
    await step("every pod is admitted under the namespace's Pod Security Standard", () =>
      admissionFaults(client, NAMESPACE),
    );
    await step("every dashboard is a JSON model with the label that Grafana looks for", async () =>
      dashboardFaults(monitoring),
    );
    return faults;
  } catch (error) {
    starting.fail((error as Error).message);
    return faults + 1;
  } finally {
    for (const program of running.reverse()) await program.stop();
    await stop();
  }
}

/**
 * What agents would ask of the rest of the networking stack, which is not installed here: the API server's address, and
 * that kube-proxy is gone.
 */
const ALONE = { k8sServiceHost: "127.0.0.1", k8sServicePort: 443, extraInitContainers: [] };
const NO_PODS = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "no-pods" },
  spec: { hard: { pods: "0" } },
};

/** Prometheus in the cluster, whatever the environment has, with the one thing that it cannot know here: where the API server is. */
function monitoringOf({ cluster, tokenFile }: RunningCluster): Monitoring {
  return Monitoring.prometheus({
    scrapeIntervalSeconds: SCRAPE_INTERVAL_SECONDS,
    values: {
      prometheus: {
        prometheusSpec: {
          apiserverConfig: {
            host: `https://127.0.0.1:${cluster.apiPort}`,
            tlsConfig: { caFile: cluster.files.certificate("ca") },
            authorization: { credentialsFile: tokenFile },
          },
        },
      },
    },
  });
}

/** The real Cilium chart, and kube-prometheus-stack from the user's archives or as a stand-in. */
async function chartOf(name: string, version: string | undefined): Promise<string> {
  if (name === "cilium") return (await ciliumChart({ reporter })).archive;
  const own =
    CHARTS && existsSync(CHARTS) ? readdirSync(CHARTS).find((file) => file === `${name}-${version}.tgz`) : undefined;
  return own ? join(CHARTS!, own) : standInArchive(version ?? "0.0.0", { reporter });
}

function dashboardsOf(stack: Parameters<typeof plainObjects>[0]) {
  return plainObjects(stack).filter(({ kind }) => kind === "ConfigMap") as (ReturnType<typeof plainObjects>[number] & {
    readonly data: Readonly<Record<string, string>>;
  })[];
}

function dashboardFaults(stack: Parameters<typeof plainObjects>[0]): string[] {
  return dashboardsOf(stack).flatMap(({ metadata, data }) =>
    Object.entries(data).flatMap(([file, text]) => {
      const model = JSON.parse(text) as { uid?: string; title?: string; panels?: unknown[] };
      const whole = model.uid && model.title && (model.panels?.length ?? 0) > 0 && file.endsWith(".json");
      return whole && metadata.labels?.["grafana_dashboard"] === "1" ? [] : [`${metadata.name} is no dashboard`];
    }),
  );
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.stack ?? error.message);
    process.exitCode = 1;
  },
);
