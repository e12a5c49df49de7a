import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Dataplane } from "../../lib/dataplane";
import { connectivityCommand } from "../../lib/live";
import { google, leftovers, type Outcome, type Played, run, synthesize } from "./cluster";
import { healthy, IMAGE, node } from "./objects";

const NAMESPACE = /gke-cilium-connectivity-[0-9a-f]{6}/;

/** A pod of the check as it ends. */
const pod = (name: string, status: object, on = "a") => ({ metadata: { name }, spec: { nodeName: on }, status });
const ready = (name: string, address: string, on = "a") =>
  pod(name, { phase: "Running", podIP: address, conditions: [{ type: "Ready", status: "True" }] }, on);
const ended = (name: string, ...lines: readonly string[]) =>
  pod(name, {
    phase: "Succeeded",
    containerStatuses: [{ name: "client", state: { terminated: { exitCode: 0, message: `${lines.join("\n")}\n` } } }],
  });

const SERVERS = [ready("near", "10.20.0.5"), ready("far", "10.20.1.5", "b"), ready("guarded", "10.20.1.6", "b")];
const ALL = ["same-node", "other-node", "service", "dns", "api-server", "internet", "allowed"];
const FINE = [...SERVERS, ended("guest", ...ALL.map((name) => `${name} yes`)), ended("stranger", "denied no")];

/** A cluster whose pods of the check end like this. */
function playing(pods: readonly object[]): Record<string, unknown> {
  return {
    ...healthy(),
    "/apis/apps/v1/namespaces/kube-system/daemonsets/cilium": {
      spec: { template: { spec: { containers: [{ name: "cilium-agent", image: IMAGE }] } } },
    },
    "/api/v1/namespaces/default/services/kubernetes": { spec: { clusterIP: "10.24.0.1" } },
    "/api/v1/namespaces": { items: [] },
    "in every namespace": { pods: { items: pods }, service: { spec: { clusterIP: "10.24.0.9" } } },
  };
}

async function connectivity(played: Played, ...args: readonly string[]): Promise<Outcome> {
  return run(connectivityCommand, ["staging", ...args], played, await google());
}

/** What was created, by the end of its path and its name. */
function created({ calls }: Outcome): string[] {
  return calls
    .filter(([method]) => method === "POST")
    .map(([, path = "", body = "{}"]) => {
      const { metadata } = JSON.parse(body) as { metadata: { name: string } };
      return `${path.split("/").at(-1)} ${metadata.name.replace(NAMESPACE, "…")}`;
    });
}

const deleted = ({ calls }: Outcome) => calls.filter(([method]) => method === "DELETE").map(([, path]) => path);

