// Restarts pods that Cilium does not manage, controller by controller, by evictions: the API server asks their disruption
// budgets. Run by the Job of ExistingPods, in a pod with rights of its own; it needs nothing but Node.
//
// A pod is unmanaged where it runs on the pod network and has no CiliumEndpoint. It is evicted where something that this
// program knows brings it back: a Deployment, a ReplicaSet, a StatefulSet, a DaemonSet. The next one follows when its
// controller is whole again. Everything else is left and named in the report.
import { readFileSync, writeFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const {
  API_SERVER = `https://${process.env.KUBERNETES_SERVICE_HOST}:${process.env.KUBERNETES_SERVICE_PORT}`,
  TOKEN_FILE = `${ACCOUNT}/token`,
  CA_FILE = `${ACCOUNT}/ca.crt`,
  REPORT_FILE = "/dev/termination-log",
  AGENT_NAMESPACE = "kube-system",
  EXCLUDED_NAMESPACES = "",
  HOSTNAME = "",
} = process.env;
const DRY_RUN = process.env.DRY_RUN === "true";
const PATIENCE_MS = Number(process.env.PATIENCE_SECONDS ?? 300) * 1000;
const DEADLINE = Date.now() + Number(process.env.TIMEOUT_SECONDS ?? 3600) * 1000;
const LOOK_MS = Number(process.env.LOOK_MS ?? 1000);
/** A budget that is used up is asked again after so long. */
const REFUSED_MS = 5 * LOOK_MS;
/** A younger pod may only not have its endpoint yet. */
const YOUNG_MS = 30 * LOOK_MS;
const ROUNDS = 3;
const REPORT_BYTES = 4096;

/** Without names nothing works, and without the tunnel nobody can look into it: first, and each by itself. */
const FIRST = ["kube-dns", "kube-dns-autoscaler", "konnectivity-agent", "konnectivity-agent-autoscaler"];
const OPT_OUT = "cilium.io/restart-unmanaged";

/** Kinds that bring a pod back: where they are read, and when they are whole. */
const CONTROLLERS = {
  Deployment: [
    "deployments",
    ({ spec, status = {} }) =>
      (status.readyReplicas ?? 0) >= (spec.replicas ?? 1) && (status.replicas ?? 0) === (spec.replicas ?? 1),
  ],
  ReplicaSet: ["replicasets", ({ spec, status = {} }) => (status.readyReplicas ?? 0) >= (spec.replicas ?? 1)],
  StatefulSet: ["statefulsets", ({ spec, status = {} }) => (status.readyReplicas ?? 0) >= (spec.replicas ?? 1)],
  DaemonSet: ["daemonsets", ({ status = {} }) => (status.numberReady ?? 0) >= (status.desiredNumberScheduled ?? 0)],
};

const restarted = [];
/** What is left by design: it is no failure. */
const left = new Map();
/** What should have been restarted and was not. */
const failed = new Map();

function log(severity, message, more = {}) {
  console.log(JSON.stringify({ time: new Date().toISOString(), severity, message, ...more }));
}

function ask(method, path, body) {
  const url = new URL(path, API_SERVER);
  const send = url.protocol === "http:" ? requestHttp : requestHttps;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      {
        method,
        // Tokens are renewed while this runs.
        headers: {
          authorization: `Bearer ${readFileSync(TOKEN_FILE, "utf8").trim()}`,
          accept: "application/json",
          ...(text && { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
        },
        timeout: 30_000,
        ...(url.protocol === "https:" && { ca: readFileSync(CA_FILE) }),
      },
      (response) => {
        let answer = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          answer += chunk;
        });
        response.on("error", reject);
        response.on("end", () => {
          let object = {};
          try {
            object = JSON.parse(answer);
          } catch {
            object = { message: answer.trim() };
          }
          resolve({ status: response.statusCode, object });
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("the API server does not answer")));
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

/** Asks until there is an answer: an API server that restarts is no reason to end. */
async function askPatiently(method, path, body) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await ask(method, path, body);
      if (answer.status < 500 || answer.object.reason === "InternalError" || attempt === 10) return answer;
    } catch (error) {
      if (attempt === 10) throw error;
      log("WARNING", `${method} ${path}: ${error.message}`);
    }
    await sleep(LOOK_MS * 2);
  }
}

