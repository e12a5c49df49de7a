import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DataplaneTelemetry, MetricsComponent, MetricsEndpoint } from "../../../lib/dataplane/telemetry";
import { describeEnvironment } from "../../../lib/environment";
import { alertsFor } from "../../../lib/monitoring/alerts";
import {
  GRAFANA_SCOPE,
  type GrafanaObject,
  grafanaDashboard,
  overviewDashboard,
} from "../../../lib/monitoring/dashboards";
import { availableSeries } from "../../../lib/monitoring/metrics";
import { selectWithin } from "../../../lib/monitoring/promql";
import { checkEqual, eventuallyHolds } from "../../harness/check";
import { NotRun, type Scenario } from "../../harness/scenario";
import type { Line } from "../../monitoring/preview/chart";
import { dashboardPage } from "../../monitoring/preview/page";
import { programs } from "../../monitoring/programs";
import type { Bench } from "../../rig/bench";
import { KUBE_SYSTEM } from "../../rig/kube";
import { lookUp } from "../../rig/packets/names";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";
import { RealPrometheus } from "../../rig/packets/real-prometheus";
import { Traffic, webUnderTraffic } from "../../rig/packets/traffic";

const POLICIES = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;
const SECONDS = 30;
/** Agents ask each other for their health once a minute, and count what that took. */
const ALL_SECONDS = 150;

/** Series that only come into being with what they count, and that nothing here makes happen. */
const ONLY_IN_TROUBLE = /_(errors?|failures?|failed|dropped|lost|overruns?|timeouts?|warnings?|restarts?)(_|$)|envoy/;

/** Programs behind what is scraped, where they are not the agent, which is always there. */
const PROGRAMS: Partial<Record<MetricsComponent, string>> = {
  "cilium-operator": "cilium-operator-generic",
  "cilium-envoy": "cilium-envoy",
  "hubble-relay": "hubble-relay",
};

/** What the release has to be scraped, without programs that this machine does not have. */
function scraped(bench: Bench, rig: PacketRig): DataplaneTelemetry {
  const { telemetry } = describeEnvironment(bench.definition).dataplane ?? {};
  if (telemetry === undefined) throw new Error("the environment has no telemetry");
  const isThere = ({ component }: MetricsEndpoint) => rig.real.hasProgram(PROGRAMS[component] ?? "cilium-agent");
  const absent = telemetry.endpoints.filter((endpoint) => !isThere(endpoint)).map(({ component }) => component);
  if (absent.length > 0) bench.note(`not on this machine, so not scraped: ${absent.join(", ")}`);
  return { ...telemetry, endpoints: telemetry.endpoints.filter(isThere) };
}

function overview(telemetry: DataplaneTelemetry) {
  return grafanaDashboard(overviewDashboard(telemetry, { select: selectWithin(GRAFANA_SCOPE), window: "10s" }));
}

/** Names of the series that alerts and the overview read, of those that the dataplane's programs have. */
function readSeries(telemetry: DataplaneTelemetry): string[] {
  const text = JSON.stringify([overview(telemetry), alertsFor(telemetry, {}, selectWithin())]);
  return [...availableSeries(telemetry).keys()].filter((name) => new RegExp(`\\b${name}\\b`).test(text)).sort();
}

