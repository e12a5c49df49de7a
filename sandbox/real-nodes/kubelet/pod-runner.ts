import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesClient } from "../../kubernetes/client";
import { unless } from "../../kubernetes/client";
import type { RealNode } from "../node/real-node";
import { Container, type Mount } from "./container";
import { containerEnvironment, expand, type NodeFacts } from "./environment";
import { type ImageOptions, type Runnable, runnable } from "./images";
import { nameMounts } from "./names";
import type { FullContainer, FullPod } from "./pod";
import { PodNetworkHolder } from "./pod-network";
import { type ContainerState, podStatus } from "./pod-status";
import { ProbeState, probe } from "./probes";
import { readTerminationMessage, terminationMessageFile } from "./termination-message";
import { keepFresh, prepareVolume, removeVolumes } from "./volumes";

/** What a kubelet gives everything that it runs. */
export interface KubeletContext {
  readonly client: KubernetesClient;
  readonly node: RealNode;
  readonly images: ImageOptions;
  /** ClusterIP of `default/kubernetes`. */
  readonly kubernetesService: string;
  /** ClusterIP of the cluster's DNS. */
  readonly dnsService: string;
  /** Told what could not be done; it is tried again. */
  readonly onTrouble: (pod: string, message: string) => void;
}

/** Pause before something that failed is tried again, in milliseconds; the kubelet's own are longer. */
const RETRY = 1_000;
const LONGEST_RETRY = 10_000;
const LOOK = 250;
/** How long a played Job's pod seems to work, in milliseconds. */
const PLAYED_JOB = 500;

/** Runs one pod on one node, from its network to its end. */
export class PodRunner {
  private readonly stopping = new AbortController();
  private network: PodNetworkHolder | undefined;
  private readonly containers = new Map<string, Container>();
  private readonly states = new Map<string, ContainerState>();
  private readonly facts: { -readonly [K in keyof NodeFacts]: NodeFacts[K] };
  private readonly running: Promise<void>;
  private reported = "";
  private message = "";
  private starts = 0;

  public constructor(
    private readonly context: KubeletContext,
    private pod: FullPod,
    /** How often its containers were started before, on this node. */
    private readonly earlier = 0,
    private readonly isStatic = false,
  ) {
    const { address } = context.node.machine;
    this.facts = { address, podAddress: "", kubernetesService: context.kubernetesService };
    if (pod.spec.hostNetwork) this.facts.podAddress = address;
    this.running = this.run().catch((error: Error) => this.trouble(error.stack ?? error.message));
  }

  public get name(): string {
    return `${this.pod.metadata.namespace}/${this.pod.metadata.name}`;
  }

  public get restarts(): number {
    return this.earlier + this.starts;
  }

  /** The address that it has, once it has one of its own. */
  public get address(): string {
    return this.facts.podAddress;
  }

  /** A container that runs, to look into it or to break it. */
  public container(name: string): Container | undefined {
    const container = this.containers.get(name);
    return container?.isRunning ? container : undefined;
  }

  /** Its network, where it has one that is not the node's. */
  public get podNetwork(): PodNetworkHolder | undefined {
    return this.network;
  }

  public update(pod: FullPod): void {
    this.pod = pod;
  }

  /** Ends it as a kubelet ends a pod that is deleted. */
  public async terminate(): Promise<void> {
    const grace = this.pod.spec.terminationGracePeriodSeconds ?? 30;
    this.stopping.abort();
    await Promise.all(
      [...this.containers.entries()].map(async ([name, container]) => {
        const preStop = this.pod.spec.containers.find((one) => one.name === name)?.lifecycle?.preStop;
        if (preStop?.exec && container.isRunning) await container.exec(preStop.exec.command, grace * 1000);
        await container.stop(grace);
      }),
    );
    await this.running;
    const complaint = await this.network?.remove();
    if (complaint) this.trouble(complaint);
    if (this.context.node.isUp) removeVolumes(this.pod, this.context.node.file("/"));
  }

