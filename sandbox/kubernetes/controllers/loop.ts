import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiError,
  type ConfigMap,
  type Deployment,
  Informer,
  type KubeNode,
  type KubernetesClient,
  type KubernetesObject,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type Service,
  unless,
} from "../client";
import { changeNode } from "../nodes";
import { liftStartupTaints, registerDefinitions, registerEndpoints } from "./cilium";
import { releaseHeldPods } from "./held-pods";
import { mirrorKubeProxy } from "./kube-proxy";
import { reportReadiness } from "./kubelets";
import { assignLoadBalancers } from "./load-balancers";
import type { Action, Controller, Snapshot } from "./snapshot";
import { deleteReleasedVolumes, provisionVolumes } from "./volumes";

const CONTROLLERS: readonly Controller[] = [
  mirrorKubeProxy,
  releaseHeldPods,
  reportReadiness,
  registerDefinitions,
  liftStartupTaints,
  registerEndpoints,
  assignLoadBalancers,
  provisionVolumes,
  deleteReleasedVolumes,
];

/** Changes come in bursts: this long is waited for more of them. */
const SETTLE = 20;
const RETRY = 1_000;

export interface ControllerLoopOptions {
  readonly client: KubernetesClient;
  /** Registers Cilium's custom resource definitions. */
  readonly registerCiliumDefinitions: () => Promise<void>;
  /** See {@link Snapshot}. */
  readonly realOperator?: boolean;
  readonly loadBalancerRange?: string;
  /** Told which firewall rules the Services need, whenever that changes. @default nobody */
  readonly setFirewalls?: (services: readonly Service[]) => Promise<void>;
  /** Told of what could not be done; it is tried again. */
  readonly onError: (error: Error) => void;
}

/**
 * What Google's controllers, kubelets and the Cilium operator would do in a cluster of the sandbox: watches it, asks
 * every controller what is to be done, and does it.
 */
export class ControllerLoop {
  private readonly informers: readonly Informer<KubernetesObject>[];
  private readonly nodes: Informer<KubeNode>;
  private readonly pods: Informer<Pod>;
  private readonly deployments: Informer<Deployment>;
  private readonly configs: Informer<ConfigMap>;
  private readonly services: Informer<Service>;
  private readonly claims: Informer<PersistentVolumeClaim>;
  private readonly volumes: Informer<PersistentVolume>;
  /** Starts of operators that have had their definitions registered. */
  private readonly registered = new Set<string>();
  /** Pods that have their endpoint. */
  private readonly endpoints = new Set<string>();
  private dirty = false;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private wake: () => void = () => {};

  public constructor(private readonly options: ControllerLoopOptions) {
    const informer = <T extends KubernetesObject>(path: string, selector?: string) =>
      new Informer<T>(options.client, path, () => this.changed(), selector);
    this.nodes = informer("/api/v1/nodes");
    this.pods = informer("/api/v1/pods");
    this.deployments = informer("/apis/apps/v1/deployments");
    this.configs = informer("/api/v1/configmaps", "fieldSelector=metadata.name%3Dcilium-config");
    this.services = informer("/api/v1/services");
    this.claims = informer("/api/v1/persistentvolumeclaims");
    this.volumes = informer("/api/v1/persistentvolumes");
    this.informers = [this.nodes, this.pods, this.deployments, this.configs, this.services, this.claims, this.volumes];
  }

  public start(): void {
    for (const informer of this.informers) informer.start();
    this.running = this.run();
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await Promise.all([this.running, ...this.informers.map((informer) => informer.stop())]);
  }

  private changed(): void {
    this.dirty = true;
    this.wake();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      if (!this.dirty) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      await sleep(SETTLE);
      this.dirty = false;
      // Before everything has been read once, what is missing is only not known yet.
      if (!this.stopped && this.informers.every((informer) => informer.isSynced)) await this.round();
    }
  }

  private async round(): Promise<void> {
    const { realOperator, loadBalancerRange } = this.options;
    const snapshot: Snapshot = {
      nodes: this.nodes.all(),
      pods: this.pods.all(),
      deployments: this.deployments.all(),
      ciliumConfigs: this.configs.all(),
      services: this.services.all(),
      claims: this.claims.all(),
      volumes: this.volumes.all(),
      ...(realOperator ? { realOperator } : {}),
      ...(loadBalancerRange ? { loadBalancerRange } : {}),
    };
    await this.options.setFirewalls?.(snapshot.services).catch(this.options.onError);
    for (const action of CONTROLLERS.flatMap((controller) => controller(snapshot))) {
      if (this.stopped) return;
      await this.perform(action).catch((error: Error) => {
        this.options.onError(error);
        setTimeout(() => this.changed(), RETRY).unref();
      });
    }
  }

  private async perform(action: Action): Promise<void> {
    const { client } = this.options;
    switch (action.do) {
      case "change-node":
        return changeNode(client, action.node, action.change);
      case "create":
        // 409: done already, and not yet seen.
        await client.create(action.path, action.object).catch(unless(409));
        return;
      case "delete":
        return client.delete(action.path, action.options);
      case "patch":
        await client.patch(action.path, action.patch).catch(unless(404));
        return;
      case "register-endpoint":
        return this.registerEndpoint(action);
      case "register-cilium-definitions":
        if (this.registered.has(action.operator)) return;
        await this.options.registerCiliumDefinitions();
        this.registered.add(action.operator);
    }
  }

  /** Whoever deletes the pod deletes its endpoint with it. */
  private async registerEndpoint({
    namespace,
    name,
    uid,
  }: Extract<Action, { do: "register-endpoint" }>): Promise<void> {
    if (this.endpoints.has(uid)) return;
    const collection = `/apis/cilium.io/v2/namespaces/${namespace}/ciliumendpoints`;
    // Before the operator has started nobody knows what an endpoint is.
    try {
      await this.options.client.create(collection, {
        apiVersion: "cilium.io/v2",
        kind: "CiliumEndpoint",
        metadata: { name, ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid }] },
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) return void setTimeout(() => this.changed(), RETRY).unref();
      if (error.status !== 409) throw error;
    }
    this.endpoints.add(uid);
  }
}
