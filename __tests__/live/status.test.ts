import "reflect-metadata";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509CertificateGenerator } from "@peculiar/x509";
import { CiliumVersion } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import { type StatusFinding, statusCommand } from "../../lib/live";
import { GKE_CLUSTER, google, leftovers, NOW, type Outcome, type Played, run, synthesize } from "./cluster";
import { agent, but, daemonSet, deployment, healthy, IMAGE, node, pod } from "./objects";

const KUBE_SYSTEM = "/apis/apps/v1/namespaces/kube-system";

interface Report {
  readonly ok: boolean;
  readonly findings: readonly StatusFinding[];
  readonly services: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly policies: Readonly<Record<string, readonly string[]>>;
}

async function status(played: Played, ...args: readonly string[]): Promise<Outcome> {
  return run(statusCommand, ["staging", ...args], played, await google());
}

async function report(answers: Readonly<Record<string, unknown>>): Promise<Report & { readonly code: number }> {
  const { code, printed } = await status({ answers }, "--json");
  return { code, ...(JSON.parse(printed) as Report) };
}

const troubles = ({ findings }: Report) =>
  findings
    .filter(({ state }) => state !== "ok")
    .map(({ subject, title, state, detail }) => `${state}: ${subject}: ${title}: ${detail}`);

test("a cluster that is as asked is said to be so, for people and for scripts, with exit code 0", async () => {
  synthesize();
  const outcome = await report(healthy());
  expect(troubles(outcome)).toEqual([]);
  expect(outcome).toMatchObject({ code: 0, ok: true });
  expect(outcome.policies["NetworkPolicy"]).toEqual(["default/web"]);
  expect(outcome.services).toEqual([{ name: "default/web", type: "ClusterIP", addresses: ["10.24.0.5 80/TCP"] }]);
  const text = await status({ answers: healthy() });
  expect(text.printed).toContain("  ✓ managed: all 2 pods on the pod network\n");
  expect(text.printed).toContain("  ✓ configuration: 3 flags as asked\n");
  expect(text.printed).toMatch(/^The cluster is as asked\. \(\d+\.\d s\)$/m);
});

test("it says what it runs, as whom, and logs in as the connection describes", async () => {
  synthesize();
  const { warned, calls } = await status({ answers: healthy() });
  expect(warned).toContain("› logging in to staging (asia-northeast1, acme-staging) by its dns endpoint\n");
  expect(warned).toMatch(/› kubectl proxy --unix-socket=\S+\n/);
  const [flag, kubeconfig = ""] = calls[0] ?? [];
  expect(flag).toBe("--kubeconfig");
  expect(existsSync(kubeconfig)).toBe(false);
});

/** What kubectl was given to log in with. */
async function kubeconfigOf(connection: Parameters<typeof synthesize>[0]): Promise<string> {
  synthesize(connection);
  const { writeKubeconfig } = await import("../../lib/live/kubeconfig");
  const { readAsked } = await import("../../lib/live/asked");
  const variables = await google();
  const directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  let text = "";
  await run(
    async (_, context) => {
      const asked = readAsked(join(context.workingDirectory, "cdktf.out"), "staging");
      text = readFileSync(await writeKubeconfig(directory, asked, context), "utf8");
      return 0;
    },
    [],
    {},
    variables,
  );
  rmSync(directory, { recursive: true });
  return text;
}

test("each endpoint and each login of a connection is kept to", async () => {
  const dns = await kubeconfigOf({});
  expect(dns).toContain('"server":"https://gke-abc-123.asia-northeast1.gke.goog"');
  expect(dns).toContain('"command":"gke-gcloud-auth-plugin"');
  expect(dns).not.toContain("certificate-authority-data");
  const privately = await kubeconfigOf({ connection: { endpoint: "private", authentication: "access-token" } });
  expect(privately).toContain('"server":"https://10.16.0.2"');
  expect(privately).toContain('"certificate-authority-data":"Q0E="');
  expect(privately).toContain('"token":"a-token-of-the-test"');
  const publicly = await kubeconfigOf({
    connection: { endpoint: "public" },
    cluster: { ipEndpoint: "public", authorizedNetworks: [{ name: "office", cidr: "203.0.113.0/24" }] },
  });
  expect(publicly).toContain('"server":"https://203.0.113.10"');
});

