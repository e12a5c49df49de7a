import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A pod of the played cluster. */
interface PlayedPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly node: string;
  managed: boolean;
  readonly hostNetwork?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Budget {
  /** How many evictions are refused before one is allowed; Infinity for ever. */
  refusals: number;
}

/** A cluster whose controllers bring evicted pods back, managed. */
class PlayedCluster {
  public readonly pods: PlayedPod[] = [];
  public readonly budgets = new Map<string, Budget>();
  /** Controllers whose new pods never become ready. */
  public readonly broken = new Set<string>();
  /** Everything that changed something, in order. */
  public readonly evicted: string[] = [];
  public readonly methods = new Set<string>();
  private made = 0;

  public add(owner: string | undefined, number: number, more: Partial<PlayedPod> = {}): void {
    const [namespace = "", kind = "", name = ""] = owner?.split("/") ?? ["default"];
    for (let index = 0; index < number; index += 1) {
      this.made += 1;
      this.pods.push({
        name: `${name || "bare"}-${this.made}`,
        namespace,
        uid: `uid-${this.made}`,
        ...(owner !== undefined && { owner: { kind, name } }),
        node: "a",
        managed: false,
        ...more,
      });
    }
  }

  public answer(method: string, path: string, body: string): [status: number, object: object] {
    this.methods.add(`${method} ${path.replace(/\/namespaces\/[^/]+/, "/namespaces/*").replace(/\/[^/]*-\d+/, "/*")}`);
    const agent = {
      metadata: { name: "cilium-x", namespace: "kube-system", labels: { "k8s-app": "cilium" }, creationTimestamp: OLD },
      spec: { nodeName: "a", hostNetwork: true },
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    };
    if (path === "/api/v1/pods") return [200, { items: [agent, ...this.pods.map((pod) => this.object(pod))] }];
    if (path === "/apis/cilium.io/v2/ciliumendpoints")
      return [
        200,
        {
          items: this.pods
            .filter(({ managed }) => managed)
            .map(({ name, namespace }) => ({ metadata: { name, namespace } })),
        },
      ];
    const [, namespace, kind, name = "", subresource] =
      /\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)\/?(\w*)/.exec(path) ?? [];
    if (kind === "pods" && subresource === "eviction") return this.evict(namespace ?? "", name, body);
    if (kind === "pods") {
      const pod = this.pods.find((each) => each.namespace === namespace && each.name === name);
      return pod ? [200, this.object(pod)] : [404, {}];
    }
    if (kind === "replicasets")
      return [200, { metadata: { name, ownerReferences: [{ kind: "Deployment", name, controller: true }] } }];
    if (kind !== undefined && /^(deployments|statefulsets|daemonsets)$/.test(kind))
      return [200, this.controller(namespace ?? "", name)];
    return [404, { message: "not served" }];
  }

  private evict(namespace: string, name: string, body: string): [number, object] {
    const at = this.pods.findIndex((each) => each.namespace === namespace && each.name === name);
    const pod = this.pods[at];
    if (pod === undefined) return [404, {}];
    const { deleteOptions } = JSON.parse(body) as { deleteOptions: { preconditions: { uid: string } } };
    if (deleteOptions.preconditions.uid !== pod.uid) return [409, { message: "another uid" }];
    const budget = this.budgets.get(pod.owner?.name ?? "");
    if (budget !== undefined && budget.refusals > 0) {
      budget.refusals -= 1;
      return [429, { message: "Cannot evict pod as it would violate the pod's disruption budget." }];
    }
    this.evicted.push(`${namespace}/${pod.owner?.name}`);
    this.pods.splice(at, 1);
    this.add(`${namespace}/${pod.owner?.kind}/${pod.owner?.name}`, 1, { managed: true });
    return [201, {}];
  }

  private controller(namespace: string, name: string): object {
    const own = this.pods.filter((pod) => pod.namespace === namespace && pod.owner?.name === name);
    const ready = this.broken.has(name) ? own.filter(({ managed }) => !managed).length : own.length;
    return {
      spec: { replicas: own.length },
      status: { replicas: own.length, readyReplicas: ready, desiredNumberScheduled: own.length, numberReady: ready },
    };
  }

  private object({ name, namespace, uid, owner, node, hostNetwork, labels = {} }: PlayedPod): object {
    return {
      metadata: {
        name,
        namespace,
        uid,
        labels,
        creationTimestamp: OLD,
        ...(owner && { ownerReferences: [{ ...owner, controller: true }] }),
      },
      spec: { nodeName: node, ...(hostNetwork && { hostNetwork }) },
      status: { phase: "Running" },
    };
  }
}

const OLD = "2026-01-01T00:00:00Z";
const PROGRAM = resolve("lib/existing-pods/restart-pods.mjs");

let directory: string;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "existing-pods-"));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly report: string;
  readonly log: readonly { readonly severity: string; readonly message: string }[];
}

async function run(cluster: PlayedCluster, variables: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const [status, object] = cluster.answer(request.method ?? "", request.url ?? "", body);
      response.statusCode = request.headers.authorization === "Bearer a-token" ? status : 401;
      response.end(JSON.stringify(object));
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const token = join(directory, "token");
  const report = join(directory, "report");
  writeFileSync(token, "a-token\n");
  writeFileSync(report, "");
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      API_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      TOKEN_FILE: token,
      REPORT_FILE: report,
      // Seconds are a hundredth of themselves.
      LOOK_MS: "10",
      PATIENCE_SECONDS: "0.5",
      TIMEOUT_SECONDS: "20",
      ...variables,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((ended) => child.once("close", ended));
  const log = output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome["log"][number]);
  return { code, report: readFileSync(report, "utf8"), log };
}

