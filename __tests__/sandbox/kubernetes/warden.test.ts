import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../sandbox/gcp/json";
import { apiServerArguments, ClusterFiles, writeCredentials } from "../../../sandbox/kubernetes/control-plane";
import {
  admissionWebhook,
  admit,
  authorizationConfiguration,
  authorize,
  denial,
  OWNERS,
  podViolations,
  Warden,
} from "../../../sandbox/kubernetes/warden";
import { CertificateAuthority } from "../../../sandbox/pki";

const TERRAFORM = "terraform@sandbox.invalid";

function review(verb: string, resource: string, namespace = "", user = TERRAFORM, subresource = ""): JsonObject {
  return { spec: { user, resourceAttributes: { verb, resource, namespace, subresource } } };
}

const managed = (namespace: string, verb: string): string =>
  `the namespace "${namespace}" is managed and the request's verb "${verb}" is denied`;

describe("Warden denies", () => {
  // Words of public reports: cert-manager's page on GKE Autopilot, prometheus-community's chart in kube-system.
  test.each([
    [
      "Helm's release secrets in kube-system",
      review("create", "secrets", "kube-system"),
      managed("kube-system", "create"),
    ],
    ["what is applied there", review("patch", "services", "kube-system"), managed("kube-system", "patch")],
    [
      "what is deleted there",
      review("deletecollection", "pods", "gke-managed-system"),
      managed("gke-managed-system", "deletecollection"),
    ],
    [
      "service accounts of other namespaces",
      review("create", "leases", "kube-system", "system:serviceaccount:cert-manager:cainjector"),
      managed("kube-system", "create"),
    ],
    ["a namespace of Google's its end", review("delete", "namespaces", "gmp-public"), managed("gmp-public", "delete")],
    ["changes of nodes", review("patch", "nodes"), 'cluster scoped resource "nodes/" is managed and access is denied'],
    [
      "what goes through nodes",
      review("get", "nodes", "", TERRAFORM, "proxy"),
      'cluster scoped resource "nodes/proxy" is managed and access is denied',
    ],
  ])("%s", (_, body, words) => {
    expect(denial(body)).toBe(`GKE Warden authz [denied by managed-namespaces-limitation]: ${words}`);
    expect(authorize(body)["status"]).toMatchObject({ allowed: false, denied: true });
  });

  test.each([
    ["reading in kube-system", review("list", "secrets", "kube-system")],
    ["anything elsewhere", review("create", "secrets", "monitoring")],
    ["Google's configuration of its collectors", review("patch", "operatorconfigs", "gmp-public")],
    ["reading nodes", review("list", "nodes")],
    [
      "the cluster's own controllers",
      review("create", "pods", "kube-system", "system:serviceaccount:kube-system:daemon-set-controller"),
    ],
    ["the scheduler", review("create", "pods", "kube-system", "system:kube-scheduler")],
  ])("not %s, which is left to the roles", (_, body) => {
    expect(authorize(body)["status"]).toEqual({ allowed: false });
  });
});

describe("pods that Autopilot does not run", () => {
  const pod = (container: JsonObject, more: JsonObject = {}): JsonObject => ({
    containers: [{ name: "c", ...container }],
    ...more,
  });
  const mounted = (path: string, readOnly: boolean): JsonObject =>
    pod({ volumeMounts: [{ name: "v", mountPath: "/x", readOnly }] }, { volumes: [{ name: "v", hostPath: { path } }] });

  // Words of public reports of each: chaos-mesh, kube-prometheus-stack, istio on Autopilot.
  test.each([
    [
      "a privileged container",
      pod({ securityContext: { privileged: true } }),
      "autogke-disallow-privilege",
      "container c is privileged; not allowed in Autopilot",
    ],
    [
      "the host's network",
      pod({}, { hostNetwork: true }),
      "autogke-disallow-hostnamespaces",
      "enabling hostNetwork is not allowed in Autopilot.",
    ],
    [
      "the host's processes",
      pod({}, { hostPID: true }),
      "autogke-disallow-hostnamespaces",
      "enabling hostPID is not allowed in Autopilot.",
    ],
    [
      "a directory of the host to write",
      mounted("/var/run/cilium", false),
      "autogke-no-write-mode-hostpath",
      "hostPath volume v in container c is accessed in write mode; disallowed in Autopilot.",
    ],
    [
      "a directory of the host to read",
      mounted("/proc", true),
      "autogke-no-write-mode-hostpath",
      "hostPath volume v in container c uses path /proc, which is not allowed in Autopilot.",
    ],
    [
      "a capability",
      pod({ securityContext: { capabilities: { add: ["NET_ADMIN"] } } }),
      "autogke-default-linux-capabilities",
      "linux capability 'NET_ADMIN' on container 'c' not allowed;",
    ],
    [
      "a port of the host",
      pod({ ports: [{ containerPort: 80, hostPort: 8080 }] }),
      "autogke-no-host-port",
      "container c specifies host ports [8080]",
    ],
    [
      "a privileged init container",
      { initContainers: [{ name: "i", securityContext: { privileged: true } }], containers: [] },
      "autogke-disallow-privilege",
      "container i is privileged",
    ],
  ])("with %s", (_, spec, constraint, words) => {
    expect(podViolations(spec)).toEqual({ [`[denied by ${constraint}]`]: [expect.stringContaining(words)] });
  });

  test.each([
    ["nothing of the host", pod({})],
    ["the logs of the host to read", mounted("/var/log", true)],
    [
      "a capability that is harmless",
      pod({ securityContext: { capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } } }),
    ],
  ])("unlike those with %s", (_, spec) => {
    expect(podViolations(spec)).toEqual({});
  });
});