test("agents that are away, not ready, of several versions or of another one", async () => {
  synthesize();
  const missing = await report(but(`${KUBE_SYSTEM}/daemonsets`));
  expect(missing.code).toBe(2);
  expect(troubles(missing)).toContain("wrong: agents: cilium: there is no DaemonSet kube-system/cilium");
  const crashing = await report({
    ...but("/api/v1/pods", agent("a"), agent("b", IMAGE, false)),
    [`${KUBE_SYSTEM}/daemonsets`]: { items: [daemonSet("cilium", 1)] },
  });
  expect(troubles(crashing)).toContain("wrong: agents: cilium: 1 of 2 ready: b (cilium-agent: CrashLoopBackOff)");
  const skewed = await report(but("/api/v1/pods", agent("a"), agent("b", "quay.io/cilium/cilium:v1.19.6")));
  expect(troubles(skewed)).toEqual(["doubt: agents: version skew: v1.20.2 (1 node), v1.19.6 (1 node)"]);
});

test("another version or configuration than was asked for", async () => {
  synthesize({ dataplane: Dataplane.kubeProxyFree({ version: CiliumVersion.of("1.20.1") }) });
  const outcome = await report({
    ...healthy(),
    "/api/v1/namespaces/kube-system/configmaps/cilium-config": {
      data: { "routing-mode": "tunnel", ipam: "kubernetes" },
    },
  });
  expect(troubles(outcome)).toEqual([
    "wrong: agents: version: the cluster has v1.20.2, 1.20.1 was asked for",
    "wrong: agents: configuration: routing-mode is tunnel, routingMode is native",
  ]);
});

test("a part of the release that was asked for and is not there", async () => {
  synthesize();
  const outcome = await report(but(`${KUBE_SYSTEM}/deployments`, deployment("cilium-operator", 0, 2)));
  expect(troubles(outcome)).toEqual([
    "wrong: agents: cilium-operator: 0 of 2 ready",
    "wrong: agents: hubble-relay: 0 of 1 ready",
  ]);
});

test("nodes that are not ready, and a startup taint that stays", async () => {
  synthesize();
  const key = "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready";
  const tainted = { spec: { taints: [{ key, value: "true", effect: "NoExecute" }] } };
  const away = {
    status: { conditions: [{ type: "Ready", status: "Unknown" }], nodeInfo: { kubeletVersion: "v1.33.5" } },
  };
  const outcome = await report(but("/api/v1/nodes", node("a", away), node("b", tainted)));
  expect(troubles(outcome)).toEqual([
    "wrong: nodes: ready: 1 of 2 not: a",
    "wrong: nodes: startup taint: still on b: no pod is scheduled there",
  ]);
  const young = { ...tainted, metadata: { name: "b", creationTimestamp: "2026-11-26T11:58:00Z" } };
  expect(troubles(await report(but("/api/v1/nodes", node("a"), node("b", young))))).toEqual([
    "doubt: nodes: startup taint: still on b, made less than five minutes ago",
  ]);
});

test("pods without an endpoint; those on the host's network, that ended, or are on their way out are none", async () => {
  synthesize();
  const outcome = await report(
    but(
      "/api/v1/pods",
      agent("a"),
      agent("b"),
      pod("web", "a"),
      pod("old", "b"),
      pod("host", "b", { spec: { hostNetwork: true } }),
      pod("done", "b", { status: { phase: "Succeeded" } }),
      pod("ending", "b", { metadata: { deletionTimestamp: "2026-11-26T11:59:00Z" } }),
    ),
  );
  expect(troubles(outcome)).toEqual(["wrong: pods: managed: 1 of 2 pods; not default/old"]);
});

test("pods whose endpoints are in slices are managed", async () => {
  synthesize();
  const outcome = await report({
    ...but("/apis/cilium.io/v2/ciliumendpoints"),
    "/apis/cilium.io/v2alpha1/ciliumendpointslices": {
      items: [{ metadata: { name: "ces-1" }, namespace: "default", endpoints: [{ name: "web" }, { name: "db" }] }],
    },
  });
  expect(troubles(outcome)).toEqual([]);
});

test("kube-proxy that runs where it should be gone, a node that will have it back, and a remover that is gone", async () => {
  synthesize();
  const proxy = pod("kube-proxy-b", "b", {
    labels: { component: "kube-proxy" },
    metadata: { namespace: "kube-system" },
    spec: { hostNetwork: true },
  });
  const labelled = { metadata: { name: "b", labels: { "node.kubernetes.io/kube-proxy-ds-ready": "true" } } };
  const outcome = await report({
    ...but("/api/v1/pods", agent("a"), agent("b"), proxy),
    [`${KUBE_SYSTEM}/daemonsets`]: { items: [daemonSet("cilium", 2)] },
    "/api/v1/nodes": { items: [node("a"), node("b", labelled)] },
  });
  expect(troubles(outcome)).toEqual([
    "wrong: kube-proxy: left-overs: still runs on b",
    "wrong: kube-proxy: label: node.kubernetes.io/kube-proxy-ds-ready is on b, which gets a kube-proxy of GKE's DaemonSet",
    "wrong: kube-proxy: remover: is not there: kube-proxy comes back with the next boot",
  ]);
});