async function get(path) {
  const { status, object } = await askPatiently("GET", path);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${path}: ${object.message ?? status}`);
  return object;
}

async function list(path) {
  return (await get(path))?.items ?? [];
}

const keyOf = ({ metadata: { namespace, name } }) => `${namespace}/${name}`;
const controllerOf = ({ metadata }) => metadata.ownerReferences?.find(({ controller }) => controller === true);
const isReady = ({ status }) => status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");

/** Running pods of the pod network without an endpoint. */
async function unmanagedPods() {
  const [pods, endpoints, slices] = await Promise.all([
    list("/api/v1/pods"),
    list("/apis/cilium.io/v2/ciliumendpoints"),
    list("/apis/cilium.io/v2alpha1/ciliumendpointslices"),
  ]);
  const managed = new Set([
    ...endpoints.map(keyOf),
    ...slices.flatMap(({ namespace, endpoints: members }) => (members ?? []).map(({ name }) => `${namespace}/${name}`)),
  ]);
  const agents = new Set(
    pods
      .filter(({ metadata }) => metadata.namespace === AGENT_NAMESPACE && metadata.labels?.["k8s-app"] === "cilium")
      .filter(isReady)
      .map(({ spec }) => spec.nodeName),
  );
  const excluded = EXCLUDED_NAMESPACES.split(",");
  const found = pods.filter(
    (pod) =>
      pod.status?.phase === "Running" &&
      pod.spec.hostNetwork !== true &&
      pod.metadata.deletionTimestamp === undefined &&
      pod.metadata.name !== HOSTNAME &&
      Date.now() - Date.parse(pod.metadata.creationTimestamp) > YOUNG_MS &&
      !managed.has(keyOf(pod)),
  );
  return found.filter((pod) => {
    const why = excluded.includes(pod.metadata.namespace)
      ? "its namespace is left out"
      : pod.metadata.labels?.[OPT_OUT] === "false"
        ? `it is labelled ${OPT_OUT}=false`
        : agents.has(pod.spec.nodeName)
          ? undefined
          : `no agent is ready on ${pod.spec.nodeName}`;
    if (why !== undefined) left.set(keyOf(pod), why);
    return why === undefined;
  });
}

/** The controller that brings a pod back, or why it is left. */
async function ownerOf(pod, seen) {
  const { namespace } = pod.metadata;
  let owner = controllerOf(pod);
  if (owner === undefined) return { why: "it belongs to nobody: deleted, it would be gone for good" };
  if (owner.kind === "Job") return { why: `it belongs to Job ${owner.name}, and ends by itself` };
  if (owner.kind === "ReplicaSet") {
    const path = `/apis/apps/v1/namespaces/${namespace}/replicasets/${owner.name}`;
    if (!seen.has(path)) seen.set(path, get(path));
    const replicaSet = await seen.get(path);
    const above = replicaSet && controllerOf(replicaSet);
    if (above !== undefined) owner = above;
  }
  if (CONTROLLERS[owner.kind] === undefined)
    return { why: `it belongs to ${owner.kind} ${owner.name}, which this does not know: restart it by hand` };
  return { kind: owner.kind, name: owner.name, namespace };
}

/** Unmanaged pods by controller, the most needed first. */
async function survey() {
  const seen = new Map();
  const groups = new Map();
  for (const pod of await unmanagedPods()) {
    const owner = await ownerOf(pod, seen);
    if (owner.why !== undefined) {
      left.set(keyOf(pod), owner.why);
      continue;
    }
    const key = `${owner.kind} ${owner.namespace}/${owner.name}`;
    if (!groups.has(key)) groups.set(key, { ...owner, key, pods: [] });
    groups.get(key).pods.push(pod);
  }
  const rank = ({ namespace, name }) =>
    namespace === "kube-system" ? (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length) : FIRST.length + 1;
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
}

/** Evicts one pod. @returns why not, or undefined. */
async function evict(pod) {
  const { name, namespace, uid } = pod.metadata;
  const until = Math.min(Date.now() + PATIENCE_MS, DEADLINE);
  for (;;) {
    const { status, object } = await askPatiently("POST", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid } },
    });
    // 404 and 409: it is gone, or another pod has its name.
    if (status < 300 || status === 404 || status === 409) return undefined;
    if (status !== 429) return `the API server refuses its eviction: ${object.message ?? status}`;
    if (Date.now() + REFUSED_MS > until) return `its disruption budget allows no eviction: ${object.message ?? status}`;
    await sleep(REFUSED_MS);
  }
}

/** Waits until a pod is gone and its controller whole again. @returns why not, or undefined. */
async function untilWhole({ kind, name, namespace }, pod) {
  const [resource, isWhole] = CONTROLLERS[kind];
  const until = Math.min(Date.now() + PATIENCE_MS, DEADLINE);
  // Twice in a row: a controller's status may be of before the eviction.
  let calm = 0;
  while (Date.now() < until) {
    await sleep(LOOK_MS);
    const [now, controller] = await Promise.all([
      get(`/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`),
      get(`/apis/apps/v1/namespaces/${namespace}/${resource}/${name}`),
    ]);
    if (controller === undefined) return undefined;
    calm = now?.metadata.uid !== pod.metadata.uid && isWhole(controller) ? calm + 1 : 0;
    if (calm === 2) return undefined;
  }
  return "what replaces it is not ready";
}

async function restart(group) {
  for (const [index, pod] of group.pods.entries()) {
    const rest = group.pods.slice(index);
    const give = (why) => {
      for (const one of rest) failed.set(keyOf(one), `${group.key}: ${why}`);
      log("ERROR", `${group.key}: ${why}`, { pods: rest.map(keyOf) });
    };
    if (Date.now() > DEADLINE) return give("the time is over");
    const refused = await evict(pod);
    if (refused !== undefined) return give(refused);
    restarted.push(keyOf(pod));
    log("INFO", `evicted ${keyOf(pod)}`, { controller: group.key });
    const late = await untilWhole(group, pod);
    // Its pods that still run are better than none.
    if (late !== undefined) return give(`after ${keyOf(pod)}: ${late}`);
  }
}

async function main() {
  for (let round = 0; round < ROUNDS; round += 1) {
    const groups = (await survey()).filter(({ pods }) => !pods.every((pod) => failed.has(keyOf(pod))));
    if (groups.length === 0) break;
    log("INFO", `${groups.reduce((sum, { pods }) => sum + pods.length, 0)} pods of ${groups.length} controllers`, {
      controllers: groups.map(({ key, pods }) => `${key}: ${pods.length}`),
    });
    if (DRY_RUN) {
      for (const { key, pods } of groups) for (const pod of pods) left.set(keyOf(pod), `${key}: only looked at`);
      break;
    }
    for (const group of groups) await restart(group);
  }
  if (!DRY_RUN)
    for (const { key, pods } of await survey())
      for (const pod of pods) if (!failed.has(keyOf(pod))) failed.set(keyOf(pod), `${key}: it is still unmanaged`);
  const named = (pods) => [...pods].map(([pod, why]) => `${pod} (${why})`);
  const lines = [
    `${restarted.length} restarted, ${failed.size} not, ${left.size} left`,
    ...named(failed).map((line) => `not: ${line}`),
    ...named(left).map((line) => `left: ${line}`),
  ];
  log(failed.size > 0 ? "ERROR" : "INFO", lines[0], { restarted, failed: named(failed), left: named(left) });
  writeFileSync(REPORT_FILE, lines.join("\n").slice(0, REPORT_BYTES));
  process.exitCode = failed.size > 0 ? 1 : 0;
}

main().catch((error) => {
  log("ERROR", error.message);
  writeFileSync(REPORT_FILE, error.message.slice(0, REPORT_BYTES));
  process.exitCode = 1;
});