test("a network that does what it should: two nodes, DNS, Service, API server, internet, policy; and nothing stays", async () => {
  synthesize();
  const outcome = await connectivity({ answers: playing(FINE) });
  expect(outcome.code).toBe(0);
  expect(outcome.printed).toMatch(/^staging: staging, from pods on a and b$/m);
  expect(outcome.printed.match(/✓/g)).toHaveLength(8);
  expect(outcome.printed).toMatch(/^The network does what it should\. \(/m);
  expect(created(outcome).sort()).toEqual([
    "namespaces …",
    "networkpolicies guarded",
    "pods far",
    "pods guarded",
    "pods guest",
    "pods near",
    "pods stranger",
    "services open",
  ]);
  expect(deleted(outcome)).toEqual([expect.stringMatching(NAMESPACE)]);
});

test("pods run the agents' own image, without any privilege, and clients are told where everybody is", async () => {
  synthesize();
  const { calls } = await connectivity({ answers: playing(FINE) });
  const bodies = calls
    .filter(([method, path]) => method === "POST" && path?.endsWith("/pods"))
    .map(([, , body]) => body ?? "");
  expect(bodies).toHaveLength(5);
  for (const body of bodies) {
    expect(body).toContain(`"image":"${IMAGE}"`);
    expect(body).toContain('"runAsNonRoot":true');
    expect(body).toContain('"automountServiceAccountToken":false');
  }
  const guest = bodies.find((body) => body.includes('"name":"guest"')) ?? "";
  const checks = (JSON.parse(guest) as { spec: { containers: { env: { value: string }[] }[] } }).spec.containers[0]
    ?.env[0]?.value;
  expect(checks?.split("\n")).toEqual([
    "same-node reach 10.20.0.5 8080 yes",
    "other-node reach 10.20.1.5 8080 yes",
    "service reach 10.24.0.9 8080 yes",
    "dns resolve kubernetes.default.svc 53 yes",
    "api-server reach 10.24.0.1 443 yes",
    "internet reach 8.8.8.8 443 yes",
    "allowed reach 10.20.1.6 8080 yes",
  ]);
});

test("what is not as it should be is named with what to do, and the exit code is 2", async () => {
  synthesize();
  const lines = ALL.map((name) => `${name} ${name === "dns" ? "no" : "yes"}`);
  const pods = [...SERVERS, ended("guest", ...lines), ended("stranger", "denied yes")];
  const { code, printed } = await connectivity({ answers: playing(pods) });
  expect(code).toBe(2);
  expect(printed).toContain(
    "✗ DNS: does not answer\n      kubectl --namespace kube-system get pods --selector k8s-app=kube-dns",
  );
  expect(printed).toContain(
    "✗ denied by a NetworkPolicy: is reached\n      nobody enforces NetworkPolicy on that node",
  );
  const json = await connectivity({ answers: playing(pods) }, "--json");
  expect(JSON.parse(json.printed)).toMatchObject({ ok: false, nodes: ["a", "b"] });
});

test("servers that do not start, and clients that say nothing, are failures and no silence", async () => {
  synthesize();
  const waiting = pod("far", {
    phase: "Pending",
    containerStatuses: [{ name: "server", state: { waiting: { reason: "ImagePullBackOff" } } }],
  });
  const late = await connectivity(
    { answers: playing([...SERVERS.slice(0, 1), waiting, SERVERS[2] ?? {}]) },
    "--timeout",
    "1",
  );
  expect([late.code, late.printed]).toEqual([
    2,
    expect.stringContaining("server far on a: is not ready after 1 s: ImagePullBackOff"),
  ]);
  expect(deleted(late)).toHaveLength(1);
  expect(late.warned).not.toContain("could not be deleted");
  const mute = await connectivity({ answers: playing([...SERVERS, ended("guest"), ended("stranger")]) });
  expect(mute.code).toBe(2);
  expect(mute.printed.match(/the client ended without a word: nothing runs in its pod/g)).toHaveLength(8);
});

test("one node, no way out, another image; Dataplane V2 has agnhost", async () => {
  synthesize({ dataplane: Dataplane.v2() });
  const answers = { ...playing(FINE), "/api/v1/nodes": { items: [node("a")] } };
  const alone = await connectivity({ answers }, "--internet", "none");
  expect(alone.printed).not.toMatch(/another node|internet/);
  expect(JSON.stringify(alone.calls)).toContain("registry.k8s.io/e2e-test-images/agnhost:");
  const other = await connectivity({ answers }, "--image", "mirror.acme.example/agnhost:1");
  expect(JSON.stringify(other.calls)).toContain("mirror.acme.example/agnhost:1");
});

test.each([
  [[], "3"],
  [["--timeout", "15"], "3"],
  [["--timeout", "600"], "20"],
])("with %j one answer may take %s s, as the time that is given is for answers, too", async (words, seconds) => {
  synthesize();
  const { calls } = await connectivity({ answers: playing(FINE) }, ...words);
  const clients = calls.filter(([method, , body = ""]) => method === "POST" && body.includes("CHECKS"));
  expect(clients).toHaveLength(2);
  for (const [, , body = ""] of clients) expect(body).toContain(`{"name":"SECONDS_EACH","value":"${seconds}"}`);
});

test("nodes that take no pods are not tried, and what tolerations a node needs its pods have", async () => {
  synthesize();
  const cordoned = node("a", { spec: { unschedulable: true } });
  const dedicated = node("c", { spec: { taints: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }] } });
  const { printed, calls } = await connectivity({
    answers: { ...playing(FINE), "/api/v1/nodes": { items: [cordoned, node("b"), dedicated] } },
  });
  expect(printed).toContain("from pods on b and c");
  expect(JSON.stringify(calls)).toContain('\\"tolerations\\":[{\\"key\\":\\"dedicated\\"');
  const none = await connectivity({ answers: { ...playing(FINE), "/api/v1/nodes": { items: [cordoned] } } });
  expect([none.code, none.warned]).toEqual([1, expect.stringContaining("no node takes pods")]);
  expect(created(none)).toEqual([]);
});

