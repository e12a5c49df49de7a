import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ConfigMap, KubernetesClient, KubernetesObject } from "../../../sandbox/kubernetes/client";
import { freePort, type ProcessLedger, Program } from "../../../sandbox/processes";

interface Secret extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Name of the chart's Prometheus, of which the operator's objects are named. */
const PROMETHEUS = "kube-prometheus-stack-prometheus";
/** Where the operator mounts rules. */
const RULES_MOUNT = "/etc/prometheus/rules";
const TIMEOUT = 240_000;

/** A target as Prometheus shows it. */
export interface ActiveTarget {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One series of an instant query's answer. */
export interface InstantSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** The configuration that the operator wrote for Prometheus, and the rules, once all that must be in it is. */
export async function operatorsConfiguration(
  client: KubernetesClient,
  namespace: string,
  complete: (configuration: string, rules: Readonly<Record<string, string>>) => boolean,
): Promise<{ readonly configuration: string; readonly rules: Readonly<Record<string, string>> }> {
  const deadline = Date.now() + TIMEOUT;
  for (;;) {
    const secret = await client.find<Secret>(`/api/v1/namespaces/${namespace}/secrets/prometheus-${PROMETHEUS}`);
    const maps = await client.list<ConfigMap>(`/api/v1/namespaces/${namespace}/configmaps`);
    const packed = secret?.data?.["prometheus.yaml.gz"];
    const configuration = packed ? gunzipSync(Buffer.from(packed, "base64")).toString() : "";
    const rules = Object.assign(
      {},
      ...maps
        .filter(({ metadata }) => metadata.name.startsWith(`prometheus-${PROMETHEUS}-rulefiles-`))
        .map(({ metadata, data = {} }) =>
          Object.fromEntries(Object.entries(data).map(([file, text]) => [`${metadata.name}/${file}`, text])),
        ),
    ) as Record<string, string>;
    if (complete(configuration, rules)) return { configuration, rules };
    if (Date.now() > deadline)
      throw new Error(`the operator's configuration is not complete after ${TIMEOUT / 1000} s:\n${configuration}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** A real Prometheus with the operator's configuration. */
export class Prometheus {
  private constructor(
    private readonly program: Program,
    private readonly port: number,
  ) {}

  /**
   * Starts it the way the operator's pod does: what the config reloader puts in (name of the pod, number of the shard, place of the rules)
   * is put in, and nothing else is changed.
   */
  public static async start(
    command: string,
    directory: string,
    { configuration, rules }: Awaited<ReturnType<typeof operatorsConfiguration>>,
    ledger: ProcessLedger,
  ): Promise<Prometheus> {
    rmSync(directory, { recursive: true, force: true });
    for (const [path, text] of Object.entries(rules)) {
      mkdirSync(join(directory, "rules", path, ".."), { recursive: true });
      writeFileSync(join(directory, "rules", path), text);
    }
    const file = join(directory, "prometheus.yaml");
    writeFileSync(
      file,
      configuration
        .replaceAll("$(POD_NAME)", `prometheus-${PROMETHEUS}-0`)
        .replaceAll("$(SHARD)", "0")
        .replaceAll(`${RULES_MOUNT}/`, `${join(directory, "rules")}/`),
    );
    const port = await freePort();
    const program = new Program({
      name: "prometheus",
      command,
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(directory, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      environment: { PATH: process.env["PATH"], HOME: directory, NO_PROXY: "127.0.0.1" },
      log: join(directory, "prometheus.log"),
      ledger,
    });
    await program.start();
    const prometheus = new Prometheus(program, port);
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await program.ready(ready, TIMEOUT);
    return prometheus;
  }

  public stop(): Promise<void> {
    return this.program.stop();
  }

  public async targets(): Promise<readonly ActiveTarget[]> {
    return (await this.get<{ activeTargets: ActiveTarget[] }>("targets?state=active")).activeTargets;
  }

  /** Rule groups with what their last evaluation said. */
  public async rules(): Promise<
    readonly {
      readonly name: string;
      readonly rules: readonly { name: string; health: string; lastError?: string }[];
    }[]
  > {
    return (await this.get<{ groups: { name: string; rules: { name: string; health: string }[] }[] }>("rules")).groups;
  }

  public async query(expression: string): Promise<readonly InstantSample[]> {
    return (await this.get<{ result: InstantSample[] }>(`query?query=${encodeURIComponent(expression)}`)).result;
  }

  /** @throws Error with Prometheus's own words. */
  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== "success") throw new Error(`${decodeURIComponent(path)}: ${answer.error}`);
    return answer.data;
  }
}