test("where Cilium is chained, nodes without kube-proxy are told", async () => {
  synthesize({ dataplane: Dataplane.cniChaining() });
  const proxy = pod("kube-proxy-a", "a", {
    labels: { component: "kube-proxy" },
    metadata: { namespace: "kube-system" },
    spec: { hostNetwork: true },
  });
  const config = {
    "/api/v1/namespaces/kube-system/configmaps/cilium-config": { data: { "kube-proxy-replacement": "false" } },
  };
  const outcome = await report({ ...but("/api/v1/pods", agent("a"), agent("b"), proxy), ...config });
  expect(troubles(outcome)).toEqual(["wrong: kube-proxy: pods: none on b, and Cilium is not to replace it"]);
});

test("beside a kube-proxy that is to stay, nodes without one answer no health check", async () => {
  synthesize({ dataplane: Dataplane.kubeProxyFree({ kubeProxy: "coexist" }) });
  expect(troubles(await report(healthy()))).toEqual([
    "wrong: kube-proxy: pods: none on a, b, where nobody answers load balancers' health checks on port 10256",
  ]);
});

test("on Dataplane V2 Google's agents are looked at, and nothing of a release", async () => {
  synthesize({ dataplane: Dataplane.v2() });
  const outcome = await report({ ...healthy(), [`${KUBE_SYSTEM}/daemonsets`]: { items: [daemonSet("anetd", 2)] } });
  expect(troubles(outcome)).toEqual([]);
  expect(outcome.findings.map(({ title }) => title)).toContain("anetd");
  const silent = await report({
    ...but("/apis/cilium.io/v2/ciliumendpoints"),
    [`${KUBE_SYSTEM}/daemonsets`]: { items: [daemonSet("anetd", 2)] },
  });
  expect(troubles(silent)).toEqual(["doubt: pods: managed: the cluster has no CiliumEndpoint"]);
});

test("certificates that have expired, will soon, or are none", async () => {
  synthesize();
  const secret = (name: string, data: object) => ({ metadata: { name, namespace: "kube-system" }, data });
  const outcome = await report(
    but(
      "/api/v1/namespaces/kube-system/secrets",
      secret("hubble-server-certs", { "tls.crt": await certificate(-5) }),
      secret("hubble-relay-client-certs", { "tls.crt": await certificate(10) }),
      secret("cilium-ca", { "tls.crt": "bm9uZQ==" }),
      secret("somebody-elses", { "tls.crt": await certificate(-5) }),
    ),
  );
  expect(
    outcome.findings.filter(({ subject }) => subject === "certificates").map(({ title, state }) => [title, state]),
  ).toEqual([
    ["hubble-server-certs", "wrong"],
    ["hubble-relay-client-certs", "doubt"],
    ["cilium-ca", "doubt"],
  ]);
});

/** A certificate that ends so many days from now, as a Secret has it. */
async function certificate(days: number): Promise<string> {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const day = (number: number) => new Date(NOW.getTime() + number * 86_400_000);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: "CN=test",
    notBefore: day(-400),
    notAfter: day(days),
    keys,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
  });
  return Buffer.from(made.toString("pem")).toString("base64");
}

test("Services that nobody answers, load balancers without address, policies that are not enforced", async () => {
  synthesize();
  const outcome = await report({
    ...healthy(),
    "/api/v1/services": {
      items: [
        { metadata: { name: "lost", namespace: "shop" }, spec: { type: "LoadBalancer", selector: { app: "lost" } } },
        { metadata: { name: "external", namespace: "shop" }, spec: { type: "ExternalName" } },
      ],
    },
    "/apis/discovery.k8s.io/v1/endpointslices": {
      items: [{ metadata: { name: "lost-1", labels: { "kubernetes.io/service-name": "lost" } }, endpoints: null }],
    },
    "/apis/cilium.io/v2/ciliumnetworkpolicies": {
      items: [
        {
          metadata: { name: "bad", namespace: "shop" },
          status: { conditions: [{ type: "Valid", status: "False", message: "unknown field" }] },
        },
      ],
    },
  });
  expect(outcome.code).toBe(2);
  expect(troubles(outcome)).toEqual([
    "doubt: services: without an address: shop/lost",
    "doubt: services: without a ready pod: shop/lost",
    "wrong: policies: CiliumNetworkPolicy shop/bad: is not enforced: unknown field",
  ]);
});

test("a right that is missing for one part leaves the others told; one that is missing for nodes ends it", async () => {
  synthesize();
  const forbidden = (what: string): [number, string] => [403, `${what} is forbidden: User "dev" cannot list`];
  const partly = await status({
    answers: healthy(),
    refuse: { "/api/v1/namespaces/kube-system/secrets": forbidden("secrets") },
  });
  expect(partly.code).toBe(0);
  expect(partly.printed).toContain("? expiry: cannot be seen:");
  const none = await status({ answers: healthy(), refuse: { "/api/v1/nodes": forbidden("nodes") } });
  expect(none.code).toBe(6);
  expect(none.warned).toContain("ask for roles/container.viewer on the project");
});