test("a right that is missing is named, and what was made before is gone again", async () => {
  synthesize();
  const refused = await connectivity({
    answers: playing(FINE),
    refuse: { "in every namespace": [403, 'pods is forbidden: User "dev" cannot create resource "pods"'] },
  });
  expect([refused.code, refused.warned]).toEqual([6, expect.stringContaining('cannot create resource "pods"')]);
  expect(deleted(refused)).toHaveLength(1);
});

test("interrupted in the middle, it takes its namespace away and ends with 130", async () => {
  synthesize();
  const interruption = new AbortController();
  const outcome = await run(connectivityCommand, ["staging"], { answers: playing(SERVERS) }, await google(), {
    signal: interruption.signal,
    warn: (text) => {
      if (text.includes("making pods")) setTimeout(() => interruption.abort(), 800);
    },
  });
  expect(outcome.code).toBe(130);
  expect(deleted(outcome)).toHaveLength(1);
  expect(leftovers()).toEqual([]);
});

test("what a killed run has left is taken away; what may still go on is not", async () => {
  synthesize();
  const left = (name: string, time: string) => ({ metadata: { name, creationTimestamp: time } });
  const answers = {
    ...playing(FINE),
    "/api/v1/namespaces": {
      items: [
        left("gke-cilium-connectivity-000001", "2026-11-26T11:00:00Z"),
        left("gke-cilium-connectivity-000002", "2026-11-26T11:58:00Z"),
      ],
    },
  };
  const outcome = await connectivity({ answers });
  expect(deleted(outcome)[0]).toBe("/api/v1/namespaces/gke-cilium-connectivity-000001");
  expect(deleted(outcome)).toHaveLength(2);
});

test.each([
  [["--internet", "example.com"], "neither host:port nor none"],
  [["--timeout", "soon"], "is no number of seconds"],
])("%j cannot be understood", async (args, said) => {
  synthesize();
  const { code, warned } = await connectivity({}, ...args);
  expect([code, warned]).toEqual([1, expect.stringContaining(said)]);
});

test("the client tells what it reaches and what not, and waits a moment for what is to come", async () => {
  const directory = mkdtempSync(join(tmpdir(), "client-"));
  const server = createServer((_, response) => response.end());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const late = createServer((_, response) => response.end());
  const latePort = await new Promise<number>((free) => {
    late.listen(0, "127.0.0.1", () => {
      const { port: number } = late.address() as AddressInfo;
      late.close(() => free(number));
    });
  });
  const report = join(directory, "report");
  writeFileSync(report, "");
  const checks = [
    `open reach 127.0.0.1 ${port} yes`,
    `closed reach 127.0.0.1 1 no`,
    `should-be-closed reach 127.0.0.1 ${port} no`,
    `late reach 127.0.0.1 ${latePort} yes`,
    "name resolve localhost 53 yes",
    "no-name resolve no-such-name.invalid 53 yes",
  ];
  const script = execFileAsync("sh", [resolve("lib/live/connectivity/client.sh")], {
    env: { PATH: process.env["PATH"], CHECKS: checks.join("\n"), REPORT: report, SECONDS_EACH: "2", TRIES: "3" },
  });
  setTimeout(() => late.listen(latePort, "127.0.0.1"), 500);
  await script;
  expect(readFileSync(report, "utf8").trim().split("\n").sort()).toEqual([
    "closed no",
    "late yes",
    "name yes",
    "no-name no",
    "open yes",
    "should-be-closed yes",
  ]);
  server.close();
  late.close();
  rmSync(directory, { recursive: true });
});

const execFileAsync = promisify(execFile);
