import type { KubernetesClient, KubernetesObject } from "../../../sandbox/kubernetes/client";
import { unless } from "../../../sandbox/kubernetes/client";
import type { RealCluster } from "../../../sandbox/real-nodes";
import type { Container } from "../../../sandbox/real-nodes/kubelet/container";
import type { Kubelet } from "../../../sandbox/real-nodes/kubelet/kubelet";
import type { PodRunner } from "../../../sandbox/real-nodes/kubelet/pod-runner";
import { INTERNET_ADDRESS } from "../../../sandbox/real-nodes/vpc/vpc";
import { eventually } from "../../harness/check";
import { NotRun } from "../../harness/scenario";
import type { Bench } from "../bench";
import { Place, program } from "./place";

/** Namespace of everything that the tests make. */
export const PACKETS = "packets";
const READY_SECONDS = 90;

export interface ServerOptions {
  readonly node: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly number[];
  readonly hostNetwork?: boolean;
  /** Containers' own command in place of the server. */
  readonly command?: readonly string[];
}

/** A pod of the tests. */
export interface TestPod extends Place {
  readonly address: string;
  readonly node: string;
}

class RealPod extends Place implements TestPod {
  public constructor(
    name: string,
    kubelet: Kubelet,
    public readonly address: string,
    public readonly node: string,
  ) {
    const runner = kubelet.runner(`${PACKETS}/${name}`);
    const namespace = runner?.podNetwork?.namespace;
    if (!namespace) throw new Error(`pod ${name} has no network of its own`);
    super(name, namespace, true);
  }
}