  /** Forgets it: its node is down, and everything of it ended with that. */
  public abandon(): void {
    this.stopping.abort();
  }

  private get isOver(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    const { initContainers = [], containers } = this.pod.spec;
    for (const { name } of [...initContainers, ...containers])
      this.states.set(name, { kind: "waiting", restarts: this.earlier });
    await this.report();
    if (!this.pod.spec.hostNetwork) await this.repeat(() => this.connect());
    const mounts = await this.repeat(() => this.prepareVolumes());
    if (!mounts) return;
    void keepFresh(this.context.client, this.pod, this.context.node, this.stopping.signal);
    for (const container of initContainers) {
      if (container.restartPolicy === "Always") void this.supervise(container, mounts);
      else await this.complete(container, mounts);
      if (this.isOver) return;
    }
    await Promise.all(containers.map((container) => this.supervise(container, mounts)));
  }

  private async connect(): Promise<void> {
    const { node } = this.context;
    if (!node.runtimeRuns) throw new Error("container runtime is down");
    this.network = await PodNetworkHolder.create(node, this.pod);
    this.facts.podAddress = this.network.address;
    await this.report();
  }

  private async prepareVolumes(): Promise<ReadonlyMap<string, string>> {
    const { client, node } = this.context;
    const directories = new Map<string, string>();
    for (const volume of this.pod.spec.volumes ?? [])
      directories.set(volume.name, await prepareVolume(client, this.pod, volume, node));
    return directories;
  }

  /** An init container, until it has succeeded. */
  private async complete(container: FullContainer, volumes: ReadonlyMap<string, string>): Promise<void> {
    const how = runnable(container, this.context.images);
    for (let pause = RETRY; how && !this.isOver; pause = Math.min(pause * 2, LONGEST_RETRY)) {
      const running = await this.repeat(() => this.start(container, how, volumes));
      if (!running) return;
      await this.report();
      if ((await running.ended) === 0) break;
      this.trouble(`init container ${container.name} ended with ${running.exitCode}`);
      this.countRestart(container.name);
      await this.pause(pause);
    }
    this.setState(container.name, { kind: "completed", restarts: this.restartsOf(container.name) });
    await this.report();
  }

  /** A container, as long as its pod lasts; one of a Job until it has succeeded. */
  private async supervise(container: FullContainer, volumes: ReadonlyMap<string, string>): Promise<void> {
    const { node } = this.context;
    const how = runnable(container, this.context.images);
    const restarts = this.pod.spec.restartPolicy ?? "Always";
    if (!how) return this.play(container, restarts !== "Always");
    for (let pause = RETRY; !this.isOver; pause = Math.min(pause * 2, LONGEST_RETRY)) {
      const running = await this.repeat(() => this.start(container, how, volumes));
      if (!running) return;
      const began = Date.now();
      await this.watch(container, running);
      if (this.isOver) return;
      const exitCode = running.exitCode ?? 0;
      if (restarts === "Never" || (exitCode === 0 && restarts !== "Always")) {
        const message = readTerminationMessage(node, this.pod, container);
        this.setState(container.name, {
          kind: "completed",
          restarts: this.restartsOf(container.name),
          exitCode,
          ...(message && { message }),
        });
        return this.report();
      }
      this.trouble(`container ${container.name} ended with ${running.exitCode}`);
      this.countRestart(container.name);
      await this.report();
      if (Date.now() - began > 60_000) pause = RETRY / 2;
      await this.pause(pause);
    }
  }

