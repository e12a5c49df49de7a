import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unless } from "../../../../sandbox/kubernetes/client";
import { REAL_MARK } from "../../../../sandbox/kubernetes/nodes/machines";
import { writeFromTemplate } from "../../../../sandbox/real-nodes/kubelet/cni";
import { Container } from "../../../../sandbox/real-nodes/kubelet/container";
import type { RealNode } from "../../../../sandbox/real-nodes/node/real-node";
import type { PacketRig } from "../packet-rig";

/** What the real agent makes of a configuration. */
export type Verdict =
  | { readonly starts: true }
  | {
      readonly starts: false;
      readonly why: string;
      /** Kinds that it waits for, because no operator with this configuration has registered them. */
      readonly kinds?: string;
    };

/** Name of the node on which configurations are tried. No pod is placed there. */
const NODE = "judge";
const CONFIG = "/run/sandbox/judge";
const START_SECONDS = 150;
/** What an agent says once a second of kinds that it has not found yet. */
const WITHOUT_A_KIND = /Still waiting for Cilium Operator to register CRDs.*CRDs="?\[?([^"\]]*)/g;
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const HEALTHY =
  'exec 3<>/dev/tcp/127.0.0.1/9879 && printf "GET /healthz HTTP/1.0\\r\\nHost: x\\r\\nbrief: true\\r\\n\\r\\n" >&3 && head -1 <&3';

/** A spare node of the cluster's VPC. The agent is started on it with one configuration after the other. */
export class Judge {
  private constructor(
    private readonly rig: PacketRig,
    private readonly node: RealNode,
    private readonly token: string,
  ) {}

  public static async open(rig: PacketRig): Promise<Judge> {
    const node = await rig.real.spare(NODE);
    await rig.client
      .create("/api/v1/nodes", {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: NODE, annotations: REAL_MARK },
        spec: {
          podCIDR: node.machine.podCidr,
          podCIDRs: [node.machine.podCidr],
          unschedulable: true,
          taints: [{ key: "judge", effect: "NoExecute" }],
        },
      })
      .catch(unless(409));
    const addresses = [{ type: "InternalIP", address: node.machine.address }];
    await rig.client.patch(`/api/v1/nodes/${NODE}/status`, { status: { addresses } });
    const account = "/api/v1/namespaces/kube-system/serviceaccounts/cilium/token";
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { status } = await rig.client.create<{ status: { token: string } }>(account, request);
    return new Judge(rig, node, status.token);
  }

  /** Starts the agent with a configuration, as cilium-config has it, until it is healthy or has ended. */
  public async judge(config: Readonly<Record<string, string>>): Promise<Verdict> {
    const { node } = this;
    await node.shutDown();
    await node.boot();
    // As on every node of GKE's: agents that chain themselves wait for a configuration to add to.
    writeFromTemplate(node);
    this.write(config);
    const log = node.log(`agent-${Date.now()}`);
    const agent = Container.start({
      id: "agent",
      network: node.namespace,
      layers: this.rig.real.ciliumLayers,
      mounts: [
        { source: `${CONFIG}/config`, target: "/tmp/cilium/config-map", readOnly: true },
        { source: `${CONFIG}/account`, target: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
        { source: "/proc/sys/net", target: "/host/proc/sys/net", readOnly: false },
        { source: "/proc/sys/kernel", target: "/host/proc/sys/kernel", readOnly: false },
        { source: "/sys/fs/bpf", target: "/sys/fs/bpf", readOnly: false },
        { source: "/sys/fs/cgroup", target: "/run/cilium/cgroupv2", readOnly: false },
        { source: "/etc/cni/net.d", target: "/host/etc/cni/net.d", readOnly: false },
      ].sort((a, b) => a.target.length - b.target.length),
      environment: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        K8S_NODE_NAME: NODE,
        CILIUM_K8S_NAMESPACE: "kube-system",
        KUBERNETES_SERVICE_HOST: this.rig.real.reserved[0] ?? "",
        KUBERNETES_SERVICE_PORT: "443",
      },
      command: ["cilium-agent", "--config-dir=/tmp/cilium/config-map"],
      log,
    });
    try {
      const deadline = Date.now() + START_SECONDS * 1000;
      while (agent.isRunning && Date.now() < deadline) {
        const { stdout } = await node.namespace.only("net").run(["bash", "--norc", "-c", HEALTHY], { timeout: 3_000 });
        if (/ 200 /.test(stdout)) return { starts: true };
        const kinds = await this.unregistered(log);
        if (kinds !== "") return { starts: false, kinds, why: `it waits for an operator to register ${kinds}` };
        await Promise.race([agent.ended, sleep(300)]);
      }
      return { starts: false, why: agent.isRunning ? `not healthy after ${START_SECONDS} s` : lastWords(log) };
    } finally {
      agent.signal("SIGKILL");
      await agent.ended;
    }
  }

  public async close(): Promise<void> {
    await this.rig.real.removeSpare(this.node);
    await this.rig.client.delete(`/api/v1/nodes/${NODE}`);
    await this.rig.client.delete(`/apis/cilium.io/v2/ciliumnodes/${NODE}`);
  }

  /** Kinds that the agent waits for, and that the cluster has not; one that it has, a slow agent has only not found yet. */
  private async unregistered(log: string): Promise<string> {
    const said = [...readFileSync(log, "utf8").matchAll(WITHOUT_A_KIND)].at(-1)?.[1] ?? "";
    const names = said.match(/(?<=crd:)\S+/g) ?? [];
    const found = await Promise.all(names.map((name) => this.rig.client.find(`${DEFINITIONS}/${name}`)));
    return names.filter((_, index) => found[index] === undefined).join(", ");
  }

  private write(config: Readonly<Record<string, string>>): void {
    const root = this.node.file(CONFIG);
    rmSync(root, { recursive: true, force: true });
    for (const directory of ["config", "account"]) mkdirSync(join(root, directory), { recursive: true });
    for (const [key, value] of Object.entries(config)) writeFileSync(join(root, "config", key), value);
    writeFileSync(join(root, "account", "token"), this.token);
    writeFileSync(join(root, "account", "namespace"), "kube-system");
    writeFileSync(join(root, "account", "ca.crt"), this.rig.real.authority);
  }
}

/** What the agent said when it gave up. */
function lastWords(log: string): string {
  const text = readFileSync(log, "utf8");
  const fatal = text.split("\n").filter((line) => /level=(fatal|error)/.test(line));
  const errors = fatal.flatMap(
    (line) => line.match(/error="((?:[^"\\]|\\.)*)"/)?.[1] ?? line.match(/msg="((?:[^"\\]|\\.)*)"/)?.[1] ?? [],
  );
  return errors.at(-1) ?? text.trim().split("\n").at(-1) ?? "nothing";
}