interface PodObject extends KubernetesObject {
  readonly status?: {
    readonly podIP?: string;
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

interface ServiceObject extends KubernetesObject {
  readonly spec: {
    readonly clusterIP: string;
    readonly healthCheckNodePort?: number;
    readonly ports: readonly { readonly nodePort?: number }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** Addresses of a Service. */
export interface TestService {
  readonly clusterIp: string;
  readonly nodePort: number;
  readonly healthCheckNodePort: number;
  /** Empty where it is no load balancer. */
  readonly loadBalancer: string;
}

/** What scenarios with packets work with: the real nodes of a cluster, and programs on them. */
export class PacketRig {
  private constructor(
    public readonly real: RealCluster,
    public readonly client: KubernetesClient,
  ) {}

  /** @throws NotRun where the cluster has no real nodes. */
  public static async of(bench: Bench): Promise<PacketRig> {
    const real = bench.cloud.realNodes(bench.cluster);
    if (!real) throw new NotRun("the nodes of this cluster are played; docs/sandbox.md says what real ones take");
    const rig = new PacketRig(real, bench.cloud.kubernetes(bench.cluster));
    await rig.client
      .create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: PACKETS } })
      .catch(unless(409));
    await eventually("the service account of the namespace", 30, () =>
      rig.client.find(`/api/v1/namespaces/${PACKETS}/serviceaccounts/default`),
    );
    return rig;
  }

  /** Names of the real nodes, in the order of their addresses. */
  public get nodes(): readonly string[] {
    return [...this.real.nodes].sort((a, b) => a.machine.index - b.machine.index).map(({ machine }) => machine.name);
  }

  public nodeAddress(name: string): string {
    return this.real.node(name).machine.address;
  }

  /** A node, as a place that packets come from. */
  public onNode(name: string): Place {
    return new Place(`node ${name}`, this.real.node(name).namespace, true);
  }

  /** Somewhere outside of the VPC. */
  public get internet(): Place {
    return new Place("the internet", this.real.vpc.internet.only("net"), false);
  }

  /** Another machine of the VPC, with the address of its gateway. */
  public get machine(): Place {
    return new Place("a machine of the VPC", this.real.vpc.router.only("net"), false);
  }

  /** A server on the internet, at port 8080. */
  public async outside(): Promise<{ stop(): void }> {
    const server = this.real.vpc.internet.only("net").spawn([process.execPath, program("server"), "outside", "8080"]);
    await eventually("a server on the internet", 10, () => this.internet.ask(INTERNET_ADDRESS, 8080));
    return { stop: () => server.kill() };
  }

  /** Makes a server without waiting for it. */
  public async start(name: string, options: ServerOptions): Promise<void> {
    const { node, labels = {}, ports = [8080], hostNetwork = false } = options;
    const command = options.command ?? [process.execPath, program("server"), name, ...ports.map(String)];
    await this.client.create(`/api/v1/namespaces/${PACKETS}/pods`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: PACKETS, labels: { name, ...labels } },
      spec: {
        nodeName: node,
        hostNetwork,
        terminationGracePeriodSeconds: 1,
        tolerations: [{ operator: "Exists" }],
        containers: [
          {
            name: "server",
            image: "sandbox.local/server",
            command,
            // What listens nowhere over TCP is ready when it runs.
            ...(ports[0] === undefined ? {} : { readinessProbe: { tcpSocket: { port: ports[0] }, periodSeconds: 1 } }),
          },
        ],
      },
    });
  }

  /** The pod of a server once it is ready. */
  public async ready(name: string, node: string): Promise<TestPod> {
    let last: PodObject | undefined;
    const address = await eventually(
      () => `pod ${name} on ${node} ready: ${JSON.stringify(last?.status?.conditions)}`,
      READY_SECONDS,
      async () => {
        last = await this.client.find<PodObject>(`/api/v1/namespaces/${PACKETS}/pods/${name}`);
        const ready = last?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
        return ready ? last?.status?.podIP : undefined;
      },
    );
    return new RealPod(name, this.real.kubelet(node), address, node);
  }

  public async exists(name: string): Promise<boolean> {
    return (await this.client.find(`/api/v1/namespaces/${PACKETS}/pods/${name}`)) !== undefined;
  }

  public async serve(name: string, options: ServerOptions): Promise<TestPod> {
    await this.start(name, options);
    return this.ready(name, options.node);
  }

  public async remove(name: string): Promise<void> {
    const path = `/api/v1/namespaces/${PACKETS}/pods/${name}`;
    await this.client.delete(path);
    await eventually(`pod ${name} gone`, 60, async () => ((await this.client.find(path)) ? undefined : true));
  }

  /** A Service for pods with the label `app`, reached on port 80. */
  public async service(name: string, app: string, spec: object = {}): Promise<TestService> {
    const path = `/api/v1/namespaces/${PACKETS}/services`;
    await this.client
      .create(path, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace: PACKETS },
        spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
      })
      .catch(unless(409));
    const isBalanced = (spec as { type?: string }).type === "LoadBalancer";
    return eventually(`addresses of Service ${name}`, 30, async () => {
      const { spec: now, status } = await this.client.get<ServiceObject>(`${path}/${name}`);
      const loadBalancer = status?.loadBalancer?.ingress?.[0]?.ip ?? "";
      if (isBalanced && loadBalancer === "") return undefined;
      return {
        clusterIp: now.clusterIP,
        nodePort: now.ports[0]?.nodePort ?? 0,
        healthCheckNodePort: now.healthCheckNodePort ?? 0,
        loadBalancer,
      };
    });
  }

  /** Creates or replaces an object. @param path Its collection, e.g. `/apis/cilium.io/v2/namespaces/packets/ciliumnetworkpolicies`. */
  public apply(path: string, object: KubernetesObject): Promise<unknown> {
    return this.client.apply(`${path}/${object.metadata.name}`, object);
  }

  /** The agent's container on a node, if it runs. */
  public agent(node: string): Container | undefined {
    return this.agentPod(node)?.container("cilium-agent");
  }

  private agentPod(node: string): PodRunner | undefined {
    return this.real.kubelet(node).all.find(({ name }) => /^kube-system\/cilium-[a-z0-9]{5}$/.test(name));
  }

  /** Runs a program in the agent's container of a node. */
  public async inAgent(node: string, ...command: readonly string[]): Promise<string> {
    const container = this.agent(node);
    if (!container) return "the agent does not run";
    const { stdout, stderr } = await container.exec(command, 30_000);
    return stdout || stderr;
  }

  /**
   * The newest flow of an agent that looks as wanted, as a line of `hubble observe`: agents tell of flows a moment after they
   * passed. @param words Filters of `hubble observe`.
   */
  public async flow(node: string, wanted: RegExp, ...words: readonly string[]): Promise<string> {
    let flows = "";
    return eventually(
      () => `a flow that matches ${wanted} on ${node}, among\n${flows}`,
      10,
      async () => {
        flows = await this.inAgent(node, "hubble", "observe", "--last", "50", ...words);
        return flows.split("\n").findLast((line) => wanted.test(line));
      },
    );
  }

  /** Waits until the agent of a node says that it is ready. */
  public async agentReady(node: string, seconds = 120): Promise<void> {
    await eventually(`the agent of ${node} ready`, seconds, async () => {
      const path = `/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dcilium&fieldSelector=spec.nodeName%3D${node}`;
      const pods = await this.client.list<PodObject>(path);
      const ready = pods.some(({ status }) =>
        status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
      );
      return ready && (await this.inAgent(node, "cilium-dbg", "status", "--brief")).startsWith("OK") ? true : undefined;
    });
  }

  /** Takes away everything that the tests made. */
  public async cleanUp(): Promise<void> {
    for (const path of [
      `/apis/networking.k8s.io/v1/namespaces/${PACKETS}/networkpolicies`,
      `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`,
      `/api/v1/namespaces/${PACKETS}/services`,
      `/api/v1/namespaces/${PACKETS}/pods`,
    ]) {
      for (const { metadata } of await this.client.list<KubernetesObject>(path))
        await this.client.delete(`${path}/${metadata.name}`);
    }
    await eventually("the pods of the tests gone", 60, async () =>
      (await this.client.list(`/api/v1/namespaces/${PACKETS}/pods`)).length === 0 ? true : undefined,
    );
  }
}