/** What monitoring reads, counted by real programs. */
export const PACKET_METRICS: Scenario = {
  id: "packets-metrics",
  title: "A real Prometheus scrapes the real agents; what alerts and the overview read is really counted",
  shows: "packets",
  needs: "Prometheus, built by the toolchain",
  real: true,
  slow: true,
  proves: [
    "docs/sandbox.md: The series that alerts and the overview read are counted by the real agents, operator and relay, under these names.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "every program of the dataplane is scraped, under traffic and with drops",
      async run(bench) {
        const found = await programs(["prometheus"], ["prometheus"]);
        if (typeof found === "string") throw new NotRun(found);
        const rig = await PacketRig.of(bench);
        const telemetry = scraped(bench, rig);
        const { web, client } = await webUnderTraffic(rig);
        await rig.start("stranger", { node: rig.nodes[0] ?? "" });
        const stranger = await rig.ready("stranger", rig.nodes[0] ?? "");
        await rig.apply(POLICIES, {
          apiVersion: "cilium.io/v2",
          kind: "CiliumNetworkPolicy",
          metadata: { name: "no-strangers", namespace: PACKETS },
          spec: {
            endpointSelector: { matchLabels: { app: "web" } },
            ingressDeny: [{ fromEndpoints: [{ matchLabels: { name: "stranger" } }] }],
            ingress: [{ fromEntities: ["all"] }],
          },
        } as Parameters<PacketRig["apply"]>[1]);
        const directory = join(dirname(rig.real.node(rig.nodes[0] ?? "").log("x")), "prometheus");
        const prometheus = await RealPrometheus.start(rig, found.prometheus, telemetry, {
          directory,
          cluster: bench.definition.name,
        });
        const dns = await watchedNames(rig);
        const traffic = await Traffic.start(rig, web, client);
        try {
          const until = Date.now() + SECONDS * 1_000;
          while (Date.now() < until) {
            await stranger.ask(web.clusterIp, 80, 1);
            for (const name of ["web", "nobody"]) await lookUp(stranger, dns, `${name}.${PACKETS}.svc.cluster.local`);
          }
          await eventuallyHolds(20, async () => checkEqual(await prometheus.troubles(), [], "what is not scraped"));
          await judge(bench, prometheus, telemetry, directory);
        } finally {
          await traffic.stop();
          prometheus.stop();
          for (const name of ["no-strangers", "watched-names"]) await rig.client.delete(`${POLICIES}/${name}`);
          await rig.cleanUp();
        }
      },
    },
  ],
};

/** Lets the agents' proxy see what the stranger asks of DNS. @returns the address of the cluster's DNS. */
async function watchedNames(rig: PacketRig): Promise<string> {
  await rig.apply(POLICIES, {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name: "watched-names", namespace: PACKETS },
    spec: {
      endpointSelector: { matchLabels: { name: "stranger" } },
      egress: [
        {
          toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": KUBE_SYSTEM, "k8s-app": "kube-dns" } }],
          toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } }],
        },
        { toEntities: ["all"], toPorts: [{ ports: [{ port: "8080", protocol: "TCP" }] }] },
      ],
    },
  } as Parameters<PacketRig["apply"]>[1]);
  const { spec } = await rig.client.get<{ spec: { clusterIP: string } }>(
    `/api/v1/namespaces/${KUBE_SYSTEM}/services/kube-dns`,
  );
  return spec.clusterIP;
}

async function judge(
  bench: Bench,
  prometheus: RealPrometheus,
  telemetry: DataplaneTelemetry,
  directory: string,
): Promise<void> {
  const read = readSeries(telemetry);
  let missing: string[] = [];
  await eventuallyHolds(ALL_SECONDS, async () => {
    const counted = new Set(await prometheus.seriesNames());
    missing = read.filter((name) => !counted.has(name));
    checkEqual(
      missing.filter((name) => !ONLY_IN_TROUBLE.test(name)),
      [],
      "series that are read and were not counted",
    );
  });
  bench.note(
    `${read.length} series are read, ${read.length - missing.length} were counted; not: ${missing.join(", ")}`,
  );
  const model = overview(telemetry);
  const data = new Map<number, Line[]>();
  const empty: string[] = [];
  for (const panel of (model["panels"] as unknown as GrafanaObject[]).filter(({ type }) => type !== "row")) {
    const targets = panel["targets"] as unknown as { expr: string; legendFormat?: string }[];
    const lines: Line[] = [];
    for (const { expr, legendFormat = "" } of targets)
      for (const { metric, values } of await prometheus.range(
        expr.replaceAll("$cluster", bench.definition.name),
        SECONDS,
      ))
        lines.push({
          legend: legendFormat.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? ""),
          points: values
            .map(([time, value]) => [time, Number(value)] as const)
            .filter(([, value]) => Number.isFinite(value)),
        });
    if (lines.length === 0) empty.push(String(panel["title"]));
    data.set(Number(panel["id"]), lines);
  }
  const now = Math.floor(Date.now() / 1000);
  const page = join(directory, "overview.html");
  writeFileSync(page, dashboardPage(model, data, { from: now - SECONDS, to: now }));
  bench.note(`the overview with these data: ${page}; panels without: ${empty.join(", ") || "none"}`);
}
