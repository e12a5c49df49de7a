import { createServer, type Server } from "node:http";
import type { DataplaneTelemetry, MetricsEndpoint } from "../../../lib/dataplane/telemetry";
import type { KubernetesClient, Pod } from "../../../sandbox/kubernetes/client";
import { expositionText, metricFamilies } from "../exporter/exposition";

/** Where a program of the dataplane serves metrics in the proof. */
export interface Target {
  readonly endpoint: MetricsEndpoint;
  readonly pod: string;
  readonly node: string;
  /** Loopback address that stands for the pod's. */
  readonly address: string;
  /** Number of the endpoint's port in that pod. */
  readonly port: number;
}

interface RunningPod extends Pod {
  readonly status?: Pod["status"] & { readonly podIP?: string };
}

/** Longest time that fake pods take until they run. */
const TIMEOUT = 360_000;

/** Gives every pod a loopback address of its own: what dials a pod dials this machine. */
export async function giveAddresses(
  client: KubernetesClient,
  telemetry: DataplaneTelemetry,
  expected: (endpoint: MetricsEndpoint, pods: readonly Pod[]) => boolean,
): Promise<Target[]> {
  const deadline = Date.now() + TIMEOUT;
  const addresses = new Map<string, string>();
  for (;;) {
    const found = await Promise.all(telemetry.endpoints.map((endpoint) => podsOf(client, endpoint)));
    if (telemetry.endpoints.every((endpoint, index) => expected(endpoint, found[index]!))) {
      const targets = telemetry.endpoints.flatMap((endpoint, index) =>
        found[index]!.map((pod): Target => {
          const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
          const address =
            addresses.get(key) ?? `127.66.${Math.floor(addresses.size / 200)}.${(addresses.size % 200) + 1}`;
          addresses.set(key, address);
          return {
            endpoint,
            pod: pod.metadata.name,
            node: pod.spec?.nodeName ?? "",
            address,
            port: portOf(pod, endpoint),
          };
        }),
      );
      for (const [key, address] of addresses) await setAddress(client, key, address);
      return targets;
    }
    if (Date.now() > deadline) {
      const seen = telemetry.endpoints.map(({ component }, index) => `${component}: ${found[index]!.length}`);
      throw new Error(`the pods of the dataplane do not run after ${TIMEOUT / 1000} s (${seen.join(", ")})`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function podsOf(client: KubernetesClient, { namespace, podLabels }: MetricsEndpoint): Promise<RunningPod[]> {
  const selector = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
  const query = `labelSelector=${encodeURIComponent(selector.join(","))}`;
  const pods = await client.list<RunningPod>(`/api/v1/namespaces/${namespace}/pods?${query}`);
  return pods.filter(({ status }) => status?.phase === "Running");
}

/** What scraping by the port's name leads to. */
function portOf({ metadata, spec }: RunningPod, { portName, port }: MetricsEndpoint): number {
  const ports = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  const found = ports.find(({ name }) => name === portName)?.containerPort;
  if (found === undefined || (port !== undefined && port !== found))
    throw new Error(`port ${portName} of pod ${metadata.name} is ${found}, its dataplane says ${port}`);
  return found;
}

async function setAddress(client: KubernetesClient, key: string, address: string): Promise<void> {
  const [namespace, name] = key.split("/");
  await client.patch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, {
    status: { podIP: address, podIPs: [{ ip: address }] },
  });
}

/** Serves the metrics of every target, as its program would. */
export class Exporters {
  private readonly servers: Server[] = [];
  private readonly silent = new Set<string>();
  private readonly started = Date.now();

  public constructor(
    private readonly targets: readonly Target[],
    private readonly telemetry: DataplaneTelemetry,
  ) {}

  public async start(): Promise<void> {
    const nodes = [...new Set(this.targets.map(({ node }) => node))];
    for (const target of this.targets) {
      const place = { node: nodes.indexOf(target.node), nodes: nodes.length };
      const server = createServer((request, response) => {
        if (request.url !== "/metrics" || this.silent.has(target.pod)) return response.writeHead(503).end();
        const time = (Date.now() - this.started) / 1000;
        const families = metricFamilies(target.endpoint.component, this.telemetry, place, time);
        return response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(expositionText(families));
      });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(target.port, target.address, resolve);
      });
      this.servers.push(server);
    }
  }

  /** From now on a pod answers nothing but errors. */
  public silence(pod: string): void {
    this.silent.add(pod);
  }

  public async stop(): Promise<void> {
    for (const server of this.servers) server.closeAllConnections();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