test("pods of every kind of controller are restarted one by one, kube-dns and konnectivity first", async () => {
  const cluster = new PlayedCluster();
  cluster.add("shop/ReplicaSet/web", 3);
  cluster.add("shop/StatefulSet/db", 2);
  cluster.add("agents/DaemonSet/logs", 1);
  cluster.add("kube-system/ReplicaSet/metrics-server", 1);
  cluster.add("kube-system/ReplicaSet/konnectivity-agent", 2);
  cluster.add("kube-system/ReplicaSet/kube-dns", 2);
  cluster.add("shop/ReplicaSet/managed", 2, { managed: true });
  cluster.add("kube-system/DaemonSet/host", 1, { hostNetwork: true });
  const { code, report } = await run(cluster);
  expect(cluster.evicted).toEqual([
    ...["kube-dns", "kube-dns", "konnectivity-agent", "konnectivity-agent", "metrics-server"].map(
      (name) => `kube-system/${name}`,
    ),
    "agents/logs",
    ...["web", "web", "web"].map((name) => `shop/${name}`),
    ...["db", "db"].map((name) => `shop/${name}`),
  ]);
  expect([code, report]).toEqual([0, "11 restarted, 0 not, 0 left"]);
});

test("it asks for nothing but what its role allows", async () => {
  const cluster = new PlayedCluster();
  cluster.add("shop/ReplicaSet/web", 1);
  cluster.add("shop/StatefulSet/db", 1);
  cluster.add("shop/DaemonSet/logs", 1);
  await run(cluster);
  expect([...cluster.methods].filter((method) => !method.startsWith("GET "))).toEqual([
    "POST /api/v1/namespaces/*/pods/*/eviction",
  ]);
});

test("a disruption budget is asked again, and what it never allows is named and left, with exit code 1", async () => {
  const cluster = new PlayedCluster();
  cluster.add("shop/ReplicaSet/patient", 2);
  cluster.add("shop/ReplicaSet/never", 2);
  cluster.budgets.set("patient", { refusals: 3 });
  cluster.budgets.set("never", { refusals: Number.POSITIVE_INFINITY });
  const { code, report } = await run(cluster);
  expect(cluster.evicted).toEqual(["shop/patient", "shop/patient"]);
  expect(code).toBe(1);
  expect(report).toMatch(
    /^2 restarted, 2 not, 0 left\nnot: shop\/never-\d+ \(Deployment shop\/never: its disruption budget allows no eviction/,
  );
});

test("where what replaces a pod is not ready, the controller keeps its other pods", async () => {
  const cluster = new PlayedCluster();
  cluster.add("shop/ReplicaSet/crashing", 3);
  cluster.add("shop/ReplicaSet/web", 1);
  cluster.broken.add("crashing");
  const { code, report } = await run(cluster);
  expect(cluster.evicted).toEqual(["shop/crashing", "shop/web"]);
  expect([code, report]).toEqual([1, expect.stringContaining("what replaces it is not ready")]);
});

test("pods of nobody, of Jobs, of strangers, of namespaces and labels that are left out, and on nodes without an agent are left and named", async () => {
  const cluster = new PlayedCluster();
  cluster.add(undefined, 1);
  cluster.add("shop/Job/import", 1);
  cluster.add("shop/Rollout/canary", 1);
  cluster.add("legacy/ReplicaSet/old", 1);
  cluster.add("shop/ReplicaSet/opted-out", 1, { labels: { "cilium.io/restart-unmanaged": "false" } });
  cluster.add("shop/ReplicaSet/waiting", 1, { node: "b" });
  const { code, report } = await run(cluster, { EXCLUDED_NAMESPACES: "legacy,other" });
  expect([code, cluster.evicted]).toEqual([0, []]);
  expect(
    report
      .split("\n")
      .map((line) => line.replace(/-\d+ /, " "))
      .sort(),
  ).toEqual([
    "0 restarted, 0 not, 6 left",
    "left: default/bare (it belongs to nobody: deleted, it would be gone for good)",
    "left: legacy/old (its namespace is left out)",
    "left: shop/canary (it belongs to Rollout canary, which this does not know: restart it by hand)",
    "left: shop/import (it belongs to Job import, and ends by itself)",
    "left: shop/opted-out (it is labelled cilium.io/restart-unmanaged=false)",
    "left: shop/waiting (no agent is ready on b)",
  ]);
});

test("looked at only, nothing is evicted", async () => {
  const cluster = new PlayedCluster();
  cluster.add("shop/ReplicaSet/web", 2);
  const { code, report } = await run(cluster, { DRY_RUN: "true" });
  expect([code, cluster.evicted]).toEqual([0, []]);
  expect(report).toMatch(/^0 restarted, 0 not, 2 left\nleft: shop\/web-1 \(Deployment shop\/web: only looked at\)/);
});

test("without the rights it needs it says which, and ends with 1", async () => {
  const { code, report } = await run(new PlayedCluster(), { TOKEN_FILE: "/nowhere/token" });
  expect([code, report]).toEqual([1, expect.stringContaining("/nowhere/token")]);
});