  /** Probes it until it ends, or ends it when a probe says so. */
  private async watch(container: FullContainer, running: Container): Promise<void> {
    const target = { node: this.context.node.namespace, address: this.facts.podAddress, container, running };
    const { postStart } = container.lifecycle ?? {};
    if (postStart) await probe(postStart, target, 60);
    const probes = new ProbeState(target, Date.now());
    while (running.isRunning && !this.isOver) {
      const failed = await probes.look(Date.now());
      this.setState(container.name, {
        kind: "running",
        restarts: this.restartsOf(container.name),
        started: probes.started,
        ready: probes.ready,
        startedAt: running.startedAt,
      });
      await this.report();
      if (failed && running.isRunning) {
        this.trouble(`a probe of container ${container.name} failed too often: it is started again`);
        await running.stop(this.pod.spec.terminationGracePeriodSeconds ?? 30);
      } else await Promise.race([running.ended, this.pause(LOOK)]);
    }
  }

  private async play({ name }: FullContainer, completes: boolean): Promise<void> {
    const restarts = this.restartsOf(name);
    if (completes) {
      await this.pause(PLAYED_JOB);
      this.setState(name, { kind: "completed", restarts });
    } else this.setState(name, { kind: "running", restarts, started: true, ready: true, startedAt: new Date() });
    await this.report();
  }

  private async start(
    container: FullContainer,
    how: Runnable,
    volumes: ReadonlyMap<string, string>,
  ): Promise<Container> {
    const { client, node } = this.context;
    const variables = await containerEnvironment(client, this.pod, container, this.facts);
    const environment: Record<string, string> = { ...how.environment, ...variables };
    if (how.path) environment["PATH"] = `${how.path}:${variables["PATH"]}`;
    const mounts: Mount[] = (container.volumeMounts ?? []).flatMap((mount) => {
      const source = volumes.get(mount.name);
      if (source === undefined) return [];
      const path = mount.subPath ? `${source}/${mount.subPath}` : source;
      return [{ source: path, target: mount.mountPath, readOnly: mount.readOnly === true }];
    });
    const message = terminationMessageFile(node, this.pod, container);
    if (message) mounts.push({ ...message, readOnly: false });
    mounts.push(...nameMounts(node, this.pod, how.layers.length > 0 ? this.context.dnsService : undefined));
    const { name, namespace, uid } = this.pod.metadata;
    this.starts += 1;
    const running = Container.start({
      id: `${uid}-${container.name}-${this.starts}`,
      network: this.network?.namespace ?? node.namespace,
      layers: how.layers,
      // Parents before what is mounted into them.
      mounts: mounts.sort((a, b) => a.target.length - b.target.length),
      environment,
      command: [...(container.command ?? how.entrypoint), ...(container.args ?? [])].map((word) =>
        expand(word, environment),
      ),
      workingDirectory: container.workingDir ?? "/",
      log: node.log(`${namespace}_${name}_${container.name}`),
    });
    this.containers.set(container.name, running);
    return running;
  }

  /** Does something until it succeeds, or the pod is to end. */
  private async repeat<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (let pause = RETRY; !this.isOver; pause = Math.min(pause * 1.5, LONGEST_RETRY / 2)) {
      try {
        const result = await work();
        this.message = "";
        return result;
      } catch (error) {
        this.trouble((error as Error).message);
        await this.report();
        await this.pause(pause);
      }
    }
    return undefined;
  }

  private trouble(message: string): void {
    this.message = message;
    this.context.onTrouble(this.name, message);
  }

  private pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => {});
  }

  private setState(name: string, state: ContainerState): void {
    this.states.set(name, state);
  }

  private restartsOf(name: string): number {
    return this.states.get(name)?.restarts ?? 0;
  }

  private countRestart(name: string): void {
    this.setState(name, { kind: "waiting", restarts: this.restartsOf(name) + 1 });
  }

  /** Tells the API server how it stands, if that is news. */
  private async report(): Promise<void> {
    if (this.isOver) return;
    const status = podStatus(this.pod, this.states, this.facts, this.message);
    const text = JSON.stringify(status);
    if (text === this.reported) return;
    const { name, namespace } = this.pod.metadata;
    try {
      await this.context.client
        .patch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, { status })
        .catch(unless(404));
      this.reported = text;
    } catch (error) {
      if (!this.isStatic) this.context.onTrouble(this.name, (error as Error).message);
    }
  }
}
