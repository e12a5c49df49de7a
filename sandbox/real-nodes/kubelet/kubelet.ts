import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Informer, type KubeNode, type KubernetesClient, unless } from "../../kubernetes/client";
import type { RealNode } from "../node/real-node";
import { configurationOf, writeFromTemplate } from "./cni";
import type { FullPod } from "./pod";
import { type KubeletContext, PodRunner } from "./pod-runner";
import { createMirror, deleteMirror, readStaticPods, type StaticPod } from "./static-pods";

const MIRROR = "kubernetes.io/config.mirror";
const TURN = 200;
/** How often the node's lease is renewed and its status looked at, in milliseconds. */
const HEARTBEAT = 5_000;
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/** The kubelet of one real node, as long as its program runs on the node. */
export class Kubelet {
  private readonly pods: Informer<FullPod>;
  private readonly runners = new Map<string, PodRunner>();
  private readonly ending = new Map<string, Promise<void>>();
  private statics = new Map<string, StaticPod>();
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private instance = "";
  private boots = 0;
  private beat = 0;
  private wasReady: boolean | undefined;
  private restartsBefore = new Map<string, number>();

  public constructor(private readonly context: KubeletContext) {
    const selector = `fieldSelector=spec.nodeName%3D${context.node.machine.name}`;
    this.pods = new Informer(context.client, "/api/v1/pods", () => {}, selector);
  }

  public start(): void {
    this.pods.start();
    this.running = this.run();
  }

  /** Stops looking after the node. What runs there goes on until the node is shut down. */
  public async stop(): Promise<void> {
    this.stopped = true;
    for (const runner of this.runners.values()) runner.abandon();
    await Promise.all([this.pods.stop(), this.running]);
  }

  /** What runs for a pod, by `namespace/name`. */
  public runner(name: string): PodRunner | undefined {
    return [...this.runners.values()].find((runner) => runner.name === name);
  }

  public get all(): readonly PodRunner[] {
    return [...this.runners.values()];
  }

  private get node(): RealNode {
    return this.context.node;
  }

  private get client(): KubernetesClient {
    return this.context.client;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.turn();
      } catch (error) {
        this.context.onTrouble(this.node.machine.name, (error as Error).stack ?? String(error));
      }
      await sleep(TURN);
    }
  }

  private async turn(): Promise<void> {
    const { node } = this;
    if (node.boots !== this.boots) this.forget();
    if (!node.isUp || !node.kubeletRuns) return;
    const instance = `${node.boots} ${readFileSync(node.file("/run/sandbox/kubelet.pid"), "utf8").trim()}`;
    if (instance !== this.instance && node.runtimeRuns) {
      this.instance = instance;
      writeFromTemplate(node);
    }
    await this.heartbeat();
    await this.reconcileStatic();
    if (this.pods.isSynced) this.reconcilePods();
  }

  /** After a boot: nothing of what was started runs any more. */
  public forget(): void {
    this.boots = this.node.boots;
    this.wasReady = undefined;
    for (const [key, runner] of this.runners) {
      this.restartsBefore.set(key, runner.restarts);
      runner.abandon();
    }
    this.runners.clear();
    this.ending.clear();
    this.statics.clear();
  }

  private reconcilePods(): void {
    const pods = this.pods.all().filter(({ metadata }) => metadata.annotations?.[MIRROR] === undefined);
    const wanted = new Set(pods.map(({ metadata }) => metadata.uid ?? ""));
    for (const pod of pods) {
      const uid = pod.metadata.uid ?? "";
      const runner = this.runners.get(uid);
      runner?.update(pod);
      const isDone = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
      if (pod.metadata.deletionTimestamp) this.end(uid, pod);
      else if (!runner && !isDone) this.begin(uid, pod);
    }
    for (const uid of this.runners.keys()) if (!wanted.has(uid) && !this.statics.has(uid)) this.end(uid, undefined);
  }

  private begin(uid: string, pod: FullPod): void {
    this.runners.set(uid, new PodRunner(this.context, pod, this.restartsBefore.get(uid) ?? 0));
  }

  private end(uid: string, pod: FullPod | undefined): void {
    if (this.ending.has(uid)) return;
    const runner = this.runners.get(uid);
    const work = (async () => {
      await runner?.terminate();
      this.runners.delete(uid);
      if (pod) {
        const { namespace, name } = pod.metadata;
        await this.client
          .delete(`/api/v1/namespaces/${namespace}/pods/${name}`, { gracePeriodSeconds: 0, preconditions: { uid } })
          .catch(unless(409));
      }
    })();
    this.ending.set(
      uid,
      work
        .catch((error: Error) => this.context.onTrouble(runner?.name ?? uid, error.message))
        .then(() => {
          this.ending.delete(uid);
        }),
    );
  }

  private async reconcileStatic(): Promise<void> {
    const found = readStaticPods(this.node);
    const hashes = new Set(found.map(({ hash }) => hash));
    for (const [hash, pod] of this.statics) {
      if (hashes.has(hash)) continue;
      this.statics.delete(hash);
      this.end(hash, undefined);
      await deleteMirror(this.client, pod);
    }
    for (const pod of found) {
      if (this.statics.has(pod.hash) || this.ending.has(pod.hash)) continue;
      const uid = (await this.client.get<KubeNode>(`/api/v1/nodes/${this.node.machine.name}`)).metadata.uid ?? "";
      await createMirror(this.client, pod, uid);
      this.statics.set(pod.hash, pod);
      this.runners.set(pod.hash, new PodRunner(this.context, pod.pod, this.restartsBefore.get(pod.hash) ?? 0, true));
    }
  }

  /** Says that the node lives, and whether it could run a pod: it has a network if a runtime finds a configuration. */
  private async heartbeat(): Promise<void> {
    const { name } = this.node.machine;
    const isReady = this.node.runtimeRuns && configurationOf(this.node) !== undefined;
    const now = Date.now();
    if (isReady === this.wasReady && now - this.beat < HEARTBEAT) return;
    const time = new Date(now).toISOString();
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: "kube-node-lease" },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: time.replace("Z", "000Z") },
    };
    await this.client.apply(`${LEASES}/${name}`, lease);
    if (isReady !== this.wasReady) {
      const condition = (type: string, status: string, reason: string, message: string) => ({
        type,
        status,
        reason,
        message,
        lastHeartbeatTime: time,
        lastTransitionTime: time,
      });
      const conditions = [
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        isReady
          ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
          : condition(
              "Ready",
              "False",
              "KubeletNotReady",
              "container runtime network not ready: cni plugin not initialized",
            ),
      ];
      await this.client.patch(`/api/v1/nodes/${name}/status`, { status: { conditions } }, "strategic-merge-patch+json");
      this.wasReady = isReady;
    }
    this.beat = now;
  }
}