describe("admission", () => {
  const ask = (object: JsonObject, namespace = "default", username = TERRAFORM): JsonObject =>
    admit({ request: { uid: "u", namespace, object, userInfo: { username, groups: ["g", "system:authenticated"] } } })[
      "response"
    ] as JsonObject;
  const spec = { containers: [{ name: "test", securityContext: { privileged: true } }] };

  test("tells every violation, and who asked", () => {
    const status = ask({ kind: "Pod", spec })["status"] as JsonObject;
    expect(status).toMatchObject({ code: 400, reason: "GKE Warden constraints violations" });
    expect(status["message"]).toBe(
      [
        "GKE Warden rejected the request because it violates one or more constraints.",
        'Violations details: {"[denied by autogke-disallow-privilege]":["container test is privileged; not allowed in Autopilot"]}',
        `Requested by user: '${TERRAFORM}', groups: 'g,system:authenticated'.`,
      ].join("\n"),
    );
  });

  test.each([
    ["DaemonSet", { template: { spec } }],
    ["Deployment", { template: { spec } }],
    ["Job", { template: { spec } }],
    ["CronJob", { jobTemplate: { spec: { template: { spec } } } }],
  ])("looks into a %s", (kind, inner) => {
    expect(ask({ kind, spec: inner })["allowed"]).toBe(false);
  });

  test("lets Google's own pods and what makes none pass", () => {
    expect(ask({ kind: "Pod", spec }, "kube-system")).toEqual({ uid: "u", allowed: true });
    expect(ask({ kind: "DaemonSet", spec: { template: { spec } } }, "default", "sandbox:cloud")["allowed"]).toBe(true);
    expect(ask({ kind: "ConfigMap", data: {} })["allowed"]).toBe(true);
  });
});

describe("the API server", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "warden-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("asks Warden before the roles, about nothing that it only reads", () => {
    const { authorizers } = JSON.parse(authorizationConfiguration({ warden: "/k" })) as { authorizers: JsonObject[] };
    expect(authorizers.map(({ type }) => type)).toEqual(["Webhook", "RBAC"]);
    expect(authorizers[0]).toMatchObject({
      webhook: { failurePolicy: "Deny", connectionInfo: { kubeConfigFile: "/k" } },
    });
    expect(JSON.stringify(authorizers[0])).toContain("in ['get', 'list', 'watch']");
    const webhook = admissionWebhook({ port: 1, caCertificate: "x" });
    expect(webhook).toMatchObject({
      webhooks: [{ name: "warden-validating.common-webhooks.networking.gke.io", failurePolicy: "Fail" }],
    });
  });

  test("of an Autopilot cluster knows no users above everything, and is answered over TLS of the cluster's authority", async () => {
    const files = new ClusterFiles(join(directory, "c"));
    const machineAuthority = await CertificateAuthority.open(join(directory, "machine"), "machine");
    const { caCertificate } = await writeCredentials({
      files,
      clusterName: "auto",
      apiPort: 6443,
      names: ["127.0.0.1"],
      dnsEndpoint: "gke-1.europe-west1.gke.goog",
      machineAuthority,
      users: { token: TERRAFORM },
      ownersGroup: OWNERS,
    });
    expect(readFileSync(files.tokens, "utf8")).toBe(`token,${TERRAFORM},${TERRAFORM},"${OWNERS}"\n`);
    const warden = await Warden.start(files, "auto");
    try {
      const login = JSON.parse(readFileSync(files.kubeconfigOf("warden"), "utf8")) as {
        clusters: { cluster: { server: string } }[];
      };
      const url = login.clusters[0]!.cluster.server;
      expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/authorize$/);
      const answer = await post(url, review("create", "secrets", "kube-system"), caCertificate);
      expect(answer).toMatchObject({ kind: "SubjectAccessReview", status: { denied: true } });
      const settings = {
        files,
        apiPort: 6443,
        etcdPort: 1,
        serviceAccountIssuer: "https://x",
        servicesCidr: "10.0.0.0/20",
        podsCidr: "10.4.0.0/14",
        dnsEndpoint: "d",
      };
      const args = apiServerArguments({ ...settings, authorization: files.authorization });
      expect(args).toContain(`--authorization-config=${files.authorization}`);
      expect(args.join(" ")).not.toContain("--authorization-mode");
    } finally {
      await warden.stop();
    }
  });
});

function post(url: string, body: JsonObject, ca: string): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", ca, headers: { "Content-Type": "application/json" } }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => resolve(JSON.parse(text) as JsonObject));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}
