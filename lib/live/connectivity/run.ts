import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveContext } from "../context";
import { say } from "../context";
import { Failure } from "../failure";
import type { KubeApi } from "../kube-api";
import { isTrue, type KubeNode, type KubeObject, type Pod, type Service } from "../objects";
import {
  type Check,
  checksOf,
  clientPod,
  MANAGED_BY,
  namespaceObject,
  OWNER,
  policyObject,
  serverPod,
  serviceObject,
} from "./objects";

/** How a check went. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

export interface RunOptions {
  readonly image: string;
  /** One or two nodes. */
  readonly nodes: readonly KubeNode[];
  readonly internet: string | undefined;
  readonly timeoutSeconds: number;
}

const TURN_MS = 300;
/** What an earlier run, killed, left; a younger one may still go on. */
const LEFT_BEHIND_MS = 10 * 60_000;

/** Makes pods, has them try, and takes everything away, however it ends. */
export async function tryNetwork(api: KubeApi, context: LiveContext, options: RunOptions): Promise<readonly Result[]> {
  await removeLeftovers(api, context);
  const namespace = `${OWNER}-${randomBytes(3).toString("hex")}`;
  say(context, `making pods in a namespace of their own, ${namespace}`);
  await api.create("/api/v1/namespaces", namespaceObject(namespace));
  try {
    return await inNamespace(api, namespace, context, options);
  } finally {
    say(context, `deleting ${namespace}`);
    await api.delete(`/api/v1/namespaces/${namespace}`).catch((error: Error) => {
      context.warn(`${namespace} could not be deleted (${error.message}): kubectl delete namespace ${namespace}\n`);
    });
  }
}

async function removeLeftovers(api: KubeApi, context: LiveContext): Promise<void> {
  const all = await api.list<KubeObject>(
    `/api/v1/namespaces?labelSelector=${encodeURIComponent(`${MANAGED_BY}=${OWNER}`)}`,
  );
  for (const { metadata } of all) {
    const age = context.now().getTime() - Date.parse(metadata.creationTimestamp ?? "");
    if (metadata.deletionTimestamp !== undefined || !(age > LEFT_BEHIND_MS)) continue;
    say(context, `deleting ${metadata.name}, which an earlier run has left`);
    await api.delete(`/api/v1/namespaces/${metadata.name}`);
  }
}

async function inNamespace(
  api: KubeApi,
  namespace: string,
  { signal }: LiveContext,
  { image, nodes, internet, timeoutSeconds }: RunOptions,
): Promise<readonly Result[]> {
  const [here, there = here] = nodes as readonly [KubeNode, ...KubeNode[]];
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const deadline = Date.now() + timeoutSeconds * 1000;
  const settings = (node: KubeNode, role: string) => ({ namespace, image, node, labels: { role } });
  await serviceAccount(api, namespace, deadline, signal);
  await api.create(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, policyObject(namespace));
  const [service] = await Promise.all([
    api.create<Service>(`/api/v1/namespaces/${namespace}/services`, serviceObject(namespace)),
    api.create(pods, serverPod("near", settings(here, "open"))),
    api.create(pods, serverPod("far", settings(there, "open"))),
    api.create(pods, serverPod("guarded", settings(there, "guarded"))),
  ]);
  const servers = await until(api, pods, ["near", "far", "guarded"], (pod) => isTrue(pod, "Ready"), deadline, signal);
  const late = servers.filter((pod) => !isTrue(pod, "Ready"));
  if (late.length > 0)
    return late.map((pod) => ({
      name: `server-${pod.metadata.name}`,
      title: `server ${pod.metadata.name} on ${pod.spec?.nodeName ?? "no node"}`,
      ok: false,
      detail: `is not ready after ${timeoutSeconds} s${whyNot(pod)}`,
      remedy: "gke-cilium status; the events of a pod that does not start: kubectl describe pod",
    }));
  const address = (name: string) => servers.find(({ metadata }) => metadata.name === name)?.status?.podIP ?? "";
  const checks = checksOf({
    near: address("near"),
    far: there === here ? undefined : address("far"),
    guarded: address("guarded"),
    service: service.spec?.clusterIP ?? "",
    apiServer: (await api.get<Service>("/api/v1/namespaces/default/services/kubernetes")).spec?.clusterIP ?? "",
    internet,
  });
  await Promise.all([
    api.create(pods, clientPod("guest", settings(here, "guest"), checks.guest, secondsEach(timeoutSeconds))),
    api.create(pods, clientPod("stranger", settings(here, "stranger"), checks.stranger, secondsEach(timeoutSeconds))),
  ]);
  const clients = await until(api, pods, ["guest", "stranger"], isOver, deadline, signal);
  return clients.flatMap((pod) => resultsOf(pod, pod.metadata.name === "guest" ? checks.guest : checks.stranger));
}

/** How long one answer may take: three seconds, or more where the whole was given more than the usual time. */
export function secondsEach(timeoutSeconds: number): number {
  return Math.max(3, Math.round(timeoutSeconds / 30));
}

/** Pods cannot be made before it is there. */
async function serviceAccount(api: KubeApi, namespace: string, deadline: number, signal: AbortSignal): Promise<void> {
  while ((await api.find(`/api/v1/namespaces/${namespace}/serviceaccounts/default`)) === undefined) {
    if (Date.now() > deadline)
      throw new Failure(
        "reach",
        `${namespace} has no service account yet`,
        "the controllers of the cluster lag: try again",
      );
    await sleep(TURN_MS / 3, undefined, { signal });
  }
}

/** Pods once all are as wanted, or the time is over. */
async function until(
  api: KubeApi,
  path: string,
  names: readonly string[],
  wanted: (pod: Pod) => boolean,
  deadline: number,
  signal: AbortSignal,
): Promise<Pod[]> {
  for (;;) {
    const pods = (await api.list<Pod>(path)).filter(({ metadata }) => names.includes(metadata.name));
    if ((pods.length === names.length && pods.every(wanted)) || Date.now() > deadline) return pods;
    await sleep(TURN_MS, undefined, { signal });
  }
}

function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function whyNot({ status }: Pod): string {
  const waiting = status?.containerStatuses?.find(({ state }) => state?.waiting)?.state?.waiting;
  const condition = status?.conditions?.find((each) => each.status === "False" && each.message);
  const why = waiting?.message ?? waiting?.reason ?? condition?.message;
  return why === undefined ? "" : `: ${why}`;
}

function resultsOf(pod: Pod, checks: readonly Check[]): Result[] {
  const report = pod.status?.containerStatuses?.[0]?.state?.terminated?.message ?? "";
  const seen = new Map(report.split("\n").map((line) => line.split(" ") as [string, string]));
  return checks.map(({ name, title, expected, remedy }) => {
    const saw = seen.get(name);
    if (saw === undefined)
      return {
        name,
        title,
        ok: false,
        detail: isOver(pod)
          ? "the client ended without a word: nothing runs in its pod"
          : `the client on ${pod.spec?.nodeName ?? "no node"} has not ended in time${whyNot(pod)}`,
        remedy: "gke-cilium status; kubectl describe pod while it goes on",
      };
    const ok = saw === expected;
    const detail = saw === "yes" ? "is reached" : "is not reached";
    return {
      name,
      title,
      ok,
      detail: name === "dns" ? (ok ? "answers" : "does not answer") : detail,
      ...(!ok && { remedy }),
    };
  });
}
