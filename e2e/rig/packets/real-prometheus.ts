import type { ChildProcess } from "node:child_process";
import { mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataplaneTelemetry, MetricsEndpoint } from "../../../lib/dataplane/telemetry";
import { eventually } from "../../harness/check";
import type { PacketRig } from "./packet-rig";

const PORT = 9090;
const LOOPBACK = "127.0.0.1";
const INTERVAL = "2s";

interface MeasuredPod {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly podIP?: string; readonly phase?: string };
}

/** One series of an answer. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

/** A real Prometheus on a machine of the VPC, which scrapes the dataplane's real programs, under the operator's labels. */
export class RealPrometheus {
  private constructor(
    private readonly rig: PacketRig,
    private readonly child: ChildProcess,
  ) {}

  /** @param directory A directory of its own, emptied at the start. */
  public static async start(
    rig: PacketRig,
    program: string,
    telemetry: DataplaneTelemetry,
    { directory, cluster }: { directory: string; cluster: string },
  ): Promise<RealPrometheus> {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const jobs = await Promise.all(telemetry.endpoints.map((endpoint) => job(rig, endpoint, cluster)));
    const configuration = join(directory, "prometheus.json");
    writeFileSync(
      configuration,
      JSON.stringify({ global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL }, scrape_configs: jobs }),
    );
    const log = openSync(join(directory, "prometheus.log"), "a");
    const child = rig.real.vpc.router
      .only("net")
      .spawn(
        [
          program,
          `--config.file=${configuration}`,
          `--storage.tsdb.path=${join(directory, "data")}`,
          `--web.listen-address=${LOOPBACK}:${PORT}`,
        ],
        { stdio: ["ignore", log, log] },
      );
    const prometheus = new RealPrometheus(rig, child);
    await eventually("Prometheus ready", 60, async () =>
      (await rig.machine.get(LOOPBACK, PORT, { path: "/-/ready" }))?.status === 200 ? true : undefined,
    );
    return prometheus;
  }

  public stop(): void {
    this.child.kill("SIGKILL");
  }

  /** What cannot be scraped, and why. */
  public async troubles(): Promise<string[]> {
    const { activeTargets } = await this.ask<{
      activeTargets: { scrapeUrl: string; health: string; lastError: string }[];
    }>("targets?state=active");
    return activeTargets
      .filter(({ health }) => health !== "up")
      .map(({ scrapeUrl, health, lastError }) => `${scrapeUrl}: ${health} ${lastError}`);
  }

  /** Names of all series that were ever counted. */
  public seriesNames(): Promise<string[]> {
    return this.ask("label/__name__/values");
  }

  /** An expression over the last seconds. */
  public async range(expression: string, seconds: number): Promise<Series[]> {
    const end = Date.now() / 1000;
    const query = new URLSearchParams({ query: expression, start: `${end - seconds}`, end: `${end}`, step: INTERVAL });
    return (await this.ask<{ result: Series[] }>(`query_range?${query}`)).result;
  }

  private async ask<T>(path: string): Promise<T> {
    const answer = await this.rig.machine.get(LOOPBACK, PORT, { path: `/api/v1/${path}`, seconds: 10 });
    const { status, data, error } = JSON.parse(answer?.body ?? "{}") as { status?: string; data?: T; error?: string };
    if (status !== "success" || data === undefined) throw new Error(`${decodeURIComponent(path)}: ${error}`);
    return data;
  }
}

async function job(rig: PacketRig, { component, namespace, podLabels, port }: MeasuredEndpoint, cluster: string) {
  const selector = Object.entries(podLabels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const pods = await rig.client.list<MeasuredPod & { apiVersion: string; kind: string }>(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`,
  );
  const real = pods.filter(({ spec, status }) => rig.nodes.includes(spec?.nodeName ?? "") && status?.podIP);
  return {
    job_name: component,
    static_configs: real.map(({ metadata, spec, status }) => ({
      targets: [`${status?.podIP}:${port}`],
      labels: {
        cluster,
        namespace,
        pod: metadata.name,
        node: spec?.nodeName ?? "",
        container: component,
        k8s_app: podLabels["k8s-app"] ?? "",
      },
    })),
  };
}

type MeasuredEndpoint = Pick<MetricsEndpoint, "component" | "namespace" | "podLabels" | "port">;