test.each([
  [
    "getting credentials: exec: executable gke-gcloud-auth-plugin not found",
    3,
    "gcloud components install gke-gcloud-auth-plugin",
  ],
  [
    "getting credentials: exec: executable gke-gcloud-auth-plugin failed with exit code 1",
    4,
    "gcloud auth application-default login",
  ],
  ["dial tcp 10.16.0.2:443: i/o timeout", 5, "VPN or bastion"],
  ["x509: certificate signed by unknown authority", 5, "look at the network"],
])("what kubectl complains about is named with its remedy: %s", async (complaint, code, remedy) => {
  synthesize();
  const outcome = await status({ complaint });
  expect(outcome.code).toBe(code);
  expect(outcome.warned).toContain(remedy);
  expect(outcome.printed).toBe("");
});

test("no kubectl, no login, a login that Google refuses, and a cluster that is not there", async () => {
  synthesize();
  const variables = await google();
  const without = await run(statusCommand, ["staging"], {}, { ...variables, KUBECTL: "/nowhere/kubectl" });
  expect([without.code, without.warned]).toEqual([3, expect.stringContaining("gcloud components install kubectl")]);
  const anonymous = await run(statusCommand, ["staging"], {}, {});
  expect([anonymous.code, anonymous.warned]).toEqual([
    4,
    expect.stringContaining("gcloud auth application-default login"),
  ]);
  expect((await run(statusCommand, ["staging"], {}, await google(401))).code).toBe(4);
  expect((await run(statusCommand, ["staging"], {}, await google(403))).code).toBe(6);
  const gone = await run(statusCommand, ["staging"], {}, await google(404));
  expect([gone.code, gone.warned]).toEqual([
    5,
    expect.stringContaining("deploy it, or correct project, location and name"),
  ]);
  const early = await google(200, { ...GKE_CLUSTER, status: "PROVISIONING", controlPlaneEndpointsConfig: {} });
  const outcome = await run(statusCommand, ["staging"], {}, early);
  expect([outcome.code, outcome.warned]).toEqual([
    5,
    expect.stringContaining("cluster staging has no dns endpoint (it is PROVISIONING)"),
  ]);
});

test("a context of one's own kubeconfig needs no login at Google", async () => {
  synthesize();
  const { code, calls } = await run(statusCommand, ["staging", "--context", "mine"], { answers: healthy() }, {});
  expect(code).toBe(0);
  expect(calls[0]?.slice(0, 2)).toEqual(["--context", "mine"]);
});

test("the agent's own list of Services, and why it cannot be seen", async () => {
  synthesize();
  const seen = await status(
    { answers: healthy(), exec: { stdout: "ID   Frontend        Service Type\n1    10.24.0.5:80    ClusterIP\n" } },
    "--services",
  );
  expect(seen.printed).toMatch(/^ID {3}Frontend/);
  const unseen = await status(
    { answers: healthy(), exec: { code: 1, stderr: "Error: No agent available\n" } },
    "--services",
  );
  expect(unseen.code).toBe(0);
  expect(unseen.printed).toMatch(/^default\/web {2}ClusterIP {2}10\.24\.0\.5 80\/TCP\n/);
  expect(unseen.printed).toContain("? service list of an agent: cannot be seen: Error: No agent available");
});

test("interrupted, it leaves nothing behind and ends with 130", async () => {
  synthesize();
  const interruption = new AbortController();
  const outcome = await run(statusCommand, ["staging"], { answers: healthy() }, await google(), {
    signal: interruption.signal,
    warn: (text) => {
      if (text.includes("kubectl proxy")) interruption.abort();
    },
  });
  expect(outcome.code).toBe(130);
  expect(leftovers()).toEqual([]);
});

test("what cannot be understood is said in one sentence", async () => {
  const variables = await google();
  const none = await run(statusCommand, ["staging"], {}, variables);
  expect([none.code, none.warned]).toEqual([1, expect.stringContaining("synthesize first: npm run synth")]);
  synthesize();
  const other = await run(statusCommand, ["stagging"], {}, variables);
  expect([other.code, other.warned]).toEqual([
    1,
    expect.stringContaining("no stack belongs to 'stagging'\n  did you mean staging?"),
  ]);
  const option = await run(statusCommand, ["staging", "--jsn"], {}, variables);
  expect([option.code, option.warned]).toEqual([
    1,
    expect.stringContaining("--jsn is no option\n  did you mean --json?"),
  ]);
  expect((await run(statusCommand, ["--help"], {}, variables)).printed).toContain("Exit codes: 0 as asked");
});
